package import Vocabulary

/// What IAM's policy simulator says of the actions that were asked about.
package struct ActionVerdicts: Sendable, Hashable {
    /// Denied for any resource, sorted; those that a policy denies in so many words say so.
    package var denied: [String] = []
    /// Asked about and not answered, sorted.
    package var unanswered: [String] = []

    package init(_ output: JSONValue, asked: [String]) {
        var decisions: [String: String] = [:]
        for result in output["EvaluationResults"]?.array ?? [] {
            guard let action = result["EvalActionName"]?.string else { continue }
            decisions[action.lowercased()] = result["EvalDecision"]?.string
        }
        for action in asked.sorted() {
            switch decisions[action.lowercased()] {
            case "allowed"?: break
            case "explicitDeny"?: denied.append("\(action) (by an explicit deny)")
            case "implicitDeny"?: denied.append(action)
            default: unanswered.append(action)
            }
        }
    }
}
