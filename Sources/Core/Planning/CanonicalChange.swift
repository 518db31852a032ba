package import Vocabulary

extension Change {
    /// The change as a digest sees it: without resourceVersions, which move although nothing of meaning changed.
    package var canonical: JSONValue {
        switch self {
        case .kubernetes(let change):
            .object([
                "verb": .string(change.verb.rawValue), "path": .string(change.path),
                "query": .object(Self.sorted(change.query)),
                "contentType": .string(change.contentType.rawValue),
                "body": Self.withoutVersions(change.body, change.contentType),
                "preconditions": .object(Self.sorted(change.preconditions.filter { $0.key != "resourceVersion" })),
            ])
        case .aws(let change):
            .object([
                "service": .string(change.service), "operation": .string(change.operation),
                "region": .string(change.region.rawValue), "input": change.input,
            ])
        }
    }

    private static func sorted(_ texts: [String: String]) -> JSONObject {
        JSONObject(texts.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
    }

    private static func withoutVersions(_ body: JSONValue, _ contentType: KubernetesChange.ContentType) -> JSONValue {
        switch (body, contentType) {
        case (.array(let operations), .jsonPatch):
            return .array(operations.filter { $0["path"]?.string != "/metadata/resourceVersion" })
        case (.object(var object), _):
            if case .object(var metadata)? = object["metadata"] {
                metadata["resourceVersion"] = nil
                object["metadata"] = .object(metadata)
            }
            return .object(object)
        case (.null, _), (.bool, _), (.integer, _), (.unsigned, _), (.double, _), (.string, _), (.array, _):
            return body
        }
    }
}
