internal import Host

/// Where a command writes: data to standard output, talk to standard error.
package struct Console: Sendable {
    /// The console of the running command; tests put their own here.
    @TaskLocal package static var current = Console.standard

    package var writeOut: @Sendable (String) -> Void
    package var writeError: @Sendable (String) -> Void
    /// Whether output may carry colours: a terminal, and NO_COLOR is not set.
    package var hasColour: Bool

    package init(
        writeOut: @escaping @Sendable (String) -> Void,
        writeError: @escaping @Sendable (String) -> Void,
        hasColour: Bool = false
    ) {
        self.writeOut = writeOut
        self.writeError = writeError
        self.hasColour = hasColour
    }

    /// The process's own streams.
    package static let standard = Console(
        writeOut: HostStreams.writeOut,
        writeError: HostStreams.writeError,
        hasColour: HostStreams.isOutputTerminal && Host.environment("NO_COLOR") == nil
    )

    package func print(_ text: String) { writeOut(text + "\n") }
    package func complain(_ text: String) { writeError(text + "\n") }
}
