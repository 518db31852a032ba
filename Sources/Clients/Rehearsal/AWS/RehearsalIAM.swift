import AWSAPI
import Vocabulary

/// What a rehearsed account lets us do: everything but the actions under `iam.denied`.
///
/// A denied action is refused when it is called, and the simulator says so before: both or neither would be true.
struct RehearsalIAM: Sendable {
    static let role = "firebreak-rehearsal"

    private let denied: Set<String>

    init(denied: [JSONValue] = []) { self.denied = Set(denied.compactMap(\.string)) }

    /// - Throws: the service's own refusal of an action that is denied.
    func check(_ service: String, _ operation: String, by account: AccountID) throws(RehearsalRefusal) {
        let action = "\(service):\(operation)"
        guard denied.contains(action) else { return }
        let message = "\(account) is not authorized to perform: \(action)"
        switch service {
        case "ec2":
            throw RehearsalRefusal(
                "UnauthorizedOperation",
                "You are not authorized to perform this operation.",
                status: 403
            )
        case "securityhub", "eks": throw RehearsalRefusal("AccessDeniedException", message, status: 403)
        default: throw RehearsalRefusal("AccessDenied", message, status: 403)
        }
    }

    /// One verdict an action; the role is the only principal there is.
    func simulate(_ input: JSONValue, account: AccountID, partition: String) throws(RehearsalRefusal) -> JSONValue {
        let role = "arn:\(partition):iam::\(account):role/\(Self.role)"
        let source = input["PolicySourceArn"]?.string ?? ""
        guard source == role else {
            throw RehearsalRefusal("NoSuchEntity", "Entity \(source.prefix(200)) cannot be found.", status: 404)
        }
        let actions = (input["ActionNames"]?.array ?? []).compactMap(\.string)
        guard !actions.isEmpty else {
            throw RehearsalRefusal("ValidationError", "1 validation error detected: actionNames must not be empty")
        }
        let results = actions.map { action -> JSONValue in
            [
                "EvalActionName": .string(action), "EvalResourceName": "*",
                "EvalDecision": denied.contains(action) ? "implicitDeny" : "allowed",
            ]
        }
        return ["EvaluationResults": .array(results), "IsTruncated": false]
    }
}
