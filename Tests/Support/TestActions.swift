package import Playbooks

/// Manifests with the parameters and errors of the product's actions, and one that evicts.
package enum TestActions {
    package static let all = [isolatePod, cordonNode, snapshotVolumes, updateFinding, deletePod]

    private static let common = ["Throttled", "Unavailable", "NotPermitted", "NotFound", "Conflict"]

    private static let isolatePod = manifest(
        "isolate-pod",
        .contain,
        [
            .init(
                "allow",
                .list(
                    .object([
                        .init("cidr", .cidr, required: true, "a block of addresses"),
                        .init("port", .integer, "a port"),
                        .init("protocol", .choice(["TCP", "UDP", "SCTP"]), "a protocol"),
                    ])
                ),
                "what the pod may still reach"
            ),
            .init("patchPolicies", .choice(["never", "unmanaged", "always"]), "which policies may be patched"),
        ],
        errors: ["Leaking", "Unverified"] + common,
        outputs: ["policy", "verdict"]
    )

    private static let cordonNode = manifest(
        "cordon-node",
        .contain,
        [.init("node", .objectName, "the node"), .init("taint", .boolean, "also taint it")],
        errors: common
    )

    private static let snapshotVolumes = manifest(
        "snapshot-volumes",
        .capture,
        [
            .init("node", .objectName, "the node"),
            .init("include", .choice(["all", "root", "data"]), "which volumes"),
            .init("tags", .stringMap, "tags of the snapshots"),
        ],
        errors: ["Throttled", "Unavailable", "NotPermitted", "NotFound", "Unverified"],
        outputs: ["snapshots"]
    )

    private static let updateFinding = manifest(
        "update-finding",
        .record,
        [
            .init("workflow", .choice(["NOTIFIED", "RESOLVED"]), "the workflow's status"),
            .init("note", .string, "a note"), .init("userDefinedFields", .stringMap, "fields"),
        ],
        errors: common
    )

    private static let deletePod = manifest(
        "delete-pod",
        .evict,
        [.init("gracePeriod", .duration, "how long the pod may take"), .init("count", .number, "how many")],
        errors: common
    )

    private static func manifest(
        _ name: String,
        _ kind: ActionManifest.Class,
        _ parameters: [ActionManifest.Parameter],
        errors: [String],
        outputs: [String] = []
    ) -> ActionManifest {
        ActionManifest(
            name: name,
            summary: "",
            actionClass: kind,
            parameters: parameters,
            errors: errors,
            permissions: ["\(name):permission"],
            undo: "every change has its inverse",
            outputs: outputs,
            example: ""
        )
    }
}
