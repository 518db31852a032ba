internal import KubernetesAPI
internal import Vocabulary

/// Who owns which fields of an object.
///
/// Lists are owned whole and so are the selectors of built-in kinds; real servers own the elements of a few keyed lists apart.
struct ManagedFields {
    struct Entry {
        var manager: String
        var operation: String
        var apiVersion: String
        var subresource: String
        var time: String
        var paths: Set<FieldPath>

        func isSame(as other: Entry) -> Bool {
            manager == other.manager && operation == other.operation && subresource == other.subresource
        }
    }

    private(set) var entries: [Entry] = []

    init(_ object: JSONValue) {
        for entry in object.metadata["managedFields"]?.array ?? [] {
            entries.append(
                Entry(
                    manager: entry["manager"]?.string ?? "unknown",
                    operation: entry["operation"]?.string ?? "Update",
                    apiVersion: entry["apiVersion"]?.string ?? "",
                    subresource: entry["subresource"]?.string ?? "",
                    time: entry["time"]?.string ?? "",
                    paths: FieldPaths.read(entry["fieldsV1"] ?? .null)
                )
            )
        }
    }

    func isSame(as other: ManagedFields) -> Bool {
        let left = Dictionary(grouping: entries) { "\($0.manager)/\($0.operation)/\($0.subresource)" }
        let right = Dictionary(grouping: other.entries) { "\($0.manager)/\($0.operation)/\($0.subresource)" }
        return left.keys == right.keys && left.allSatisfy { key, list in list.map(\.paths) == right[key]?.map(\.paths) }
    }

    func write(to object: inout JSONValue) {
        let kept = entries.filter { !$0.paths.isEmpty }.sorted {
            ($0.operation, $0.manager) < ($1.operation, $1.manager)
        }
        var list: [JSONValue] = []
        for entry in kept {
            var members: JSONObject = [
                "manager": .string(entry.manager), "operation": .string(entry.operation),
                "apiVersion": .string(entry.apiVersion), "time": .string(entry.time), "fieldsType": "FieldsV1",
                "fieldsV1": FieldPaths.json(entry.paths),
            ]
            if !entry.subresource.isEmpty { members["subresource"] = .string(entry.subresource) }
            list.append(.object(members))
        }
        object[at: "metadata", "managedFields"] = list.isEmpty ? JSONValue?.none : .array(list)
    }

    /// A create, an update or a patch: the writer owns what it changed, and nobody owns what is gone.
    mutating func recordUpdate(from old: JSONValue?, to new: JSONValue, _ write: ClusterWrite) {
        let isCustom = write.served.isCustom
        let before = old.map { FieldPaths.leaves(of: $0, isCustom: isCustom) } ?? []
        let after = FieldPaths.leaves(of: new, isCustom: isCustom)
        var changed: Set<FieldPath> = []
        for path in after {
            let was = old.flatMap { FieldPaths.value(at: path, in: $0) }
            if was != FieldPaths.value(at: path, in: new) { changed.insert(path) }
        }
        let lost = before.subtracting(after).union(changed)
        for index in entries.indices { entries[index].paths.subtract(lost) }
        add(entry(write, operation: "Update", changed), merging: true)
    }

    private func entry(_ write: ClusterWrite, operation: String, _ paths: Set<FieldPath>) -> Entry {
        Entry(
            manager: write.call.manager,
            operation: operation,
            apiVersion: write.served.resource.apiVersion,
            subresource: write.call.subresource ?? "",
            time: write.now.text(fractionDigits: 0),
            paths: paths
        )
    }

    private mutating func add(_ entry: Entry, merging: Bool) {
        guard let place = entries.firstIndex(where: { $0.isSame(as: entry) }) else {
            if !entry.paths.isEmpty { entries.append(entry) }
            return
        }
        let paths = merging ? entries[place].paths.union(entry.paths) : entry.paths
        if paths != entries[place].paths { entries[place].time = entry.time }
        entries[place].paths = paths
    }

    /// An apply: what the manager no longer names goes, what others own differently is a conflict unless forced.
    mutating func apply(
        _ config: JSONValue,
        to live: JSONValue,
        _ write: ClusterWrite,
        force: Bool
    ) throws(StatusAnswer) -> JSONValue {
        let isCustom = write.served.isCustom
        let wanted = FieldPaths.leaves(of: config, isCustom: isCustom)
        let new = entry(write, operation: "Apply", wanted)
        let others = entries.indices.filter { !entries[$0].isSame(as: new) }
        var conflicts: [(path: FieldPath, owner: Entry)] = []
        for path in wanted.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let value = FieldPaths.value(at: path, in: config)
            let old = FieldPaths.value(at: path, in: live)
            guard old != value, !FieldPaths.isHollow(path, value, over: old, isCustom: isCustom) else { continue }
            for index in others where entries[index].paths.contains(path) { conflicts.append((path, entries[index])) }
        }
        guard conflicts.isEmpty || force else { throw Self.conflict(conflicts, new) }
        for conflict in conflicts {
            for index in others { entries[index].paths.remove(conflict.path) }
        }
        let before = entries.first { $0.isSame(as: new) }?.paths ?? []
        var merged = live
        for path in wanted {
            let value = FieldPaths.value(at: path, in: config)
            let old = FieldPaths.value(at: path, in: live)
            guard !FieldPaths.isHollow(path, value, over: old, isCustom: isCustom) else { continue }
            merged = FieldPaths.setting(value, at: path, in: merged)
        }
        for path in before.subtracting(wanted) where !others.contains(where: { entries[$0].paths.contains(path) }) {
            merged = FieldPaths.setting(nil, at: path, in: merged)
        }
        add(new, merging: false)
        return merged
    }

    private static func conflict(_ conflicts: [(path: FieldPath, owner: Entry)], _ new: Entry) -> StatusAnswer {
        var causes: [StatusAnswer.Cause] = []
        var lines: [String] = []
        for conflict in conflicts {
            let version = conflict.owner.operation == "Update" ? " using \(conflict.owner.apiVersion)" : ""
            let message = "conflict with \"\(conflict.owner.manager)\"\(version)"
            let field = FieldPaths.text(conflict.path)
            causes.append(.init("FieldManagerConflict", message, field: field))
            lines.append("\(message): \(field)")
        }
        let count = conflicts.count == 1 ? "1 conflict" : "\(conflicts.count) conflicts"
        let message = "Apply failed with \(count): \(lines.joined(separator: "\n- "))"
        return StatusAnswer(409, "Conflict", message, details: ["causes": StatusAnswer.causes(causes)])
    }
}
