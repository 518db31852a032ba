/// A chain of `&&` or `||`: one deciding term makes faults in the others unimportant.
struct ChainNode: Node {
    let terms: [any Node]
    /// The value that decides: false for `&&`, true for `||`.
    let decides: Bool
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        try run.charge(1)
        var verdict = Verdict(decides: decides, offset: offset)
        for term in terms {
            try verdict.add(term, &run)
            if verdict.isDecided { return .bool(decides) }
        }
        return .bool(try verdict.undecided())
    }
}

/// What `&&`, `||`, `all` and `exists` know so far.
struct Verdict {
    let decides: Bool
    let offset: Int
    private(set) var isDecided = false
    private var fault: ExpressionFault?

    init(decides: Bool, offset: Int) {
        self.decides = decides
        self.offset = offset
    }

    /// Weighs one more term; only running out of budget gets past it.
    mutating func add(_ term: any Node, _ run: inout Evaluation) throws(ExpressionFault) {
        do throws(ExpressionFault) {
            let value = try term.evaluate(&run)
            guard case .bool(let flag) = value else {
                let symbol = decides ? "||" : "&&"
                throw .evaluation("“\(symbol)” joins bools, but this is a value of type \(value.type)", at: offset)
            }
            isDecided = flag == decides
        } catch  where error.phase == .cost {
            throw error
        } catch {
            fault = fault ?? error
        }
    }

    /// The answer when no term decided: the first fault, else the other value.
    func undecided() throws(ExpressionFault) -> Bool {
        if let fault { throw fault }
        return !decides
    }
}

/// `!x`.
struct NotNode: Node {
    let operand: any Node
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        let value = try operand.evaluate(&run)
        try run.charge(1)
        guard case .bool(let flag) = value else {
            throw .evaluation("“!” negates a bool, not a value of type \(value.type)", at: offset)
        }
        return .bool(!flag)
    }
}

/// `-x`.
struct NegateNode: Node {
    let operand: any Node
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        let value = try operand.evaluate(&run)
        try run.charge(1)
        switch value {
        case .int(let number) where number != .min: return .int(-number)
        case .int: throw .evaluation("the result of “-” does not fit into an int", at: offset)
        case .double(let number): return .double(-number)
        default: throw .evaluation("“-” takes an int or a double, not a value of type \(value.type)", at: offset)
        }
    }
}

/// `condition ? value : otherwise`.
struct ConditionalNode: Node {
    let condition: any Node
    let value: any Node
    let otherwise: any Node
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        let answer = try condition.evaluate(&run)
        try run.charge(1)
        guard case .bool(let flag) = answer else {
            throw .evaluation("“?” decides on a bool, not on a value of type \(answer.type)", at: offset)
        }
        return flag ? try value.evaluate(&run) : try otherwise.evaluate(&run)
    }
}

/// `left operator right`.
struct BinaryNode: Node {
    let symbol: BinaryOperator
    let left: any Node
    let right: any Node
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        let a = try left.evaluate(&run)
        let b = try right.evaluate(&run)
        try run.charge(1)
        do throws(ExpressionFault) {
            return try Operators.apply(symbol, a, b, &run)
        } catch {
            throw error.placed(at: offset)
        }
    }
}
