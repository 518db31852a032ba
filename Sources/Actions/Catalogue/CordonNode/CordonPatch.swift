import KubernetesAPI
import Planning
import Vocabulary

/// The one JSON Patch that cordons a node, and the one that takes it back.
struct CordonPatch {
    static let cordonedBy = "firebreak.dev/cordoned-by"
    static let taintKey = "firebreak.dev/quarantine"

    let node: NodeFacts
    let taint: NodeFacts.Taint
    private let setsTaint: Bool
    private let cordons: Bool
    private let annotations: [(key: String, value: String)]
    private let path: String
    /// What a person types to release what this plan holds; nothing when somebody else cordoned.
    let release: [String]

    init(_ request: ActionRequest, _ node: NodeFacts) {
        self.node = node
        let mark = String(request.fingerprint(node.uid).prefix(16))
        taint = NodeFacts.Taint(key: Self.taintKey, value: mark, effect: "NoSchedule")
        let wantsTaint = request.parameters["taint"]?.bool ?? false
        let hasTaint = (node.taints ?? []).contains { $0.key == Self.taintKey && $0.effect == "NoSchedule" }
        setsTaint = wantsTaint && !hasTaint
        cordons = !node.isUnschedulable
        path = KubernetesPath.object(.nodes, node.name).text
        release = Self.release(node, cordons: cordons, taints: setsTaint)
        annotations = Self.annotations(request, node, release, cordons: cordons)
    }

    /// Who cordons, for people and for the next run; a taint alone leaves the mark of whoever cordoned.
    private static func annotations(
        _ request: ActionRequest,
        _ node: NodeFacts,
        _ release: [String],
        cordons: Bool
    ) -> [(key: String, value: String)] {
        var annotations = [
            ("firebreak.dev/incident", String(request.fingerprint(request.incidentKey).prefix(32))),
            ("firebreak.dev/playbook", "\(request.playbook) (\(request.state))"),
        ]
        if cordons { annotations.append((cordonedBy, "firebreak run \(request.runId)")) }
        if let expires = request.expires {
            annotations.append(("firebreak.dev/expires", request.now.advanced(by: expires).text(fractionDigits: 0)))
        }
        annotations.append((ReleaseNote.annotation, ReleaseNote.annotation(release)))
        return annotations.map { (key: $0.0, value: $0.1) }
    }

    /// Nil when the node already is as wanted.
    var change: PlannedChange? {
        guard cordons || setsTaint else { return nil }
        let what = cordons ? (setsTaint ? "cordon and taint" : "cordon") : "taint"
        let back = cordons ? (setsTaint ? "uncordon and untaint" : "uncordon") : "untaint"
        return PlannedChange(
            id: "cordon-\(node.name)",
            summary: "\(what) node \(node.name)",
            change: patched(isUndo: false, apply),
            undo: .inverse(
                summary: "\(back) node \(node.name)",
                change: patched(isUndo: true, takeBack),
                guarding: guards
            ),
            permission: .rbac(group: "", resource: "nodes", verb: "patch")
        )
    }

    private func patched(isUndo: Bool, _ operations: (inout JSONPatch) -> Void) -> Change {
        var preconditions = ["uid": node.uid]
        var patch = JSONPatch()
        patch.test(["metadata", "uid"], .string(node.uid))
        if !isUndo, !node.resourceVersion.isEmpty {
            preconditions["resourceVersion"] = node.resourceVersion
            patch.test(["metadata", "resourceVersion"], .string(node.resourceVersion))
        }
        operations(&patch)
        return .kubernetes(
            KubernetesChange(
                .patch,
                path,
                contentType: .jsonPatch,
                body: patch.document,
                preconditions: preconditions
            )
        )
    }

    private func apply(_ patch: inout JSONPatch) {
        if cordons { patch.add(["spec", "unschedulable"], true) }
        if setsTaint {
            if node.taints == nil {
                patch.add(["spec", "taints"], [taint.json])
            } else {
                patch.add(["spec", "taints", "-"], taint.json)
            }
        }
        guard node.annotations != nil else {
            let map = JSONObject(annotations.map { ($0.key, .string($0.value)) })
            patch.add(["metadata", "annotations"], .object(map))
            return
        }
        for (key, value) in annotations { patch.add(["metadata", "annotations", key], .string(value)) }
    }

    /// Taints keep their order, so ours is still where it was put unless somebody removed another: then the test fails.
    private func takeBack(_ patch: inout JSONPatch) {
        if cordons { patch.remove(["spec", "unschedulable"]) }
        if setsTaint {
            patch.test(["spec", "taints", String(taintIndex)], taint.json)
            patch.remove(["spec", "taints", String(taintIndex)])
        }
        for (key, _) in annotations {
            if let before = node.annotations?[key] {
                patch.add(["metadata", "annotations", key], .string(before))
            } else {
                patch.remove(["metadata", "annotations", key])
            }
        }
    }

    private var taintIndex: Int { node.taints?.count ?? 0 }

    private var guards: [Expectation] {
        expectations
            + annotations.map { annotation in
                Expectation(
                    "annotation \(annotation.key) is as this run left it",
                    at: .kubernetes(path: path),
                    field: ["metadata", "annotations", annotation.key],
                    .equals(.string(annotation.value))
                )
            }
    }

    var expectations: [Expectation] {
        var expectations = [
            Expectation(
                "node \(node.name) takes no new pods",
                at: .kubernetes(path: path),
                field: ["spec", "unschedulable"],
                .equals(true)
            )
        ]
        if setsTaint {
            expectations.append(
                Expectation(
                    "node \(node.name) has the quarantine taint",
                    at: .kubernetes(path: path),
                    field: ["spec", "taints", String(taintIndex)],
                    .equals(taint.json)
                )
            )
        }
        return expectations
    }

    private static func release(_ node: NodeFacts, cordons: Bool, taints: Bool) -> [String] {
        let isOurs = cordons || node.annotations?[cordonedBy] != nil
        var commands: [String] = isOurs ? ["kubectl uncordon \(node.name)"] : []
        if taints || (node.taints ?? []).contains(where: { $0.key == taintKey }) {
            commands.append("kubectl taint nodes \(node.name) \(taintKey):NoSchedule-")
        }
        return commands
    }

    /// Tells whoever looks at the node, and nobody needs to have it.
    func event(_ request: ActionRequest) -> PlannedChange? {
        HoldEvent(
            kind: "Node",
            name: node.name,
            uid: node.uid,
            reason: "FirebreakCordon",
            what: "firebreak keeps new pods off this node (playbook \(request.playbook))",
            release: release
        )
        .change(request)
    }

    /// Whether the node was cordoned before, and by whom: nil when this plan cordons it.
    var previousCordon: String? {
        guard !cordons else { return nil }
        return node.annotations?[Self.cordonedBy] ?? "somebody else"
    }
}
