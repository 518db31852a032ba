package import Vocabulary

/// Consecutive addresses of one family.
package struct AddressRange: Sendable, Hashable {
    package var family: IPAddress.Family
    package var bounds: ClosedRange<UInt128>

    package init(_ family: IPAddress.Family, _ bounds: ClosedRange<UInt128>) {
        self.family = family
        self.bounds = bounds
    }

    package init(_ block: CIDR) {
        family = block.network.family
        let hostBits = UInt128(block.network.bitWidth - block.prefixLength)
        let size: UInt128 = hostBits >= 128 ? .max : (1 << hostBits) - 1
        bounds = block.network.bits...(block.network.bits | size)
    }

    /// Every address of a family.
    package static func whole(_ family: IPAddress.Family) -> AddressRange {
        AddressRange(family, 0...(family == .v4 ? UInt128(UInt32.max) : .max))
    }

    /// What is left after cutting out another range.
    package func subtracting(_ other: AddressRange) -> [AddressRange] {
        guard family == other.family, bounds.overlaps(other.bounds) else { return [self] }
        var rest: [AddressRange] = []
        if bounds.lowerBound < other.bounds.lowerBound {
            rest.append(AddressRange(family, bounds.lowerBound...(other.bounds.lowerBound - 1)))
        }
        if other.bounds.upperBound < bounds.upperBound {
            rest.append(AddressRange(family, (other.bounds.upperBound + 1)...bounds.upperBound))
        }
        return rest
    }
}

extension AddressBlock {
    /// The block as ranges, its holes cut out.
    package var ranges: [AddressRange] {
        var rest = [AddressRange(range)]
        for hole in except { rest = rest.flatMap { $0.subtracting(AddressRange(hole)) } }
        return rest
    }
}
