package import KubernetesAPI
internal import NetworkReach
package import Vocabulary

/// Which network plugin stands on which node, and whether it enforces NetworkPolicy there.
package struct EnforcementSurvey: Sendable, Hashable {
    /// What a quarantine of a pod on a node could rely on.
    package enum Standing: Sendable, Hashable {
        case enforced
        /// By the plugin's own word: no policy is enforced.
        case off(reason: String)
        case notReady
        /// Fargate, Windows, virtual nodes.
        case unsupported(kind: String)
        /// None of the plugins that we know.
        case noPlugin
    }

    /// Standings by node.
    package var nodes: [String: Standing] = [:]
    /// Such as `VPC CNI 1.20.1`, each once, sorted.
    package var plugins: [String] = []
    /// Whether the cluster serves PolicyEndpoints, by which VPC CNI confirms a policy; nil without that plugin.
    package var confirms: Bool?

    /// `configuration`: the ConfigMap `amazon-vpc-cni`, if there is one.
    package init(
        nodes: [JSONValue],
        pods: [JSONValue],
        configuration: JSONValue?,
        servesPolicyEndpoints: Bool
    ) {
        let controller = configuration?[["data", "enable-network-policy-controller"]]?.string.map { $0 == "true" }
        var enforcers: [String: [PolicyEnforcer]] = [:]
        for pod in pods {
            guard let node = pod[["spec", "nodeName"]]?.string, let enforcer = PolicyEnforcer(json: pod) else {
                continue
            }
            enforcers[node, default: []].append(enforcer)
        }
        for node in nodes.compactMap(IsolationNode.init(json:)) {
            self.nodes[node.name] = Self.standing(of: node, enforcers[node.name] ?? [], controller)
        }
        let all = enforcers.values.joined()
        plugins = Set(all.map(\.title)).sorted()
        if all.contains(where: { $0.kind == .vpcCNI }) { confirms = servesPolicyEndpoints }
    }

    private static func standing(
        of node: IsolationNode,
        _ enforcers: [PolicyEnforcer],
        _ controller: Bool?
    ) -> Standing {
        if node.isFargate || node.isVirtual || node.operatingSystem == "windows" {
            return .unsupported(kind: node.kindInWords)
        }
        guard !enforcers.isEmpty else { return .noPlugin }
        let standings = enforcers.map { enforcer -> Standing in
            if let reason = enforcer.obstacle(isControllerOn: controller, of: "aws-node") {
                return .off(reason: reason)
            }
            return enforcer.isReady && node.isReady ? .enforced : .notReady
        }
        return standings.first { $0 == .enforced } ?? standings[0]
    }

    /// Reads what there is to judge by.
    package static func read(_ cluster: KubernetesClient) async throws(KubernetesFault) -> EnforcementSurvey {
        EnforcementSurvey(
            nodes: try await cluster.list(.collection(.nodes)),
            pods: try await cluster.list(.collection(.pods), labelSelector: PolicyEnforcer.labelSelector),
            configuration: try await configuration(cluster),
            servesPolicyEndpoints: try await servesPolicyEndpoints(cluster)
        )
    }

    private static func configuration(_ cluster: KubernetesClient) async throws(KubernetesFault) -> JSONValue? {
        guard let system = NamespaceName("kube-system"), let name = ObjectName("amazon-vpc-cni") else { return nil }
        do throws(KubernetesFault) {
            return try await cluster.get(.object(.configMaps, in: system, name))
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }

    private static func servesPolicyEndpoints(_ cluster: KubernetesClient) async throws(KubernetesFault) -> Bool {
        do throws(KubernetesFault) {
            _ = try await cluster.list(.collection(.policyEndpoints))
            return true
        } catch {
            guard [.notFound, .unknownPath].contains(error.answer) else { throw error }
            return false
        }
    }
}

extension PolicyEnforcer {
    /// All marks have one key: a large cluster has more pods than anybody wants to read for this.
    fileprivate static var labelSelector: String {
        "\(marks[0].label) in (\(marks.map(\.value).joined(separator: ",")))"
    }

    fileprivate var title: String { version.isEmpty ? kind.rawValue : "\(kind.rawValue) \(version)" }

    /// Why it enforces nothing by its own word; nil when nothing says so.
    ///
    /// `isControllerOn`: the switch in VPC CNI's ConfigMap; nil where it says nothing. `name`: what to call the pod.
    func obstacle(isControllerOn: Bool?, of name: String) -> String? {
        guard kind == .vpcCNI else { return nil }
        guard let flag = networkPolicyFlag else {
            return "the CNI does not enforce NetworkPolicy (\(name) has no node agent)"
        }
        if !flag {
            return "the CNI does not enforce NetworkPolicy (node agent of \(name): enable-network-policy=false)"
        }
        if isTooOld { return "VPC CNI \(version) does not enforce NetworkPolicy; 1.14 is the first" }
        if isControllerOn == false {
            return
                "the policy controller is off (ConfigMap amazon-vpc-cni: enable-network-policy-controller=false)"
        }
        return nil
    }
}
