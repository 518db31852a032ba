/// The time zone files of this machine.
package enum HostZones {
    private static let folder = "/usr/share/zoneinfo"

    /// The TZif bytes of a named zone; nil for names that could leave the folder, and for zones that are not there.
    @Sendable package static func file(_ name: String) -> [UInt8]? {
        guard isZoneName(name), !HostFiles.isFolder("\(folder)/\(name)") else { return nil }
        // An absent or unreadable file means that there is no such zone, and the expression says so.
        return try? HostFiles.read("\(folder)/\(name)", limit: 1 << 20)
    }

    /// `Area/Place`: letters, digits, `_`, `+`, `-` in parts that begin with a letter.
    package static func isZoneName(_ name: String) -> Bool {
        guard (1...64).contains(name.utf8.count) else { return false }
        return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.unicodeScalars.first, first.properties.isAlphabetic else { return false }
            return part.utf8.allSatisfy { byte in
                (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || (0x30...0x39).contains(byte)
                    || [UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-")].contains(byte)
            }
        }
    }
}
