package import ArgumentParser
internal import Host
internal import Planning
internal import Vocabulary

/// `firebreak apply PLAN`: carries out a plan that was written to a file and looked at.
package struct ApplyCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Carries out a plan that “run --out” wrote: what the file shows, and nothing else.",
        discussion: """
            The plan is made anew from the playbook and the event that the file holds. It is applied when its digest is
            still the file's; when the world moved on so that other changes would be made, nothing is, and the new plan is
            shown with exit code 4.

            Example: firebreak run playbooks/contain-pod/playbook.yaml --finding event.json --out plan.json
                     firebreak apply plan.json

            Exit codes: as those of “firebreak run”.
            """
    )

    @Argument(help: "The plan file.")
    package var plan: String

    @OptionGroup
    package var stage: StageOptions

    @Option(help: "Write the result as JSON to this file.")
    package var out: String?

    @Option(help: "How to write the result: text, json or yaml.")
    package var output: OutputFormat = .text

    package init() {}

    package func run() async throws {
        do {
            let document = try JSONReader.parse(
                try HostFiles.read(plan),
                limits: JSONReader.Limits(bytes: 64 << 20)
            )
            let digests = (document["runs"]?.array ?? []).compactMap { $0["digest"]?.string }
            guard !digests.isEmpty else { throw InputFault.noPlan(plan, "it has no runs") }
            guard let order = document["order"] else {
                throw InputFault.noPlan(plan, "it does not say what was planned")
            }
            try await RunFlow(
                order: try RunOrder(json: order, file: plan),
                stage: stage,
                mode: .apply,
                approval: Approval(digests: digests),
                out: out,
                output: output
            ).run()
        } catch {
            throw Complaint(output: output, subject: plan, shape: ["runs": []]).say(error)
        }
    }
}
