import Planning
import Vocabulary

/// What an update makes of a finding: the moves of its workflow, the note, the fields, and all that must be said about it.
struct FindingUpdate {
    private let facts: UpdateFinding.Facts
    private let move: WorkflowLattice.Move
    private let note: String?
    private let fields: MergedFields
    private(set) var warnings: [String]

    init(_ request: ActionRequest, _ facts: UpdateFinding.Facts) throws(ActionFault) {
        self.facts = facts
        let parameters = request.parameters
        let wanted = parameters["workflow"]?.string.flatMap(WorkflowLattice.Status.init(rawValue:))
        let text = parameters["note"]?.nonBlank
        let own = parameters["userDefinedFields"]?.object ?? JSONObject()
        guard wanted != nil || text != nil || !own.isEmpty else {
            throw .badParameter(
                "workflow",
                "nothing to update",
                remedy: "write at least one of workflow, note, userDefinedFields"
            )
        }
        // An event's finding that was RESOLVED starts a run only when it arrived with a later UpdatedAt.
        let recurred = request.finding?["Workflow"]?["Status"]?.string == WorkflowLattice.Status.resolved.rawValue
        move = WorkflowLattice.move(from: facts.workflow, to: wanted, recurred: recurred)
        let isHuman = facts.note.map { !$0.updatedBy.isIdentical(to: UpdateFinding.author) } ?? false
        let cut = text.map { NoteText.cut($0, to: NoteText.limit) }
        note = isHuman || cut == facts.note?.text ? nil : cut
        var marks: [(String, String)] = [("firebreak.run", request.runId), ("firebreak.playbook", request.playbook)]
        if isHuman, let text { marks.append(("firebreak.note", text)) }
        fields = MergedFields(facts.userDefinedFields.object ?? JSONObject(), marks: marks, own: own)
        warnings = []
        warnings = said(text: text, cut: cut, isHuman: isHuman, wanted: wanted)
    }

    private func said(text: String?, cut: String?, isHuman: Bool, wanted: WorkflowLattice.Status?) -> [String] {
        var said: [String] = []
        switch move {
        case .keep(let reason): said.append("the workflow stays \(facts.workflow.rawValue): \(reason)")
        case .reopen: said.append("the finding came back after it was resolved: it is set to NEW first")
        case .stay, .set: break
        }
        if wanted == .resolved, finalWorkflow == .resolved, facts.workflow != .resolved {
            said.append("RESOLVED says that the cause is dealt with; containment alone is NOTIFIED")
        }
        if isHuman, text != nil {
            said.append(
                "the note of \(shown(facts.note?.updatedBy)) is kept: our text goes to the field firebreak.note"
            )
        }
        if !isHuman, let text, let cut, text != cut {
            said.append("the note is cut to \(NoteText.limit) characters")
        }
        if facts.isArchived { said.append("the finding is archived: few will see the update") }
        return said + fields.warnings
    }

    /// Outside text, short and on one line.
    private func shown(_ name: String?) -> String {
        let plain = (name ?? "").unicodeScalars.prefix(64).filter { $0.value >= 0x20 && $0.value != 0x7f }
        return "“\(String(String.UnicodeScalarView(plain)))”"
    }

    var noteIsOurs: Bool { note != nil || facts.note?.updatedBy == UpdateFinding.author }

    var finalWorkflow: WorkflowLattice.Status {
        switch move {
        case .stay, .keep: facts.workflow
        case .set(let status), .reopen(let status): status
        }
    }

    var changes: [PlannedChange] {
        var changes: [PlannedChange] = []
        if case .reopen = move { changes.append(reopening) }
        let members = updateMembers
        guard !members.isEmpty else { return changes }
        changes.append(
            PlannedChange(
                id: "update-finding",
                summary: "update finding \(facts.id)",
                change: batchUpdate(members),
                undo: .none(reason: "a finding's note cannot be removed and NEW is never written by undo"),
                permission: .iam("securityhub:BatchUpdateFindings")
            )
        )
        return changes
    }

    private var reopening: PlannedChange {
        PlannedChange(
            id: "reopen-finding",
            summary: "set the workflow of finding \(facts.id) to NEW",
            change: batchUpdate(["Workflow": ["Status": "NEW"]]),
            undo: undoOfReopening,
            permission: .iam("securityhub:BatchUpdateFindings")
        )
    }

    private var undoOfReopening: Undo {
        guard let status = WorkflowLattice.undo(from: finalWorkflow, to: facts.workflow) else {
            return .none(reason: "the workflow cannot go back to \(facts.workflow.rawValue) by itself")
        }
        return .inverse(
            summary: "set the workflow of finding \(facts.id) to \(status.rawValue)",
            change: batchUpdate(["Workflow": ["Status": .string(status.rawValue)]]),
            guarding: [workflowExpectation]
        )
    }

    private var updateMembers: JSONObject {
        var members = JSONObject()
        switch move {
        case .stay, .keep: break
        case .set(let status), .reopen(let status): members["Workflow"] = ["Status": .string(status.rawValue)]
        }
        if let note { members["Note"] = ["Text": .string(note), "UpdatedBy": .string(UpdateFinding.author)] }
        if fields.isChanged { members["UserDefinedFields"] = .object(fields.merged) }
        return members
    }

    private func batchUpdate(_ members: JSONObject) -> Change {
        var input: JSONObject = [
            "FindingIdentifiers": [["Id": .string(facts.id), "ProductArn": .string(facts.productArn)]]
        ]
        for member in members { input[member.key] = member.value }
        return .aws(
            AWSChange(
                service: "securityhub",
                operation: "BatchUpdateFindings",
                region: facts.region,
                input: .object(input)
            )
        )
    }

    private var workflowExpectation: Expectation {
        expectation(
            "the finding's workflow is \(finalWorkflow.rawValue)",
            ["Workflow", "Status"],
            finalWorkflow.rawValue
        )
    }

    /// The service may take minutes to show an update.
    var expectations: [Expectation] {
        var expectations: [Expectation] = []
        switch move {
        case .stay, .keep: break
        case .set, .reopen: expectations.append(workflowExpectation)
        }
        if let note { expectations.append(expectation("the finding has our note", ["Note", "Text"], note)) }
        if fields.isChanged, let run = fields.merged["firebreak.run"]?.string {
            let field = ["UserDefinedFields", "firebreak.run"]
            expectations.append(expectation("the finding names this run", field, run))
        }
        return expectations
    }

    private func expectation(_ summary: String, _ field: [String], _ value: String) -> Expectation {
        Expectation(
            summary,
            at: .aws(
                AWSChange(
                    service: "securityhub",
                    operation: "GetFindings",
                    region: facts.region,
                    input: UpdateFinding.query(facts.id, facts.productArn)
                )
            ),
            field: ["Findings", "0"] + field,
            .equals(.string(value)),
            within: .seconds(180)
        )
    }
}
