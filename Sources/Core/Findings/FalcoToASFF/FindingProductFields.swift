internal import Vocabulary

/// The product fields of a finding: what rules of playbooks read, and the alert's own fields in a ranked order.
enum FindingProductFields {
    static let limit = 50
    static let prefix = "falco/field/"

    static func fields(of alert: FalcoAlert, in context: FalcoContext, count: Int) -> JSONObject {
        var fields = JSONObject()
        func add(_ key: String, _ text: String?) {
            guard fields.count < limit, let text = text.flatMap({ FittedText.fit($0, 2_048) }) else { return }
            fields[key] = .string(text)
        }
        add("falco/source", alert.source)
        add("falco/rule", alert.title)
        add("falco/priority", alert.priority.rawValue)
        add("falco/eventTime", (alert.time ?? context.receivedAt).text(fractionDigits: 9))
        if alert.timeOrigin != .alert { add("falco/timeOrigin", alert.timeOrigin.rawValue) }
        add("falco/eventFingerprint", context.hex(alert.original, digits: 32))
        add("falco/count", String(count))
        add("ProviderName", "Falco")
        add("falco/tags", alert.tags.joined(separator: ","))
        add("falco/hostname", alert.hostname)
        for name in ranked(alert.fields) where fields.count < limit && isKey(name) && context.rules.showsField(name) {
            add(prefix + name, FalcoReading.text(alert.fields[name]).map { masked(FittedText.head($0), name) })
        }
        return fields
    }

    /// ASFF: keys of at most 127 characters that are not blank.
    private static func isKey(_ name: String) -> Bool {
        let count = name.unicodeScalars.count
        return count > 0 && count + prefix.unicodeScalars.count < 128 && FittedText.fit(name, 128) == name
    }

    private static func ranked(_ fields: JSONObject) -> [String] {
        let first = leading.filter { fields.contains($0) }
        let rest = fields.keys.filter { !leading.contains($0) }
        return first + rest.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// A field whose own name tells is masked whole; others word by word.
    static func masked(_ text: String, _ name: String) -> String {
        let probe = SecretMask.masked("\(name)=\(text)")
        return probe.hasPrefix("\(name)=") ? String(probe.dropFirst(name.count + 1)) : SecretMask.masked(text)
    }

    /// What identifies the subject and the deed comes before all else.
    private static let leading = [
        "container.id", "container.name", "container.image.repository", "container.image.tag",
        "container.image.digest", "k8s.ns.name", "k8s.pod.name", "k8s.pod.uid", "k8s.node.name", "proc.name",
        "proc.exepath", "proc.cmdline", "proc.pid", "proc.pname", "proc.pcmdline", "proc.ppid", "user.name", "user.uid",
        "user.loginuid", "fd.name", "fd.type", "fd.l4proto", "fd.lport", "fd.rport", "fd.sip", "evt.type", "evt.time",
        "ka.user.name", "ka.verb", "ka.target.resource", "ka.target.namespace", "ka.target.name",
        "ka.target.subresource", "ka.sourceips", "ct.name", "ct.user", "ct.user.arn", "ct.srcip", "ct.region",
    ]
}
