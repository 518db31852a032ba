import Vocabulary

/// SplitMix64: the same numbers for the same seed everywhere.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// Documents that look a little like patterns and events.
enum Nonsense {
    private static let keys = ["a", "b", "a.b", "$or", "exists", "prefix", "anything-but", "numeric", "wildcard", "c"]

    static func value(_ random: inout SeededRandom, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 10 : 4), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .integer(Int64.random(in: -3...3, using: &random))
        case 3: return .string(["x", "*", "a*b", "10.0.0.1", ">", "="].randomElement(using: &random) ?? "")
        case 4, 5, 6:
            let count = Int.random(in: 0...3, using: &random)
            return .array((0..<count).map { _ in value(&random, depth: depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                object[keys.randomElement(using: &random) ?? "a"] = value(&random, depth: depth - 1)
            }
            return .object(object)
        }
    }
}
