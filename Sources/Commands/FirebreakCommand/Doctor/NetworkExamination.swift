internal import Catalogue
internal import KubernetesAPI
internal import Vocabulary

/// Looks whether the cluster's network plugin enforces NetworkPolicy: without that, isolate-pod isolates nothing.
struct NetworkExamination: Sendable {
    private let cluster: KubernetesClient

    init(_ cluster: KubernetesClient) { self.cluster = cluster }

    func check() async -> HealthCheck {
        do throws(KubernetesFault) {
            return Self.judge(try await EnforcementSurvey.read(cluster))
        } catch {
            return HealthCheck(
                name: Self.name,
                status: .warning,
                what: "nobody could look: \(error.report.what)",
                remedy: error.report.remedy
            )
        }
    }

    private static let name = "network-policy"

    static func judge(_ survey: EnforcementSurvey) -> HealthCheck {
        let nodes = survey.nodes.sorted { $0.key < $1.key }
        let enforced = nodes.filter { $0.value == .enforced }
        let plugins = survey.plugins.isEmpty ? "no network plugin that we know" : survey.plugins.joined(separator: ", ")
        let head = "\(plugins): NetworkPolicy is enforced on \(enforced.count) of \(nodes.count) nodes"
        let doubts = doubts(nodes.map { ($0.key, $0.value) }, confirms: survey.confirms)
        guard !doubts.isEmpty || enforced.isEmpty else {
            return HealthCheck(name: name, status: .ok, what: head)
        }
        let isOff = enforced.isEmpty && nodes.contains { if case .off = $0.value { true } else { false } }
        return HealthCheck(
            name: name,
            status: isOff ? .failed : .warning,
            what: ([head] + doubts).joined(separator: "; "),
            remedy: isOff
                ? "turn enforcement on (VPC CNI: enableNetworkPolicy in the add-on's configuration), or use another plugin"
                : "isolate-pod proves nothing for pods on the nodes that are named; contain those by cordon and security groups"
        )
    }

    /// One sentence a kind of trouble, with its nodes.
    private static func doubts(_ nodes: [(String, EnforcementSurvey.Standing)], confirms: Bool?) -> [String] {
        var troubled: [String: [String]] = [:]
        for (node, standing) in nodes {
            guard let trouble = trouble(standing) else { continue }
            troubled[trouble, default: []].append(node)
        }
        var doubts = troubled.sorted { $0.key < $1.key }.map { "\($0.key): \(shown($0.value))" }
        if nodes.isEmpty { doubts.append("the cluster has no nodes") }
        if confirms == false {
            doubts.append("the cluster serves no PolicyEndpoints, by which VPC CNI confirms that a policy is in force")
        }
        return doubts
    }

    private static func trouble(_ standing: EnforcementSurvey.Standing) -> String? {
        switch standing {
        case .enforced: nil
        case .off(let reason): reason
        case .notReady: "the plugin or the node is not ready"
        case .unsupported(let kind): "\(kind), where no NetworkPolicy is enforced"
        case .noPlugin: "no plugin that we know"
        }
    }

    private static func shown(_ names: [String]) -> String {
        let head = names.prefix(5).map { PlainText.line($0) }.joined(separator: ", ")
        return names.count > 5 ? "\(head) and \(names.count - 5) more" : head
    }
}
