internal import Vocabulary

/// A field selector of a query: the few fields that the API can select on.
struct FieldSelector {
    private var terms: [(path: [String], value: String, isEqual: Bool)] = []

    private static let common: Set<String> = ["metadata.name", "metadata.namespace"]
    private static let supported: [String: Set<String>] = [
        "pods": [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
            "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName",
        ],
        "nodes": ["spec.unschedulable"],
        "namespaces": ["status.phase"],
        "events": [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
            "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
            "reportingComponent", "source", "type", "regarding.name", "regarding.kind", "regarding.uid",
        ],
        "secrets": ["type"],
    ]

    init(text: String, plural: String) throws(StatusAnswer) {
        for part in text.split(separator: ",") {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard sides.count >= 2, var field = sides.first else {
                throw .badRequest("invalid selector: '\(part)'; can't understand '\(part)'")
            }
            let isEqual = !field.hasSuffix("!")
            if !isEqual { field.removeLast() }
            guard Self.common.contains(field) || Self.supported[plural]?.contains(field) == true else {
                throw .badRequest("field label not supported: \(field)")
            }
            terms.append((field.split(separator: ".").map(String.init), sides.last ?? "", isEqual))
        }
    }

    func matches(_ object: JSONValue) -> Bool {
        terms.allSatisfy { term in
            let found: String
            switch object[term.path] {
            case .string(let text): found = text
            case .bool(let flag): found = flag ? "true" : "false"
            case nil, .null, .integer, .unsigned, .double, .array, .object:
                found =
                    ["spec.unschedulable", "spec.hostNetwork"].contains(term.path.joined(separator: ".")) ? "false" : ""
            }
            return found.isIdentical(to: term.value) == term.isEqual
        }
    }
}
