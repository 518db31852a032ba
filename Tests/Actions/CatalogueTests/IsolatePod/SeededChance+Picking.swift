import TestSupport

struct NothingToPick: Error {}

extension SeededChance {
    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    mutating func pick<Element>(_ elements: [Element]) throws -> Element {
        guard let element = elements.randomElement(using: &self) else { throw NothingToPick() }
        return element
    }
}
