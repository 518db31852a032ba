/// A text that passed the check of its kind at the border, so that it may stand in a path, a selector or a call.
package protocol CheckedName: Sendable, Hashable, Codable, Comparable, CustomStringConvertible, RawRepresentable
where RawValue == String {
    init(unchecked: String)
    static func isValid(_ text: String) -> Bool
}

extension CheckedName {
    package init?(rawValue: String) {
        guard Self.isValid(rawValue) else { return nil }
        self.init(unchecked: rawValue)
    }

    package init?(_ text: String) { self.init(rawValue: text) }

    package var description: String { rawValue }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The name of a pod or a node: an RFC 1123 subdomain of at most 253 characters.
package struct ObjectName: CheckedName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
    package static func isValid(_ text: String) -> Bool { NameSyntax.isSubdomain(text) }
}

/// The name of a namespace: an RFC 1123 label of at most 63 characters.
package struct NamespaceName: CheckedName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
    package static func isValid(_ text: String) -> Bool { NameSyntax.isLabel(text) }
}

/// What the API server gave an object when it was made: letters, digits and hyphens, at most 63.
package struct ObjectUID: CheckedName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
    package static func isValid(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && text.utf8.allSatisfy { NameSyntax.isAlphanumeric($0) || $0 == 0x2d }
    }
}

/// The id of a container: 12 to 64 hexadecimal characters, without its runtime's prefix.
package struct ContainerID: CheckedName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
    package static func isValid(_ text: String) -> Bool {
        (12...64).contains(text.utf8.count) && text.utf8.allSatisfy(NameSyntax.isHex)
    }

    /// Takes `containerd://82bb…` as well as the bare id.
    package init?(runtimeText text: String) {
        let bare = text.split(separator: "/", omittingEmptySubsequences: true).last.map(String.init) ?? text
        self.init(rawValue: text.contains("://") ? bare : text)
    }

    /// Short and long forms of the same id meet: one is the beginning of the other.
    package func meets(_ other: ContainerID) -> Bool {
        rawValue.hasPrefix(other.rawValue) || other.rawValue.hasPrefix(rawValue)
    }
}

/// The id of an EC2 instance: `i-` and 8 or 17 hexadecimal digits.
package struct InstanceID: CheckedName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
    package static func isValid(_ text: String) -> Bool { NameSyntax.isResourceID(text, prefix: "i-") }
}

/// The id of an EBS volume: `vol-` and 8 or 17 hexadecimal digits.
package struct VolumeID: CheckedName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
    package static func isValid(_ text: String) -> Bool { NameSyntax.isResourceID(text, prefix: "vol-") }
}

/// Twelve digits.
package struct AccountID: CheckedName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
    package static func isValid(_ text: String) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

/// The name of an AWS Region, such as `eu-central-1`.
package struct RegionName: CheckedName {
    package let rawValue: String
    package init(unchecked: String) { rawValue = unchecked }
    package static func isValid(_ text: String) -> Bool {
        (5...32).contains(text.utf8.count) && text.utf8.contains(0x2d)
            && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }

    /// The ARN partition that the Region belongs to.
    package var partition: String {
        let partitions = [
            ("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-isob-", "aws-iso-b"), ("us-isof-", "aws-iso-f"),
            ("us-iso-", "aws-iso"), ("eu-isoe-", "aws-iso-e"), ("eusc-", "aws-eusc"),
        ]
        return partitions.first { rawValue.hasPrefix($0.0) }?.1 ?? "aws"
    }
}

/// The syntax that names share.
package enum NameSyntax {
    package static func isLabel(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && hasLabelShape(text.utf8[...])
    }

    package static func isSubdomain(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.split(separator: 0x2e, omittingEmptySubsequences: false).allSatisfy { hasLabelShape($0) }
    }

    /// A label or annotation key: an optional DNS prefix, a slash, and a name of at most 63 characters.
    package static func isLabelKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let name = parts.last else { return false }
        return (parts.count == 1 || isSubdomain(String(parts[0]))) && !name.isEmpty && isLabelValue(String(name))
    }

    /// Empty, or at most 63 characters that begin and end with a letter or digit.
    package static func isLabelValue(_ text: String) -> Bool {
        guard text.utf8.count <= 63 else { return false }
        guard let first = text.utf8.first, let last = text.utf8.last else { return true }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2d || $0 == 0x5f || $0 == 0x2e }
    }

    package static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    package static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    static func isResourceID(_ text: String, prefix: String) -> Bool {
        guard text.hasPrefix(prefix) else { return false }
        let digits = text.utf8.dropFirst(prefix.utf8.count)
        return (digits.count == 8 || digits.count == 17) && digits.allSatisfy(isHex)
    }

    private static func hasLabelShape(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
        return isLowerAlphanumeric(first) && isLowerAlphanumeric(last)
            && bytes.allSatisfy { isLowerAlphanumeric($0) || $0 == 0x2d }
    }

    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte)
    }
}
