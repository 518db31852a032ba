package import Vocabulary

/// How alerts become findings, as an organisation wants it.
///
/// Shared and never changed: copying a context that holds it costs nothing.
package final class FalcoRules: Sendable {
    /// Which table of severities holds where nothing else is said.
    package enum SeverityProfile: String, Sendable, CaseIterable {
        case recommended
        /// The table of AWS's guidance “Container Runtime Security Monitoring”: one step higher in the middle.
        case awsGuidance = "aws-guidance"
    }

    package struct Remediation: Sendable, Hashable {
        package var text: String?
        package var url: String?

        package init(text: String?, url: String?) {
            self.text = text
            self.url = url
        }
    }

    package let severityProfile: SeverityProfile
    package let severityByRule: NamedValues<SeverityLabel>
    package let severityByTag: NamedValues<SeverityLabel>
    package let company: String
    /// The output field that holds the cluster's name or ARN.
    package let clusterField: String
    package let clusterByLogGroup: NamedValues<String>
    package let accountByLogGroup: NamedValues<AccountID>
    /// Which output fields become product fields; empty for all of them.
    package let includedFields: [NamePattern]
    package let excludedFields: [NamePattern]
    package let remediation: NamedValues<Remediation>
    /// The fields that tell one incident of a rule from another, instead of the usual ones.
    package let identity: NamedValues<[String]>
    /// Rules whose alerts are left out.
    package let ignored: [NamePattern]
    /// Whether Falco's own events become findings too.
    package let importsInternalEvents: Bool

    package init(
        severityProfile: SeverityProfile = .recommended,
        severityByRule: NamedValues<SeverityLabel> = .init(),
        severityByTag: NamedValues<SeverityLabel> = .init(),
        company: String = "Falco",
        clusterField: String = "cluster",
        clusterByLogGroup: NamedValues<String> = .init(),
        accountByLogGroup: NamedValues<AccountID> = .init(),
        includedFields: [NamePattern] = [],
        excludedFields: [NamePattern] = [],
        remediation: NamedValues<Remediation> = .init(),
        identity: NamedValues<[String]> = .init(),
        ignored: [NamePattern] = [],
        importsInternalEvents: Bool = false
    ) {
        self.severityProfile = severityProfile
        self.severityByRule = severityByRule
        self.severityByTag = severityByTag
        self.company = company
        self.clusterField = clusterField
        self.clusterByLogGroup = clusterByLogGroup
        self.accountByLogGroup = accountByLogGroup
        self.includedFields = includedFields
        self.excludedFields = excludedFields
        self.remediation = remediation
        self.identity = identity
        self.ignored = ignored
        self.importsInternalEvents = importsInternalEvents
    }

    package static let standard = FalcoRules()

    /// By the rule, else by the highest of its tags, else by the priority.
    package func severity(of alert: FalcoAlert) -> SeverityLabel {
        if let label = severityByRule[alert.rule] { return label }
        if !severityByTag.isEmpty,
            let label = alert.tags.compactMap({ severityByTag[$0] }).max()
        {
            return label
        }
        return severityProfile == .recommended ? alert.priority.severity : alert.priority.guidanceSeverity
    }

    package func isIgnored(_ alert: FalcoAlert) -> Bool {
        if alert.isInternal { return !importsInternalEvents }
        return ignored.contains { $0.matches(alert.rule) }
    }

    func showsField(_ name: String) -> Bool {
        if excludedFields.contains(where: { $0.matches(name) }) { return false }
        return includedFields.isEmpty || includedFields.contains { $0.matches(name) }
    }
}

extension FalcoPriority {
    /// - Source: the severity table of AWS's guidance.
    var guidanceSeverity: SeverityLabel {
        switch self {
        case .emergency, .alert, .critical: .critical
        case .error, .warning: .high
        case .notice: .medium
        case .informational, .debug: .informational
        }
    }
}
