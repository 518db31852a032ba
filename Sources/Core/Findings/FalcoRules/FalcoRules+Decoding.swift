internal import Settings
package import Vocabulary

extension FalcoRules {
    private static let keys = [
        "severity", "company", "cluster", "account", "fields", "remediation", "identity", "ignore", "internalEvents",
    ]

    /// What becomes of Falco's own events.
    private enum InternalEvents: String, CaseIterable {
        case drop
        case `import`
    }

    /// Reads a `mapping` document.
    ///
    /// - Returns: the rules, unless one of the diagnostics is an error.
    package static func decode(_ node: DocumentNode) -> (rules: FalcoRules?, diagnostics: [Diagnostic]) {
        var reader = SettingsReader()
        let rules = rules(node, &reader)
        return (reader.isClean ? rules : nil, reader.diagnostics)
    }

    private static func rules(_ node: DocumentNode, _ reader: inout SettingsReader) -> FalcoRules? {
        guard let root = reader.section(node, "the mapping", keys: keys) else { return nil }
        let severity = root["severity"].flatMap {
            reader.section($0, "“severity”", keys: ["profile", "rules", "tags"])
        }
        let cluster = root["cluster"].flatMap { reader.section($0, "“cluster”", keys: ["field", "logGroups"]) }
        let account = root["account"].flatMap { reader.section($0, "“account”", keys: ["logGroups"]) }
        let fields = root["fields"].flatMap { reader.section($0, "“fields”", keys: ["include", "exclude"]) }
        return FalcoRules(
            severityProfile: severity?["profile"].flatMap {
                reader.choice($0, "“profile”", of: SeverityProfile.self)
            } ?? .recommended,
            severityByRule: labels(severity?["rules"], "“rules”", &reader),
            severityByTag: labels(severity?["tags"], "“tags”", &reader),
            company: root["company"].flatMap { reader.text($0, "“company”", limit: 128) } ?? "Falco",
            clusterField: cluster?["field"].flatMap { reader.text($0, "“field”", limit: 128) } ?? "cluster",
            clusterByLogGroup: named(cluster?["logGroups"], "“logGroups”", &reader) { node, what, reader in
                guard let text = reader.text(node, what) else { return nil }
                if ClusterName.isValid(text) { return text }
                reader.refuse(node, what, needs: "the name or the ARN of an EKS cluster")
                return nil
            },
            accountByLogGroup: named(account?["logGroups"], "“logGroups”", &reader) { node, what, reader in
                reader.name(node, what, AccountID.self)
            },
            includedFields: patterns(fields?["include"], "“include”", &reader),
            excludedFields: patterns(fields?["exclude"], "“exclude”", &reader),
            remediation: named(root["remediation"], "“remediation”", &reader, remediation),
            identity: named(root["identity"], "“identity”", &reader) { node, what, reader in
                let fields = reader.texts(node, what)
                if fields.isEmpty {
                    reader.refuse(node, what, needs: "a list of output fields, such as [k8s.pod.name]")
                }
                return fields
            },
            ignored: patterns(root["ignore"], "“ignore”", &reader),
            importsInternalEvents: root["internalEvents"].flatMap {
                reader.choice($0, "“internalEvents”", of: InternalEvents.self)
            } == .import
        )
    }

    private typealias Reading<Value> = (DocumentNode, String, inout SettingsReader) -> Value?

    private static func named<Value: Sendable & Hashable>(
        _ node: DocumentNode?,
        _ what: String,
        _ reader: inout SettingsReader,
        _ read: Reading<Value>
    ) -> NamedValues<Value> {
        guard let node else { return NamedValues() }
        var pairs: [(String, Value)] = []
        for (key, value) in reader.entries(node, what) {
            if let read = read(value, "“\(key.prefix(80))”", &reader) { pairs.append((key, read)) }
        }
        return NamedValues(pairs)
    }

    private static func labels(
        _ node: DocumentNode?,
        _ what: String,
        _ reader: inout SettingsReader
    ) -> NamedValues<SeverityLabel> {
        named(node, what, &reader) { node, what, reader in reader.choice(node, what, of: SeverityLabel.self) }
    }

    private static func patterns(
        _ node: DocumentNode?,
        _ what: String,
        _ reader: inout SettingsReader
    ) -> [NamePattern] {
        node.map { reader.texts($0, what) }?.map(NamePattern.init) ?? []
    }

    private static func remediation(
        _ node: DocumentNode,
        _ what: String,
        _ reader: inout SettingsReader
    ) -> Remediation? {
        guard let section = reader.section(node, what, keys: ["text", "url"]) else { return nil }
        let text = section["text"].flatMap { reader.text($0, "“text”", limit: 512) }
        let url = section["url"].flatMap { node -> String? in
            guard let url = reader.text(node, "“url”") else { return nil }
            if url.hasPrefix("https://") || url.hasPrefix("http://") { return url }
            reader.refuse(node, "“url”", needs: "an address that begins with https://")
            return nil
        }
        if text == nil, url == nil, reader.isClean { reader.refuse(node, what, needs: "a “text”, a “url” or both") }
        return Remediation(text: text, url: url)
    }
}
