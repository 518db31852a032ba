import Expressions
import Testing
import Vocabulary

/// Evaluates with a few made-up variables.
func evaluate(
    _ source: String,
    _ variables: [String: CELValue] = [:],
    costLimit: Int = CompiledExpression.costLimit,
    zones: @escaping ZoneProvider = { _ in nil }
) throws(ExpressionFault) -> CELValue {
    try CompiledExpression(source).evaluate(variables, costLimit: costLimit, zones: zones)
}

/// The fault an expression ends in; nil when it gives a value.
func fault(
    of source: String,
    _ variables: [String: CELValue] = [:],
    costLimit: Int = CompiledExpression.costLimit
) -> ExpressionFault? {
    do throws(ExpressionFault) {
        _ = try evaluate(source, variables, costLimit: costLimit)
        return nil
    } catch {
        return error
    }
}

/// A small incident.
let incident: [String: CELValue] = [
    "alert": CELValue([
        "rule": "Shell in a pod", "score": 71, "ratio": .double(0.5), "note": .null,
        "tags": ["shell", "T1059"], "pod": ["name": "web-1", "labels": ["app": "web", "tier": "front"]],
    ])
]
