package import Expressions
package import Patterns
package import Vocabulary

/// A predicate over what arrives: when it holds, the playbook is planned.
package struct Trigger: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The button in Security Hub whose custom action has this id.
        case customAction(String)
        /// A pattern rooted at one imported finding, with the document it was compiled from.
        case imported(EventPattern, document: JSONValue)
        /// A pattern rooted at the whole EventBridge event.
        case event(EventPattern, document: JSONValue)
    }

    /// How far a run goes before somebody must say yes.
    package enum Mode: String, Sendable, Hashable, Codable, CaseIterable {
        /// Plans only.
        case shadow
        /// Captures and records at once, stops before the first hold, contain or evict.
        case approve
        /// Runs all classes but evict.
        case auto
    }

    package var kind: Kind
    /// Evaluated with `finding` and `event`; an error is “no match”.
    package var condition: Condition?
    /// As written, or `auto` for a button and `approve` for everything else.
    package var mode: Mode
    package var mark: SourceMark

    package init(kind: Kind, condition: Condition?, mode: Mode, mark: SourceMark) {
        self.kind = kind
        self.condition = condition
        self.mode = mode
        self.mark = mark
    }
}

/// A `when`: a bare expression that is true or false.
package struct Condition: Sendable, Hashable {
    package var expression: CompiledExpression
    package var mark: SourceMark

    package init(expression: CompiledExpression, mark: SourceMark) {
        self.expression = expression
        self.mark = mark
    }
}
