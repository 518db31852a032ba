package import Playbooks

/// Cuts a pod off the network: a policy that denies, and answers for every policy that would still allow.
package struct IsolatePod: Action {
    package typealias Facts = IsolatePodFacts

    package init() {}

    package static let manifest = ActionManifest(
        name: "isolate-pod",
        summary: "Cut a pod off the network by NetworkPolicy, whatever other policies allow, and say what stays open.",
        actionClass: .contain,
        parameters: [
            .init(
                "allow",
                .list(
                    .object([
                        .init("cidr", .cidr, required: true, "Addresses that the pod may still reach."),
                        .init("port", .integer, "One port; all ports when it is left out."),
                        .init("protocol", .choice(TransportProtocolNames.all), "TCP when a port is given."),
                    ])
                ),
                "Destinations that the pod may still reach, such as a forensic collector; nothing may reach the pod."
            ),
            .init(
                "patchPolicies",
                .choice(["never", "unmanaged", "always"]),
                "Which other policies may be patched to leave the pod out; unmanaged unless said otherwise."
            ),
        ],
        errors: [
            "Leaking", "Unverified", "Throttled", "Unavailable", "NotPermitted", "NotFound", "Conflict", "Invalid",
        ],
        permissions: [
            "get pods", "list pods", "patch pods", "list namespaces", "get nodes", "list services",
            "list discovery.k8s.io/endpointslices", "list networking.k8s.io/networkpolicies",
            "get networking.k8s.io/networkpolicies", "create networking.k8s.io/networkpolicies",
            "patch networking.k8s.io/networkpolicies",
            "delete networking.k8s.io/networkpolicies", "list apps/replicasets", "list apps/statefulsets",
            "list apps/daemonsets", "list batch/jobs", "list replicationcontrollers",
            "list policy/poddisruptionbudgets", "get configmaps",
            "list networking.k8s.aws/policyendpoints", "list policy.networking.k8s.io/adminnetworkpolicies",
            "list policy.networking.k8s.io/clusternetworkpolicies", "list cilium.io/ciliumnetworkpolicies",
            "list cilium.io/ciliumclusterwidenetworkpolicies", "list networking.k8s.aws/clusternetworkpolicies",
            "list networking.k8s.aws/applicationnetworkpolicies",
            "list projectcalico.org/networkpolicies", "list projectcalico.org/globalnetworkpolicies",
            "list crd.projectcalico.org/networkpolicies", "list crd.projectcalico.org/globalnetworkpolicies",
        ],
        optionalPermissions: [HoldEvent.permission],
        undo: "Lifts the policy and restores patched policies. Labels come back unless a controller selected on them: "
            + "a detached pod stays detached, because re-adoption could delete it as surplus.",
        outputs: ["policy", "quarantine", "removedLabels", "detachedFrom", "services", "reported", "reach", "readopt"],
        example: """
            isolate:
              action: isolate-pod
              with:
                allow: [{ cidr: 10.0.100.10/32, port: 443 }]
                patchPolicies: unmanaged
              expires: 24h
              catch: [{ errors: [Leaking, Unverified], next: cordon, as: isolation }]
            """,
        provesContainment: true
    )
}

/// The protocols as the manifest offers them.
enum TransportProtocolNames {
    static let all = ["TCP", "UDP", "SCTP"]
}
