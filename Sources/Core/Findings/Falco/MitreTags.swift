internal import Vocabulary

/// The ATT&CK tactics and techniques that a rule's tags name.
package struct MitreTags: Sendable, Hashable {
    /// In Falco's spelling (`credential_access`), sorted, each once.
    package var tactics: [String]
    /// `T1059` or `T1059.004`, sorted, each once.
    package var techniques: [String]

    package init(_ tags: [String]) {
        var tactics: [String] = []
        var techniques: [String] = []
        for tag in tags where Self.mayTell(tag) {
            if tag.hasPrefix("mitre_") {
                tactics.append(String(tag.dropFirst("mitre_".count)))
            } else if let tactic = Self.tactic(tag) {
                tactics.append(tactic)
            } else if let technique = Self.technique(tag) {
                techniques.append(technique)
            }
        }
        self.tactics = Self.once(tactics)
        self.techniques = Self.once(techniques)
    }

    /// Sorted, each once.
    private static func once(_ names: [String]) -> [String] {
        var once: [String] = []
        for name in names.sorted() where once.last != name { once.append(name) }
        return once
    }

    /// Most tags have another first letter.
    private static func mayTell(_ tag: String) -> Bool {
        guard let first = tag.utf8.first else { return false }
        return first == UInt8(ascii: "m") || first | 0x20 == UInt8(ascii: "t") || first == UInt8(ascii: "-")
    }

    /// Bytes are characters where all are ASCII.
    private static func beforeHyphen(_ tag: String) -> Substring? {
        guard ByteScan.isASCII(tag.utf8.span) else { return tag.split(separator: "-", maxSplits: 1).first }
        return tag.utf8.split(separator: UInt8(ascii: "-"), maxSplits: 1).first.map { Substring($0) }
    }

    /// `TA0005` or `TA0005-defense-evasion`.
    private static func tactic(_ tag: String) -> String? {
        guard let id = beforeHyphen(tag) else { return nil }
        return tacticNames[id.uppercased()]
    }

    /// `T1562`, `T1059.004` or either followed by `-` and words.
    private static func technique(_ tag: String) -> String? {
        guard let id = beforeHyphen(tag), let letter = id.first,
            letter == "T" || letter == "t"
        else { return nil }
        let parts = id.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        guard let number = parts.first, isNumber(number, 4),
            parts.count == 1 || parts.count == 2 && isNumber(parts[1], 3)
        else { return nil }
        return id.uppercased()
    }

    private static func isNumber(_ text: Substring, _ width: Int) -> Bool {
        text.utf8.count == width && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// `TA0005` for `defense_evasion`; nil for words that are no tactic.
    static func tacticID(_ name: String) -> String? { tacticNames.first { $0.value == name }?.key }

    private static let tacticNames: [String: String] = [
        "TA0001": "initial_access", "TA0002": "execution", "TA0003": "persistence", "TA0004": "privilege_escalation",
        "TA0005": "defense_evasion", "TA0006": "credential_access", "TA0007": "discovery",
        "TA0008": "lateral_movement", "TA0009": "collection", "TA0010": "exfiltration",
        "TA0011": "command_and_control", "TA0040": "impact", "TA0042": "resource_development",
        "TA0043": "reconnaissance",
    ]
}
