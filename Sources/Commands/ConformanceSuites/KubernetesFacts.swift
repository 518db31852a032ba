internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

/// What one answer shows of objects: as they were before the request, and as they are after it.
struct KubernetesFacts {
    typealias Fact = KubernetesStage.Fact

    private(set) var all: [(target: KubernetesStage.Target, before: Fact, after: Fact)] = []

    init(_ exchange: KubernetesExchange) {
        let address = KubernetesAddress(exchange.request)
        if address.subresource == "eviction" { noteEviction(exchange, address) }
        guard !address.plural.isEmpty, address.subresource == nil else { return }
        let isDryRun =
            exchange.request.target.contains("dryRun")
            || String(decoding: exchange.request.body, as: UTF8.self).contains("\"dryRun\"")
        let json = exchange.json
        switch exchange.response.status {
        case 200, 201: break
        case 404:
            guard let name = address.name, json["details"]?["name"]?.string == name else { return }
            all.append((address.target(name), .absent, .absent))
            return
        default: return
        }
        if json["items"]?.array != nil {
            for item in KubernetesClient.items(of: json) { note(item, address) }
        } else if json["kind"]?.string == "Status" {
            guard exchange.request.method == "DELETE", !isDryRun, let name = address.name else { return }
            all.append((address.target(name), .present(KubernetesTemplate.object(address, name, exchange)), .absent))
        } else {
            noteWrite(exchange, json, address, isDryRun)
        }
    }

    /// An eviction that was taken tells that the pod was there.
    private mutating func noteEviction(_ exchange: KubernetesExchange, _ address: KubernetesAddress) {
        guard exchange.response.status == 201, let name = address.name else { return }
        let body = try? JSONReader.parse(exchange.request.body)
        let pod = Fact.present(KubernetesTemplate.object(address, name, exchange))
        let isGone = body?["deleteOptions"]?["gracePeriodSeconds"]?.integer == 0
        all.append((address.target(name), pod, isGone ? .absent : pod))
    }

    private mutating func note(_ item: JSONValue, _ address: KubernetesAddress) {
        guard let name = item["metadata"]?["name"]?.nonBlank else { return }
        var target = address.target(name)
        target.namespace = item["metadata"]?["namespace"]?.string ?? ""
        all.append((target, .present(item), .present(item)))
    }

    private mutating func noteWrite(
        _ exchange: KubernetesExchange,
        _ object: JSONValue,
        _ address: KubernetesAddress,
        _ isDryRun: Bool
    ) {
        guard let name = object["metadata"]?["name"]?.nonBlank, object["metadata"]?["uid"] != nil else { return }
        let target = address.target(name)
        let method = exchange.request.method
        let finalizers = object["metadata"]?["finalizers"]?.array ?? []
        let isStopped =
            object["metadata"]?["deletionTimestamp"] != nil
            && object["metadata"]?["deletionGracePeriodSeconds"]?.integer == 0
        // What is told to stop, has no time left and is held by nothing is gone after this answer.
        let after = isStopped && finalizers.isEmpty && method != "GET" ? Fact.absent : .present(object)
        if exchange.response.status == 201 {
            all.append((target, .absent, isDryRun ? .absent : .present(object)))
        } else if method == "DELETE" {
            let before = Fact.present(Self.alive(object))
            all.append((target, before, isDryRun ? before : after))
        } else if !isDryRun || method == "GET" {
            all.append((target, .present(Self.before(object, exchange)), after))
        }
    }

    /// A patch or an update that was taken may be taken again, on the version that it named.
    private static func before(_ object: JSONValue, _ exchange: KubernetesExchange) -> JSONValue {
        guard exchange.request.method != "GET", let body = try? JSONReader.parse(exchange.request.body),
            let named = body["metadata"]?["resourceVersion"], var members = object.object,
            var metadata = members["metadata"]?.object
        else { return object }
        metadata["resourceVersion"] = named
        members["metadata"] = .object(metadata)
        return .object(members)
    }

    private static func alive(_ object: JSONValue) -> JSONValue {
        guard var members = object.object, var metadata = members["metadata"]?.object else { return object }
        metadata["deletionTimestamp"] = nil
        metadata["deletionGracePeriodSeconds"] = nil
        members["metadata"] = .object(metadata)
        return .object(members)
    }
}
