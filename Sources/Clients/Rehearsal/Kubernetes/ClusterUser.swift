internal import HTTPExchange
internal import Vocabulary

/// Who may do what in a rehearsal cluster; without one everybody may do everything.
package struct RehearsalAuthorizer: Sendable {
    package struct Rule: Sendable, Hashable {
        package var verbs: [String]
        package var groups: [String]
        /// Plural names, with a subresource behind a slash: `pods/eviction`.
        package var resources: [String]
        /// Empty for all.
        package var namespaces: [String]

        package init(verbs: [String], groups: [String], resources: [String], namespaces: [String] = []) {
            self.verbs = verbs
            self.groups = groups
            self.resources = resources
            self.namespaces = namespaces
        }

        func covers(_ verb: String, _ group: String, _ resource: String, _ namespace: String?) -> Bool {
            (verbs.contains("*") || verbs.contains(verb)) && (groups.contains("*") || groups.contains(group))
                && (resources.contains("*") || resources.contains(resource))
                && (namespaces.isEmpty || namespace.map(namespaces.contains) == true)
        }
    }

    package enum Grant: Sendable, Hashable {
        case everything
        case only([Rule])
        /// For tests of refusals.
        case everythingBut([Rule])
    }

    package struct User: Sendable, Hashable {
        package var name: String
        package var groups: [String]
        package var grant: Grant

        package init(_ name: String, groups: [String] = [], grant: Grant) {
            self.name = name
            self.groups = groups
            self.grant = grant
        }

        func may(_ verb: String, _ group: String, _ resource: String, _ namespace: String?) -> Bool {
            switch grant {
            case .everything: true
            case .only(let rules): rules.contains { $0.covers(verb, group, resource, namespace) }
            case .everythingBut(let rules): !rules.contains { $0.covers(verb, group, resource, namespace) }
            }
        }
    }

    /// Users by their bearer token.
    package var users: [String: User]
    package var anonymous: User

    package init(
        users: [String: User],
        anonymous: User = User("system:anonymous", groups: ["system:unauthenticated"], grant: .only([]))
    ) {
        self.users = users
        self.anonymous = anonymous
    }

    /// Nil when the credential that was presented is wrong.
    func user(_ headers: [HTTPHeader]) -> User? {
        guard let credential = headers["Authorization"] else { return anonymous }
        guard credential.lowercased().hasPrefix("bearer ") else { return nil }
        return users[String(credential.dropFirst(7))]
    }
}

extension ClusterCall {
    /// The refusal of a right, worded as RBAC words it.
    func forbidden(_ user: RehearsalAuthorizer.User) -> StatusAnswer {
        guard !plural.isEmpty else {
            let message = "forbidden: User \"\(user.name)\" cannot \(method.lowercased()) path \"\(path)\""
            return StatusAnswer(403, "Forbidden", message, details: [:])
        }
        let qualified = group.isEmpty ? plural : "\(plural).\(group)"
        let subject = name.map { "\(qualified) \"\($0)\"" } ?? qualified
        let place = namespace.map { "in the namespace \"\($0)\"" } ?? "at the cluster scope"
        let message =
            "\(subject) is forbidden: User \"\(user.name)\" cannot \(verb) resource \"\(rightName)\" "
            + "in API group \"\(group)\" \(place)"
        var details = JSONObject()
        if let name { details["name"] = .string(name) }
        if !group.isEmpty { details["group"] = .string(group) }
        details["kind"] = .string(plural)
        return StatusAnswer(403, "Forbidden", message, details: details)
    }

    /// The resource as a rule names it.
    var rightName: String { subresource.map { "\(plural)/\($0)" } ?? plural }
}
