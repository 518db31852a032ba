internal import AWSAPI
internal import Catalogue
internal import Findings
internal import Host
internal import OpenSSLCrypto
internal import Orchestration
internal import Planning
internal import Runs
internal import Vocabulary

/// Tells one incident step by step; every step is the product's own, only the world is a rehearsal's.
struct DemoStory: Sendable {
    private let folder: String
    private let now: Timestamp
    private let console: Console
    private let paint: Paint

    init(folder: String, now: Timestamp, console: Console) {
        self.folder = folder
        self.now = now
        self.console = console
        paint = Paint(isOn: console.hasColour)
    }

    func tell() async throws {
        var files = try WorldFiles([folder + "/world.yaml", folder + "/world.aws.json"])
        files.forgetFindings()
        let stage = try RehearsalStage(files, now: now)
        let playbook = try CheckedPlaybook(path: folder + "/playbook.yaml")
        let finding = try convert(try HostFiles.read(folder + "/alert.json"), stage.place)
        try await importFinding(finding, stage)
        let event = try await press("ContainPod", finding, stage)
        var session = try await plan(event, playbook, stage)
        var driver = try await apply(&session, stage)
        try await undo(&driver)
        try finish(session.entries[0].plan, driver)
    }

    private func head(_ number: Int, _ text: String) {
        console.print("")
        console.print(paint.bold("\(number). \(text)"))
    }

    private func say(_ text: String) { console.print("   " + text) }

    private func convert(_ bytes: [UInt8], _ place: SubjectFacts.Place) throws -> JSONValue {
        head(1, "Falco sees something")
        guard let account = place.account, let region = place.region else {
            throw DemoFault.broken("world.aws.json has no account or Region")
        }
        let line = Array(bytes.prefix { $0 != 0x0a })
        let alert = try FalcoAlert.parse(line)
        say("\(alert.priority): \(alert.rule)")
        say(PlainText.line(alert.output ?? ""))
        let context = FalcoContext(
            account: account,
            region: region,
            cluster: place.clusterARN,
            receivedAt: now,
            sha256: { SHA256.digest($0) }
        )
        return try FalcoMapping.finding(alert, in: context)
    }

    private func importFinding(_ finding: JSONValue, _ stage: RehearsalStage) async throws {
        head(2, "The alert becomes a Security Hub finding")
        say("Id       \(finding["Id"]?.string ?? "?")")
        say("Severity \(finding[["FindingProviderFields", "Severity", "Label"]]?.string ?? "?")")
        let types = finding[["FindingProviderFields", "Types"]]?.array ?? finding["Types"]?.array ?? []
        say("Types    \(types.compactMap(\.string).joined(separator: ", "))")
        guard let aws = stage.world.aws, let region = stage.place.region else {
            throw DemoFault.broken("world.aws.json has no account or Region")
        }
        let answer = try await aws.call("securityhub", "BatchImportFindings", ["Findings": [finding]], in: region)
        guard answer["SuccessCount"]?.integer == 1 else {
            throw DemoFault.broken("Security Hub does not take the finding: \(JSONWriter.compact(answer))")
        }
        say("imported: it stands in Security Hub with workflow NEW")
    }

    /// The event that EventBridge delivers when an analyst presses the button.
    private func press(_ button: String, _ finding: JSONValue, _ stage: RehearsalStage) async throws -> [UInt8] {
        head(3, "An analyst presses “Contain pod” in Security Hub")
        guard let aws = stage.world.aws, let region = stage.place.region, let account = stage.place.account else {
            throw DemoFault.broken("world.aws.json has no account or Region")
        }
        let filter: JSONValue = ["Id": [["Value": finding["Id"] ?? "", "Comparison": "EQUALS"]]]
        let stored = try await aws.call("securityhub", "GetFindings", ["Filters": filter], in: region)
        guard let current = stored["Findings"]?[0] else { throw DemoFault.broken("the finding was not stored") }
        let arn = "arn:\(region.partition):securityhub:\(region):\(account):action/custom/\(button)"
        let event: JSONValue = [
            "version": "0", "id": "5c8c3f2e-0d5e-4f4b-9a53-6f1d2f7f0a11",
            "detail-type": "Security Hub Findings - Custom Action", "source": "aws.securityhub",
            "account": .string(account.rawValue), "time": .string(now.text(fractionDigits: 0)),
            "region": .string(region.rawValue), "resources": [.string(arn)],
            "detail": ["actionName": "Contain pod", "actionDescription": "Isolate the pod", "findings": [current]],
        ]
        say("EventBridge delivers “Security Hub Findings - Custom Action” from \(arn)")
        return Array(JSONWriter.compact(event).utf8)
    }

    private func plan(
        _ event: [UInt8],
        _ playbook: CheckedPlaybook,
        _ stage: RehearsalStage
    ) async throws -> RunSession {
        head(4, "Firebreak plans; nothing is written yet")
        let (starts, errors) = RunStart.findings(in: event)
        guard let start = starts.first, errors.isEmpty else { throw DemoFault.broken("the event holds no finding") }
        var session = RunSession(playbook: playbook, parameters: [:], stage: .rehearsal(stage), now: now)
        try await session.plan([start], mode: .apply)
        let entry = session.entries[0]
        console.print("")
        let text = PlanText.write(entry.plan, digest: entry.digest, colour: console.hasColour)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { say(String(line)) }
        guard entry.plan.status == "planned" else { throw DemoFault.broken("the plan is \(entry.plan.status)") }
        return session
    }

    private func apply(_ session: inout RunSession, _ stage: RehearsalStage) async throws -> RunDriver {
        head(5, "The plan is approved by its digest and applied; every step is verified")
        let console = console
        let paint = paint
        let driver = try await session.apply(0) { note in
            if let line = RunNoteText.line(for: note, paint) { console.print("   " + line) }
        }
        guard let containment = session.entries[0].plan.containment else {
            throw DemoFault.broken("no step proved a containment")
        }
        say("containment \(paint.verdict(containment.verdict)) (rehearsed):")
        for reason in containment.reasons { say("  \(PlainText.line(reason))") }
        return driver
    }

    private func undo(_ driver: inout RunDriver) async throws {
        head(6, "Later, somebody decides to let go: the undo ledger, newest first")
        try await driver.undo(by: "the analyst")
        say("run is \(driver.status.rawValue); evidence and notes stay")
    }

    private func finish(_ plan: RunPlan, _ driver: RunDriver) throws {
        let verdict = plan.containment?.verdict ?? .none
        guard verdict == .contained else { throw DemoFault.broken("the pod is not contained: \(verdict.rawValue)") }
        guard driver.containment == .none else {
            throw DemoFault.broken("the undo stopped: containment is \(driver.containment.rawValue)")
        }
        console.print("")
        console.print("Nothing holds the pod any more. Before it was let go: \(paint.verdict(verdict)) (rehearsed)")
    }
}
