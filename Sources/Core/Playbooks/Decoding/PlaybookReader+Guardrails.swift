internal import Vocabulary

extension PlaybookReader {
    mutating func incident(_ node: DocumentNode) -> Incident? {
        let required: KeyValuePairs = ["key": "key: \"${{ subject.pod.uid }}\""]
        guard let members = members(node, of: "“incident”", keys: ["key", "cooldown"], required: required) else {
            return nil
        }
        let cooldown = members["cooldown"].flatMap { duration($0, "“cooldown”", in: .zero ... .seconds(30 * 86_400)) }
        guard let key = members["key"], let template = textTemplate(key, "“key”", in: .incident) else { return nil }
        if template.expressions.isEmpty {
            report(
                Problem.warn(
                    "PLAYBOOK-036",
                    "the incident's key is the same for every subject: one run at a time, for everything",
                    at: key.mark,
                    fix: "name the subject in it, such as “\"${{ subject.pod.uid }}\"”"
                )
            )
        }
        return Incident(key: template, cooldown: cooldown, mark: node.mark)
    }

    mutating func guardrails(_ node: DocumentNode) -> PlaybookGuardrails {
        let keys = ["protect", "budget", "overrideReason"]
        guard let members = members(node, of: "“guardrails”", keys: keys) else { return PlaybookGuardrails() }
        var protect: [PlaybookGuardrails.Protection] = []
        if let list = members["protect"] {
            for element in elements(list, "“protect”") {
                if let protection = protection(element) { protect.append(protection) }
            }
        }
        return PlaybookGuardrails(
            protect: protect,
            budget: members["budget"].flatMap { budget($0) },
            overrideReason: members["overrideReason"].flatMap { reason($0) }
        )
    }

    private mutating func reason(_ node: DocumentNode) -> String? {
        guard let reason = text(node, "“overrideReason”") else { return nil }
        guard reason.contains(where: { !$0.isWhitespace }) else {
            report(Problem.wrongType("“overrideReason”", needs: "a sentence", found: node))
            return nil
        }
        return reason
    }

    private mutating func protection(_ node: DocumentNode) -> PlaybookGuardrails.Protection? {
        let keys = ["namespaces", "labels", "names", "nodes"]
        guard let members = members(node, of: "an entry of “protect”", keys: keys) else { return nil }
        var protection = PlaybookGuardrails.Protection(mark: node.mark)
        if let list = members["namespaces"] {
            protection.namespaces = names(list, "“namespaces”", rule: "name of a namespace", NamespaceName.isValid)
        }
        if let list = members["names"] {
            protection.names = names(list, "“names”", rule: "name of a pod", ObjectName.isValid)
        }
        if let list = members["nodes"] {
            protection.nodes = names(list, "“nodes”", rule: "name of a node", ObjectName.isValid)
        }
        if let map = members["labels"] { protection.labels = labels(map) }
        if keys.allSatisfy({ members[$0] == nil }) {
            report(
                Problem.make(
                    "PLAYBOOK-002",
                    "an entry of “protect” protects nothing",
                    at: node.mark,
                    fix: "add one of \(keys.joined(separator: ", "))"
                )
            )
            return nil
        }
        return protection
    }

    /// Names, in which `*` stands for any characters.
    private mutating func names(
        _ node: DocumentNode,
        _ what: String,
        rule: String,
        _ isValid: (String) -> Bool
    ) -> [String] {
        var names: [String] = []
        for element in elements(node, what) {
            guard let name = text(element, "an element of \(what)") else { continue }
            let sample = String(name.map { $0 == "*" ? "x" : $0 })
            guard isValid(sample) else {
                report(
                    Problem.badName(
                        rule,
                        element,
                        rule: "use lower-case letters, digits and hyphens; “*” stands for any"
                    )
                )
                continue
            }
            names.append(name)
        }
        return names
    }

    private mutating func labels(_ node: DocumentNode) -> [String: String] {
        guard let entries = node.mapping, !entries.isEmpty else {
            report(
                Problem.wrongType(
                    "“labels”",
                    needs: "a mapping of labels",
                    found: node,
                    fix: "write “key: value” lines"
                )
            )
            return [:]
        }
        var labels: [String: String] = [:]
        for entry in entries {
            let key = freeKey(entry.key, "the label")
            guard NameSyntax.isLabelKey(key) else {
                report(
                    Problem.badName("label key", entry.key, rule: "write “name” or “domain/name” as Kubernetes does")
                )
                continue
            }
            guard let value = text(entry.value, "the label “\(key)”") else { continue }
            guard NameSyntax.isLabelValue(value) else {
                report(
                    Problem.badName(
                        "label value",
                        entry.value,
                        rule: "use at most 63 letters, digits, “-”, “_” and “.”"
                    )
                )
                continue
            }
            labels[key] = value
        }
        return labels
    }

    private mutating func budget(_ node: DocumentNode) -> PlaybookGuardrails.Budget? {
        let keys = ["pods", "nodes", "per"]
        guard let members = members(node, of: "“budget”", keys: keys, required: ["per": "per: 1h"]) else { return nil }
        let window = members["per"].flatMap { duration($0, "“per”", in: .seconds(60) ... .seconds(30 * 86_400)) }
        let pods = members["pods"].flatMap { count($0, "“pods”") }
        let nodes = members["nodes"].flatMap { count($0, "“nodes”") }
        if members["pods"] == nil, members["nodes"] == nil {
            report(Problem.budget("the budget limits nothing", at: node.mark, fix: "add “pods” or “nodes”"))
        }
        guard let window else { return nil }
        return PlaybookGuardrails.Budget(pods: pods, nodes: nodes, window: window, mark: node.mark)
    }

    private mutating func count(_ node: DocumentNode, _ what: String) -> Int? {
        guard let number = node.json.integer else {
            report(Problem.wrongType(what, needs: "a whole number", found: node))
            return nil
        }
        guard (1...10_000).contains(number) else {
            let fix = number == 0 ? "for no runs at all use “mode: shadow”" : "write a number from 1 to 10000"
            report(Problem.budget("\(what) is \(number): a budget is from 1 to 10000", at: node.mark, fix: fix))
            return nil
        }
        warnOfOctal(node, what)
        return Int(number)
    }
}
