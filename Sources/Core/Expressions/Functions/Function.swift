/// A function that expressions may call.
struct Function: Sendable {
    /// What runs; nil when the arguments fit no overload.
    typealias Body = @Sendable ([CELValue], inout Evaluation) throws(ExpressionFault) -> CELValue?

    let name: String
    /// Whether it is called on its first argument, `x.name(…)`.
    let isMember: Bool
    let overloads: [Overload]
    let body: Body

    init(_ name: String, isMember: Bool = false, _ overloads: [Overload], _ body: @escaping Body) {
        self.name = name
        self.isMember = isMember
        self.overloads = overloads
        self.body = body
    }

    /// Argument counts that a caller may write, without the receiver.
    var counts: [Int] {
        var counts: Set<Int> = []
        for overload in overloads { counts.insert(overload.parameters.count - (isMember ? 1 : 0)) }
        return counts.sorted()
    }

    var isVariadic: Bool { overloads.contains { $0.isVariadic } }
}

/// Types a function takes and the type it answers with.
struct Overload: Sendable {
    var parameters: [ExpressionType]
    var result: ExpressionType
    /// Any number of arguments like the last one.
    var isVariadic = false
    /// The result's type when it depends on the arguments'.
    var derive: (@Sendable ([ExpressionType]) -> ExpressionType)?

    init(_ parameters: [ExpressionType], _ result: ExpressionType, isVariadic: Bool = false) {
        self.parameters = parameters
        self.result = result
        self.isVariadic = isVariadic
    }

    init(_ parameters: [ExpressionType], derive: @escaping @Sendable ([ExpressionType]) -> ExpressionType) {
        self.parameters = parameters
        result = .dyn
        self.derive = derive
    }
}

/// Calls a function of the library.
struct CallNode: Node {
    let function: Function
    let arguments: [any Node]
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        var values: [CELValue] = []
        values.reserveCapacity(arguments.count)
        for argument in arguments { values.append(try argument.evaluate(&run)) }
        do throws(ExpressionFault) {
            var cost = 1
            for value in values { cost += value.length / 16 }
            try run.charge(cost)
            guard let result = try function.body(values, &run) else { throw noOverload(values) }
            try run.charge(result.length / 16)
            return result
        } catch {
            throw error.placed(at: offset)
        }
    }

    private func noOverload(_ values: [CELValue]) -> ExpressionFault {
        let types = values.map(\.type.description)
        guard function.isMember, let receiver = types.first else {
            return .evaluation("\(function.name) cannot take (\(types.joined(separator: ", ")))")
        }
        let rest = types.dropFirst().joined(separator: ", ")
        return .evaluation("\(receiver) has no function \(function.name)(\(rest))")
    }
}

extension CELValue {
    /// Bytes or elements directly held, as a measure of work.
    fileprivate var length: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .list(let elements): elements.count
        case .map(let map): map.count
        case .null, .bool, .int, .uint, .double, .timestamp, .duration, .type, .optional, .address, .network: 0
        }
    }
}
