internal import Host
internal import Planning

/// Who says yes: options of the command line, or a person at a terminal.
struct Approval: Sendable {
    var yes = false
    /// Of plans; when there is one, a plan needs its own among them.
    var digests: [String] = []

    /// Whether a person may be asked: options that answer already leave nobody to ask.
    var asksPeople: Bool {
        !yes && digests.isEmpty && HostStreams.isInputTerminal && HostStreams.isOutputTerminal
    }

    /// A digest that is given must be the plan's; without one `yes`, or a person's yes.
    func covers(_ entry: RunSession.Entry) -> Bool {
        guard digests.isEmpty else { return digests.contains(entry.digest) }
        return yes || (asksPeople && Self.ask(entry.plan, digest: entry.digest))
    }

    static func ask(_ plan: RunPlan, digest: String) -> Bool {
        Console.current.complain(PlanText.write(plan, digest: digest, colour: Console.current.hasColour))
        return ask("Apply this plan?")
    }

    /// Only the whole word counts.
    static func ask(_ question: String) -> Bool {
        Console.current.writeError("\(question) Only “yes” does it: ")
        return readLine() == "yes"
    }

    var reasonToWait: String {
        digests.isEmpty
            ? "waits for approval: look at the plan, then give --yes or --digest with its digest"
            : "waits for approval: no digest given is this plan's; look at what changed, then approve the new one"
    }
}
