package import Vocabulary

/// One event that carries findings, freed of its wrappings.
package struct SecurityHubEvent: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case customAction
        /// Also a finding that came without its envelope.
        case imported
        case insightResults
        case importedV2
        /// Any other event of the bus, with or without findings.
        case other
    }

    /// The button in Security Hub that sent the event.
    package struct Action: Sendable, Hashable {
        /// The last part of the ARN, as triggers name it.
        package var id: String
        package var arn: String
        package var name: String?
        package var description: String?
    }

    package var kind: Kind
    package var detailType: String?
    package var source: String?
    package var id: String?
    package var account: AccountID?
    package var region: RegionName?
    package var time: Timestamp?
    package var action: Action?
    package var findings: [Finding]
    /// The rows of an insight: a value and how many findings have it.
    package var results: [JSONValue]
    /// The document that event patterns see: the event itself, or a finding alone.
    package var envelope: JSONValue

    /// A finding by itself, as if it had just been imported.
    package static func imported(_ finding: Finding) -> SecurityHubEvent {
        SecurityHubEvent(
            kind: finding.schema == .ocsf ? .importedV2 : .imported,
            account: finding.account,
            region: finding.region,
            findings: [finding],
            results: [],
            envelope: finding.document
        )
    }

    /// The shape of an event in `events decode --output json`.
    package var summary: JSONValue {
        var object: JSONObject = [
            "kind": .string(kind.rawValue), "detailType": detailType.map(JSONValue.string) ?? .null,
            "source": source.map(JSONValue.string) ?? .null,
        ]
        if let action {
            var members: JSONObject = ["id": .string(action.id), "arn": .string(action.arn)]
            members["name"] = action.name.map(JSONValue.string)
            members["description"] = action.description.map(JSONValue.string)
            object["action"] = .object(members)
        } else {
            object["action"] = .null
        }
        object["id"] = id.map(JSONValue.string)
        object["account"] = (account?.rawValue).map(JSONValue.string)
        object["region"] = (region?.rawValue).map(JSONValue.string)
        object["time"] = (time?.description).map(JSONValue.string)
        object["findings"] = .array(findings.map(\.summary))
        object["results"] = .array(results)
        return .object(object)
    }
}
