/// One corpus format that the product can be held against.
package protocol ConformanceSuite: Sendable {
    /// As written on the command line.
    var name: String { get }

    /// Runs every case found at the paths (files, or folders with the layout of the corpus).
    /// - Throws: when a path cannot be read or is no corpus of this suite.
    func run(_ paths: [String]) async throws -> ConformanceTally
}

/// What came out of a suite.
package struct ConformanceTally: Sendable {
    package struct Failure: Sendable {
        package var id: String
        package var why: String

        package init(_ id: String, _ why: String) {
            self.id = id
            self.why = why
        }
    }

    package var passed = 0
    package var failures: [Failure] = []
    /// Lines printed before the tally: cases counted apart, with the reason.
    package var notes: [String] = []

    package init() {}
}
