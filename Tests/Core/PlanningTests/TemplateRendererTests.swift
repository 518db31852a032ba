import Expressions
import Planning
import Playbooks
import Testing
import Vocabulary
import YAMLTree

@Suite("Templates become values when a run reaches them")
struct TemplateRendererTests {
    private static let finding: JSONValue = ["n": 70, "s": "a\"b", "l": [1, 2], "z": .null]

    /// A `set` state's value, as a run would compute it.
    private func rendered(_ written: String, late: [ExpressionScope.Late] = []) throws -> TemplateRenderer.Rendered {
        let text = "playbook: p\nstates:\n  a: { set: { x: \(written) }, end: true }\n"
        let node = try YAMLTree.parse(Array(text.utf8), file: "p.yaml")
        let (playbook, diagnostics) = PlaybookDecoder.decode(node, actions: [])
        guard case .set(let members) = try #require(playbook, "\(diagnostics)").states[0].kind else {
            throw ExpressionFault(.evaluate, "no set state", at: 0)
        }
        var scope = ExpressionScope(late: late)
        scope["finding"] = Self.finding
        scope["run"] = ["id": "run-1", "containment": "none"]
        return try TemplateRenderer(scope).render(members[0].value)
    }

    private func value(_ written: String) throws -> JSONValue { try rendered(written).value }

    @Test("what a later state brings stands as a placeholder, and the rest of the text is filled in")
    func standsIn() throws {
        let late = [ExpressionScope.Late(["run", "containment"], after: "isolate")]
        let text = try rendered("\"${{ run.id }}: ${{ run.containment }}\"", late: late)
        #expect(text.value == "run-1: ‹after isolate›" && text.waitsFor == ["isolate"])
        let whole = try rendered("\"${{ run }}\"", late: late)
        #expect(whole.value == "‹after isolate›")
        #expect(try rendered("\"${{ finding.n }}\"", late: late).waitsFor == [])
    }

    @Test("a condition is open only when what is not known could decide it")
    func decidesEarly() throws {
        func holds(_ source: String) throws -> Bool? {
            var scope = ExpressionScope(late: [ExpressionScope.Late(["run", "containment"], after: "isolate")])
            scope["finding"] = Self.finding
            scope["run"] = ["containment": "none"]
            let mark = SourceMark(file: "p.yaml", line: 1, column: 1)
            return try TemplateRenderer(scope).holds(Condition(expression: try CompiledExpression(source), mark: mark))
        }
        #expect(try holds("finding.n >= 70 || run.containment != 'contained'") == true)
        #expect(try holds("finding.n >= 71 || run.containment != 'contained'") == nil)
        #expect(try holds("finding.n >= 71 && run.containment != 'contained'") == false)
        #expect(try holds("has(run.containment)") == nil)
        #expect(try holds("finding.n == 70") == true)
    }

    @Test(
        "one expression keeps its type, text around it makes text, and structures are filled inside",
        arguments: [
            ("\"${{ finding.n }}\"", 70), ("\"n=${{ finding.n }}.\"", "n=70."), ("\"${{ finding.l }}\"", [1, 2]),
            ("\"${{ finding.n }}${{ finding.n + 1 }}\"", "7071"), ("\"$${{ x }}\"", "${{ x }}"),
            ("\"l=${{ finding.l }}\"", "l=[1,2]"),
            ("{ a: [\"${{ finding.s }}\", 5], b: ~ }", ["a": ["a\"b", 5], "b": .null]), ("\"\"", ""),
        ] as [(String, JSONValue)]
    )
    func values(_ written: String, _ expected: JSONValue) throws {
        #expect(try value(written) == expected)
    }

    @Test("a missing field and a null inside a text are faults")
    func faults() {
        #expect(throws: ExpressionFault.self) { try value("\"${{ finding.missing }}\"") }
        #expect(throws: ExpressionFault.self) { try value("\"nothing: ${{ finding.z }}\"") }
    }
}
