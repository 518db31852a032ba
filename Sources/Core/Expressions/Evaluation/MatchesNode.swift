/// `text.matches('literal')`, with the pattern read once.
struct MatchesNode: Node {
    let text: any Node
    let pattern: TextPattern
    let offset: Int

    func evaluate(_ run: inout Evaluation) throws(ExpressionFault) -> CELValue {
        let value = try text.evaluate(&run)
        try run.charge(1)
        guard case .string(let text) = value else {
            throw .evaluation("matches searches a string, not a value of type \(value.type)", at: offset)
        }
        do throws(ExpressionFault) {
            return .bool(try pattern.matches(text, &run))
        } catch {
            throw error.placed(at: offset)
        }
    }
}
