package import Vocabulary

/// From a Falco alert to an OCSF Detection Finding (class 2004).
///
/// - Source: OCSF schema 1.5.0 with the profiles `cloud` and `datetime`; times are milliseconds since 1970.
package enum OCSFMapping {
    static let version = "1.5.0"
    private static let classUID: Int64 = 2_004

    /// The finding of alerts that were folded into one; its uid is the Id that the same alerts have in ASFF.
    package static func finding(_ folded: FoldedAlert) -> JSONValue {
        let (alert, context, repeats) = (folded.alert, folded.context, folded.repeats)
        // A repeat updates the finding that the first one created.
        let activity: (Int64, JSONValue) = repeats.count > 1 ? (2, "Update") : (1, "Create")
        let severity = context.rules.severity(of: alert)
        var finding: JSONObject = [
            "activity_id": .integer(activity.0), "activity_name": activity.1,
            "category_uid": 2, "category_name": "Findings",
            "class_uid": .integer(classUID), "class_name": "Detection Finding",
            "type_uid": .integer(classUID * 100 + activity.0),
            "time": .integer(repeats.updatedAt.milliseconds), "time_dt": .string(repeats.updatedAt.description),
            "start_time": .integer(repeats.first.milliseconds), "end_time": .integer(repeats.last.milliseconds),
            "count": .integer(Int64(repeats.count)),
            "severity_id": .integer(severityID(severity)), "severity": .string(severityName(severity)),
            "status_id": 1, "status": "New", "is_alert": true,
            "message": .string(alert.output.map { SecretMask.masked(FittedText.head($0)) } ?? alert.title),
            "metadata": metadata(alert, context), "finding_info": information(alert, folded),
            "cloud": cloud(context), "resources": OCSFResources.resources(of: alert, in: context),
        ]
        if let evidence = OCSFEvidence.evidence(of: alert) { finding["evidences"] = [evidence] }
        if let remedy = context.rules.remediation[alert.rule] {
            var remediation: JSONObject = ["desc": .string(remedy.text ?? remedy.url ?? "")]
            if let url = remedy.url { remediation["references"] = [.string(url)] }
            finding["remediation"] = .object(remediation)
        }
        finding["unmapped"] = unmapped(alert)
        return .object(finding)
    }

    private static func severityID(_ label: SeverityLabel) -> Int64 {
        switch label {
        case .informational: 1
        case .low: 2
        case .medium: 3
        case .high: 4
        case .critical: 5
        }
    }

    private static func severityName(_ label: SeverityLabel) -> String {
        label.rawValue.prefix(1) + label.rawValue.dropFirst().lowercased()
    }

    private static func metadata(_ alert: FalcoAlert, _ context: FalcoContext) -> JSONValue {
        var metadata: JSONObject = [
            "version": .string(version), "profiles": ["cloud", "datetime"],
            "product": ["name": "Falco", "vendor_name": "Falco", "uid": .string(FindingCommons(context).productARN)],
            "log_name": .string(alert.source), "uid": .string(context.hex(alert.original, digits: 32)),
        ]
        if !alert.tags.isEmpty { metadata["labels"] = .array(alert.tags.map(JSONValue.string)) }
        if let time = alert.time { metadata["original_time"] = .string(time.text(fractionDigits: 9)) }
        return .object(metadata)
    }

    private static func information(_ alert: FalcoAlert, _ folded: FoldedAlert) -> JSONValue {
        let repeats = folded.repeats
        var information: JSONObject = [
            "uid": .string(folded.id), "title": .string(alert.title),
            "analytic": [
                "name": .string(alert.title), "uid": .string("falco/\(alert.source)/\(alert.title)"), "type_id": 1,
                "type": "Rule",
            ],
            "data_sources": [.string(alert.source)],
            "types": .array(FindingTypes.types(of: alert, alert.mitre).map(JSONValue.string)),
        ]
        for (name, moment) in [
            ("created", repeats.first), ("first_seen", repeats.first), ("last_seen", repeats.last),
            ("modified", repeats.updatedAt),
        ] {
            information["\(name)_time"] = .integer(moment.milliseconds)
            information["\(name)_time_dt"] = .string(moment.description)
        }
        information["desc"] = alert.output.map { .string(SecretMask.masked(FittedText.head($0))) }
        let attacks = attacks(alert.mitre)
        if !attacks.isEmpty { information["attacks"] = .array(attacks) }
        return .object(information)
    }

    /// Tags do not say which technique belongs to which tactic: with one tactic it is plain, else each stands alone.
    private static func attacks(_ mitre: MitreTags) -> [JSONValue] {
        let tactics = mitre.tactics.compactMap(MitreTags.tacticID).map { ["uid": .string($0)] as JSONValue }
        let techniques = mitre.techniques.map(technique)
        if tactics.count == 1, !techniques.isEmpty {
            return techniques.map { members in
                var attack = members
                attack["tactic"] = tactics[0]
                return .object(attack)
            }
        }
        return tactics.map { ["tactic": $0] } + techniques.map(JSONValue.object)
    }

    private static func technique(_ id: String) -> JSONObject {
        guard let dot = id.firstIndex(of: ".") else { return ["technique": ["uid": .string(id)]] }
        return [
            "technique": ["uid": .string(String(id[..<dot]))], "sub_technique": ["uid": .string(id)],
        ]
    }

    private static func cloud(_ context: FalcoContext) -> JSONValue {
        [
            "provider": "AWS", "region": .string(context.region.rawValue),
            "account": [
                "uid": .string(context.account.rawValue), "name": .string(context.account.rawValue), "type_id": 10,
                "type": "AWS Account",
            ],
        ]
    }

    /// What has no place of its own in the schema, secrets masked.
    private static func unmapped(_ alert: FalcoAlert) -> JSONValue? {
        var fields = JSONObject()
        for member in alert.fields {
            guard let text = FalcoReading.text(member.value) else { continue }
            fields[member.key] = .string(FindingProductFields.masked(FittedText.head(text), member.key))
        }
        guard !fields.isEmpty else { return nil }
        return ["falco": ["output_fields": .object(fields), "priority": .string(alert.priority.rawValue)]]
    }
}
