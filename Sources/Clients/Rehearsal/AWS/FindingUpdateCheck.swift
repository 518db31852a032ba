import Vocabulary

/// What Security Hub checks of a BatchUpdateFindings before it looks at any finding: one wrong value refuses all.
enum FindingUpdateCheck {
    static func check(_ body: JSONValue) throws(RehearsalRefusal) {
        let members = body.object ?? JSONObject()
        try checkIdentifiers(members["FindingIdentifiers"])
        for member in members where member.key != "FindingIdentifiers" { try check(member.key, member.value) }
        guard members.count > 1 else { throw RehearsalSecurityHub.invalid("At least one field to update is needed") }
    }

    private static func checkIdentifiers(_ value: JSONValue?) throws(RehearsalRefusal) {
        guard let identifiers = value?.array, !identifiers.isEmpty else {
            throw wrong("FindingIdentifiers", "is needed")
        }
        guard identifiers.count <= 100 else {
            throw wrong("FindingIdentifiers", "Size '\(identifiers.count)' is greater than maximum value: 100")
        }
        for identifier in identifiers {
            try onlyMembers(["Id", "ProductArn"], of: identifier, "FindingIdentifiers")
            guard RehearsalSecurityHub.key(identifier) != nil else {
                throw wrong("FindingIdentifiers", "needs Id and ProductArn")
            }
        }
    }

    private static func check(_ name: String, _ value: JSONValue) throws(RehearsalRefusal) {
        switch name {
        case "Note":
            try onlyMembers(["Text", "UpdatedBy"], of: value, name)
            try text(value["Text"], "Note.Text", atMost: 512)
            try text(value["UpdatedBy"], "Note.UpdatedBy", atMost: 512)
        case "UserDefinedFields": try fields(value)
        case "Workflow":
            try onlyMembers(["Status"], of: value, name)
            try word(value["Status"], "Workflow.Status", ["NEW", "NOTIFIED", "RESOLVED", "SUPPRESSED"])
        case "VerificationState":
            try word(value, name, ["UNKNOWN", "TRUE_POSITIVE", "FALSE_POSITIVE", "BENIGN_POSITIVE"])
        case "Severity":
            try onlyMembers(["Label", "Normalized", "Product"], of: value, name)
            if let label = value["Label"] { try word(label, "Severity.Label", FindingSeverity.labels) }
            if let number = value["Normalized"] { try ratio(number, "Severity.Normalized") }
        case "Confidence", "Criticality": try ratio(value, name)
        case "Types", "RelatedFindings":
            guard let list = value.array, list.count <= 50 else { throw wrong(name, "must be a list of at most 50") }
        default: throw RehearsalSecurityHub.invalid("Unknown parameter: \(name.prefix(100))")
        }
    }

    private static func fields(_ value: JSONValue) throws(RehearsalRefusal) {
        guard let object = value.object, object.count <= 50 else {
            throw wrong("UserDefinedFields", "must be an object of at most 50 pairs")
        }
        for member in object {
            try text(.string(member.key), "UserDefinedFields key", atMost: 128)
            try text(member.value, "UserDefinedFields.\(member.key.prefix(128))", atMost: 1_024)
        }
    }

    private static func text(_ value: JSONValue?, _ name: String, atMost limit: Int) throws(RehearsalRefusal) {
        guard let text = value?.nonBlank else { throw wrong(name, "must be a string that is not blank") }
        guard text.unicodeScalars.count <= limit else { throw wrong(name, "is longer than \(limit) characters") }
    }

    private static func word(_ value: JSONValue?, _ name: String, _ words: [String]) throws(RehearsalRefusal) {
        guard let text = value?.string, words.contains(text) else {
            throw wrong(name, "must be one of \(words.joined(separator: ", "))")
        }
    }

    private static func ratio(_ value: JSONValue, _ name: String) throws(RehearsalRefusal) {
        guard let number = value.integer, (0...100).contains(number) else { throw wrong(name, "must be 0 to 100") }
    }

    private static func onlyMembers(
        _ known: Set<String>,
        of value: JSONValue,
        _ name: String
    ) throws(RehearsalRefusal) {
        guard let object = value.object else { throw wrong(name, "must be an object") }
        if let stray = object.keys.first(where: { !known.contains($0) }) {
            throw wrong(name, "has no member \(stray.prefix(100))")
        }
    }

    private static func wrong(_ name: String, _ message: String) -> RehearsalRefusal {
        RehearsalSecurityHub.invalid("Invalid parameter \(name): \(message)")
    }
}
