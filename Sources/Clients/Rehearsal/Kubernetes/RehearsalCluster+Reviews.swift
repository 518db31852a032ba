internal import HTTPExchange
internal import KubernetesAPI
internal import Vocabulary

extension RehearsalCluster {
    /// Reviews of oneself: answered, never stored.
    func review(
        _ call: ClusterCall,
        _ served: ServedResource,
        _ user: RehearsalAuthorizer.User,
        _ now: Timestamp
    ) throws(StatusAnswer) -> HTTPResponse {
        var write = try ClusterWrite(call, served, now)
        var review = try write.decodeBody()
        switch served.resource.kind {
        case "SelfSubjectReview":
            let groups = user.groups.map(JSONValue.string)
            review[at: "status"] = ["userInfo": ["username": .string(user.name), "groups": .array(groups)]]
        case "SelfSubjectRulesReview":
            review[at: "status"] = [
                "resourceRules": .array(Self.rules(of: user)), "nonResourceRules": [], "incomplete": false,
            ]
        default: review[at: "status"] = ["allowed": .bool(try isAllowed(review["spec"] ?? .null, user))]
        }
        return Self.ok(Self.typed(review, served), status: 201, warnings: write.warnings)
    }

    private func isAllowed(_ spec: JSONValue, _ user: RehearsalAuthorizer.User) throws(StatusAnswer) -> Bool {
        let resource = spec["resourceAttributes"]
        let path = spec["nonResourceAttributes"]
        guard (resource == nil) != (path == nil) else {
            let why = "exactly one of nonResourceAttributes or resourceAttributes must be specified"
            let cause = StatusAnswer.Cause(
                "FieldValueInvalid",
                "Invalid value: null: \(why)",
                field: "spec.resourceAttributes"
            )
            let details: JSONObject = ["group": "authorization.k8s.io", "causes": StatusAnswer.causes([cause])]
            let message = ".authorization.k8s.io \"\" is invalid: spec.resourceAttributes: \(cause.message)"
            throw StatusAnswer(422, "Invalid", message, details: details)
        }
        guard let resource else { return user.grant == .everything }
        let plural = resource["resource"]?.string ?? ""
        let name = resource["subresource"]?.nonBlank.map { "\(plural)/\($0)" } ?? plural
        let group = resource["group"]?.string ?? ""
        return user.may(resource["verb"]?.string ?? "", group, name, resource["namespace"]?.nonBlank)
    }

    private static func rules(of user: RehearsalAuthorizer.User) -> [JSONValue] {
        let rules: [RehearsalAuthorizer.Rule]
        switch user.grant {
        case .only(let list): rules = list
        case .everything, .everythingBut: rules = [.init(verbs: ["*"], groups: ["*"], resources: ["*"])]
        }
        return rules.map { rule in
            [
                "verbs": .array(rule.verbs.map(JSONValue.string)),
                "apiGroups": .array(rule.groups.map(JSONValue.string)),
                "resources": .array(rule.resources.map(JSONValue.string)),
            ]
        }
    }
}
