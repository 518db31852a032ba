package import Vocabulary

/// One API write as data: what the executor sends, and nothing else is ever sent.
package enum Change: Sendable, Hashable, Codable {
    case kubernetes(KubernetesChange)
    case aws(AWSChange)
}

/// A write to the Kubernetes API.
package struct KubernetesChange: Sendable, Hashable, Codable {
    /// The RBAC verb, which also fixes the method.
    package enum Verb: String, Sendable, Hashable, Codable {
        case create
        case patch
        case update
        case delete
    }

    package enum ContentType: String, Sendable, Hashable, Codable {
        case json = "application/json"
        case jsonPatch = "application/json-patch+json"
        case mergePatch = "application/merge-patch+json"
        case applyPatch = "application/apply-patch+yaml"
    }

    package var verb: Verb
    /// From the root of the server, percent-encoded: `/api/v1/namespaces/payments/pods/checkout-1`.
    package var path: String
    package var query: [String: String]
    package var contentType: ContentType
    package var body: JSONValue
    /// What must hold when the write lands, in words of the API: `uid`, `resourceVersion`, or a tested path.
    package var preconditions: [String: String]

    package init(
        _ verb: Verb,
        _ path: String,
        query: [String: String] = [:],
        contentType: ContentType = .json,
        body: JSONValue,
        preconditions: [String: String] = [:]
    ) {
        self.verb = verb
        self.path = path
        self.query = query
        self.contentType = contentType
        self.body = body
        self.preconditions = preconditions
    }
}

/// A write to an AWS service.
package struct AWSChange: Sendable, Hashable, Codable {
    /// As in botocore: `ec2`, `securityhub`.
    package var service: String
    /// As in the API: `CreateSnapshots`.
    package var operation: String
    package var region: RegionName
    package var input: JSONValue

    package init(service: String, operation: String, region: RegionName, input: JSONValue) {
        self.service = service
        self.operation = operation
        self.region = region
        self.input = input
    }
}

extension Change {
    /// The shape of a change in `--output json`.
    package var json: JSONValue {
        switch self {
        case .kubernetes(let change):
            .object([
                "kubernetes": .object([
                    "verb": .string(change.verb.rawValue), "path": .string(change.path),
                    "query": .object(
                        JSONObject(change.query.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
                    ),
                    "contentType": .string(change.contentType.rawValue), "body": change.body,
                    "preconditions": .object(
                        JSONObject(change.preconditions.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
                    ),
                ])
            ])
        case .aws(let change):
            .object([
                "aws": .object([
                    "service": .string(change.service), "operation": .string(change.operation),
                    "region": .string(change.region.rawValue), "input": change.input,
                ])
            ])
        }
    }
}
