/// An Amazon Resource Name, split at its first five colons.
package struct ARN: Sendable, Hashable, Codable, CustomStringConvertible {
    package var partition: String
    package var service: String
    package var region: String
    package var account: String
    package var resource: String

    package init(partition: String, service: String, region: String, account: String, resource: String) {
        self.partition = partition
        self.service = service
        self.region = region
        self.account = account
        self.resource = resource
    }

    package init?(_ text: String) {
        guard text.utf8.count <= 2_048, !text.unicodeScalars.contains(where: { $0.value < 0x21 || $0.value == 0x7f })
        else { return nil }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, !parts[2].isEmpty, !parts[5].isEmpty else {
            return nil
        }
        self.init(partition: parts[1], service: parts[2], region: parts[3], account: parts[4], resource: parts[5])
    }

    package var description: String { "arn:\(partition):\(service):\(region):\(account):\(resource)" }

    /// The resource's name after its type: `prod-1` of `cluster/prod-1`.
    package var name: String {
        resource.split(separator: "/", maxSplits: 1).dropFirst().first.map(String.init) ?? resource
    }
}
