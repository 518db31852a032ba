import KubernetesAPI
import Rehearsal
import TestSupport
import Testing
import Vocabulary

/// What applied runs are judged by: the servers' own state.
extension RehearsalServer {
    /// A file in the folder that is the user's home.
    func path(_ name: String) -> String { scratch.path + "/" + name }

    /// Objects of the cluster by kind and name, without what only the server counts.
    func objects() async -> [String: JSONValue] { Self.comparable(await world.cluster.snapshot()) }

    static func comparable(_ content: [JSONValue]) -> [String: JSONValue] {
        var objects: [String: JSONValue] = [:]
        for object in content {
            // PolicyEndpoints follow their policies: a controller writes them, and so does the rehearsal. Events are records
            // of what happened, which no undo takes away.
            guard let kind = object["kind"]?.string, !["PolicyEndpoint", "Event"].contains(kind),
                var members = object.object,
                var metadata = object["metadata"]?.object
            else { continue }
            for counted in ["resourceVersion", "managedFields", "generation"] { metadata[counted] = nil }
            members["metadata"] = .object(metadata)
            let name = "\(metadata["namespace"]?.string ?? "")/\(metadata["name"]?.string ?? "")"
            objects["\(kind) \(name)"] = .object(members)
        }
        return objects
    }

    /// A detached pod stays detached: its labels, and the note of what they were, are all that may differ.
    static func asDetached(_ pod: JSONValue, like other: JSONValue) -> JSONValue {
        guard var members = pod.object, var metadata = members["metadata"]?.object,
            var notes = metadata["annotations"]?.object, notes["firebreak.dev/removed-labels"] != nil
        else { return pod }
        notes["firebreak.dev/removed-labels"] = nil
        metadata["labels"] = other["metadata"]?["labels"]
        metadata["annotations"] = notes.isEmpty ? other["metadata"]?["annotations"] : .object(notes)
        members["metadata"] = .object(metadata)
        return .object(members)
    }

    /// Snapshots of the account, and the finding as it stands.
    func account() async -> (snapshots: [JSONValue], findings: [JSONValue]) {
        let account = (await world.account as? RehearsalAWS)?.document()
        return (
            account?["ec2"]?["Snapshots"]?.array ?? [], account?["securityhub"]?["findings"]?.array ?? []
        )
    }

    /// Somebody else creates an object.
    func create(_ object: JSONValue, at path: String) async throws {
        try await write("POST", "application/json", object, path)
    }

    /// Somebody else patches an object.
    func patch(_ patch: JSONValue, at path: String) async throws {
        try await write("PATCH", "application/merge-patch+json", patch, path)
    }

    private func write(_ method: String, _ type: String, _ body: JSONValue, _ path: String) async throws {
        let transport = BearerTransport(world, tokens: FixedToken(Secret(Self.token)))
        let client = KubernetesClient(transport: transport, origin: RehearsalCluster.origin)
        let answer = try await client.send(method, path, contentType: type, body: body)
        try #require(answer.isSuccess, "\(answer.message)")
    }
}
