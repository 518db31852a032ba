package import Vocabulary

/// Maps the alerts of one context: what their findings have in common is made once.
package struct FalcoMapper {
    private let context: FalcoContext
    private let common: FindingCommons

    package init(_ context: FalcoContext) {
        self.context = context
        common = FindingCommons(context)
    }

    /// The finding of an alert.
    ///
    /// - Throws: `FalcoFault.unmappable` when even the smallest finding would be too large.
    package func finding(_ alert: FalcoAlert) throws(FalcoFault) -> JSONValue {
        var text = JSONText()
        try append(alert, to: &text)
        return try FindingSize.document(text.finish())
    }

    /// The finding of alerts of this context that were folded into one.
    ///
    /// - Throws: `FalcoFault.unmappable` when even the smallest finding would be too large.
    package func finding(_ folded: FoldedAlert) throws(FalcoFault) -> JSONValue {
        var text = JSONText()
        try append(folded, to: &text)
        return try FindingSize.document(text.finish())
    }

    /// Appends the compact text of an alert's finding, which is the quickest way to it.
    ///
    /// - Throws: `FalcoFault.unmappable` when even the smallest finding would be too large; nothing was appended then.
    package func append(_ alert: FalcoAlert, to text: inout JSONText) throws(FalcoFault) {
        try append(alert, id: nil, AlertRepeats(at: alert.time ?? context.receivedAt), to: &text)
    }

    /// The same for alerts of this context that were folded into one.
    ///
    /// - Throws: `FalcoFault.unmappable` when even the smallest finding would be too large; nothing was appended then.
    package func append(_ folded: FoldedAlert, to text: inout JSONText) throws(FalcoFault) {
        try append(folded.alert, id: folded.id, folded.repeats, to: &text)
    }

    private func append(
        _ alert: FalcoAlert,
        id: String?,
        _ repeats: AlertRepeats,
        to text: inout JSONText
    ) throws(FalcoFault) {
        let start = text.mark
        write(alert, id: id, repeats, to: &text)
        guard text.count(since: start) > FalcoMapping.byteLimit else { return }
        let whole = text.bytes(since: start)
        text.rewind(to: start)
        text.add(try FindingSize.fitted(whole))
    }

    /// The finding as large as it comes.
    private func write(_ alert: FalcoAlert, id: String?, _ repeats: AlertRepeats, to text: inout JSONText) {
        let first = repeats.first.description
        let mitre = alert.mitre
        let isSystemCall = alert.source == "syscall"
        let connection = isSystemCall ? FalcoConnection(alert) : nil
        text.beginObject()
        text.add("SchemaVersion", "2018-10-08")
        text.add("Id", id ?? FindingIdentity.id(of: alert, connection, common, in: context))
        text.add("ProductArn", common.productARN)
        text.add("ProductName", "Falco")
        text.add("CompanyName", common.company)
        text.add("GeneratorId", Self.generator(alert))
        text.add("AwsAccountId", context.account.rawValue)
        text.add("CreatedAt", first)
        text.add("UpdatedAt", repeats.updatedAt.description)
        text.add("FirstObservedAt", first)
        text.add("LastObservedAt", repeats.count == 1 ? first : repeats.last.description)
        text.add("Title", Self.title(alert))
        text.add("Description", Self.description(alert))
        Self.addProviderFields(alert, mitre, context.rules, to: &text)
        FindingResources.add(of: alert, common, in: context, to: &text)
        FindingProductFields.add(of: alert, in: context, count: repeats.count, to: &text)
        text.add("RecordState", "ACTIVE")
        Self.addRemediation(alert, context.rules, to: &text)
        if isSystemCall {
            Self.addProcess(alert, to: &text)
            connection?.addAction(to: &text)
            Self.addMalware(alert, mitre, to: &text)
        }
        text.endObject()
    }
}

// MARK: - Parts

extension FalcoMapper {
    private static func generator(_ alert: FalcoAlert) -> String {
        FittedText.fit(String(joining: ["falco/", alert.source, "/", alert.title]), 512) ?? "falco"
    }

    private static func title(_ alert: FalcoAlert) -> String {
        FittedText.fit(alert.title, 256) ?? "Falco alert without a rule name"
    }

    private static func description(_ alert: FalcoAlert) -> String {
        let text = alert.output.map { SecretMask.masked(FittedText.head($0)) } ?? alert.title
        return FittedText.fit(text, 1_024) ?? title(alert)
    }

    private static func addProviderFields(
        _ alert: FalcoAlert,
        _ mitre: MitreTags,
        _ rules: FalcoRules,
        to text: inout JSONText
    ) {
        text.beginObject("FindingProviderFields")
        text.beginObject("Severity")
        text.add("Label", rules.severity(of: alert).rawValue)
        text.add("Original", alert.priority.rawValue)
        text.endObject()
        text.beginArray("Types")
        for type in FindingTypes.types(of: alert, mitre) {
            if let type = FittedText.fit(type, 256) { text.add(type) }
        }
        text.endArray()
        text.endObject()
    }

    private static func addRemediation(_ alert: FalcoAlert, _ rules: FalcoRules, to text: inout JSONText) {
        guard let remedy = rules.remediation[alert.rule] else { return }
        let mark = text.mark
        text.beginObject("Remediation")
        let inner = text.mark
        text.beginObject("Recommendation")
        text.add("Text", fitted: remedy.text, 512)
        text.add("Url", remedy.url)
        text.endObject(orRewindTo: inner)
        text.endObject(orRewindTo: mark)
    }

    private static func addProcess(_ alert: FalcoAlert, to text: inout JSONText) {
        let mark = text.mark
        text.beginObject("Process")
        text.add("Name", fitted: alert.process, 64)
        text.add("Path", fitted: alert.processPath, 512)
        if let id = processNumber(alert, .processID) { text.add("Pid", id) }
        if let id = processNumber(alert, .parentID) { text.add("ParentPid", id) }
        if let start = alert.integer(.processStart), start >= 100_000_000_000_000_000 {
            text.add("LaunchedAt", Timestamp(nanoseconds: start).description)
        }
        text.endObject(orRewindTo: mark)
    }

    private static func processNumber(_ alert: FalcoAlert, _ field: FalcoField) -> Int64? {
        alert.integer(field).flatMap { (1...Int64(Int32.max)).contains($0) ? $0 : nil }
    }

    /// Only for rules about miners: other rules see behaviour, not a known piece of malware.
    private static func addMalware(_ alert: FalcoAlert, _ mitre: MitreTags, to text: inout JSONText) {
        guard mitre.techniques.contains(where: { $0.hasPrefix("T1496") }),
            alert.rule.lowercased().contains("miner"), let name = alert.process.flatMap({ FittedText.fit($0, 64) })
        else { return }
        text.beginArray("Malware")
        text.beginObject()
        text.add("Name", name)
        text.add("Type", "COIN_MINER")
        text.add("State", "OBSERVED")
        text.add("Path", fitted: alert.processPath, 512)
        text.endObject()
        text.endArray()
    }
}
