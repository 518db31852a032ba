internal import Envelopes
internal import Findings
internal import Ingestion
internal import Vocabulary

/// One input in any envelope: what came out of it.
struct FalcoInputCase {
    private var items: [IntakeItem]

    init(_ bytes: [UInt8]) { items = AlertIntake.items(in: bytes) }

    /// Every key of `expect` is asserted but the reader's `note`; one that nobody knows fails.
    func differences(_ expect: JSONObject) -> [String] {
        expect.flatMap { member -> [String] in
            switch member.key {
            case "note": []
            case "alerts": differences(member.value.array ?? [], isOrdered: true)
            case "alerts_any_order": differences(member.value.array ?? [], isOrdered: false)
            case "context": contextDifferences(member.value.object ?? JSONObject())
            default: difference(member.key, member.value)
            }
        }
    }

    private func difference(_ key: String, _ wanted: JSONValue) -> [String] {
        guard let actual = actual(key, wanted) else { return ["\(key): nobody knows this key"] }
        guard actual != wanted else { return [] }
        return ["\(key): expected \(JSONWriter.compact(wanted)), got \(JSONWriter.compact(actual))"]
    }

    private func actual(_ key: String, _ wanted: JSONValue) -> JSONValue? {
        switch key {
        case "events", "lines": number(items.map { max(1, $0.place.parts) }.reduce(0, +))
        case "alerts_count": number(alerts.count)
        case "distinct_findings": number(Set(alerts.map { (try? FalcoCase($0.alert))?.findingID }).count)
        case "not_alerts": number(items.count(where: isNoAlert))
        case "text_alerts":
            wanted.array == nil
                ? number(texts.count) : .array(texts.map { .string($0.priority.rawValue) })
        case "partial_groups": number(items.count { $0.place.parts > 1 && !$0.isIncomplete })
        case "incomplete_partials": number(items.count(where: \.isIncomplete))
        case "control": .bool(items.contains { if case .control = $0 { true } else { false } })
        case "error": .bool(isError)
        default: nil
        }
    }

    private func number(_ count: Int) -> JSONValue { .integer(Int64(count)) }

    // MARK: - Alerts

    /// Those that came as JSON and become findings.
    private var alerts: [(alert: FalcoAlert, around: AlertSurroundings)] {
        items.compactMap {
            guard case .alert(let alert, let around, _) = $0, alert.sentence == nil else { return nil }
            return (alert, around)
        }
    }

    /// Those that came as text, Falco's own among them.
    private var texts: [FalcoAlert] {
        items.compactMap {
            switch $0 {
            case .alert(let alert, _, _), .internalEvent(let alert, _, _): alert.sentence == nil ? nil : alert
            case .control, .noise, .reject: nil
            }
        }
    }

    private func differences(_ wanted: [JSONValue], isOrdered: Bool) -> [String] {
        var rest = alerts.map(\.alert)
        var why: [String] = []
        if rest.count != wanted.count { why.append("alerts: expected \(wanted.count), got \(rest.count)") }
        for (index, expect) in wanted.enumerated() where !rest.isEmpty {
            let place = isOrdered ? 0 : rest.firstIndex { differences($0, expect).isEmpty } ?? 0
            why += differences(rest.remove(at: place), expect).map { "alert \(index + 1): \($0)" }
        }
        return why
    }

    private func differences(_ alert: FalcoAlert, _ expect: JSONValue) -> [String] {
        do throws(FalcoFault) {
            return try FalcoCase(alert).differences(expect)
        } catch {
            return [error.description]
        }
    }

    // MARK: - The rest

    private func isNoAlert(_ item: IntakeItem) -> Bool {
        switch item {
        case .noise: true
        case .reject(let reject): reject.scope == .record
        case .alert, .internalEvent, .control: false
        }
    }

    /// A broken envelope, and nothing taken from the input.
    private var isError: Bool {
        let isBroken = items.contains { if case .reject(let reject) = $0 { reject.scope == .envelope } else { false } }
        return isBroken && alerts.isEmpty && texts.isEmpty
    }

    /// Each alert has to know it.
    ///
    /// A remark in brackets behind a value is for people.
    private func contextDifferences(_ wanted: JSONObject) -> [String] {
        var why: [String] = []
        if alerts.isEmpty { why.append("context: no alert has any") }
        for member in wanted {
            let text = member.value.string ?? ""
            let value = text.firstRange(of: " (").map { String(text[..<$0.lowerBound]) } ?? text
            for (_, around) in alerts {
                guard let actual = Self.context(member.key, around) else {
                    why.append("context: nobody knows the key \(member.key)")
                    break
                }
                if actual != value { why.append("context.\(member.key): expected \(value), got \(actual)") }
            }
        }
        return why
    }

    /// Nil for a key that nobody knows; empty for what was not said.
    private static func context(_ key: String, _ around: AlertSurroundings) -> String? {
        switch key {
        case "account_id": (around.account ?? around.owner)?.rawValue ?? ""
        case "owner": around.owner?.rawValue ?? ""
        case "region": around.region?.rawValue ?? ""
        case "instance_id", "ec2_instance_id": around.instance?.rawValue ?? ""
        case "cluster": around.cluster ?? ""
        case "hostname": around.hostname ?? ""
        case "log_group", "logGroup": around.logGroup ?? ""
        case "log_stream", "logStream": around.logStream ?? ""
        case "event_id": around.eventID ?? ""
        case "ecs_cluster": around.ecs?.cluster ?? ""
        case "ecs_task_arn": around.ecs?.taskARN ?? ""
        case "ecs_task_definition": around.ecs?.taskDefinition ?? ""
        case "container_id": around.container ?? ""
        case "container_name": around.ecs?.containerName ?? ""
        case "stream": around.stream ?? ""
        case "received_ms": (around.receivedAt?.milliseconds).map { String($0) } ?? ""
        default: nil
        }
    }
}

extension IntakeItem {
    fileprivate var isIncomplete: Bool {
        if case .reject(let reject) = self { reject.scope == .incompleteParts } else { false }
    }
}
