package import Vocabulary

/// Why a document is no finding.
package struct FindingFault: ActionableError, Hashable {
    package enum Reason: Sendable, Hashable {
        case notAnObject
        /// Neither ASFF nor OCSF.
        case unknownSchema
        case missing(String)
    }

    package var reason: Reason
    /// Where the document stands, such as `detail.findings.0`; empty when it stands alone.
    package var location: String

    package init(_ reason: Reason, at location: String = "") {
        self.reason = reason
        self.location = location
    }

    package var report: FaultReport {
        FaultReport(
            code: "EVENT-005",
            what: what,
            location: location,
            remedy: "send a whole ASFF finding (Id, ProductArn) or an OCSF one (finding_info.uid, metadata)"
        )
    }

    private var what: String {
        switch reason {
        case .notAnObject: "a finding is no JSON object"
        case .unknownSchema: "the document is neither an ASFF nor an OCSF finding"
        case .missing(let name): "the finding has no \(name)"
        }
    }
}
