import Planning
import Testing
import Vocabulary

@Suite("Guardrails judge everything and keep every verdict")
struct GuardrailsTests {
    private static let checkout = GuardrailFacts.Touched(
        kind: .pod,
        namespace: "payments",
        name: "checkout-1",
        labels: ["app": "checkout", "tier": "critical"]
    )
    private static let node = GuardrailFacts.Touched(kind: .node, name: "node-1", labels: [:])

    private func judge(
        _ touched: [GuardrailFacts.Touched],
        rules: GuardrailRules = GuardrailRules(),
        responder: ResponderPlace = ResponderPlace(),
        history: RunHistory = RunHistory(),
        isButton: Bool = false,
        emptied: [String] = []
    ) -> [Verdict] {
        Guardrails.judge(
            GuardrailFacts(touched: touched, emptiedServices: emptied, actsOnWorkloads: true),
            rules: rules,
            responder: responder,
            history: history,
            playbook: "contain-pod",
            incidentKey: "uid-1",
            isButton: isButton,
            now: Timestamp(milliseconds: 3_600_000)
        )
    }

    @Test(
        "a protected object needs approval when every given part fits, and only then",
        arguments: [
            (GuardrailRules.Protection(namespaces: ["payments"]), true),
            (GuardrailRules.Protection(labels: ["tier": "critical"]), true),
            (GuardrailRules.Protection(namespaces: ["batch"], labels: ["tier": "critical"]), false),
            (GuardrailRules.Protection(names: ["checkout-1"]), true),
            (GuardrailRules.Protection(labels: ["tier": "low"]), false),
            (GuardrailRules.Protection(), false),
        ]
    )
    func protects(_ protection: GuardrailRules.Protection, _ needsApproval: Bool) {
        let verdicts = judge([Self.checkout], rules: GuardrailRules(protect: [protection]))
        #expect(verdicts.contains { $0.guardrail == "protected" && $0.verdict == .needsApproval } == needsApproval)
    }

    @Test("the responder's own pod and node are refused outright")
    func protectsItself() {
        let pod = judge([Self.checkout], responder: ResponderPlace(namespace: "payments", pod: "checkout-1"))
        #expect(pod.contains { $0.guardrail == "self-protection" && $0.verdict == .refuse })
        let node = judge([Self.node], responder: ResponderPlace(node: "node-1"))
        #expect(node.contains { $0.guardrail == "self-protection" && $0.verdict == .refuse })
        #expect(!judge([Self.checkout, Self.node]).contains { $0.verdict == .refuse })
    }

    @Test("a budget counts distinct objects within its window")
    func keepsBudgets() {
        let rules = GuardrailRules(budget: GuardrailRules.Budget(pods: 2, nodes: 1, per: .seconds(600)))
        func entry(_ minutesAgo: Int64, _ pod: String) -> RunHistory.Entry {
            let moment = Timestamp(milliseconds: 3_600_000 - minutesAgo * 60_000)
            return RunHistory.Entry(at: moment, playbook: "p", incidentKey: "k", pods: [pod], nodes: [])
        }
        func isRefused(_ entries: [RunHistory.Entry]) -> Bool {
            judge([Self.checkout], rules: rules, history: RunHistory(entries: entries)).contains {
                $0.guardrail == "budget" && $0.verdict == .refuse
            }
        }
        #expect(!isRefused([entry(1, "payments/a")]))
        #expect(isRefused([entry(1, "payments/a"), entry(2, "payments/b")]))
        #expect(!isRefused([entry(1, "payments/a"), entry(2, "payments/checkout-1")]))
        #expect(!isRefused([entry(1, "payments/a"), entry(11, "payments/b")]))
    }

    @Test("a cooldown holds an event back and never a button")
    func coolsDown() {
        let rules = GuardrailRules(cooldown: .seconds(600))
        let entry = RunHistory.Entry(
            at: Timestamp(milliseconds: 3_590_000),
            playbook: "contain-pod",
            incidentKey: "uid-1",
            pods: [],
            nodes: []
        )
        let history = RunHistory(entries: [entry])
        #expect(judge([], rules: rules, history: history).contains { $0.verdict == .refuse })
        #expect(!judge([], rules: rules, history: history, isButton: true).contains { $0.verdict == .refuse })
    }

    @Test("a Service that loses its last endpoint is said")
    func warnsOfEmptiedServices() {
        #expect(judge([Self.checkout], emptied: ["batch/orders"]).contains { $0.verdict == .warn })
    }
}
