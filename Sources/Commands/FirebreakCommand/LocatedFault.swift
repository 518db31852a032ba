internal import Vocabulary

/// A fault inside a file, with the file's name in its place.
struct LocatedFault: ActionableError {
    var report: FaultReport

    init(_ report: FaultReport, in file: String) {
        self.report = report.located(in: file)
    }
}

extension FaultReport {
    /// The same fault, its place beginning with a file.
    func located(in file: String) -> FaultReport {
        guard !location.hasPrefix(file) else { return self }
        var located = self
        located.location = location.isEmpty ? file : "\(file): \(location)"
        return located
    }
}
