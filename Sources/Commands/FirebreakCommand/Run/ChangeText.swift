internal import Planning
internal import Vocabulary

/// One change as a diff: what is added, removed, changed, and what must hold before.
enum ChangeText {
    static func write(_ planned: PlannedChange, paint: Paint) -> String {
        var lines = ["   \(mark(planned.change, paint)) \(PlainText.line(planned.summary))"]
        switch planned.change {
        case .kubernetes(let change):
            lines.append("       \(change.verb.rawValue.uppercased()) \(change.path)")
            lines += body(change, paint).map { "       " + $0 }
        case .aws(let change):
            lines.append("       \(change.service):\(change.operation) in \(change.region)")
            lines += block(change.input).map { "       " + $0 }
        }
        switch planned.undo {
        case .inverse(let summary, _, _): lines.append("       undo: \(PlainText.line(summary))")
        case .none(let reason): lines.append("       undo: none, \(PlainText.line(reason))")
        }
        return lines.joined(separator: "\n")
    }

    private static func mark(_ change: Change, _ paint: Paint) -> String {
        switch change {
        case .kubernetes(let change):
            switch change.verb {
            case .create: paint.green("+")
            case .delete: paint.red("-")
            case .patch, .update: paint.yellow("~")
            }
        case .aws: paint.green("+")
        }
    }

    private static func body(_ change: KubernetesChange, _ paint: Paint) -> [String] {
        guard change.contentType == .jsonPatch, let operations = change.body.array else { return block(change.body) }
        return operations.map { operation in
            let path = operation["path"]?.string ?? "?"
            let value = operation["value"].map { PlainText.line(String(JSONWriter.compact($0).prefix(300))) } ?? ""
            return switch operation["op"]?.string {
            case "test"?: "? \(path) is \(value)"
            case "add"?: paint.green("+") + " \(path) = \(value)"
            case "remove"?: paint.red("-") + " \(path)"
            case "replace"?: paint.yellow("~") + " \(path) = \(value)"
            default: PlainText.line(JSONWriter.compact(operation))
            }
        }
    }

    private static func block(_ value: JSONValue) -> [String] {
        guard !value.isNull else { return [] }
        return YAMLText.write(value).split(separator: "\n", omittingEmptySubsequences: false).map {
            PlainText.line(String($0))
        }
    }
}
