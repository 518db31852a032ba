/// Falco's eight priorities, from most to least urgent.
package enum FalcoPriority: String, Sendable, Hashable, Codable, CaseIterable {
    case emergency = "Emergency"
    case alert = "Alert"
    case critical = "Critical"
    case error = "Error"
    case warning = "Warning"
    case notice = "Notice"
    case informational = "Informational"
    case debug = "Debug"

    /// Reads a name in any case; rules may also write INFO.
    package init?(name: String) {
        if let priority = Self(rawValue: name) {
            self = priority
            return
        }
        let lower = name.lowercased()
        if lower == "info" {
            self = .informational
        } else if let priority = Self.allCases.first(where: { $0.rawValue.lowercased() == lower }) {
            self = priority
        } else {
            return nil
        }
    }

    /// The label of the finding: the table of falcosidekick's OCSF output.
    package var severity: SeverityLabel {
        switch self {
        case .emergency, .alert, .critical: .critical
        case .error: .high
        case .warning: .medium
        case .notice: .low
        case .informational, .debug: .informational
        }
    }
}
