/// The five labels of ASFF, from least to most severe.
package enum SeverityLabel: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case informational = "INFORMATIONAL"
    case low = "LOW"
    case medium = "MEDIUM"
    case high = "HIGH"
    case critical = "CRITICAL"

    /// The number that Security Hub gives a finding that came with a label only.
    package var normalized: Int64 {
        switch self {
        case .informational: 0
        case .low: 1
        case .medium: 40
        case .high: 70
        case .critical: 90
        }
    }

    /// The label of a number between 0 and 100, by the table of ASFF.
    package init(normalized: Int64) {
        switch normalized {
        case ..<1: self = .informational
        case 1..<40: self = .low
        case 40..<70: self = .medium
        case 70..<90: self = .high
        default: self = .critical
        }
    }

    package static func < (left: SeverityLabel, right: SeverityLabel) -> Bool { left.normalized < right.normalized }
}
