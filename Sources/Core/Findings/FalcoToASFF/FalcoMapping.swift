package import Vocabulary

/// From a Falco alert to an ASFF finding that BatchImportFindings takes.
///
/// Never touches Workflow, Note or UserDefinedFields: they belong to people and to BatchUpdateFindings.
package enum FalcoMapping {
    /// What one finding may weigh in UTF-8.
    package static let byteLimit = 240 * 1_024

    /// The finding of an alert.
    ///
    /// - Throws: `FalcoFault.unmappable` when even the smallest finding would be too large.
    package static func finding(_ alert: FalcoAlert, in context: FalcoContext) throws(FalcoFault) -> JSONValue {
        try FalcoMapper(context).finding(alert)
    }

    /// The finding of alerts that were folded into one.
    ///
    /// - Throws: `FalcoFault.unmappable` when even the smallest finding would be too large.
    package static func finding(_ folded: FoldedAlert) throws(FalcoFault) -> JSONValue {
        try FalcoMapper(folded.context).finding(folded)
    }
}
