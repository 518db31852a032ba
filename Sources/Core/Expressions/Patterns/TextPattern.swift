/// A pattern as a program for a machine that follows all possibilities at once.
///
/// Its time is the product of the program's size and the text's length, whatever the pattern.
/// - Source: K. Thompson, "Regular Expression Search Algorithm"; R. Cox, "Regular Expression Matching: the Virtual
///   Machine Approach".
struct TextPattern: Sendable {
    enum Instruction: Sendable {
        case take(ScalarSet)
        case check(PatternTree.Assertion)
        case jump(Int)
        case fork(Int, Int)
        case accept
    }

    private let program: [Instruction]

    var size: Int { program.count }

    static func compiled(_ pattern: String) throws(ExpressionFault) -> TextPattern {
        var builder = PatternBuilder()
        try builder.append(try PatternReader.read(pattern))
        return TextPattern(program: builder.finished())
    }

    /// Whether the pattern occurs anywhere in the text.
    func matches(_ text: String, _ run: inout Evaluation) throws(ExpressionFault) -> Bool {
        var threads = ThreadList(capacity: program.count)
        var following = ThreadList(capacity: program.count)
        var before: Unicode.Scalar?
        var rest = text.unicodeScalars.makeIterator()
        var next = rest.next()
        while true {
            if follow(0, &threads, before, next) { return true }
            guard let scalar = next else { return false }
            try run.charge(1 + threads.count / 8)
            next = rest.next()
            for place in threads.members {
                guard case .take(let set) = program[place], set.contains(scalar) else { continue }
                if follow(place + 1, &following, scalar, next) { return true }
            }
            swap(&threads, &following)
            following.removeAll()
            before = scalar
        }
    }

    /// Adds a place and all that is reached from it without taking a scalar.
    /// - Returns: whether the end of the program is among them.
    private func follow(
        _ start: Int,
        _ threads: inout ThreadList,
        _ before: Unicode.Scalar?,
        _ next: Unicode.Scalar?
    ) -> Bool {
        threads.open(start)
        while let place = threads.nextOpen() {
            switch program[place] {
            case .take: threads.keep(place)
            case .check(let assertion): if assertion.holds(after: before, before: next) { threads.open(place + 1) }
            case .jump(let target): threads.open(target)
            case .fork(let one, let other):
                threads.open(other)
                threads.open(one)
            case .accept: return true
            }
        }
        return false
    }
}

/// The places of a program that are followed at once, each at most once.
private struct ThreadList {
    private(set) var members: [Int] = []
    private var isKnown: [Bool]
    private var known: [Int] = []
    private var opened: [Int] = []

    init(capacity: Int) { isKnown = Array(repeating: false, count: capacity) }

    var count: Int { members.count }

    mutating func open(_ place: Int) {
        guard !isKnown[place] else { return }
        isKnown[place] = true
        known.append(place)
        opened.append(place)
    }

    mutating func nextOpen() -> Int? { opened.popLast() }

    mutating func keep(_ place: Int) { members.append(place) }

    mutating func removeAll() {
        for place in known { isKnown[place] = false }
        known.removeAll(keepingCapacity: true)
        members.removeAll(keepingCapacity: true)
    }
}

/// Writes the program of a pattern, bounded in size.
private struct PatternBuilder {
    private var program: [TextPattern.Instruction] = []
    private var work = 0

    static let largestProgram = 10_000

    mutating func finished() -> [TextPattern.Instruction] { program + [.accept] }

    mutating func append(_ tree: PatternTree) throws(ExpressionFault) {
        work += 1
        guard work <= Self.largestProgram, program.count <= Self.largestProgram else {
            throw .evaluation("the pattern is too large; repeat less")
        }
        switch tree {
        case .empty: break
        case .one(let set): program.append(.take(set))
        case .assertion(let assertion): program.append(.check(assertion))
        case .sequence(let parts): for part in parts { try append(part) }
        case .alternatives(let branches): try append(alternatives: branches)
        case .repeated(let part, let least, let most): try append(part, least: least, most: most)
        }
    }

    private mutating func append(alternatives branches: [PatternTree]) throws(ExpressionFault) {
        var exits: [Int] = []
        for branch in branches.dropLast() {
            let fork = reserve()
            try append(branch)
            exits.append(reserve())
            program[fork] = .fork(fork + 1, program.count)
        }
        if let last = branches.last { try append(last) }
        for exit in exits { program[exit] = .jump(program.count) }
    }

    private mutating func append(_ part: PatternTree, least: Int, most: Int?) throws(ExpressionFault) {
        for _ in 0..<least { try append(part) }
        guard let most else {
            let fork = reserve()
            try append(part)
            program.append(.jump(fork))
            program[fork] = .fork(fork + 1, program.count)
            return
        }
        var forks: [Int] = []
        for _ in 0..<max(0, most - least) {
            forks.append(reserve())
            try append(part)
        }
        for fork in forks { program[fork] = .fork(fork + 1, program.count) }
    }

    /// A place that is filled in when its target is known.
    private mutating func reserve() -> Int {
        program.append(.jump(0))
        return program.count - 1
    }
}
