package import Vocabulary

/// A finding of Security Hub: the document as it came, and what the product reads of it.
///
/// The document is never changed; every member of the view may be derived from it again.
package struct Finding: Sendable, Hashable, Codable {
    package enum Schema: String, Sendable, Hashable, Codable { case asff, ocsf }

    package struct Severity: Sendable, Hashable, Codable {
        package var label: SeverityLabel
        /// 0 to 100.
        package var normalized: Int64
        /// The provider's own word for it.
        package var original: String?
    }

    package let document: JSONValue
    package let schema: Schema
    package let id: String
    /// Of OCSF findings the product's uid, which is an ARN in Security Hub; empty where OCSF names none.
    package let productArn: String
    /// The key that BatchUpdateFindingsV2 takes; only OCSF findings have one.
    package let metadataUid: String?
    package let account: AccountID?
    package let region: RegionName?
    /// Nil when the finding says nothing of it.
    package let severity: Severity?
    package let types: [String]
    package let title: String
    package let text: String
    /// NEW, NOTIFIED, RESOLVED or SUPPRESSED; a finding without one is NEW.
    package let workflowStatus: String
    /// ACTIVE or ARCHIVED; a finding without one is ACTIVE.
    package let recordState: String
    package let isSample: Bool
    package let updatedAt: Timestamp?
    package let productName: String?
    package let generatorId: String?
    package let productFields: [String: String]
    /// In the document's order, as they stand there.
    package let resources: [JSONValue]

    package init(_ document: JSONValue) throws(FindingFault) {
        guard case .object = document else { throw FindingFault(.notAnObject) }
        switch Self.schema(of: document) {
        case .asff?: try self.init(asff: ASFFReading(document))
        case .ocsf?: try self.init(ocsf: OCSFReading(document))
        case nil: throw FindingFault(.unknownSchema)
        }
    }

    /// Told apart by members that the other schema does not know.
    package static func schema(of document: JSONValue) -> Schema? {
        if document["SchemaVersion"]?.string != nil || document["ProductArn"]?.string != nil { return .asff }
        if document["class_uid"]?.integer != nil || document["finding_info"]?.object != nil { return .ocsf }
        return nil
    }

    /// The source of Falco's event, such as `syscall` or `k8s_audit`; nil for findings of others.
    package var falcoSource: String? { productFields["falco/source"] }

    private init(asff reading: ASFFReading) throws(FindingFault) {
        document = reading.document
        schema = .asff
        id = try reading.required("Id")
        productArn = try reading.required("ProductArn")
        metadataUid = nil
        account = reading.text("AwsAccountId").flatMap(AccountID.init(rawValue:))
        region = reading.region
        severity = reading.severity
        types = reading.types
        title = reading.text("Title") ?? ""
        text = reading.text("Description") ?? ""
        workflowStatus = reading.document[["Workflow", "Status"]]?.nonBlank ?? reading.oldWorkflow
        recordState = reading.text("RecordState") ?? "ACTIVE"
        isSample = reading.document["Sample"]?.bool ?? false
        updatedAt = reading.text("UpdatedAt").flatMap { Timestamp($0) }
        productName = reading.text("ProductName")
        generatorId = reading.text("GeneratorId")
        productFields = reading.productFields
        resources = reading.document["Resources"]?.array ?? []
    }

    private init(ocsf reading: OCSFReading) throws(FindingFault) {
        document = reading.document
        schema = .ocsf
        id = try reading.required(["finding_info", "uid"])
        productArn = reading.text(["metadata", "product", "uid"]) ?? ""
        metadataUid = reading.text(["metadata", "uid"])
        account = reading.text(["cloud", "account", "uid"]).flatMap(AccountID.init(rawValue:))
        region = reading.text(["cloud", "region"]).flatMap(RegionName.init(rawValue:))
        severity = reading.severity
        types = reading.types
        title = reading.text(["finding_info", "title"]) ?? ""
        text = reading.text(["finding_info", "desc"]) ?? ""
        workflowStatus = reading.workflowStatus
        recordState = reading.recordState
        isSample = false
        updatedAt = reading.updatedAt
        productName = reading.text(["metadata", "product", "name"])
        generatorId = reading.text(["finding_info", "analytic", "name"])
        productFields = [:]
        resources = reading.document["resources"]?.array ?? []
    }

    /// The shape of a finding in `events decode --output json`.
    package var summary: JSONValue {
        .object(["id": .string(id), "productArn": .string(productArn), "schema": .string(schema.rawValue)])
    }

    package init(from decoder: any Decoder) throws {
        try self.init(JSONValue(from: decoder))
    }

    package func encode(to encoder: any Encoder) throws { try document.encode(to: encoder) }
}
