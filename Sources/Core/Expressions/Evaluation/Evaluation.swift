/// One evaluation under way: what names mean, and how much may still be spent.
struct Evaluation {
    let variables: [String: CELValue]
    let zones: ZoneProvider
    /// Whether a variable is declared with points in its name, so that `a.b` may be one name.
    let hasDottedNames: Bool
    /// What comprehensions and bindings bound, by slot.
    var locals: [CELValue]
    private(set) var remaining: Int
    private let limit: Int

    init(_ variables: [String: CELValue], slots: Int, costLimit: Int, zones: @escaping ZoneProvider) {
        self.variables = variables
        self.zones = zones
        hasDottedNames = variables.keys.contains { $0.utf8.contains(UInt8(ascii: ".")) }
        locals = Array(repeating: .null, count: slots)
        remaining = costLimit
        limit = costLimit
    }

    /// Pays for work before it is done.
    mutating func charge(_ cost: Int) throws(ExpressionFault) {
        let (rest, overflow) = remaining.subtractingReportingOverflow(max(0, cost))
        guard !overflow, rest >= 0 else { throw exhausted }
        remaining = rest
    }

    /// Pays for work that grows with two sizes.
    mutating func charge(_ size: Int, times other: Int) throws(ExpressionFault) {
        let (product, overflow) = size.multipliedReportingOverflow(by: other)
        try charge(overflow ? Int.max : product / 16 + 1)
    }

    /// Pays for walking through a whole value; stops walking when the budget is spent.
    mutating func chargeWalk(through value: CELValue) throws(ExpressionFault) {
        switch value {
        case .string(let text): try charge(1 + text.utf8.count / 16)
        case .bytes(let bytes): try charge(1 + bytes.count / 16)
        case .list(let elements):
            try charge(1)
            for element in elements { try chargeWalk(through: element) }
        case .map(let map):
            try charge(1)
            for (key, element) in zip(map.keys, map.values) {
                try chargeWalk(through: key)
                try chargeWalk(through: element)
            }
        case .optional(let inner):
            try charge(1)
            if let inner { try chargeWalk(through: inner) }
        case .null, .bool, .int, .uint, .double, .timestamp, .duration, .type, .address, .network: try charge(1)
        }
    }

    private var exhausted: ExpressionFault {
        ExpressionFault(.cost, "the expression was stopped: it costs more than \(limit) steps", at: 0)
    }
}

/// Looks up the rules of a named time zone; nil when there is no zone of that name.
package typealias ZoneProvider = @Sendable (String) -> TimeZoneRules?

/// A piece of a compiled expression.
protocol Node: Sendable {
    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue
}

extension ExpressionFault {
    static func evaluation(_ message: String, at offset: Int = 0) -> ExpressionFault {
        ExpressionFault(.evaluate, message, at: offset)
    }

    /// The same fault with the place of the call that met it.
    func placed(at offset: Int) -> ExpressionFault { ExpressionFault(phase, message, at: offset) }
}
