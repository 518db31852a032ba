package import Catalogue
package import Vocabulary

/// What is known of a change after it was sent.
package enum ChangeOutcome: Sendable, Hashable {
    /// The answer's body.
    case succeeded(JSONValue)
    /// It did not take effect.
    case failed(ActionFault)
    /// No answer came: it may have taken effect.
    case unknown(FaultReport)
}
