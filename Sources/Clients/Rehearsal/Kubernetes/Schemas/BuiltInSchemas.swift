internal import KubernetesAPI
internal import Vocabulary

/// The schemas of the kinds that responders write; other kinds are taken as they come.
enum BuiltInSchemas {
    static func schema(of served: ServedResource) -> FieldSchema {
        guard case .object(var fields) = bodies[served.qualified] ?? .object([:]) else { return .any }
        guard !fields.isEmpty else { return .any }
        fields["apiVersion"] = .string
        fields["kind"] = .string
        fields["metadata"] = metadata
        return .object(fields)
    }

    /// The metadata of every object.
    static let metadata = FieldSchema.object([
        "name": .string, "generateName": .string, "namespace": .string, "uid": .string, "resourceVersion": .string,
        "labels": .map(.string), "annotations": .map(.string), "finalizers": .list(.string), "generation": .integer,
        "creationTimestamp": .string, "deletionTimestamp": .string, "deletionGracePeriodSeconds": .integer,
        "ownerReferences": .list(owner), "managedFields": .any, "selfLink": .string,
    ])

    private static let owner = FieldSchema.object([
        "apiVersion": .string, "kind": .string, "name": .string, "uid": .string, "controller": .boolean,
        "blockOwnerDeletion": .boolean,
    ])

    private static let selector = FieldSchema.object([
        "matchLabels": .map(.string),
        "matchExpressions": .list(.object(["key": .string, "operator": .string, "values": .list(.string)])),
    ])

    private static let peers = FieldSchema.list(
        .object([
            "podSelector": selector, "namespaceSelector": selector,
            "ipBlock": .object(["cidr": .string, "except": .list(.string)]),
        ])
    )

    private static let ports = FieldSchema.list(
        .object(["protocol": .string, "port": .intOrString, "endPort": .integer])
    )

    private static let networkPolicy = FieldSchema.object([
        "podSelector": selector, "policyTypes": .list(.string),
        "ingress": .list(.object(["from": peers, "ports": ports])),
        "egress": .list(.object(["to": peers, "ports": ports])),
    ])

    private static let taint = FieldSchema.object([
        "key": .string, "value": .string, "effect": .string, "timeAdded": .string,
    ])

    private static let node = FieldSchema.object([
        "unschedulable": .boolean, "taints": .list(taint), "providerID": .string, "podCIDR": .string,
        "podCIDRs": .list(.string), "configSource": .any, "externalID": .string,
    ])

    private static let container = FieldSchema.object(["name": .string, "image": .string]).adding(
        """
        args command env envFrom imagePullPolicy lifecycle livenessProbe ports readinessProbe resizePolicy resources
        restartPolicy restartPolicyRules securityContext startupProbe stdin stdinOnce terminationMessagePath
        terminationMessagePolicy tty volumeDevices volumeMounts workingDir
        """
    )

    private static let pod = FieldSchema.object([
        "containers": .list(container), "initContainers": .list(container), "nodeName": .string,
        "nodeSelector": .map(.string), "hostNetwork": .boolean, "terminationGracePeriodSeconds": .integer,
        "activeDeadlineSeconds": .integer, "serviceAccountName": .string, "restartPolicy": .string,
    ]).adding(
        """
        affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks ephemeralContainers hostAliases
        hostIPC hostPID hostUsers hostname hostnameOverride imagePullSecrets os overhead preemptionPolicy priority
        priorityClassName readinessGates resourceClaims resources runtimeClassName schedulerName schedulingGates
        securityContext serviceAccount setHostnameAsFQDN shareProcessNamespace subdomain tolerations
        topologySpreadConstraints volumes workloadRef schedulingGroup
        """
    )

    private static let lease = FieldSchema.object([
        "holderIdentity": .string, "leaseDurationSeconds": .integer, "leaseTransitions": .integer,
        "acquireTime": .microTime, "renewTime": .microTime, "preferredHolder": .string, "strategy": .string,
    ])

    private static let coreEvent = FieldSchema.object([
        "eventTime": .microTime, "reason": .string, "message": .string, "type": .string, "action": .string,
        "reportingComponent": .string, "reportingInstance": .string, "count": .integer,
    ]).adding("involvedObject firstTimestamp lastTimestamp related series source")

    private static let event = FieldSchema.object([
        "eventTime": .microTime, "reason": .string, "note": .string, "type": .string, "action": .string,
        "reportingController": .string, "reportingInstance": .string,
    ]).adding(
        "deprecatedCount deprecatedFirstTimestamp deprecatedLastTimestamp deprecatedSource regarding related series"
    )

    private static let bodies: [String: FieldSchema] = [
        "networkpolicies.networking.k8s.io": .object(["spec": networkPolicy, "status": .any]),
        "pods": .object(["spec": pod, "status": .any]),
        "nodes": .object(["spec": node, "status": .any]),
        "leases.coordination.k8s.io": .object(["spec": lease]),
        "events": coreEvent,
        "events.events.k8s.io": event,
        "namespaces": FieldSchema.object([:]).adding("spec status"),
        "configmaps": FieldSchema.object(["data": .map(.string), "immutable": .boolean]).adding("binaryData"),
        "serviceaccounts": FieldSchema.object([:]).adding("secrets imagePullSecrets automountServiceAccountToken"),
        "poddisruptionbudgets.policy": FieldSchema.object([:]).adding("spec status"),
        "deployments.apps": FieldSchema.object([:]).adding("spec status"),
        "replicasets.apps": FieldSchema.object([:]).adding("spec status"),
        "statefulsets.apps": FieldSchema.object([:]).adding("spec status"),
        "daemonsets.apps": FieldSchema.object([:]).adding("spec status"),
        "services": FieldSchema.object([:]).adding("spec status"),
    ]
}
