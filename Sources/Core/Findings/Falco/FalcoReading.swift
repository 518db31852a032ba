internal import Vocabulary

/// Reads the members of an alert that come in many shapes.
struct FalcoReading {
    let document: JSONValue
    let fields: JSONObject

    init(_ document: JSONValue) {
        self.document = document
        fields = document["output_fields"]?.object ?? JSONObject()
    }

    // MARK: - Texts

    static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text)?: given(text)
        case .bool(let flag)?: flag ? "true" : "false"
        case .integer(let number)?: String(number)
        case .unsigned(let number)?: String(number)
        case .double, .array, .object: value.map(JSONWriter.compact)
        case .null?, nil: nil
        }
    }

    /// Falco writes `<NA>` in texts for what it does not know; audit events write `N/A`.
    private static func given(_ text: String) -> String? {
        let isNothing = text.isBlank || text == "<NA>" || text == "N/A"
        return isNothing ? nil : text
    }

    // MARK: - Source

    var source: String {
        guard let named = document["source"]?.nonBlank?.lowercased() else { return inferredSource }
        return named == "syscalls" ? "syscall" : named
    }

    private var inferredSource: String {
        let prefixes = [
            ("ka.", "k8s_audit"), ("ct.", "aws_cloudtrail"), ("okta.", "okta"), ("github.", "github"),
            ("gcp.", "gcp_auditlog"),
        ]
        for (prefix, source) in prefixes where fields.contains(where: { $0.key.hasPrefix(prefix) }) { return source }
        return "syscall"
    }

    // MARK: - Time

    var time: (Timestamp?, FalcoAlert.TimeOrigin) {
        if let time = Self.time(document["time"]) { return (time, .alert) }
        for name in ["evt.time", "evt.time.iso8601", "evt.rawtime"] {
            if let time = Self.eventTime(fields[name]) { return (time, .eventTime) }
        }
        return (nil, .receiver)
    }

    /// RFC 3339, or seconds and nanoseconds as gRPC's JSON has them.
    private static func time(_ value: JSONValue?) -> Timestamp? {
        if let text = value?.string { return Timestamp(text) }
        guard let seconds = integer(value?["seconds"]) else { return nil }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(integer(value?["nanos"]) ?? 0)
        return overflow || carry ? nil : Timestamp(nanoseconds: sum)
    }

    /// Nanoseconds since 1970.
    ///
    /// Smaller numbers are in another unit: guessing would move the event by years.
    private static func eventTime(_ value: JSONValue?) -> Timestamp? {
        if let nanoseconds = integer(value) {
            return nanoseconds >= 100_000_000_000_000_000 ? Timestamp(nanoseconds: nanoseconds) : nil
        }
        return value?.string.flatMap { Timestamp($0) }
    }

    static func integer(_ value: JSONValue?) -> Int64? {
        value?.integer ?? value?.string.flatMap { Int64($0) }
    }

    // MARK: - Tags

    /// A list, or one string after some shippers: separated by commas or blanks, perhaps in brackets.
    var tags: [String] {
        if let list = document["tags"]?.array { return list.compactMap(\.nonBlank) }
        guard let text = document["tags"]?.nonBlank else { return [] }
        var tags: [String] = []
        for part in text.split(whereSeparator: { ", []\t\n\"".contains($0) }) { tags.append(String(part)) }
        return tags
    }
}
