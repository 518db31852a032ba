/// What an action says of itself: enough to check a playbook and to explain it, nothing that runs.
package struct ActionManifest: Sendable, Hashable {
    /// The order in which a playbook may use actions, and what needs approval.
    package enum Class: String, Sendable, Hashable, Codable {
        case capture, hold, contain, evict, record, notify
    }

    package struct Parameter: Sendable, Hashable {
        package var name: String
        package var type: ParameterType
        package var isRequired: Bool
        /// One line for `actions show`.
        package var summary: String

        package init(_ name: String, _ type: ParameterType, required: Bool = false, _ summary: String) {
            self.name = name
            self.type = type
            isRequired = required
            self.summary = summary
        }
    }

    /// Kebab-case, as in YAML.
    package var name: String
    package var summary: String
    package var actionClass: Class
    package var parameters: [Parameter]
    /// Error names that a state with this action can end with, for `catch` and `retry`.
    package var errors: [String]
    /// RBAC as `verb group/resource`, IAM as `service:Operation`.
    package var permissions: [String]
    /// Those without which the action does all that it promises, and tells less of it.
    package var optionalPermissions: [String]
    /// Whether every change has an inverse; the reason when not.
    package var undo: String
    /// Members of the output and their kinds, for static checks of `states.NAME.…`.
    package var outputs: [String]
    /// A state of a playbook in YAML.
    package var example: String
    /// Whether there is nothing to do in a run that started without a finding.
    package var needsFinding: Bool
    /// Whether a success means that the subject was shown to be cut off, so that anything else leaves it unknown.
    package var provesContainment: Bool

    package init(
        name: String,
        summary: String,
        actionClass: Class,
        parameters: [Parameter],
        errors: [String],
        permissions: [String],
        optionalPermissions: [String] = [],
        undo: String,
        outputs: [String],
        example: String,
        needsFinding: Bool = false,
        provesContainment: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.actionClass = actionClass
        self.parameters = parameters
        self.errors = errors
        self.permissions = permissions
        self.optionalPermissions = optionalPermissions
        self.undo = undo
        self.outputs = outputs
        self.example = example
        self.needsFinding = needsFinding
        self.provesContainment = provesContainment
    }
}

/// The type of an action's or playbook's parameter: outside text is parsed into it at the border.
package indirect enum ParameterType: Sendable, Hashable {
    case string
    case boolean
    case integer
    case number
    case duration
    case objectName
    case namespace
    case instanceId
    case arn
    case cidr
    /// One of a few words.
    case choice([String])
    case list(ParameterType)
    /// A mapping with these members and no others.
    case object([ActionManifest.Parameter])
    /// String to string.
    case stringMap
}
