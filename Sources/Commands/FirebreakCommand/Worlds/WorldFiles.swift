internal import Host
internal import Planning
internal import Rehearsal
package import Vocabulary
internal import YAMLTree

/// Dumps of a cluster and an account, told apart by what is in them.
package struct WorldFiles: Sendable {
    /// Every object of the cluster dumps.
    package private(set) var objects: [JSONValue] = []
    /// The account; nil when no file is one.
    package private(set) var account: JSONValue?

    package init() {}

    /// Reads `kubectl get -o yaml` (or json) dumps and AWS documents.
    package init(_ paths: [String]) throws {
        for path in paths { try add(try HostFiles.read(path), from: path) }
        guard objects.contains(where: Self.isClusterObject) else { throw WorldFilesFault.noCluster(paths) }
    }

    private mutating func add(_ bytes: [UInt8], from path: String) throws {
        for document in try Self.documents(bytes, path) where !document.isNull {
            if Self.isAccount(document) {
                guard account == nil else { throw WorldFilesFault.secondAccount(path) }
                account = document
            } else {
                objects.append(document)
            }
        }
    }

    /// An object, or a list of them that is not empty.
    private static func isClusterObject(_ document: JSONValue) -> Bool {
        guard document["apiVersion"]?.string != nil, document["kind"]?.string != nil else { return false }
        return document["items"]?.array.map { !$0.isEmpty } ?? true
    }

    private static func isAccount(_ document: JSONValue) -> Bool {
        document["kind"] == nil && document["account"]?.string != nil
    }

    /// JSON by its first character, YAML otherwise.
    private static func documents(_ bytes: [UInt8], _ path: String) throws -> [JSONValue] {
        let first = bytes.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
            return try YAMLTree.parseAll(bytes, file: path, limits: .dump).map(\.json)
        }
        do throws(JSONFault) {
            return [try JSONReader.parse(bytes, limits: JSONReader.Limits(bytes: 64 << 20))]
        } catch {
            throw LocatedFault(error.report, in: path)
        }
    }

    /// Takes the findings out of the account: for a story that begins before there is one.
    mutating func forgetFindings() {
        guard var members = account?.object else { return }
        members["securityhub"] = ["findings": []]
        account = .object(members)
    }

    /// What this world says that it is.
    var place: SubjectFacts.Place {
        let cluster = account?["eks"]?["clusters"]?[0]
        return SubjectFacts.Place(
            clusterName: cluster?["name"]?.string,
            clusterARN: cluster?["arn"]?.string,
            account: account?["account"]?.string.flatMap { AccountID($0) },
            region: account?["region"]?.string.flatMap { RegionName($0) }
        )
    }

    /// A world to rehearse in, made fresh from the files.
    func rehearsal(clock: @escaping @Sendable () -> Timestamp) throws -> RehearsalWorld {
        let cluster = try RehearsalCluster(objects)
        return RehearsalWorld(cluster: cluster, account: try account.map { try RehearsalAWS($0) }, clock: clock)
    }
}

/// Why world files are not taken.
enum WorldFilesFault: ActionableError, Hashable {
    case secondAccount(String)
    case noCluster([String])

    var report: FaultReport {
        switch self {
        case .noCluster(let paths):
            FaultReport(
                code: "INPUT-009",
                what: "the world has no Kubernetes object",
                location: paths.joined(separator: ", "),
                remedy: "give a dump of the cluster: kubectl get … -A -o yaml"
            )
        case .secondAccount(let path):
            FaultReport(
                code: "INPUT-004",
                what: "a world has one account, this file brings a second",
                location: path,
                remedy: "give one AWS document and any number of cluster dumps"
            )
        }
    }
}
