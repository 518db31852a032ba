/// Follows the structure of one JSON value byte by byte, without building it, and can stop and go on anywhere.
///
/// Numbers, words and escapes are not judged: that is the reader's work.
package struct JSONWalker: Sendable {
    package enum Outcome: Sendable, Hashable { case unfinished, finished, broken }
    private enum Expectation { case value, valueOrEnd, key, keyOrEnd, colon, commaOrEnd }

    package static let depthLimit = 128

    /// One bit a level: 1 for an object.
    private var kinds: UInt128 = 0
    private var depth = 0
    private var expects = Expectation.value
    private var isInString = false
    private var isEscaped = false
    private var isInScalar = false

    package init() {}

    /// Walks on from `position` until the value ends or the bytes do; `position` is left after what was walked.
    ///
    /// A number or word at the top ends before the byte that ends it.
    package mutating func walk(_ bytes: [UInt8], _ position: inout Int, upTo end: Int) -> Outcome {
        while position < end {
            if isInString {
                guard walkString(bytes, &position, end) else { return .broken }
                if isInString { return .unfinished }
                if expects == .colon { continue }
                if depth == 0 { return .finished }
                continue
            }
            let byte = bytes[position]
            if isInScalar {
                if Self.isScalar(byte) {
                    position += 1
                    continue
                }
                isInScalar = false
                expects = .commaOrEnd
                if depth == 0 { return .finished }
            }
            if byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
                position += 1
                continue
            }
            guard take(byte) else { return .broken }
            position += 1
            if depth == 0, expects == .commaOrEnd, !isInScalar, !isInString { return .finished }
        }
        return .unfinished
    }

    private mutating func walkString(_ bytes: [UInt8], _ position: inout Int, _ end: Int) -> Bool {
        while position < end {
            let byte = bytes[position]
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                position += 1
                isInString = false
                return true
            }
            guard byte >= 0x20 else { return false }
            position += 1
        }
        return true
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        switch (byte, expects) {
        case (UInt8(ascii: "\""), .key), (UInt8(ascii: "\""), .keyOrEnd):
            isInString = true
            expects = .colon
        case (UInt8(ascii: "\""), .value), (UInt8(ascii: "\""), .valueOrEnd):
            isInString = true
            expects = .commaOrEnd
        case (UInt8(ascii: ":"), .colon): expects = .value
        case (UInt8(ascii: ","), .commaOrEnd) where depth > 0: expects = isInObject ? .key : .value
        case (UInt8(ascii: "{"), .value), (UInt8(ascii: "{"), .valueOrEnd): return open(isObject: true)
        case (UInt8(ascii: "["), .value), (UInt8(ascii: "["), .valueOrEnd): return open(isObject: false)
        case (UInt8(ascii: "}"), .keyOrEnd), (UInt8(ascii: "}"), .commaOrEnd): return close(isObject: true)
        case (UInt8(ascii: "]"), .valueOrEnd), (UInt8(ascii: "]"), .commaOrEnd): return close(isObject: false)
        case (_, .value), (_, .valueOrEnd):
            isInScalar = Self.isScalar(byte)
            return isInScalar
        default: return false
        }
        return true
    }

    private var isInObject: Bool { kinds & 1 == 1 }

    private mutating func open(isObject: Bool) -> Bool {
        guard depth < Self.depthLimit else { return false }
        kinds = kinds << 1 | (isObject ? 1 : 0)
        depth += 1
        expects = isObject ? .keyOrEnd : .valueOrEnd
        return true
    }

    private mutating func close(isObject: Bool) -> Bool {
        guard depth > 0, isInObject == isObject else { return false }
        kinds >>= 1
        depth -= 1
        expects = .commaOrEnd
        return true
    }

    private static func isScalar(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x2d || byte == 0x2b || byte == 0x2e
            || byte == 0x45
    }
}
