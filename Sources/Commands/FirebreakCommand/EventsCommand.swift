package import ArgumentParser
internal import Findings
internal import Host
internal import Vocabulary

/// `firebreak events`: what an event holds.
package struct EventsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Looks into Security Hub and EventBridge events.",
        subcommands: [Decode.self]
    )

    package init() {}

    /// `firebreak events decode FILE`.
    package struct Decode: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            commandName: "decode",
            abstract: "Shows the events and findings in a file, whatever is wrapped around them.",
            discussion: """
                Takes EventBridge events, SQS and SNS records, Pipes lists, bare findings and JSON lines.

                Example: firebreak events decode event.json --output json
                """
        )

        @Argument(help: "The file to read; - is standard input.")
        package var file: String

        @Option(help: "How to write the result: text, json or yaml.")
        package var output: OutputFormat = .text

        package init() {}

        /// The shape of a result when nothing could be read.
        private static func nothing(_ report: FaultReport) -> JSONObject {
            ["messages": 0, "events": [], "errors": [report.json]]
        }

        package func run() async throws {
            let bytes: [UInt8]
            do throws(HostFault) {
                bytes = try HostFiles.read(file, limit: EventDecoder.Limits.bytes)
            } catch {
                throw Complaint(output: output, subject: file, shape: Self.nothing(error.report)).say(error)
            }
            var decoded = EventDecoder.decode(bytes)
            decoded.errors = decoded.errors.map { $0.located(in: file) }
            Console.current.print(output.render(decoded.json, text: EventsText.write(decoded)))
            if output == .text {
                for error in decoded.errors { Console.current.complain(error.description) }
            }
            if !decoded.errors.isEmpty { throw decoded.events.isEmpty ? ExitStatus.usage : ExitStatus.failed }
        }
    }
}
