/// The place of a frame in the tree of a run's position: state by state, with the branch or item between.
package struct FramePath: Sendable, Hashable, Codable, CustomStringConvertible {
    package enum Step: Sendable, Hashable, Codable {
        case state(String)
        case branch(Int)
        case item(Int)
        /// Counted from 0.
        case finally(Int)
    }

    /// From the run downwards; never empty.
    package var steps: [Step]

    package init(_ steps: [Step]) { self.steps = steps }

    /// Such as `Outer[1]/Inner`, or `finally[0]`.
    package var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .state(let name): text += text.isEmpty ? name : "/\(name)"
            case .branch(let number), .item(let number): text += "[\(number)]"
            case .finally(let number): text += "finally[\(number)]"
            }
        }
        return text
    }
}
