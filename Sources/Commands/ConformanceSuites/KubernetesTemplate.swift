internal import HTTPExchange
internal import KubernetesAPI
internal import Rehearsal
internal import Vocabulary

/// Stand-ins for what a case does not show: the plainest object of a kind, its budgets, its users.
enum KubernetesTemplate {
    /// An object of the address's kind with nothing special about it.
    static func object(_ address: KubernetesAddress, _ name: String, _ exchange: KubernetesExchange) -> JSONValue {
        var metadata: JSONObject = ["name": .string(name), "labels": ["app": "stand-in"]]
        if !address.namespace.isEmpty { metadata["namespace"] = .string(address.namespace) }
        var members: JSONObject = [
            "apiVersion": .string(address.apiVersion), "kind": .string(address.kind(exchange)),
            "metadata": .object(metadata),
        ]
        switch address.plural {
        case "pods":
            members["spec"] = ["nodeName": "stand-in", "containers": [["name": "main", "image": "stand-in"]]]
            members["status"] = ["phase": "Running"]
        case "networkpolicies": members["spec"] = ["podSelector": [:], "policyTypes": ["Ingress"]]
        case "leases": members["spec"] = ["holderIdentity": "stand-in", "leaseDurationSeconds": 15]
        default: break
        }
        return .object(members)
    }

    /// The budgets that an eviction's refusal tells of.
    static func budgets(_ address: KubernetesAddress, _ exchange: KubernetesExchange) -> [(String, JSONValue)] {
        guard address.subresource == "eviction" else { return [] }
        let answer = KubernetesAnswer(exchange.request, exchange.response)
        var count = 0
        var observed: JSONValue = 1
        switch answer.answer {
        case .blockedByDisruptionBudget: count = 1
        case .disruptionBudgetNotReady:
            count = 1
            observed = 0
        case .serverPermanent: count = answer.message.contains("more than one PodDisruptionBudget") ? 2 : 0
        default: break
        }
        var budgets: [(String, JSONValue)] = []
        for number in 0..<count {
            let name = "budget-\(number)"
            let budget: JSONValue = [
                "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
                "metadata": ["name": .string(name), "namespace": .string(address.namespace), "generation": 1],
                "spec": ["minAvailable": 1, "selector": [:]],
                "status": ["observedGeneration": observed, "disruptionsAllowed": 0],
            ]
            budgets.append((name, budget))
        }
        return budgets
    }

    /// The users that the exchange shows: who is refused a right lacks that one, who is not known has no token.
    static func authorizer(_ address: KubernetesAddress, _ exchange: KubernetesExchange) -> RehearsalAuthorizer {
        let answer = KubernetesAnswer(exchange.request, exchange.response)
        var grant = RehearsalAuthorizer.Grant.everything
        var name = "somebody"
        var groups: [String] = []
        if answer.answer == .forbidden {
            let quoted = answer.message.split(separator: "User \"").dropFirst().first ?? ""
            name = String(quoted.prefix { $0 != "\"" })
            let right = address.subresource.map { "\(address.plural)/\($0)" } ?? address.plural
            grant = .everythingBut([.init(verbs: ["*"], groups: [address.group], resources: [right])])
        }
        if let allowed = exchange.json["status"]?["allowed"]?.bool, !allowed {
            grant = .everythingBut([.init(verbs: ["*"], groups: ["*"], resources: ["*"])])
        }
        if let user = exchange.json["status"]?["userInfo"] {
            name = user["username"]?.string ?? name
            groups = (user["groups"]?.array ?? []).compactMap(\.string)
        }
        let user = RehearsalAuthorizer.User(name, groups: groups, grant: grant)
        guard let credential = exchange.request.headers["Authorization"], answer.answer != .unauthenticated else {
            return RehearsalAuthorizer(users: [:], anonymous: user)
        }
        return RehearsalAuthorizer(users: [String(credential.dropFirst(7)): user], anonymous: user)
    }
}
