internal import Vocabulary

extension StatusAnswer {
    /// Options in a query that do not go together.
    static func invalidOptions(_ kind: String, _ cause: Cause) -> StatusAnswer {
        let message = "\(kind).meta.k8s.io \"\" is invalid: \(cause.field ?? ""): \(cause.message)"
        let details: JSONObject = [
            "group": "meta.k8s.io", "kind": .string(kind), "causes": causes([cause]),
        ]
        return StatusAnswer(422, "Invalid", message, details: details)
    }

    /// An object that validation refuses.
    static func invalid(_ served: ServedResource, _ name: String, _ list: [Cause]) -> StatusAnswer {
        let sentences = list.map { "\($0.field ?? "<nil>"): \($0.message)" }
        var unique: [String] = []
        for sentence in sentences where !unique.contains(sentence) { unique.append(sentence) }
        let joined = unique.joined(separator: ", ")
        let text = unique.count == 1 ? joined : "[\(joined)]"
        var details = served.details(name, asKind: true)
        details["causes"] = causes(list)
        return StatusAnswer(422, "Invalid", "\(served.qualifiedKind) \"\(name)\" is invalid: \(text)", details: details)
    }

    /// A patch whose result does not decode; a real server quotes the whole object here, we do not.
    static func undecodablePatch(_ why: String) -> StatusAnswer {
        let cause = Cause("FieldValueInvalid", "Invalid value: \"‹object›\": \(why)", field: "patch")
        return StatusAnswer(
            422,
            "Invalid",
            " \"\" is invalid: patch: \(cause.message)",
            details: ["causes": causes([cause])]
        )
    }

    static func conflict(_ subject: String, _ details: JSONObject, _ why: String) -> StatusAnswer {
        StatusAnswer(409, "Conflict", "Operation cannot be fulfilled on \(subject): \(why)", details: details)
    }

    /// A stale resourceVersion.
    static func stale(_ served: ServedResource, _ name: String) -> StatusAnswer {
        let why = "the object has been modified; please apply your changes to the latest version and try again"
        return conflict("\(served.qualified) \"\(name)\"", served.details(name), why)
    }
}
