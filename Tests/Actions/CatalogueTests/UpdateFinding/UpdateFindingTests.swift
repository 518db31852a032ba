import AWSAPI
import Catalogue
import Planning
import Testing
import Vocabulary

@Suite("A finding is told what became of it, and a human's word stands")
struct UpdateFindingTests {
    private static let finding: JSONValue = [
        "Id": "falco/eu-central-1/111122223333/0001",
        "ProductArn": "arn:aws:securityhub:eu-central-1:111122223333:product/111122223333/default",
    ]

    private static func facts(
        _ workflow: WorkflowLattice.Status = .new,
        note: UpdateFinding.Note? = nil,
        fields: JSONValue = [:],
        isArchived: Bool = false
    ) throws -> UpdateFinding.Facts {
        UpdateFinding.Facts(
            id: "x",
            productArn: "arn:aws:securityhub:eu-central-1::product/a/b",
            region: try #require(RegionName("eu-central-1")),
            workflow: workflow,
            note: note,
            userDefinedFields: fields,
            isArchived: isArchived
        )
    }

    private static func inputs(_ plan: ActionPlan) -> [JSONValue] {
        plan.changes.compactMap { change in
            if case .aws(let aws) = change.change { aws.input } else { nil }
        }
    }

    private static func plan(
        _ parameters: JSONValue,
        _ facts: UpdateFinding.Facts,
        finding: JSONValue = finding
    ) throws -> ActionPlan {
        try UpdateFinding().plan(.sample(parameters, finding: finding), facts)
    }

    @Test("the update is proved by reading it back; the second time nothing is left to do")
    func endToEnd() async throws {
        let rehearsal = try ActionRehearsal()
        let parameters: JSONValue = [
            "workflow": "NOTIFIED", "note": "contained", "userDefinedFields": ["case": "4711"],
        ]
        let request = ActionRequest.sample(parameters, finding: Self.finding)
        let plan = try await rehearsal.plan(UpdateFinding.self, request)
        #expect(plan.expectations.count == 3)
        for expectation in plan.expectations { #expect(try await rehearsal.holds(expectation) == false) }
        for change in plan.changes { try await rehearsal.apply(change.change) }
        for expectation in plan.expectations { #expect(try await rehearsal.holds(expectation)) }
        let again = try await rehearsal.plan(UpdateFinding.self, request)
        #expect(again.alreadyDone && again.changes.isEmpty)
        #expect(again.output["noteIsOurs"] == true)
    }

    @Test("a human's note is kept: our text becomes a field, and that is said")
    func humanNote() throws {
        let facts = try Self.facts(note: .init(text: "mine", updatedBy: "alice"), fields: ["owner": "team-a"])
        let plan = try Self.plan(["workflow": "NOTIFIED", "note": "contained"], facts)
        let input = try #require(Self.inputs(plan).first)
        #expect(input["Note"] == nil)
        #expect(input["UserDefinedFields"]?["firebreak.note"] == "contained")
        #expect(input["UserDefinedFields"]?["owner"] == "team-a")
        #expect(plan.warnings.say("the note of “alice” is kept"))
        #expect(plan.output["noteIsOurs"] == false)
    }

    @Test("our own note is replaced")
    func ownNote() throws {
        let facts = try Self.facts(note: .init(text: "old", updatedBy: "firebreak"))
        let plan = try Self.plan(["note": "new"], facts)
        #expect(Self.inputs(plan).first?["Note"] == ["Text": "new", "UpdatedBy": "firebreak"])
    }

    @Test(
        "a note is cut to 512 at the border of a character",
        arguments: ["a", "é", "e\u{301}", "👨‍👩‍👧‍👦", "🔥"]
    )
    func longNote(_ character: String) throws {
        let text = String(repeating: character, count: 600)
        let plan = try Self.plan(["note": .string(text)], Self.facts())
        let note = try #require(Self.inputs(plan).first?["Note"]?["Text"]?.string)
        #expect(note.unicodeScalars.count <= 512)
        #expect(note.unicodeScalars.count > 512 - 10)
        #expect(note.dropLast().allSatisfy { String($0) == character })
        #expect(note.last == "…")
        #expect(plan.warnings.say("cut to 512"))
        let exact = try Self.plan(["note": .string(String(repeating: "a", count: 512))], Self.facts())
        #expect(Self.inputs(exact).first?["Note"]?["Text"]?.string?.count == 512)
    }

    @Test("suppressed and resolved findings keep their workflow; the rest of the update is made")
    func keeps() throws {
        for status in [WorkflowLattice.Status.suppressed, .resolved] {
            let plan = try Self.plan(["workflow": "NOTIFIED", "note": "n"], Self.facts(status))
            #expect(Self.inputs(plan).count == 1)
            #expect(Self.inputs(plan).first?["Workflow"] == nil)
            #expect(plan.warnings.say("the workflow stays \(status.rawValue)"))
        }
    }

    @Test("a finding that came back after it was resolved is NEW first, and undo resolves it again")
    func recurrence() async throws {
        let rehearsal = try ActionRehearsal()
        let resolve = try await rehearsal.plan(
            UpdateFinding.self,
            .sample(["workflow": "RESOLVED"], finding: Self.finding)
        )
        for change in resolve.changes { try await rehearsal.apply(change.change) }
        #expect(resolve.warnings.say("containment alone is NOTIFIED"))
        var event = Self.finding.object ?? JSONObject()
        event["Workflow"] = ["Status": "RESOLVED"]
        let plan = try await rehearsal.plan(
            UpdateFinding.self,
            .sample(["workflow": "NOTIFIED"], finding: .object(event), run: "run-2")
        )
        let statuses = Self.inputs(plan).map { $0["Workflow"]?["Status"]?.string }
        #expect(statuses == ["NEW", "NOTIFIED"])
        for change in plan.changes { try await rehearsal.apply(change.change) }
        for expectation in plan.expectations { #expect(try await rehearsal.holds(expectation)) }
        let undo = plan.changes.map(\.undo)
        guard case .inverse(_, let inverse, let guarding) = undo[0], case .none = undo[1] else {
            Issue.record("undo of the first change restores RESOLVED, the second has none")
            return
        }
        for expectation in guarding { #expect(try await rehearsal.holds(expectation)) }
        try await rehearsal.apply(inverse)
        let after = try await UpdateFinding().observe(.sample(finding: Self.finding), in: rehearsal.world)
        #expect(after.workflow == .resolved)
    }

    @Test("fields are merged within the limits of Security Hub, ours first, and what is left out is named")
    func fields() throws {
        let full = JSONValue.object(JSONObject((0..<49).map { ("k\($0)", .string("v")) }))
        let plan = try Self.plan(
            [
                "userDefinedFields": [
                    "k0": "other", "mine": "x", "": "y", "blank": " ",
                    "long": .string(String(repeating: "v", count: 2_000)),
                ]
            ],
            Self.facts(fields: full)
        )
        let fields = try #require(Self.inputs(plan).first?["UserDefinedFields"]?.object)
        #expect(fields.count == 50)
        #expect(fields["firebreak.run"] == "run-1")
        #expect(fields["k0"] == "other")
        #expect(fields["mine"] == nil)
        for part in [
            "k0 had another value", "mine is left out: a finding has at most 50", "blank is left out", "cut to 1024",
        ] {
            #expect(plan.warnings.say(part), "\(part)")
        }
    }

    @Test("nothing to say is refused, and so is a run without a finding")
    func faults() async throws {
        let fault = #expect(throws: ActionFault.self) { _ = try Self.plan([:], Self.facts()) }
        #expect(fault?.report.code == "ACTION-004")
        let rehearsal = try ActionRehearsal()
        let rows: [(JSONValue?, String, String)] = [
            (nil, "Invalid", "ACTION-007"), (["Id": "x"], "Invalid", "ACTION-007"),
            (["Id": "x", "ProductArn": "arn:aws:securityhub:eu-central-1::product/a/b"], "NotFound", "ACTION-008"),
            (["Id": "x", "ProductArn": "arn:aws:securityhub:us-east-1::product/a/b"], "NotPermitted", "AWS-003"),
        ]
        for (finding, name, code) in rows {
            let fault = await #expect(throws: ActionFault.self) {
                _ = try await UpdateFinding().observe(.sample(finding: finding), in: rehearsal.world)
            }
            #expect(fault?.name == name)
            #expect(fault?.report.code == code)
        }
    }
}
