import FirebreakCommand
import Synchronization
import Vocabulary

/// One command line, run in this process, with what it printed.
struct CommandLineRun {
    var status: ExitStatus
    var output: String
    var talk: String

    /// The output as a document; null when it is none.
    var json: JSONValue { (try? JSONReader.parse(output)) ?? .null }

    init(_ arguments: String...) async { self = await CommandLineRun(arguments) }

    init(_ arguments: [String]) async {
        let collected = Collected()
        let console = Console(writeOut: { collected.add(out: $0) }, writeError: { collected.add(error: $0) })
        status = await Console.$current.withValue(console) { await Firebreak.run(arguments: arguments) }
        (output, talk) = collected.texts
    }
}

private final class Collected: Sendable {
    private let state = Mutex(("", ""))

    func add(out text: String) { state.withLock { $0.0 += text } }
    func add(error text: String) { state.withLock { $0.1 += text } }
    var texts: (String, String) { state.withLock { $0 } }
}
