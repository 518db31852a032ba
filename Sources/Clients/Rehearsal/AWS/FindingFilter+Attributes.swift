import Vocabulary

extension FindingFilter {
    /// Attributes whose conditions name a key of a map.
    private static let maps: [String: [String]] = [
        "ProductFields": ["ProductFields"], "UserDefinedFields": ["UserDefinedFields"],
        "ResourceTags": ["Resources", "Tags"], "ResourceDetailsOther": ["Resources", "Details", "Other"],
    ]

    /// Attributes that are not called like the member they look at.
    static let paths: [String: [String]] = [
        "Type": ["Types"], "SeverityLabel": ["Severity", "Label"], "SeverityNormalized": ["Severity", "Normalized"],
        "SeverityProduct": ["Severity", "Product"], "WorkflowStatus": ["Workflow", "Status"],
        "ComplianceStatus": ["Compliance", "Status"],
        "ComplianceSecurityControlId": ["Compliance", "SecurityControlId"], "ResourceId": ["Resources", "Id"],
        "ResourceType": ["Resources", "Type"], "ResourceRegion": ["Resources", "Region"],
        "ResourcePartition": ["Resources", "Partition"],
        "ResourceContainerName": ["Resources", "Details", "Container", "Name"],
        "ResourceContainerImageName": ["Resources", "Details", "Container", "ImageName"],
        "NoteText": ["Note", "Text"], "NoteUpdatedAt": ["Note", "UpdatedAt"], "NoteUpdatedBy": ["Note", "UpdatedBy"],
        "ProcessName": ["Process", "Name"], "ProcessPath": ["Process", "Path"], "ProcessPid": ["Process", "Pid"],
        "RelatedFindingsId": ["RelatedFindings", "Id"],
        "RelatedFindingsProductArn": ["RelatedFindings", "ProductArn"],
        "FindingProviderFieldsSeverityLabel": ["FindingProviderFields", "Severity", "Label"],
        "FindingProviderFieldsSeverityOriginal": ["FindingProviderFields", "Severity", "Original"],
        "FindingProviderFieldsTypes": ["FindingProviderFields", "Types"],
        "FindingProviderFieldsConfidence": ["FindingProviderFields", "Confidence"],
        "FindingProviderFieldsCriticality": ["FindingProviderFields", "Criticality"],
    ]

    private static let topLevel: Set<String> = [
        "ProductArn", "AwsAccountId", "AwsAccountName", "Id", "GeneratorId", "Region", "FirstObservedAt",
        "LastObservedAt", "CreatedAt", "UpdatedAt", "Confidence", "Criticality", "Title", "Description",
        "RecommendationText", "SourceUrl", "ProductName", "CompanyName", "VerificationState", "WorkflowState",
        "RecordState", "Sample",
    ]

    static func isKnown(_ name: String) -> Bool {
        maps[name] != nil || paths[name] != nil || topLevel.contains(name)
    }

    static func values(_ finding: JSONValue, _ name: String, _ condition: JSONValue) -> [JSONValue] {
        guard let map = maps[name] else { return JSONValues.at(finding, paths[name] ?? [name]) }
        return JSONValues.at(finding, map).compactMap { $0[condition["Key"]?.string ?? ""] }
    }
}
