internal import Expressions
internal import Vocabulary

/// A playbook's states as a drawing.
package struct PlaybookDrawing: Sendable {
    private struct Edge {
        var from: String
        var target: String
        var label: String
        var isError = false
    }

    private let playbook: Playbook

    package init(_ playbook: Playbook) { self.playbook = playbook }

    /// A Mermaid flowchart.
    package var mermaid: String {
        var lines = ["flowchart TD", "  begin([start]) --> \(id(playbook.states.first?.name ?? ""))"]
        for state in playbook.states {
            let (open, close) = Self.isChoice(state) ? ("{", "}") : ("[", "]")
            lines.append("  \(id(state.name))\(open)\"\(Self.escaped(label(state)))\"\(close)")
        }
        lines.append("  finish([end])")
        for edge in edges {
            let arrow = edge.isError ? "-.->" : "-->"
            let label = edge.label.isEmpty ? "" : "|\"\(Self.escaped(edge.label))\"|"
            lines.append("  \(id(edge.from)) \(arrow)\(label) \(id(edge.target))")
        }
        return lines.joined(separator: "\n")
    }

    /// A Graphviz digraph.
    package var dot: String {
        var lines = ["digraph \"\(playbook.name)\" {", "  node [shape=box, fontname=\"sans-serif\"];"]
        lines.append("  begin [label=\"start\", shape=oval];")
        lines.append("  finish [label=\"end\", shape=oval];")
        for state in playbook.states {
            let shape = Self.isChoice(state) ? ", shape=diamond" : ""
            lines.append("  \(id(state.name)) [label=\"\(Self.escaped(label(state)))\"\(shape)];")
        }
        lines.append("  begin -> \(id(playbook.states.first?.name ?? ""));")
        for edge in edges {
            let style = edge.isError ? ", style=dashed" : ""
            lines.append("  \(id(edge.from)) -> \(id(edge.target)) [label=\"\(Self.escaped(edge.label))\"\(style)];")
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    private var edges: [Edge] {
        var edges: [Edge] = []
        for state in playbook.states {
            switch state.kind {
            case .choice(let branches, let otherwise):
                for branch in branches {
                    let label = branch.condition.expression.source
                    edges.append(Edge(from: state.name, target: Self.name(branch.next), label: label))
                }
                if let otherwise {
                    edges.append(Edge(from: state.name, target: Self.name(otherwise), label: "otherwise"))
                }
            case .action, .wait, .set, .succeed:
                edges.append(Edge(from: state.name, target: Self.name(state.next), label: ""))
            case .fail:
                edges.append(Edge(from: state.name, target: "", label: "", isError: true))
            }
            for rule in state.catches {
                let label = rule.errors.joined(separator: ", ")
                edges.append(Edge(from: state.name, target: rule.next, label: label, isError: true))
            }
        }
        return edges
    }

    private func label(_ state: PlaybookState) -> String {
        switch state.kind {
        case .action(let call): "\(state.name): \(call.name)"
        case .wait(.span(let duration)): "\(state.name): wait \(duration.playbookText)"
        case .fail(let error, _): "\(state.name): fail \(error)"
        case .choice, .wait, .set, .succeed: state.name
        }
    }

    private static func isChoice(_ state: PlaybookState) -> Bool {
        if case .choice = state.kind { true } else { false }
    }

    /// Empty for the end.
    private static func name(_ successor: PlaybookState.Successor) -> String {
        switch successor {
        case .state(let name): name
        case .end: ""
        }
    }

    /// Numbered: state names may be words of either language.
    private func id(_ name: String) -> String {
        playbook.states.firstIndex { $0.name.isIdentical(to: name) }.map { "s\($0)" } ?? "finish"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\"": escaped += "'"
            case "\\": escaped += "\\\\"
            case _ where character.isNewline: escaped += " "
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
