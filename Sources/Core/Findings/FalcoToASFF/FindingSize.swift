internal import Vocabulary

/// Keeps a finding below the size that the service takes.
enum FindingSize {
    /// Drops the alert's fields from the last ranked one, then shortens the description, then drops details.
    static func fitted(_ finding: JSONObject) throws(FalcoFault) -> JSONValue {
        var finding = finding
        if isSmall(finding) { return .object(finding) }
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

    private static func isSmall(_ finding: JSONObject) -> Bool {
        JSONWriter.compact(.object(finding)).utf8.count <= FalcoMapping.byteLimit
    }

    private static func withoutDetails(_ resource: JSONValue) -> JSONValue {
        guard var members = resource.object else { return resource }
        members["Details"] = nil
        return .object(members)
    }
}
