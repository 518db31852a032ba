import Orchestration
import Planning
import Rehearsal
import Runs
import Vocabulary

/// After an undo the cluster is what it would be without us, but for what stays and says so.
enum Restoration {
    /// `kept`: paths of objects that a change of ours which was not taken back writes to.
    static func problems(_ servers: Servers, kept: Set<String>) -> [String] {
        let found = comparable(servers.cluster)
        let wanted = comparable(servers.shadow)
        var problems: [String] = []
        for key in Set(found.keys).union(wanted.keys).sorted() where !kept.contains(key) {
            guard found[key] != wanted[key] else { continue }
            let differences = differences(found[key] ?? .null, wanted[key] ?? .null, [])
            let rest = isDetached(found[key]) ? differences.filter { !isOfDetaching($0) } : differences
            problems += rest.map { "after the undo \(key) differs: \($0)" }
        }
        return problems
    }

    /// The paths of the objects that standing changes write to, those of which the plan says that nobody knows, and those
    /// that were written to more than once because a stranger came in between: of these only the last write is undone.
    static func kept(_ driver: RunDriver, _ disk: Disk) -> Set<String> {
        let standing = Set(driver.changes.filter { $0.standing != .undone }.map(\.id))
        let applied = driver.appliedChanges.filter { standing.contains($0.id) }
        let uncertain = disk.intents.values.compactMap { $0.last?.change }.filter { change in
            driver.plan.notes.contains { $0.contains("(\(change.id))") }
        }
        return Set((applied + uncertain + repeated(disk)).compactMap { object($0.change) })
    }

    /// Changes that somebody else took back in part before anybody could look: they count as not made.
    static func partlyGone(_ disk: Disk, _ servers: Servers, lastDeed: Int) -> Set<String> {
        let missing = disk.entries.compactMap { if case .missing(let id) = $0 { id } else { nil } }
        let hidden = missing.filter { id in
            servers.arrivals.contains { $0.change == id && $0.tookEffect && $0.number <= lastDeed }
        }
        return Set(hidden.compactMap { disk.intents[$0]?.last?.change }.compactMap { object($0.change) })
    }

    private static func repeated(_ disk: Disk) -> [PlannedChange] {
        disk.intents.values.compactMap { intents in
            let bodies = Set(intents.map(\.change.change))
            return bodies.count > 1 ? intents.last?.change : nil
        }
    }

    private static func object(_ change: Change) -> String? {
        guard case .kubernetes(let change) = change else { return nil }
        guard change.verb == .create, let name = change.body[["metadata", "name"]]?.string else { return change.path }
        return change.path + "/" + name
    }

    private static func comparable(_ cluster: RehearsalCluster) -> [String: JSONValue] {
        var objects: [String: JSONValue] = [:]
        for object in cluster.snapshot() {
            guard let kind = object["kind"]?.string, let path = path(object, kind), var members = object.object,
                var metadata = members["metadata"]?.object
            else { continue }
            for counted in ["resourceVersion", "managedFields", "generation"] { metadata[counted] = nil }
            // Both clusters mint names of their own for what strangers create.
            if metadata["name"]?.string?.hasPrefix("late-") == true { metadata["uid"] = nil }
            members["metadata"] = .object(metadata)
            objects[path] = .object(members)
        }
        return objects
    }

    /// Of the kinds that we write to; the CNI's own objects follow policies, and Events are records.
    private static func path(_ object: JSONValue, _ kind: String) -> String? {
        let name = object[["metadata", "name"]]?.string ?? ""
        let namespace = object[["metadata", "namespace"]]?.string ?? ""
        return switch kind {
        case "Pod": "/api/v1/namespaces/\(namespace)/pods/\(name)"
        case "Node": "/api/v1/nodes/\(name)"
        case "NetworkPolicy": "/apis/networking.k8s.io/v1/namespaces/\(namespace)/networkpolicies/\(name)"
        case "PolicyEndpoint", "Event": nil
        default: "\(kind) \(namespace)/\(name)"
        }
    }

    /// A pod that its controller let go stays so: labels and the note of what they were are all that may differ.
    private static func isDetached(_ object: JSONValue?) -> Bool {
        object?[["metadata", "annotations", "firebreak.dev/removed-labels"]] != nil
    }

    private static func isOfDetaching(_ difference: String) -> Bool {
        let isMark = difference.contains("firebreak.dev/quarantine ")
        return !isMark
            && (difference.hasPrefix("metadata/labels/")
                || difference.hasPrefix("metadata/annotations/firebreak.dev/removed-labels"))
    }

    private static func differences(_ found: JSONValue, _ wanted: JSONValue, _ path: [String]) -> [String] {
        // A map that is missing is a map of nothing.
        let isMap = found.object != nil || wanted.object != nil
        guard isMap, let left = (found.isNull ? [:] : found).object, let right = (wanted.isNull ? [:] : wanted).object
        else {
            guard found != wanted else { return [] }
            let texts = [found, wanted].map { JSONWriter.compact($0).prefix(200) }
            return ["\(path.joined(separator: "/")) is \(texts[0]), not \(texts[1])"]
        }
        let keys = left.keys + right.keys.filter { left[$0] == nil }
        return keys.flatMap { differences(left[$0] ?? .null, right[$0] ?? .null, path + [$0]) }
    }
}
