internal import Vocabulary

extension Finding {
    /// The finding with secrets masked in what quotes a workload: command lines, outputs, fields of products.
    ///
    /// Names, ids and states stay as they are. A finding that does not read any more after masking stays whole.
    package var redacted: Finding {
        guard var members = document.object else { return self }
        for key in Self.quoting {
            guard let value = members[key] else { continue }
            members[key] = Self.masked(value)
        }
        if schema == .ocsf, var info = members["finding_info"]?.object {
            if let text = info["desc"] { info["desc"] = Self.masked(text) }
            members["finding_info"] = .object(info)
        }
        return (try? Finding(.object(members))) ?? self
    }

    private static let quoting = [
        "Description", "ProductFields", "UserDefinedFields", "Process", "Note", "Threats", "message", "unmapped",
        "evidences", "process", "raw_data",
    ]

    private static func masked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(SecretMask.masked(text))
        case .array(let items): .array(items.map(masked))
        case .object(let members): .object(JSONObject(members.map { ($0.key, masked($0.value)) }))
        case .null, .bool, .integer, .unsigned, .double: value
        }
    }
}
