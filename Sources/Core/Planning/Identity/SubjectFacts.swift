package import Vocabulary

/// What was read of the world about a claimed subject.
package struct SubjectFacts: Sendable, Hashable, Codable {
    /// Who the world says that it is; members are nil where it cannot tell.
    package struct Place: Sendable, Hashable, Codable {
        package var clusterName: String?
        package var clusterARN: String?
        package var account: AccountID?
        package var region: RegionName?

        package init(
            clusterName: String? = nil,
            clusterARN: String? = nil,
            account: AccountID? = nil,
            region: RegionName? = nil
        ) {
            self.clusterName = clusterName
            self.clusterARN = clusterARN
            self.account = account
            self.region = region
        }
    }

    package var place: Place
    /// The live pod of the claimed name; nil when there is none or none is claimed.
    package var pod: JSONValue?
    /// The node that the live pod runs on, or else the claimed one; nil when there is none.
    package var node: JSONValue?

    package init(place: Place, pod: JSONValue? = nil, node: JSONValue? = nil) {
        self.place = place
        self.pod = pod
        self.node = node
    }
}
