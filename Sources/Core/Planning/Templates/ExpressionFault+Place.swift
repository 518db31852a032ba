package import Expressions
package import Vocabulary

extension ExpressionFault {
    /// The fault with the place of the state or template that the expression stands in.
    package func report(at mark: SourceMark) -> FaultReport {
        var report = report
        report.location = "\(mark), \(report.location)"
        return report
    }
}
