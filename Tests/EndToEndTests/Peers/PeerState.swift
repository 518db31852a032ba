import Vocabulary

/// What the AWS servers hold, read by the account's owner over the servers' own API.
struct PeerState: Sendable, Equatable {
    let document: JSONValue

    struct Snapshot: Sendable, Hashable {
        var id: String
        var volume: String
        var state: String
        var tags: [String: String]
    }

    /// A call to Security Hub, refused ones too.
    struct Call: Sendable, Hashable {
        var operation: String
        var status: Int
        var outcome: String
        /// Ids of the findings that it changed.
        var changed: [String]
    }

    var snapshots: [Snapshot] {
        (document["snapshots"]?.array ?? []).map { snapshot in
            let tags = (snapshot["Tags"]?.array ?? []).map { ($0["Key"]?.string ?? "", $0["Value"]?.string ?? "") }
            return Snapshot(
                id: snapshot["SnapshotId"]?.string ?? "",
                volume: snapshot["VolumeId"]?.string ?? "",
                state: snapshot["State"]?.string ?? "",
                tags: Dictionary(tags) { first, _ in first }
            )
        }
    }

    var findings: [JSONValue] { document["findings"]?.array ?? [] }

    /// Of the only finding that a stock world has.
    var workflow: String? { findings.first?["Workflow"]?["Status"]?.string }
    var note: String? { findings.first?["Note"]?["Text"]?.string }
    var userDefinedFields: JSONObject { findings.first?["UserDefinedFields"]?.object ?? JSONObject() }

    var calls: [Call] {
        (document["calls"]?.array ?? []).map { call in
            Call(
                operation: call["operation"]?.string ?? "",
                status: Int(call["status"]?.integer ?? 0),
                outcome: call["outcome"]?.string ?? "",
                changed: (call["changed"]?.array ?? []).compactMap(\.string)
            )
        }
    }

    /// Those that changed something.
    var effects: [Call] { calls.filter { !$0.changed.isEmpty } }

    /// All that an action could have changed; who asked what is left out.
    var content: JSONValue {
        var kept = document.object ?? JSONObject()
        kept["calls"] = nil
        return .object(kept)
    }
}
