internal import KubernetesAPI
internal import Planning
internal import Vocabulary

/// A Kubernetes Event about an object that a run holds: `kubectl describe` shows who holds it and how to let it go.
///
/// It goes with the write that takes hold and is never planned alone: the API server lets it expire, which is no reason
/// to write again. Its name stands for what it says, so that sending it twice makes one.
struct HoldEvent {
    static let permission = "create events"

    var kind: String
    /// Nil for objects of the cluster; their Events are in `default`.
    var namespace: NamespaceName?
    var name: ObjectName
    var uid: String
    /// One word in CamelCase.
    var reason: String
    var what: String
    var release: [String]

    /// As much as the newer of the two Event APIs takes.
    private static let messageLimit = 1_024

    private var message: String {
        let head = "\(what). To release: "
        let commands = ReleaseNote.text(release, separator: "; ", limit: Self.messageLimit - head.utf8.count)
        return head + commands
    }

    /// Nil when nothing is held, and when there is no namespace to put it in.
    func change(_ request: ActionRequest) -> PlannedChange? {
        guard !release.isEmpty, let place = namespace ?? NamespaceName("default") else { return nil }
        let title = namespace.map { "\($0)/\(name)" } ?? name.rawValue
        return PlannedChange(
            id: "event-\(name)",
            summary: "record an Event about \(kind.lowercased()) \(title) that says how to release it",
            change: .kubernetes(
                KubernetesChange(
                    .create,
                    KubernetesPath.collection(.events, in: place).text,
                    body: document(request, place)
                )
            ),
            undo: .none(reason: "it is a record, which the API server lets expire"),
            semantics: .bestEffort,
            permission: .rbac(group: "", resource: "events", verb: "create")
        )
    }

    private func document(_ request: ActionRequest, _ place: NamespaceName) -> JSONValue {
        let moment = JSONValue.string(request.now.text(fractionDigits: 0))
        let mark = request.fingerprint([kind, uid, reason, message].joined(separator: "\n")).prefix(24)
        var object: JSONObject = [
            "apiVersion": "v1", "kind": .string(kind), "name": .string(name.rawValue), "uid": .string(uid),
        ]
        object["namespace"] = (namespace?.rawValue).map(JSONValue.string)
        return [
            "apiVersion": "v1", "kind": "Event",
            "metadata": ["name": .string("firebreak-\(mark)"), "namespace": .string(place.rawValue)],
            "involvedObject": .object(object), "type": "Warning", "reason": .string(reason),
            "message": .string(message), "source": ["component": "firebreak"], "reportingComponent": "firebreak",
            "firstTimestamp": moment, "lastTimestamp": moment, "count": 1,
        ]
    }
}
