import TestSupport
import Vocabulary

/// What goes wrong between a process and the servers while it lives.
struct Weather: Sendable {
    /// What becomes of one request.
    enum Fate: Sendable, Hashable, CaseIterable {
        case fine
        /// It never arrives.
        case refused
        /// The server says that it is busy.
        case throttled
        /// The server fails before it did anything.
        case broken
        /// The work is done and no answer comes.
        case answerLost
        /// The work is done, and something in between says that it failed.
        case gateway
        /// It takes its time.
        case slow
    }

    /// How many of a hundred requests meet something bad.
    var rate: Int
    /// Each of them is one of these.
    var kinds: [Fate]
    /// The longest that a slow answer takes, in seconds.
    var slowness: Int

    static let calm = Weather(rate: 0, kinds: [.fine], slowness: 1)

    static func drawn(_ chance: inout SeededChance) -> Weather {
        let rates = [0, 0, 2, 5, 15, 40]
        let bad = Fate.allCases.filter { $0 != .fine }
        let kinds = chance.isOneIn(3) ? [chance.pick(bad)] : bad.filter { _ in chance.isOneIn(2) }
        return Weather(
            rate: chance.pick(rates),
            kinds: kinds.isEmpty ? [.answerLost] : kinds,
            slowness: chance.pick([3, 20, 90])
        )
    }

    func fate(_ chance: inout SeededChance) -> Fate {
        rate > 0 && Int.random(in: 0..<100, using: &chance) < rate ? chance.pick(kinds) : .fine
    }
}

/// When a process dies, counted from 1 within its life.
enum Doom: Sendable, Hashable {
    case none
    /// At any moment: around requests and flushes alike.
    case point(Int)
    case write(Int, after: Bool)
    case flush(Int, after: Bool)

    static func drawn(_ chance: inout SeededChance) -> Doom {
        switch Int.random(in: 0..<8, using: &chance) {
        case 0, 1: .point(Int.random(in: 1...160, using: &chance))
        case 2, 3, 4: .write(Int.random(in: 1...9, using: &chance), after: chance.isOneIn(2))
        case 5, 6: .flush(Int.random(in: 1...14, using: &chance), after: chance.isOneIn(2))
        default: .none
        }
    }
}

extension SeededChance {
    mutating func isOneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }
}
