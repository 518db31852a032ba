package import HTTPExchange
package import Vocabulary

/// Reads and writes one cluster over any transport; it decides nothing and repeats nothing.
package struct KubernetesClient: Sendable {
    package let transport: any HTTPTransport
    /// Scheme, host and port of the API server.
    package let origin: String

    package init(transport: any HTTPTransport, origin: String) {
        self.transport = transport
        self.origin = origin
    }

    /// Reads one object.
    package func get(_ path: KubernetesPath) async throws(KubernetesFault) -> JSONValue {
        throw KubernetesFault(.serverPermanent, status: 0, reason: "", message: "", url: path.text)
    }

    /// Lists all objects of a collection, page by page; every item carries its apiVersion and kind.
    package func list(
        _ path: KubernetesPath,
        labelSelector: String? = nil,
        fieldSelector: String? = nil
    ) async throws(KubernetesFault) -> [JSONValue] {
        throw KubernetesFault(.serverPermanent, status: 0, reason: "", message: "", url: path.text)
    }
}
