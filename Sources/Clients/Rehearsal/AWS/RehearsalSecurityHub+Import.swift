import Vocabulary

extension RehearsalSecurityHub {
    mutating func importFindings(
        _ body: JSONValue,
        size: Int,
        now: Timestamp
    ) throws(RehearsalRefusal) -> JSONValue {
        guard size <= 6 << 20 else { throw Self.invalid("the batch has \(size) bytes, at most \(6 << 20)") }
        guard let sent = body["Findings"]?.array, !sent.isEmpty else {
            throw Self.invalid("Invalid parameter 'Findings'. At least one finding is needed.")
        }
        guard sent.count <= 100 else {
            throw Self.invalid(
                "Invalid parameter 'Findings'. Size '\(sent.count)' is greater than maximum value: 100."
            )
        }
        for finding in sent { try refuseForeign(finding) }
        var failed: [JSONValue] = []
        for finding in sent {
            guard let failure = importOne(finding, now: now) else { continue }
            failed.append([
                "Id": .string(finding["Id"]?.string ?? "unknown"), "ErrorCode": .string(failure.code),
                "ErrorMessage": .string(failure.message),
            ])
        }
        return [
            "FailedCount": .integer(Int64(failed.count)),
            "SuccessCount": .integer(Int64(sent.count - failed.count)), "FailedFindings": .array(failed),
        ]
    }

    /// A finding or a default product of another account refuses the whole call.
    private func refuseForeign(_ finding: JSONValue) throws(RehearsalRefusal) {
        let arn = finding["ProductArn"]?.string ?? ""
        let owner = finding["AwsAccountId"]?.string.flatMap(AccountID.init(rawValue:))
        var isForeign = owner.map { $0 != account } ?? false
        if let product = ARN(arn), product.service == "securityhub", product.resource.hasSuffix("/default") {
            let parts = product.resource.split(separator: "/")
            if parts.count == 3 {
                isForeign = isForeign || product.account != account.rawValue || parts[1] != account.rawValue
            }
        }
        guard isForeign else { return }
        throw RehearsalRefusal(
            "AccessDeniedException",
            "User: arn:\(region.partition):iam::\(account):root is not authorized to perform: "
                + "securityhub:BatchImportFindings on resource: \(arn.prefix(512))",
            status: 403
        )
    }

    private mutating func importOne(_ sent: JSONValue, now: Timestamp) -> RehearsalRefusal? {
        if let problem = FindingCheck.problem(of: sent, in: region) {
            let code = problem.isSize ? "FindingSizeExceeded" : "InvalidInput"
            return RehearsalRefusal(code, problem.message)
        }
        guard let key = Self.key(sent), let object = sent.object else {
            return RehearsalRefusal("InvalidInput", "Finding does not adhere to Amazon Finding Format")
        }
        let stored = findings[key]
        if let stored, !Self.isNewer(object, than: stored.document) { return nil }
        store(imported(object, over: stored, now: now), at: key)
        return nil
    }

    private static func isNewer(_ sent: JSONObject, than stored: JSONObject) -> Bool {
        guard let new = sent["UpdatedAt"]?.string.flatMap(Timestamp.init(_:)),
            let old = stored["UpdatedAt"]?.string.flatMap(Timestamp.init(_:))
        else { return true }
        return new > old
    }

    private func imported(_ sent: JSONObject, over stored: RehearsalFinding?, now: Timestamp) -> RehearsalFinding {
        var finding = stored ?? RehearsalFinding(Self.created(sent), customerUpdated: [])
        if let stored {
            for member in sent
            where !RehearsalFinding.providerFields.contains(member.key)
                && !RehearsalFinding.customerOnly.contains(member.key)
                && member.key != "FindingProviderFields"
            {
                finding.document[member.key] = member.value
            }
            finding.resetWorkflow(since: stored.document)
        }
        finding.document["Region"] = .string(region.rawValue)
        finding.document["ProcessedAt"] = .string(now.text(fractionDigits: 3))
        Self.addProduct(to: &finding.document)
        Self.provide(sent, to: &finding, isNew: stored == nil)
        return finding
    }

    private static func created(_ sent: JSONObject) -> JSONObject {
        var document = JSONObject()
        for member in sent where !RehearsalFinding.providerFields.contains(member.key) {
            document[member.key] = member.value
        }
        document["FindingProviderFields"] = .object([:])
        for (name, value) in Self.defaults where document[name] == nil { document[name] = value }
        return document
    }

    private static let defaults: [(String, JSONValue)] = [
        ("RecordState", "ACTIVE"), ("Workflow", ["Status": "NEW"]), ("WorkflowState", "NEW"),
    ]

    /// FindingProviderFields win over the top level; what a customer updated stays as it is.
    private static func provide(_ sent: JSONObject, to finding: inout RehearsalFinding, isNew: Bool) {
        var provided = finding.document["FindingProviderFields"]?.object ?? JSONObject()
        for name in RehearsalFinding.providerFields {
            var chosen = sent["FindingProviderFields"]?[name] ?? sent[name]
            if name == "Severity", isNew, chosen == nil { chosen = ["Label": "INFORMATIONAL"] }
            guard let chosen else { continue }
            guard name == "Severity" else {
                provided[name] = chosen
                if !finding.customerUpdated.contains(name) { finding.document[name] = chosen }
                continue
            }
            let complete = chosen["Label"] == nil && chosen["Normalized"] != nil ? FindingSeverity.full(chosen) : chosen
            let word = FindingSeverity.provider(complete, before: provided[name])
            provided[name] = word
            guard !finding.customerUpdated.contains(name) else { continue }
            var severity = FindingSeverity.full(word).object ?? JSONObject()
            if let product = sent[name]?["Product"] { severity["Product"] = product }
            finding.document[name] = .object(severity)
        }
        finding.document["FindingProviderFields"] = .object(provided)
    }

    private static func addProduct(to document: inout JSONObject) {
        let arn = document["ProductArn"]?.string ?? ""
        let id = document["Id"]?.string ?? ""
        let parts = (ARN(arn)?.resource ?? arn).split(separator: "/").map(String.init)
        var (company, product) = (parts.dropFirst().first ?? "", parts.dropFirst(2).joined(separator: "/"))
        if product == "default" { (company, product) = ("Personal", "Default") }
        var fields = document["ProductFields"]?.object ?? JSONObject()
        fields["aws/securityhub/FindingId"] = .string("\(arn)/\(id)")
        fields["aws/securityhub/ProductName"] = .string(product)
        fields["aws/securityhub/CompanyName"] = .string(company)
        document["ProductFields"] = .object(fields)
        if document["ProductName"] == nil { document["ProductName"] = .string(product) }
        if document["CompanyName"] == nil { document["CompanyName"] = .string(company) }
    }
}
