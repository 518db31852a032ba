internal import Vocabulary

extension EventDecoder {
    /// An event, a finding, or a document that a transformer made of one.
    mutating func takeContent(_ value: JSONValue, at place: String) {
        if let detailType = value["detail-type"]?.string {
            takeEvent(value, detailType, at: place)
        } else if Finding.schema(of: value) != nil {
            takeBare([value], in: value, detailType: nil, at: place)
        } else {
            var search = FindingSearch()
            search.look(into: value, depth: 0)
            if search.documents.isEmpty {
                report(EventFault.unknownShape(at: place))
            } else {
                takeBare(search.documents, in: value, detailType: search.detailType, at: place)
            }
        }
    }

    private mutating func takeEvent(_ value: JSONValue, _ detailType: String, at place: String) {
        let detail = value["detail"]
        if detail?.object == nil {
            report(EventFault.noDetail(detailType: detailType, at: Self.inside(place, "detail")))
        }
        let documents = Self.list(detail?["findings"])
        decoded.events.append(
            SecurityHubEvent(
                kind: Self.kind(detailType),
                detailType: detailType,
                source: value["source"]?.string,
                id: value["id"]?.nonBlank,
                account: value["account"]?.string.flatMap(AccountID.init(rawValue:)),
                region: value["region"]?.string.flatMap(RegionName.init(rawValue:)),
                time: value["time"]?.string.flatMap { Timestamp($0) },
                action: Self.action(value),
                findings: findings(documents, at: Self.inside(place, "detail.findings")),
                results: detail?["insightResults"]?.array ?? [],
                envelope: value
            )
        )
    }

    /// Findings without an envelope were imported, as far as anyone can tell; a known detail type beside them decides.
    private mutating func takeBare(_ documents: [JSONValue], in value: JSONValue, detailType: String?, at place: String)
    {
        let findings = findings(documents, at: place)
        let isV2 = findings.first?.schema == .ocsf
        decoded.events.append(
            SecurityHubEvent(
                kind: detailType.map(Self.kind) ?? (isV2 ? .importedV2 : .imported),
                detailType: detailType,
                account: findings.first?.account,
                region: findings.first?.region,
                findings: findings,
                results: [],
                envelope: value
            )
        )
    }

    private mutating func findings(_ documents: [JSONValue], at place: String) -> [Finding] {
        if documents.count > Limits.findingsPerEvent {
            report(EventFault.tooMany("findings in one event", limit: Limits.findingsPerEvent, at: place))
        }
        var findings: [Finding] = []
        for (index, document) in documents.prefix(Limits.findingsPerEvent).enumerated() {
            do throws(FindingFault) {
                findings.append(try Finding(document))
            } catch {
                report(FindingFault(error.reason, at: Self.inside(place, "\(index)")))
            }
        }
        return findings
    }

    /// A path or a transformer may have taken a finding out of its list.
    private static func list(_ value: JSONValue?) -> [JSONValue] {
        if let value, value.object != nil { return [value] }
        return value?.array ?? []
    }

    static func kind(_ detailType: String) -> SecurityHubEvent.Kind {
        switch detailType {
        case "Security Hub Findings - Custom Action": .customAction
        case "Security Hub Findings - Imported": .imported
        case "Security Hub Insight Results": .insightResults
        case "Findings Imported V2": .importedV2
        default: .other
        }
    }

    /// Only the events of a button have an action: `arn:…:action/custom/ID` as the first resource.
    private static func action(_ event: JSONValue) -> SecurityHubEvent.Action? {
        guard
            let arn = event["resources"]?.array?.compactMap(\.string).first(where: { $0.contains(":action/custom/") }),
            let id = arn.split(separator: "/").last
        else { return nil }
        return SecurityHubEvent.Action(
            id: String(id),
            arn: arn,
            name: event["detail"]?["actionName"]?.nonBlank,
            description: event["detail"]?["actionDescription"]?.nonBlank
        )
    }

    private static func inside(_ place: String, _ part: String) -> String {
        place.isEmpty ? part : "\(place), \(part)"
    }
}

/// Looks for findings in a document of unknown shape.
private struct FindingSearch {
    var documents: [JSONValue] = []
    /// A detail type found as a value somewhere.
    var detailType: String?
    private var visits = 0

    mutating func look(into value: JSONValue, depth: Int) {
        visits += 1
        guard depth < 6, visits < 10_000 else { return }
        switch value {
        case .object(let members):
            if Finding.schema(of: value) != nil {
                documents.append(value)
                return
            }
            for member in members { look(into: member.value, depth: depth + 1) }
        case .array(let elements):
            for element in elements { look(into: element, depth: depth + 1) }
        case .string(let text):
            if detailType == nil, EventDecoder.kind(text) != .other { detailType = text }
        case .null, .bool, .integer, .unsigned, .double:
            return
        }
    }
}
