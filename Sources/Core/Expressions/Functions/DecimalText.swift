/// Writes a double with a wished number of digits, rounding its exact value half to even.
enum DecimalText {
    /// Such as `-123.500`; the number is finite.
    static func fixed(_ number: Double, precision: Int) -> String {
        var digits = ExactDigits(number.magnitude)
        digits.round(toPlaces: precision)
        let (whole, fraction) = digits.split(places: precision)
        return sign(number) + whole + (precision > 0 ? "." + fraction : "")
    }

    /// Such as `1.052033e+03`; the number is finite.
    static func scientific(_ number: Double, precision: Int) -> String {
        var digits = ExactDigits(number.magnitude)
        digits.round(toSignificant: precision + 1)
        let exponent = digits.exponent
        let (first, rest) = digits.leading(precision + 1)
        let power = padded(Int64(exponent.magnitude), 2)
        let fraction = precision > 0 ? "." + rest : ""
        return sign(number) + first + fraction + "e" + (exponent < 0 ? "-" : "+") + power
    }

    private static func sign(_ number: Double) -> String { number.sign == .minus ? "-" : "" }
}

/// The exact decimal expansion of a double: digits, and how many of them stand behind the point.
private struct ExactDigits {
    /// Most significant first, without leading zeros; empty is 0.
    private var digits: [UInt8]
    private var places: Int

    init(_ number: Double) {
        let bits = number.significandBitPattern
        let isNormal = number.exponentBitPattern > 0
        let whole = isNormal ? bits | 1 << 52 : bits
        var limbs = [UInt32(whole % 1_000_000_000), UInt32(whole / 1_000_000_000)]
        let exponent = (isNormal ? Int(number.exponentBitPattern) : 1) - 1_075
        // m × 2^-k is m × 5^k with k digits behind the point.
        for _ in 0..<exponent.magnitude { Self.multiply(&limbs, by: exponent < 0 ? 5 : 2) }
        places = exponent < 0 ? Int(exponent.magnitude) : 0
        digits = Self.digits(of: limbs)
    }

    private static func multiply(_ limbs: inout [UInt32], by factor: UInt64) {
        var carry: UInt64 = 0
        for place in limbs.indices {
            let product = UInt64(limbs[place]) * factor + carry
            limbs[place] = UInt32(product % 1_000_000_000)
            carry = product / 1_000_000_000
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
    }

    private static func digits(of limbs: [UInt32]) -> [UInt8] {
        var digits: [UInt8] = []
        for limb in limbs.reversed() {
            for digit in padded(Int64(limb), 9).utf8 { digits.append(digit - 0x30) }
        }
        return Array(digits.drop { $0 == 0 })
    }

    /// Power of ten of the first digit.
    var exponent: Int { digits.isEmpty ? 0 : digits.count - 1 - places }

    mutating func round(toPlaces wanted: Int) { if wanted < places { drop(places - wanted) } }

    mutating func round(toSignificant wanted: Int) {
        if digits.count > wanted { drop(digits.count - wanted) }
    }

    /// Drops the last digits, rounding half to even.
    private mutating func drop(_ count: Int) {
        let kept = max(0, digits.count - count)
        // With more digits dropped than there are, the first dropped one is a zero.
        let next: UInt8 = digits.count >= count ? digits[kept] : 0
        let isExactHalf = digits.count >= count && next == 5 && digits[(kept + 1)...].allSatisfy { $0 == 0 }
        digits.removeSubrange(kept...)
        places -= count
        let isOdd = (digits.last ?? 0) % 2 == 1
        if next > 5 || (next == 5 && (!isExactHalf || isOdd)) { increment() }
    }

    private mutating func increment() {
        for place in digits.indices.reversed() {
            guard digits[place] == 9 else {
                digits[place] += 1
                return
            }
            digits[place] = 0
        }
        digits.insert(1, at: 0)
    }

    /// The texts before and behind the point.
    func split(places wanted: Int) -> (whole: String, fraction: String) {
        let fractionCount = max(0, places)
        var padded = Array(repeating: UInt8(0), count: max(0, fractionCount + 1 - digits.count)) + digits
        padded += Array(repeating: 0, count: max(0, wanted - fractionCount) + max(0, -places))
        let point = padded.count - wanted
        return (Self.text(padded[..<point]), Self.text(padded[point...]))
    }

    /// The first digit and those behind it, filled up with zeros.
    func leading(_ count: Int) -> (first: String, rest: String) {
        let filled = Array(digits.prefix(count)) + Array(repeating: 0, count: max(0, count - digits.count))
        return (Self.text(filled[..<1]), Self.text(filled[1...]))
    }

    private static func text(_ digits: ArraySlice<UInt8>) -> String {
        String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
    }
}
