import AWSAPI
package import Planning
package import Playbooks
package import Vocabulary

/// Tells Security Hub what became of a finding, without taking a human's word from it.
package struct UpdateFinding: Action {
    package struct Note: Sendable, Hashable, Codable {
        package var text: String
        package var updatedBy: String

        package init(text: String, updatedBy: String) {
            self.text = text
            self.updatedBy = updatedBy
        }
    }

    package struct Facts: Sendable, Hashable, Codable {
        package var id: String
        package var productArn: String
        package var region: RegionName
        package var workflow: WorkflowLattice.Status
        package var note: Note?
        /// In the order of the finding.
        package var userDefinedFields: JSONValue
        package var isArchived: Bool

        package init(
            id: String,
            productArn: String,
            region: RegionName,
            workflow: WorkflowLattice.Status = .new,
            note: Note? = nil,
            userDefinedFields: JSONValue = .object([:]),
            isArchived: Bool = false
        ) {
            self.id = id
            self.productArn = productArn
            self.region = region
            self.workflow = workflow
            self.note = note
            self.userDefinedFields = userDefinedFields
            self.isArchived = isArchived
        }
    }

    /// Who we are in `Note.UpdatedBy`.
    package static let author = "firebreak"

    package init() {}

    package static let manifest = ActionManifest(
        name: "update-finding",
        summary: "Set a finding's workflow, note and fields in Security Hub, and never overwrite what a human wrote.",
        actionClass: .record,
        parameters: [
            .init("workflow", .choice(["NOTIFIED", "RESOLVED"]), "The workflow status; contained means NOTIFIED."),
            .init("note", .string, "At most 512 characters; longer text is cut."),
            .init("userDefinedFields", .stringMap, "Merged into those that the finding has."),
        ],
        errors: ["Throttled", "Unavailable", "NotPermitted", "NotFound", "Conflict", "Invalid", "Unverified"],
        permissions: ["securityhub:GetFindings", "securityhub:BatchUpdateFindings"],
        undo: "only RESOLVED is restored; NEW is never written, and a note cannot be removed",
        outputs: ["id", "workflow", "noteIsOurs"],
        example: """
            tell:
              action: update-finding
              with: { workflow: NOTIFIED, note: "pod ${{ subject.pod.name }}: ${{ run.containment }}" }
            """,
        needsFinding: true
    )

    package func observe(_ request: ActionRequest, in world: World) async throws(ActionFault) -> Facts {
        let aws = try world.requiredAWS()
        guard let id = request.finding?["Id"]?.nonBlank, let productArn = request.finding?["ProductArn"]?.nonBlank
        else {
            throw .noFinding()
        }
        guard let region = Self.home(productArn, request) else { throw .noFinding() }
        let found: JSONValue
        do throws(AWSFault) {
            found = try await aws.call("securityhub", "GetFindings", Self.query(id, productArn), in: region)
        } catch {
            throw ActionFault(aws: error)
        }
        guard let finding = found["Findings"]?[0] else { throw .findingGone(id, region) }
        return Facts(finding, id: id, productArn: productArn, region: region)
    }

    /// The Region where the product keeps the finding; copies elsewhere follow it.
    private static func home(_ productArn: String, _ request: ActionRequest) -> RegionName? {
        ARN(productArn).flatMap { RegionName($0.region) }
            ?? request.finding?["Region"]?.string.flatMap { RegionName($0) } ?? request.subject.region
    }

    static func query(_ id: String, _ productArn: String) -> JSONValue {
        [
            "Filters": [
                "Id": [["Value": .string(id), "Comparison": "EQUALS"]],
                "ProductArn": [["Value": .string(productArn), "Comparison": "EQUALS"]],
            ],
            "MaxResults": 1,
        ]
    }

    package func plan(_ request: ActionRequest, _ facts: Facts) throws(ActionFault) -> ActionPlan {
        let update = try FindingUpdate(request, facts)
        let changes = update.changes
        return ActionPlan(
            changes: changes,
            expectations: changes.isEmpty ? [] : update.expectations,
            warnings: update.warnings,
            alreadyDone: changes.isEmpty,
            output: [
                "id": .string(facts.id), "workflow": .string(update.finalWorkflow.rawValue),
                "noteIsOurs": .bool(update.noteIsOurs),
            ]
        )
    }
}

extension UpdateFinding.Facts {
    /// Reads a finding as GetFindings gives it.
    package init(_ finding: JSONValue, id: String, productArn: String, region: RegionName) {
        let status = finding["Workflow"]?["Status"]?.string ?? finding["WorkflowState"]?.string ?? "NEW"
        let note = finding["Note"].flatMap { note in
            note["Text"]?.string.map {
                UpdateFinding.Note(text: $0, updatedBy: note["UpdatedBy"]?.string ?? "")
            }
        }
        self.init(
            id: id,
            productArn: productArn,
            region: region,
            workflow: WorkflowLattice.Status(rawValue: status) ?? .new,
            note: note,
            userDefinedFields: .object(finding["UserDefinedFields"]?.object ?? JSONObject()),
            isArchived: finding["RecordState"]?.string == "ARCHIVED"
        )
    }
}
