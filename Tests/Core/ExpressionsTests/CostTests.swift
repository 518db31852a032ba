import Expressions
import Testing
import Vocabulary

@Suite("The cost of an evaluation")
struct CostTests {
    @Test(
        "what grows without bound is stopped, and nothing absorbs the stop",
        arguments: [
            "l.map(a, l.map(b, l.map(c, a + b + c)))", "l.all(a, l.all(b, l.all(c, true)))",
            "true || l.exists(a, false) || false ? l.map(a, l.map(b, l.map(c, 1))) : 1",
            "l.exists(a, l.exists(b, l.exists(c, l.exists(d, false)))) || true",
            "cel.bind(a, [l, l, l, l], cel.bind(b, [a, a, a, a], cel.bind(c, [b, b, b, b], [c, c, c, c])))",
            "cel.bind(a, [l, l, l, l], cel.bind(b, [a, a, a, a], cel.bind(c, [b, b, b, b], [c, c] == [c, c])))",
            "s.replace('', s)", "s.split('').map(x, s.split('')).size()", "l.map(a, s + s + s + s)",
            "'%s'.format([l.map(a, l)])",
            "l.map(a, s.matches('(x+x+)+y'))",
        ]
    )
    func stops(_ source: String) {
        let list = CELValue.list((0..<500).map { .int($0) })
        let text = CELValue.string(String(repeating: "x", count: 10_000))
        #expect(fault(of: source, ["l": list, "s": text], costLimit: 50_000)?.phase == .cost)
    }

    @Test("the doubling of texts stops before memory ends")
    func doubling() {
        var source = "s"
        for step in (0..<40).reversed() {
            let previous = step == 0 ? "s" : "v\(step - 1)"
            source = "cel.bind(v\(step), \(previous) + \(previous), \(source))"
        }
        #expect(fault(of: source, ["s": .string("0123456789")])?.phase == .cost)
    }

    @Test("the limit is the caller's, and the same expression always costs the same")
    func limit() throws {
        let expression = try CompiledExpression("[1, 2, 3].map(a, a * 2).size() == 3")
        var enough = 0
        while (try? expression.evaluate([:], costLimit: enough)) == nil { enough += 1 }
        #expect(enough > 10)
        #expect(enough < 100)
        #expect(throws: ExpressionFault.self) { try expression.evaluate([:], costLimit: enough - 1) }
        #expect(try expression.evaluate([:], costLimit: enough) == .bool(true))
    }
}
