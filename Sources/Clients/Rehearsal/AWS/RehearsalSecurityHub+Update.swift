import Vocabulary

extension RehearsalSecurityHub {
    /// Changes what a customer may change; UpdatedAt never moves.
    mutating func update(_ body: JSONValue, now: Timestamp) throws(RehearsalRefusal) -> JSONValue {
        try FindingUpdateCheck.check(body)
        var changes = body.object ?? JSONObject()
        changes["FindingIdentifiers"] = nil
        var processed: [JSONValue] = []
        var unprocessed: [JSONValue] = []
        var seen: Set<Key> = []
        for identifier in body["FindingIdentifiers"]?.array ?? [] {
            guard let key = Self.key(identifier) else { continue }
            let code = seen.insert(key).inserted ? apply(changes, to: key, now: now) : "DuplicatedFindingIdentifier"
            if let code {
                unprocessed.append([
                    "FindingIdentifier": identifier, "ErrorCode": .string(code),
                    "ErrorMessage": .string(Self.messages[code] ?? ""),
                ])
            } else {
                processed.append(identifier)
            }
        }
        return ["ProcessedFindings": .array(processed), "UnprocessedFindings": .array(unprocessed)]
    }

    private static let messages = [
        "FindingNotFound": "Finding Not Found", "DuplicatedFindingIdentifier": "Finding Identifier is duplicated",
        "FindingSizeExceeded": "Finding size exceeds the limit of 240 KB",
    ]

    /// The error code, or nil when the finding was changed.
    private mutating func apply(_ changes: JSONObject, to key: Key, now: Timestamp) -> String? {
        guard var finding = findings[key] else { return "FindingNotFound" }
        for member in changes {
            switch member.key {
            case "Note":
                var note = member.value.object ?? JSONObject()
                note["UpdatedAt"] = .string(now.text(fractionDigits: 3))
                finding.document["Note"] = .object(note)
            case "Severity":
                finding.document["Severity"] = Self.overruled(finding.document["Severity"], by: member.value)
            default: finding.document[member.key] = member.value
            }
            if RehearsalFinding.providerFields.contains(member.key) { finding.customerUpdated.insert(member.key) }
        }
        guard JSONWriter.compact(.object(finding.document)).utf8.count <= FindingCheck.sizeLimit else {
            return "FindingSizeExceeded"
        }
        findings[key] = finding
        return nil
    }

    /// A new Label or Normalized drops the other one; Original and Product stay.
    private static func overruled(_ before: JSONValue?, by update: JSONValue) -> JSONValue {
        var members = before?.object ?? JSONObject()
        if update["Label"] != nil || update["Normalized"] != nil {
            members["Label"] = nil
            members["Normalized"] = nil
        }
        for member in update.object ?? JSONObject() { members[member.key] = member.value }
        return FindingSeverity.full(.object(members))
    }
}
