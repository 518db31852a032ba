internal import Expressions
internal import Vocabulary

/// An expression in a playbook, to be checked when all names are known.
struct ExpressionUse {
    /// Where it is evaluated, which says what it may see.
    enum Scope {
        case trigger
        case incident
        case state(String)
        case finally
    }

    /// What it must give.
    enum Need {
        /// It becomes part of a text.
        case embedded
        case anything
        case condition
        case parameter(ParameterType)
        case moment
    }

    var expression: CompiledExpression
    /// The scalar that it stands in, and where: Unicode scalars from the scalar's start.
    var node: DocumentNode
    var offset: Int
    var scope: Scope
    var need: Need
    /// The parameter, key or state that it is for, as messages name it.
    var what: String

    func mark(at place: Int) -> SourceMark { node.mark(ofScalarAt: offset + place) }
}
