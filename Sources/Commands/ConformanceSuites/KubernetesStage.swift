internal import HTTPExchange
internal import KubernetesAPI
internal import Rehearsal
internal import Vocabulary

/// The state before an exchange, drawn from what the answers of its case show.
///
/// Of an object counts what was last seen before the exchange; else what is first seen at it or after it, taken back to the
/// state before. An object that is never seen is made from the request where the answer says that it was there.
struct KubernetesStage {
    struct Target: Hashable {
        var group: String
        var version: String
        var plural: String
        var namespace: String
        var name: String
    }

    enum Fact {
        case present(JSONValue)
        case absent
    }

    private(set) var isKnown = true
    private(set) var why = ""
    /// Whether the objects are those of the recording, so that contents can be compared too.
    private(set) var isExact = true
    private var objects: [Target: JSONValue] = [:]
    private var version: UInt64 = 1_000
    private let exchange: KubernetesExchange?
    private let address: KubernetesAddress

    init(_ exchanges: [KubernetesExchange?], before index: Int) {
        let current = exchanges[index]
        exchange = current
        address = KubernetesAddress(current?.request ?? HTTPRequest(method: "GET", origin: "", target: "/"))
        var seen: [Target: Fact] = [:]
        for (place, item) in exchanges.enumerated() {
            guard let item else { continue }
            for (target, before, after) in KubernetesFacts(item).all {
                if place < index {
                    seen[target] = after
                } else if seen[target] == nil || (place == index && Self.hasMoved(seen[target], before, item)) {
                    seen[target] = before
                }
            }
            if place <= index { note(version: item.json) }
        }
        addUnseen(exchanges)
        for (target, fact) in seen {
            if case .present(let object) = fact { objects[target] = object }
        }
        settleTarget(seen)
        settleBudgets()
        settleSchema()
        settleNamespace()
    }

    /// Whether a read shows a version that no write of the case made: somebody else changed the object.
    private static func hasMoved(_ old: Fact?, _ new: Fact, _ exchange: KubernetesExchange) -> Bool {
        guard exchange.request.method == "GET", case .present(let before) = old, case .present(let now) = new else {
            return false
        }
        return before["metadata"]?["resourceVersion"] != now["metadata"]?["resourceVersion"]
    }

    /// Stands in for the rest of a list of which the case shows the first pages only.
    private mutating func addUnseen(_ exchanges: [KubernetesExchange?]) {
        guard let exchange, exchange.json["metadata"]?["continue"]?.nonBlank != nil else { return }
        let path = KubernetesQuery.split(exchange.request.target).path
        let pages = exchanges.compactMap { $0 }.filter { KubernetesQuery.split($0.request.target).path == path }
        guard let last = pages.last(where: { $0.json["items"] != nil })?.json["metadata"],
            last["continue"]?.nonBlank != nil, !exchange.request.target.contains("Selector")
        else { return }
        let count = min(last["remainingItemCount"]?.integer ?? 1, 10_000)
        for number in 0..<max(count, 0) {
            var place = address
            if place.namespace.isEmpty { place.namespace = "zz-stand-in" }
            let name = "zz-stand-in-\(number)"
            objects[place.target(name)] = KubernetesTemplate.object(place, name, exchange)
        }
    }

    private mutating func note(version json: JSONValue) {
        let text = json["metadata"]?["resourceVersion"]?.string ?? ""
        version = max(version, UInt64(text) ?? 0)
    }

    /// The object that the request is about, when no answer shows it.
    private mutating func settleTarget(_ seen: [Target: Fact]) {
        guard let exchange, let name = address.name ?? address.bodyName(exchange.request) else { return }
        let target = address.target(name)
        guard seen[target] == nil else { return }
        let status = exchange.response.status
        let isDone = status < 300
        let isCreate = exchange.request.method == "POST" && address.subresource == nil
        let isAbsent =
            [401, 403, 404].contains(status) || (isCreate && exchange.json["reason"]?.string != "AlreadyExists")
        if isAbsent { return }
        isExact = false
        if KubernetesAnswer(exchange.request, exchange.response).answer == .applyConflict {
            isKnown = false
            why = "no answer of the case shows who owns the fields"
            return
        }
        if exchange.request.headers["Content-Type"]?.hasPrefix("application/apply") == true, !isDone,
            exchange.json["details"]?["name"] == nil
        {
            return  // refused before the object is looked at
        }
        objects[target] = KubernetesTemplate.object(address, name, exchange)
    }

    /// The budgets that a refused eviction tells of, unless the case shows the one over the pod.
    private mutating func settleBudgets() {
        guard let exchange, let pod = objects[address.target(address.name ?? "")] else { return }
        let labels = pod["metadata"]?["labels"]
        let isShown = objects.contains { target, budget in
            guard target.plural == "poddisruptionbudgets", target.namespace == address.namespace,
                let wanted = budget["spec"]?["selector"]?["matchLabels"]?.object
            else { return false }
            return wanted.allSatisfy { labels?[$0.key] == $0.value }
        }
        guard !isShown else { return }
        for (name, budget) in KubernetesTemplate.budgets(address, exchange) {
            let target = Target(
                group: "policy",
                version: "v1",
                plural: "poddisruptionbudgets",
                namespace: address.namespace,
                name: name
            )
            objects[target] = budget
        }
    }

    /// Without its definition nothing is known of a custom kind's schema.
    private mutating func settleSchema() {
        guard let exchange, address.isCustom else { return }
        let hasSchema = objects.values.contains { $0["spec"]?["group"]?.string == address.group }
        let isServed = exchange.response.status != 404 || exchange.json["details"]?["name"] != nil
        guard !hasSchema, isServed else { return }
        let answer = KubernetesAnswer(exchange.request, exchange.response)
        if !answer.warnings.isEmpty || [.invalid, .unknownField].contains(answer.answer) {
            let field = answer.causeFields.first ?? ""
            guard field != "metadata.resourceVersion" else { return }
            isKnown = false
            why = "the definition of the custom kind is not in the case"
        }
    }

    private mutating func settleNamespace() {
        guard let exchange, !address.namespace.isEmpty else { return }
        let target = Target(group: "", version: "v1", plural: "namespaces", namespace: "", name: address.namespace)
        let details = exchange.json["details"]
        if details?["kind"]?.string == "namespaces" {
            objects[target] = nil
            return
        }
        var phase = "Active"
        for cause in details?["causes"]?.array ?? [] where cause["reason"]?.string == "NamespaceTerminating" {
            phase = "Terminating"
        }
        if objects[target] == nil || phase == "Terminating" {
            objects[target] = [
                "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(address.namespace)],
                "status": ["phase": .string(phase)],
            ]
        }
    }

    func cluster() throws -> RehearsalCluster {
        var documents: [JSONValue] = []
        let isUnserved = exchange.map { $0.response.status == 404 && $0.json["kind"] == nil } ?? false
        for (target, object) in objects {
            if isUnserved, target.group == address.group, target.plural == address.plural { continue }
            documents.append(object)
        }
        var cluster = try RehearsalCluster(documents, version: version)
        if let exchange {
            cluster.authorizer = KubernetesTemplate.authorizer(address, exchange)
            let answer = KubernetesAnswer(exchange.request, exchange.response)
            if answer.answer == .gone { cluster.oldestVersion = .max }
            if address.isCustom, !isUnserved,
                address.name == nil || !objects.keys.contains(where: { $0.plural == address.plural })
            {
                cluster.serve(address.resource(exchange))
            }
        }
        return cluster
    }
}
