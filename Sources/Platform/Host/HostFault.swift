internal import Glibc
package import Vocabulary

/// Why a file could not be read or written.
package struct HostFault: ActionableError, Hashable {
    package var report: FaultReport

    init(reading path: String, _ number: Int32) {
        report = FaultReport(
            code: "FILE-001",
            what: "cannot read: \(Self.text(number))",
            location: path,
            remedy: "check the path and its permissions"
        )
    }

    init(writing path: String, _ number: Int32) {
        report = FaultReport(
            code: "FILE-002",
            what: "cannot write: \(Self.text(number))",
            location: path,
            remedy: "check that the folder exists, is writable and has space"
        )
    }

    init(tooLarge path: String, limit: Int) {
        report = FaultReport(
            code: "FILE-003",
            what: "larger than \(limit) bytes",
            location: path,
            remedy: "split the input"
        )
    }

    init(starting program: String, _ number: Int32) {
        report = FaultReport(
            code: "PROCESS-001",
            what: "cannot start: \(Self.text(number))",
            location: program,
            remedy: "check that the program is there and may be run"
        )
    }

    /// What a program printed is not told: it may be a secret.
    init(running program: String, _ problem: String) {
        report = FaultReport(
            code: "PROCESS-002",
            what: problem,
            location: program,
            remedy: "run the program by hand and see what it says",
            retry: .transient
        )
    }

    private static func text(_ number: Int32) -> String {
        guard let text = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: text)
    }
}
