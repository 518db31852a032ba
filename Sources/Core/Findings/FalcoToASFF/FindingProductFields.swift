internal import Vocabulary

/// The product fields of a finding: what rules of playbooks read, and the alert's own fields in a ranked order.
struct FindingProductFields {
    static let limit = 50
    static let prefix = "falco/field/"

    private var count = 0

    static func add(of alert: FalcoAlert, in context: FalcoContext, count: Int, to text: inout JSONText) {
        var builder = FindingProductFields()
        text.beginObject("ProductFields")
        builder.addFacts(alert, context, repeats: count, to: &text)
        builder.addFields(alert, context.rules, to: &text)
        text.endObject()
    }

    private mutating func add(_ key: String, _ value: String?, to text: inout JSONText) {
        guard count < Self.limit, let value, let fitted = FittedText.fit(value, 2_048) else { return }
        text.add(key, fitted)
        count += 1
    }

    private mutating func addFacts(
        _ alert: FalcoAlert,
        _ context: FalcoContext,
        repeats: Int,
        to text: inout JSONText
    ) {
        add("falco/source", alert.source, to: &text)
        add("falco/rule", alert.title, to: &text)
        add("falco/priority", alert.priority.rawValue, to: &text)
        add("falco/eventTime", (alert.time ?? context.receivedAt).text(fractionDigits: 9), to: &text)
        if alert.timeOrigin != .alert { add("falco/timeOrigin", alert.timeOrigin.rawValue, to: &text) }
        add("falco/eventFingerprint", context.hex(alert.original, digits: 32), to: &text)
        add("falco/count", String(repeats), to: &text)
        add("ProviderName", "Falco", to: &text)
        add("falco/tags", alert.tags.joined(separator: ","), to: &text)
        add("falco/hostname", alert.hostname, to: &text)
    }

    /// The ranked fields, then the others by their names.
    private mutating func addFields(_ alert: FalcoAlert, _ rules: FalcoRules, to text: inout JSONText) {
        for known in Self.leading {
            guard count < Self.limit, let value = alert.text(known.field), rules.showsField(known.field.name) else {
                continue
            }
            add(known.key, Self.masked(FittedText.head(value), after: known.start, known.field.name), to: &text)
        }
        let others = alert.places.others.map { alert.fields.members[$0] }
        for member in others.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            guard count < Self.limit, Self.isKey(member.key), rules.showsField(member.key),
                let value = FalcoReading.text(member.value)
            else { continue }
            let start = QuietText(before: member.key)
            let masked = Self.masked(FittedText.head(value), after: start, member.key)
            add(Self.prefix + member.key, masked, to: &text)
        }
    }

    private static let leading = FalcoField.leading.map {
        (field: $0, key: prefix + $0.name, start: QuietText(before: $0.name))
    }

    /// ASFF: keys of at most 127 characters that are not blank.
    private static func isKey(_ name: String) -> Bool {
        let count = name.unicodeScalars.count
        return count > 0 && count + prefix.unicodeScalars.count < 128 && FittedText.fit(name, 128) == name
    }

    static func masked(_ text: String, _ name: String) -> String { masked(text, after: QuietText(before: name), name) }

    /// A field whose own name tells is masked whole; others word by word.
    ///
    /// `start` is what the name says of the word that it begins.
    private static func masked(_ text: String, after start: QuietText, _ name: String) -> String {
        if start.isQuiet(with: text.utf8.span) { return text }
        let probe = SecretMask.masked("\(name)=\(text)")
        return probe.hasPrefix("\(name)=") ? String(probe.dropFirst(name.count + 1)) : SecretMask.masked(text)
    }
}
