package import Vocabulary

/// Findings that go in one call, and what happened to them so far.
package struct ImportBatch: Sendable {
    package var findings: [PendingFinding]
    /// Calls that failed with them.
    package var failures = 0
    package var firstSent: Timestamp?
    package var notBefore: Timestamp?

    package var ids: [String] { findings.map(\.id) }

    /// What BatchImportFindings takes.
    package var input: JSONValue { ["Findings": .array(findings.map(\.finding))] }

    /// The same findings in two calls, to find the one that spoils both.
    func halves() -> [ImportBatch] {
        let middle = findings.count / 2
        return [findings[..<middle], findings[middle...]].map { half in
            ImportBatch(
                findings: Array(half),
                failures: failures,
                firstSent: firstSent,
                notBefore: notBefore
            )
        }
    }

    /// Some of the findings, to be sent again.
    func only(_ findings: [PendingFinding]) -> ImportBatch {
        ImportBatch(findings: findings, failures: failures, firstSent: firstSent, notBefore: notBefore)
    }
}
