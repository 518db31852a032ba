internal import KubernetesAPI
internal import NetworkReach
internal import Vocabulary

extension IsolatePod {
    /// Reads the pod first, then all the rest at once: a quarantine is worth little when it comes late.
    package func observe(_ request: ActionRequest, in world: World) async throws(ActionFault) -> IsolatePodFacts {
        guard let client = world.kubernetes else { throw IsolationFault.noCluster.actionFault }
        guard let name = request.subject.pod?.name, let namespace = request.subject.namespace else {
            throw IsolationFault.noSubject.actionFault
        }
        let pod: JSONValue
        do { pod = try await client.get(.object(.pods, in: namespace, name)) } catch {
            throw ActionFault(kubernetes: error)
        }
        let place = "\(namespace)/\(name)"
        let uid = pod[["metadata", "uid"]]?.string ?? ""
        if let expected = request.subject.pod?.uid, expected.rawValue != uid {
            throw IsolationFault.otherIncarnation(pod: place, expected: expected.rawValue, live: uid).actionFault
        }
        let node = pod[["spec", "nodeName"]]?.string.flatMap { ObjectName($0) }
        let seen = try await Self.objects(client, namespace, node, isRehearsed: world.isRehearsed)
        let mark = QuarantineMark(uid: uid, fingerprint: request.fingerprint)
        let facts = IsolatePodFacts(
            pod: pod,
            seen,
            policyName: mark.policyName,
            isRehearsed: world.isRehearsed
        )
        guard let facts else { throw IsolationFault.unreadablePod(place).actionFault }
        return facts
    }

    private enum Reading: Sendable {
        case items([JSONValue])
        case failed(KubernetesFault)
    }

    private static func objects(
        _ client: KubernetesClient,
        _ namespace: NamespaceName,
        _ node: ObjectName?,
        isRehearsed: Bool
    ) async throws(ActionFault) -> ObservedObjects {
        let reads = IsolationReads.all(namespace, node, isRehearsed: isRehearsed)
        let readings = await withTaskGroup(of: (ObservedObjects.Wish, Reading).self) { group in
            for read in reads { group.addTask { (read.wish, await Self.reading(read, client)) } }
            var readings: [ObservedObjects.Wish: Reading] = [:]
            for await (wish, reading) in group { readings[wish] = reading }
            return readings
        }
        var seen = ObservedObjects()
        for (wish, reading) in readings {
            switch reading {
            case .items(let items): seen.lists[wish] = items
            case .failed(let fault) where wish == .policies: throw ActionFault(kubernetes: fault)
            case .failed(let fault) where [.notFound, .unknownPath].contains(fault.answer): seen.unknown.insert(wish)
            case .failed(let fault): seen.unreadable[wish] = fault.report.what
            }
        }
        return seen
    }

    private static func reading(_ read: IsolationReads, _ client: KubernetesClient) async -> Reading {
        do {
            return .items(read.isOneObject ? [try await client.get(read.path)] : try await client.list(read.path))
        } catch {
            return .failed(error)
        }
    }
}

/// One read of the API.
struct IsolationReads: Sendable {
    var wish: ObservedObjects.Wish
    var path: KubernetesPath
    var isOneObject = false

    static func all(_ namespace: NamespaceName, _ node: ObjectName?, isRehearsed: Bool) -> [IsolationReads] {
        var reads = ofCluster
        for (wish, resource) in ofNamespace {
            reads.append(IsolationReads(wish: wish, path: .collection(resource, in: namespace)))
        }
        if let node { reads.append(IsolationReads(wish: .node, path: .object(.nodes, node), isOneObject: true)) }
        if let system = NamespaceName("kube-system"), let name = ObjectName("amazon-vpc-cni") {
            let path = KubernetesPath.object(.configMaps, in: system, name)
            reads.append(IsolationReads(wish: .cniConfiguration, path: path, isOneObject: true))
        }
        if isRehearsed, let name = ObjectName(FlowTable.name) {
            let path = KubernetesPath.object(.configMaps, in: namespace, name)
            reads.append(IsolationReads(wish: .flows, path: path, isOneObject: true))
        }
        return reads
    }

    private static var ofCluster: [IsolationReads] {
        let resources: [(ObservedObjects.Wish, KubernetesResource)] = [
            (.pods, .pods), (.namespaces, .namespaces), (.allPolicies, .networkPolicies), (.daemonSets, .daemonSets),
            (.adminPolicies, policyAPI("v1alpha1", "adminnetworkpolicies", "AdminNetworkPolicy")),
            (.clusterPolicies, policyAPI("v1alpha2", "clusternetworkpolicies", "ClusterNetworkPolicy")),
            (.eksClusterPolicies, eks("clusternetworkpolicies", "ClusterNetworkPolicy", isNamespaced: false)),
            (
                .ciliumClusterPolicies,
                cilium("ciliumclusterwidenetworkpolicies", "CiliumClusterwideNetworkPolicy", isNamespaced: false)
            ), (.calicoGlobalPolicies, calico("globalnetworkpolicies", "GlobalNetworkPolicy", isNamespaced: false)),
            (
                .calicoServedGlobalPolicies,
                servedCalico("globalnetworkpolicies", "GlobalNetworkPolicy", isNamespaced: false)
            ),
        ]
        return resources.map { IsolationReads(wish: $0.0, path: .collection($0.1)) }
    }

    private static var ofNamespace: [(ObservedObjects.Wish, KubernetesResource)] {
        [
            (.policies, .networkPolicies), (.services, .services), (.endpointSlices, .endpointSlices),
            (.replicaSets, .replicaSets), (.statefulSets, .statefulSets), (.jobs, .jobs),
            (.budgets, .disruptionBudgets), (.policyEndpoints, .policyEndpoints),
            (
                .replicationControllers,
                KubernetesResource(plural: "replicationcontrollers", kind: "ReplicationController")
            ), (.eksApplicationPolicies, eks("applicationnetworkpolicies", "ApplicationNetworkPolicy")),
            (.ciliumPolicies, cilium("ciliumnetworkpolicies", "CiliumNetworkPolicy")),
            (.calicoPolicies, calico("networkpolicies", "NetworkPolicy")),
            (.calicoServedPolicies, servedCalico("networkpolicies", "NetworkPolicy")),
        ]
    }

    private static func policyAPI(_ version: String, _ plural: String, _ kind: String) -> KubernetesResource {
        KubernetesResource(
            group: "policy.networking.k8s.io",
            version: version,
            plural: plural,
            kind: kind,
            isNamespaced: false
        )
    }

    private static func eks(_ plural: String, _ kind: String, isNamespaced: Bool = true) -> KubernetesResource {
        KubernetesResource(
            group: "networking.k8s.aws",
            version: "v1alpha1",
            plural: plural,
            kind: kind,
            isNamespaced: isNamespaced
        )
    }

    private static func cilium(_ plural: String, _ kind: String, isNamespaced: Bool = true) -> KubernetesResource {
        KubernetesResource(
            group: "cilium.io",
            version: "v2",
            plural: plural,
            kind: kind,
            isNamespaced: isNamespaced
        )
    }

    /// As Calico's own API server gives them.
    private static func servedCalico(_ plural: String, _ kind: String, isNamespaced: Bool = true) -> KubernetesResource
    {
        KubernetesResource(
            group: "projectcalico.org",
            version: "v3",
            plural: plural,
            kind: kind,
            isNamespaced: isNamespaced
        )
    }

    private static func calico(_ plural: String, _ kind: String, isNamespaced: Bool = true) -> KubernetesResource {
        KubernetesResource(
            group: "crd.projectcalico.org",
            plural: plural,
            kind: kind,
            isNamespaced: isNamespaced
        )
    }
}
