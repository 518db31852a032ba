package import ArgumentParser
internal import Orchestration
internal import Planning
internal import Recording
internal import Runs
internal import SQLiteStore
internal import Vocabulary

/// `firebreak runs show`: all that is known of one run.
package struct RunsShowCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a run: its steps, what it changed, what happened when, and how to let go by hand.",
        discussion: "Example: firebreak runs show run-0123456789abcdef"
    )

    @Argument(help: "The run's id.")
    package var id: String

    @OptionGroup
    package var kept: StoreOptions

    @Option(help: "How to write the result: text, json or yaml.")
    package var output: OutputFormat = .text

    package init() {}

    package func run() async throws {
        do {
            let run = try await kept.reading { store in try await KeptRun.load(id, from: store) }
            let timeline = try RunTimeline(run)
            let document: JSONValue = ["runs": [Self.json(run, timeline)], "error": .null]
            Console.current.print(output.render(document, text: Self.text(run, timeline)))
        } catch {
            throw Complaint(output: output, subject: id, shape: ["runs": []]).say(error)
        }
    }

    private static func json(_ run: KeptRun, _ timeline: RunTimeline) -> JSONValue {
        var object = run.plan.json(digest: run.digest).object ?? JSONObject()
        object["changes"] = UndoReport(run.driver, keeping: []).json
        object["timeline"] = timeline.json
        object["asks"] = run.question?.json ?? .null
        return .object(object)
    }

    private static func text(_ run: KeptRun, _ timeline: RunTimeline) -> String {
        var parts = [PlanText.write(run.plan, digest: run.digest, colour: Console.current.hasColour)]
        if let question = run.question {
            parts.append(
                "It waits for a yes: \(question.text)\n"
                    + "  firebreak runs approve \(run.id) --digest \(question.digest)"
            )
        }
        parts.append("Changes, newest first\n" + UndoReport(run.driver, keeping: []).text)
        parts.append("What happened\n" + timeline.lines.joined(separator: "\n"))
        return parts.joined(separator: "\n\n")
    }
}
