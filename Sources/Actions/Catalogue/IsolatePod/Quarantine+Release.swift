internal import NetworkReach
internal import Vocabulary

/// Words of a command line that a shell passes on unchanged.
enum ShellWord {
    static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && text.utf8.allSatisfy { NameSyntax.isAlphanumeric($0) || "-_./=:@,".utf8.contains($0) }
        return isPlain
            ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    static func command(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}

extension Quarantine {
    var releaseOfPolicy: String {
        ShellWord.command(["kubectl", "-n", target.namespace, "delete", "networkpolicy", mark.policyName])
    }

    /// The commands that release the pod by hand, in the order of an undo; the same before the changes and after.
    var release: [String] {
        var words = ["kubectl", "-n", target.namespace, "label", "pod", target.name, "\(QuarantineMark.key)-"]
        if !staysDetached { words += restoringLabels }
        let holds = [QuarantineAnnotation.doNotDisrupt, QuarantineAnnotation.safeToEvict]
        let lift = ["kubectl", "-n", target.namespace, "annotate", "pod", target.name] + holds.map { $0 + "-" }
        var commands = [ShellWord.command(words), ShellWord.command(lift)]
        for policy in excludedPolicies {
            let expressions = policy.selectorDocument?["matchExpressions"]?.array ?? []
            let ours = expressions.firstIndex { entry in
                entry["key"]?.string == QuarantineMark.key && entry["values"] == [.string(mark.value)]
            }
            commands.append(unpatch(policy.name, ours ?? expressions.count))
        }
        return commands + [releaseOfPolicy]
    }

    /// Gives a detached pod back to its controller and Services, which may delete it as surplus.
    var readopt: String? {
        guard staysDetached else { return nil }
        let words = ["kubectl", "-n", target.namespace, "label", "pod", target.name] + restoringLabels
        return ShellWord.command(words)
    }

    private var restoringLabels: [String] {
        var before: [String: JSONValue] = [:]
        for edit in solution.edits { before[edit.key] = edit.before.map(JSONValue.string) ?? .null }
        for (key, value) in target.removedLabels { before[key] = value }
        let words = before.sorted { $0.key < $1.key }.map { key, value in
            value.string.map { "\(key)=\($0)" } ?? "\(key)-"
        }
        return words.isEmpty ? [] : words + ["--overwrite"]
    }

    /// Policies that leave the pod out, by this plan or an earlier one.
    private var excludedPolicies: [NetworkPolicyView] {
        let earlier = facts.policies.filter { $0.namespace == target.namespace && $0.excludes(mark) }
        return (earlier + solution.patches).sorted { $0.name < $1.name }
    }

    private func unpatch(_ name: String, _ index: Int) -> String {
        var patch = JSONPatch()
        let entry = ["spec", "podSelector", "matchExpressions", String(index)]
        // Every quarantined pod has the same key: only the value tells whose exclusion this is.
        patch.test(entry, exclusionDocument)
        patch.remove(entry)
        return ShellWord.command([
            "kubectl", "-n", target.namespace, "patch", "networkpolicy", name, "--type=json", "-p",
            JSONWriter.compact(patch.document),
        ])
    }
}
