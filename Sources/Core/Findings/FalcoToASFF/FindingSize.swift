internal import Vocabulary

/// Keeps a finding below the size that the service takes.
enum FindingSize {
    /// Drops the alert's fields from the last ranked one, then shortens the description, then drops details.
    static func fitted(_ text: [UInt8]) throws(FalcoFault) -> JSONValue {
        var finding = try document(text).object ?? JSONObject()
        var fields = finding["ProductFields"]?.object ?? JSONObject()
        for key in fields.keys.reversed() where key.hasPrefix(FindingProductFields.prefix) {
            fields[key] = nil
            finding["ProductFields"] = .object(fields)
            if isSmall(finding) { return .object(finding) }
        }
        finding["Description"] = finding["Description"]?.string.flatMap { FittedText.fit($0, 256) }.map(
            JSONValue.string
        )
        finding["Resources"] = .array((finding["Resources"]?.array ?? []).map(withoutDetails))
        guard isSmall(finding) else { throw .unmappable("the finding would be larger than the service takes") }
        return .object(finding)
    }

    /// The text of a finding as data.
    static func document(_ text: [UInt8]) throws(FalcoFault) -> JSONValue {
        do throws(JSONFault) {
            return try JSONReader.parse(text)
        } catch {
            throw .unmappable("the finding cannot be read again: \(error)")
        }
    }

    private static func isSmall(_ finding: JSONObject) -> Bool {
        JSONWriter.compact(.object(finding)).utf8.count <= FalcoMapping.byteLimit
    }

    private static func withoutDetails(_ resource: JSONValue) -> JSONValue {
        guard var members = resource.object else { return resource }
        members["Details"] = nil
        return .object(members)
    }
}
