internal import Host
internal import Orchestration
internal import Planning
internal import Runs
internal import Vocabulary

/// The whole of `run` and of `apply`: opens the stage, plans, asks the servers or applies, and shows what came of it.
struct RunFlow: Sendable {
    var order: RunOrder
    var stage: StageOptions
    var mode: RunPlan.Mode
    var approval: Approval
    /// Where the plans are written to as well; nil: nowhere.
    var out: String?
    var output: OutputFormat

    /// - Throws: the exit status when it is not `done`, and whatever kept the flow from its plans.
    func run() async throws {
        let now = Moments.current.now()
        // Whoever cannot hear the result should not apply anything.
        if let out { try HostFiles.checkWritable(out) }
        let opened = try await stage.open(now: now, forWriting: mode == .apply)
        do {
            let order = try await order.fetched(on: opened)
            let (session, lost) = try await carriedThrough(order, opened, now)
            await opened.close()
            try show(session, order, lost)
            let status = ExitStatus.worst(session.entries.map(\.plan.exitStatus) + (lost.isEmpty ? [] : [.usage]))
            if status != .done { throw status }
        } catch {
            await opened.close()
            throw error
        }
    }

    private func carriedThrough(
        _ order: RunOrder,
        _ opened: RunStage,
        _ now: Timestamp
    ) async throws -> (RunSession, [FaultReport]) {
        var session = RunSession(
            playbook: order.playbook,
            parameters: try order.parameters(),
            stage: opened,
            now: now,
            reconcileWindow: stage.reconcileWithin.value
        )
        let (starts, lost) = try order.starts()
        try await session.plan(starts, mode: mode)
        switch mode {
        case .plan: break
        case .server: await session.prove()
        case .apply: try await apply(&session, opened)
        }
        return (session, lost)
    }

    private func apply(_ session: inout RunSession, _ opened: RunStage) async throws {
        for index in session.entries.indices where session.hasWork(index) {
            try await session.holdBackIfOpen(index)
            guard session.hasWork(index) else { continue }
            guard approval.covers(session.entries[index]) else {
                if session.entries[index].plan.status == "planned" { session.wait(index, approval.reasonToWait) }
                continue
            }
            await apply(index, &session, opened)
        }
        if case .rehearsal(let rehearsal) = opened, let folder = stage.worldOut {
            try await rehearsal.write(to: folder)
        }
    }

    private func apply(_ index: Int, _ session: inout RunSession, _ opened: RunStage) async {
        let entry = session.entries[index]
        do {
            var driver = try await session.apply(index, tell: progress(of: entry.plan.id, opened))
            // A step that is not the reviewed one asks again, when there is somebody to ask.
            while driver.status == .pendingApproval, approval.asksPeople, let question = RunQuestion(driver.questions) {
                Console.current.complain(question.text)
                guard Approval.ask("The run asks for more than was approved. Approve this too?") else { break }
                await session.approve(index, &driver)
            }
        } catch {
            session.park(
                index,
                (error as? any ActionableError)?.report ?? Complaint.unknown(error, order.playbook.path)
            )
        }
    }

    /// What a live run does is told while it does it; a rehearsal is over at once.
    private func progress(of run: String, _ opened: RunStage) -> @Sendable (RunNote) -> Void {
        guard case .live = opened, output == .text else { return { _ in } }
        Console.current.complain("run \(run): if this process ends early, go on with “firebreak runs recover \(run)”")
        return RunNoteText.teller()
    }

    /// `lost`: what of the input could not be decoded.
    private func show(_ session: RunSession, _ order: RunOrder, _ lost: [FaultReport]) throws {
        var document: JSONObject = [
            "runs": .array(session.entries.map { $0.plan.json(digest: $0.digest) }),
            "error": lost.first?.json ?? .null, "errors": .array(lost.map(\.json)),
        ]
        let shown = JSONValue.object(document)
        let texts = session.entries.map {
            PlanText.write($0.plan, digest: $0.digest, colour: Console.current.hasColour && output == .text)
        }
        Console.current.print(output.render(shown, text: texts.joined(separator: "\n\n")))
        guard let out else { return }
        document["order"] = order.json
        try HostFiles.write(Array((JSONWriter.pretty(.object(document)) + "\n").utf8), to: out)
    }
}
