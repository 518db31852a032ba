import Vocabulary

/// The tags that make a snapshot evidence: findable, attributable, and recognisable to whoever cleans up.
enum SnapshotTags {
    struct Tag: Hashable {
        var key: String
        var value: String
    }

    /// Tags that a resource may have.
    static let limit = 50

    static func all(
        _ request: ActionRequest,
        _ facts: SnapshotVolumes.Facts,
        _ instance: SnapshotVolumes.Instance,
        incident: String
    ) throws(ActionFault) -> [Tag] {
        var tags = [
            Tag(key: "firebreak:incident", value: incident), Tag(key: "firebreak:run", value: request.runId),
            Tag(key: "firebreak:playbook", value: request.playbook),
            Tag(key: "firebreak:instance", value: instance.id.rawValue), Tag(key: "firebreak:hold", value: "evidence"),
        ]
        let optional: [(String, String?)] = [
            ("firebreak:finding", request.finding?["Id"]?.string.map { String(request.fingerprint($0).prefix(32)) }),
            ("firebreak:node", facts.node?.name.rawValue ?? request.subject.node?.name.rawValue),
            ("firebreak:cluster", request.subject.cluster),
            ("firebreak:namespace", request.subject.namespace?.rawValue),
            ("firebreak:pod", request.subject.pod?.name.rawValue),
            ("firebreak:pod-uid", request.subject.pod?.uid?.rawValue),
        ]
        for (key, value) in optional { if let value { tags.append(Tag(key: key, value: value)) } }
        tags += try own(request.parameters["tags"]?.object ?? JSONObject())
        guard tags.count <= limit else {
            throw .badParameter("tags", "\(tags.count) tags, at most \(limit)", remedy: "leave some out")
        }
        return tags.map { Tag(key: $0.key, value: cleaned($0.value)) }
    }

    private static func own(_ parameters: JSONObject) throws(ActionFault) -> [Tag] {
        var tags: [Tag] = []
        for member in parameters {
            let key = member.key
            guard (1...128).contains(key.unicodeScalars.count), key == cleaned(key) else {
                throw .badParameter(
                    "tags",
                    "“\(key.prefix(140))” is no tag key",
                    remedy: "use 1 to 128 letters, digits, spaces or _ . : / = + - @"
                )
            }
            let lower = key.lowercased()
            guard !lower.hasPrefix("aws:"), !lower.hasPrefix("firebreak:") else {
                throw .badParameter("tags", "the prefix of “\(key)” is reserved", remedy: "use a prefix of your own")
            }
            tags.append(Tag(key: key, value: member.value.string ?? JSONWriter.compact(member.value)))
        }
        return tags
    }

    /// At most 256 characters of the set that every service takes in tags.
    static func cleaned(_ text: String) -> String {
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(256) {
            let isFine = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            cleaned.append(isFine || " _.:/=+-@".unicodeScalars.contains(scalar) ? scalar : "_")
        }
        return String(cleaned)
    }
}
