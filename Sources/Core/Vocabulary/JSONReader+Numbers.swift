extension JSONReader {
    mutating func number(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONValue {
        let start = position
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let firstDigit = position
        let magnitude = try digits(bytes)
        if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 {
            throw JSONFault(.invalidNumber, at: start)
        }
        let isWhole = try !fractionAndExponent(bytes)
        // Eighteen digits always fit.
        if isWhole, position - firstDigit <= 18 { return .integer(isNegative ? -magnitude : magnitude) }
        return try longNumber(bytes.extracting(start..<position), at: start, isWhole: isWhole)
    }

    private func longNumber(_ digits: Span<UInt8>, at start: Int, isWhole: Bool) throws(JSONFault) -> JSONValue {
        guard let utf8 = try? UTF8Span(validating: digits) else { throw JSONFault(.invalidNumber, at: start) }
        let text = String(copying: utf8)
        if isWhole {
            if let integer = Int64(text) { return .integer(integer) }
            if let unsigned = UInt64(text) { return .unsigned(unsigned) }
        }
        guard let double = Double(text), double.isFinite else { throw JSONFault(.invalidNumber, at: start) }
        return .double(double)
    }

    private mutating func fractionAndExponent(_ bytes: Span<UInt8>) throws(JSONFault) -> Bool {
        var found = false
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            _ = try digits(bytes)
            found = true
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            _ = try digits(bytes)
            found = true
        }
        return found
    }

    /// The number that the digits make; of more than eighteen only some of its bits.
    private mutating func digits(_ bytes: Span<UInt8>) throws(JSONFault) -> Int64 {
        let start = position
        var number: Int64 = 0
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            number = number &* 10 &+ Int64(bytes[position] &- 0x30)
            position &+= 1
        }
        guard position > start else {
            throw JSONFault(position < bytes.count ? .invalidNumber : .unexpectedEnd, at: position)
        }
        return number
    }
}
