internal import Vocabulary

/// Which errors a retrier or a catcher is for; none matches a terminal error.
package enum ErrorMatcher: Sendable, Hashable, Codable {
    /// Every error, also one without a name.
    case any
    /// The one of this name, case-sensitively.
    case named(String)
    /// Every named error but these.
    case allBut(names: [String])

    private enum NamedCodingKeys: String, CodingKey { case _0 = "name" }

    package func matches(_ error: StepError) -> Bool {
        guard !error.isTerminal else { return false }
        switch self {
        case .any:
            return true
        case .named(let wanted):
            return [error.name, error.otherName].contains { $0?.isIdentical(to: wanted) ?? false }
        case .allBut(let names):
            guard let name = error.name else { return false }
            return !names.contains { $0.isIdentical(to: name) }
        }
    }
}
