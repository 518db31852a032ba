/// What YAML 1.1 makes of plain texts that YAML 1.2 leaves alone.
package enum YAML11 {
    private static let yes: Set<String> = ["yes", "Yes", "YES", "on", "On", "ON"]
    private static let no: Set<String> = ["no", "No", "NO", "off", "Off", "OFF"]

    package static func meaning(of text: String) -> String? {
        if yes.contains(text) { return "true" }
        if no.contains(text) { return "false" }
        return isSexagesimal(text) ? "a number to the base of 60" : nil
    }

    /// Such as `12:30` or `1:20:00`.
    private static func isSexagesimal(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...4).contains(parts.count), let first = parts.first, first.utf8.first != 0x30 else { return false }
        for (place, part) in parts.enumerated() {
            guard (1...9).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return false
            }
            guard place == 0 || (part.utf8.count <= 2 && (Int(part) ?? 60) < 60) else { return false }
        }
        return true
    }

    /// `0644` is 420 to YAML 1.1 and 644 to YAML 1.2.
    package static func isOctal(_ text: String) -> Bool {
        let digits = text.utf8.first == 0x2d ? text.utf8.dropFirst() : text.utf8[...]
        return digits.count > 1 && digits.first == 0x30 && digits.allSatisfy { (0x30...0x39).contains($0) }
    }
}
