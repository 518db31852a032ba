package import Vocabulary

/// From a Falco alert to an ASFF finding that BatchImportFindings takes.
///
/// Never touches Workflow, Note or UserDefinedFields: they belong to people and to BatchUpdateFindings.
package enum FalcoMapping {
    /// What one finding may weigh in UTF-8.
    package static let byteLimit = 240 * 1_024

    /// The finding of an alert.
    ///
    /// - Throws: `FalcoFault.unmappable` when even the smallest finding would be too large.
    package static func finding(_ alert: FalcoAlert, in context: FalcoContext) throws(FalcoFault) -> JSONValue {
        let repeats = AlertRepeats(at: alert.time ?? context.receivedAt)
        return try finding(alert, in: context, id: FindingIdentity.id(of: alert, in: context), repeats)
    }

    /// The finding of alerts that were folded into one.
    ///
    /// - Throws: `FalcoFault.unmappable` when even the smallest finding would be too large.
    package static func finding(_ folded: FoldedAlert) throws(FalcoFault) -> JSONValue {
        try finding(folded.alert, in: folded.context, id: folded.id, folded.repeats)
    }

    private static func finding(
        _ alert: FalcoAlert,
        in context: FalcoContext,
        id: String,
        _ repeats: AlertRepeats
    ) throws(FalcoFault) -> JSONValue {
        var finding: JSONObject = [
            "SchemaVersion": "2018-10-08",
            "Id": .string(id),
            "ProductArn": .string(productARN(context)),
            "ProductName": "Falco",
            "CompanyName": .string(FittedText.fit(context.rules.company, 128) ?? "Falco"),
            "GeneratorId": .string(FittedText.fit("falco/\(alert.source)/\(alert.title)", 512) ?? "falco"),
            "AwsAccountId": .string(context.account.rawValue),
            "CreatedAt": .string(repeats.first.description),
            "UpdatedAt": .string(repeats.updatedAt.description),
            "FirstObservedAt": .string(repeats.first.description),
            "LastObservedAt": .string(repeats.last.description),
            "Title": .string(title(alert)),
            "Description": .string(description(alert)),
            "FindingProviderFields": providerFields(alert, context.rules),
            "Resources": FindingResources.resources(of: alert, in: context),
            "ProductFields": .object(FindingProductFields.fields(of: alert, in: context, count: repeats.count)),
            "RecordState": "ACTIVE",
        ]
        finding["Remediation"] = remediation(alert, context.rules)
        if alert.source == "syscall" {
            finding["Process"] = process(alert)
            finding["Action"] = FalcoConnection(alert)?.action
            finding["Malware"] = malware(alert)
        }
        return try FindingSize.fitted(finding)
    }

    static func productARN(_ context: FalcoContext) -> String {
        let (region, account) = (context.region, context.account)
        return "arn:\(region.partition):securityhub:\(region):\(account):product/\(account)/default"
    }

    private static func title(_ alert: FalcoAlert) -> String {
        FittedText.fit(alert.title, 256) ?? "Falco alert without a rule name"
    }

    private static func description(_ alert: FalcoAlert) -> String {
        let text = alert.output.map { SecretMask.masked(FittedText.head($0)) } ?? alert.title
        return FittedText.fit(text, 1_024) ?? title(alert)
    }

    private static func providerFields(_ alert: FalcoAlert, _ rules: FalcoRules) -> JSONValue {
        [
            "Severity": [
                "Label": .string(rules.severity(of: alert).rawValue), "Original": .string(alert.priority.rawValue),
            ],
            "Types": .array(FindingTypes.types(of: alert).compactMap { FittedText.fit($0, 256) }.map(JSONValue.string)),
        ]
    }

    private static func remediation(_ alert: FalcoAlert, _ rules: FalcoRules) -> JSONValue? {
        guard let remedy = rules.remediation[alert.rule] else { return nil }
        var recommendation = JSONObject()
        recommendation["Text"] = remedy.text.flatMap { FittedText.fit($0, 512) }.map(JSONValue.string)
        recommendation["Url"] = remedy.url.map(JSONValue.string)
        return recommendation.isEmpty ? nil : ["Recommendation": .object(recommendation)]
    }

    private static func process(_ alert: FalcoAlert) -> JSONValue? {
        var process = JSONObject()
        process["Name"] = alert.process.flatMap { FittedText.fit($0, 64) }.map(JSONValue.string)
        process["Path"] = alert.processPath.flatMap { FittedText.fit($0, 512) }.map(JSONValue.string)
        process["Pid"] = processNumber(alert, "proc.pid")
        process["ParentPid"] = processNumber(alert, "proc.ppid")
        if let start = alert.integer("proc.pid.ts"), start >= 100_000_000_000_000_000 {
            process["LaunchedAt"] = .string(Timestamp(nanoseconds: start).description)
        }
        return process.isEmpty ? nil : .object(process)
    }

    private static func processNumber(_ alert: FalcoAlert, _ name: String) -> JSONValue? {
        alert.integer(name).flatMap { (1...Int64(Int32.max)).contains($0) ? .integer($0) : nil }
    }

    /// Only for rules about miners: other rules see behaviour, not a known piece of malware.
    private static func malware(_ alert: FalcoAlert) -> JSONValue? {
        guard alert.mitre.techniques.contains(where: { $0.hasPrefix("T1496") }),
            alert.rule.lowercased().contains("miner"), let name = alert.process.flatMap({ FittedText.fit($0, 64) })
        else { return nil }
        var malware: JSONObject = ["Name": .string(name), "Type": "COIN_MINER", "State": "OBSERVED"]
        malware["Path"] = alert.processPath.flatMap { FittedText.fit($0, 512) }.map(JSONValue.string)
        return .array([.object(malware)])
    }
}
