import Expressions
import Testing
import Vocabulary

@Suite("Macros, optionals and names")
struct MacroTests {
    @Test(
        "a comprehension walks lists by element and maps by key",
        arguments: [
            ("[1, 2, 3].map(n, n * 2)", "[2,4,6]"), ("[1, 2, 3].map(n, n > 1, n * 2)", "[4,6]"),
            ("[3, 1, 2].filter(n, n >= 2)", "[3,2]"), ("{'a': 1, 'b': 2}.map(k, k + '!')", #"["a!","b!"]"#),
            ("[1, 2, 2].exists_one(n, n == 2)", "false"), ("[1, 2].existsOne(n, n == 2)", "true"),
            ("['x', 'y'].transformMap(i, v, v + string(i)).map(k, k)", "[0,1]"),
            ("['x', 'y'].transformList(i, v, i > 0, v)", #"["y"]"#),
            ("{'a': 1}.transformMapEntry(k, v, {string(v): k})", #"{"1":"a"}"#),
            ("[1, 2].map(a, [3, 4].map(b, a * b))", "[[3,4],[6,8]]"),
            ("[1].map(a, [2].map(a, a) + [a])", "[[2,1]]"), ("cel.bind(a, 2, cel.bind(b, a + 1, a * b))", "6"),
        ]
    )
    func folds(_ source: String, _ json: String) throws {
        #expect(JSONWriter.compact(try evaluate(source).json()) == json)
    }

    @Test(
        "what may be absent is guarded by has or an optional",
        arguments: [
            ("has(alert.note) && alert.note == null", .bool(true)), ("has(alert.missing)", .bool(false)),
            ("alert.?missing.?deeper.orValue('-')", .string("-")),
            ("alert[?'rule'].orValue('')", .string("Shell in a pod")),
            ("alert.tags[?9].hasValue()", .bool(false)), ("[?alert.?missing, ?alert.?score]", .list([.int(71)])),
            ("{?'a': alert.?missing}.size()", .int(0)), ("alert.?score.optMap(s, s + 1).value()", .int(72)),
            ("alert.?pod.optFlatMap(p, p.?name).orValue('')", .string("web-1")),
            ("optional.none().or(optional.of(3)).orValue(1 / 0)", .int(3)),
            ("optional.ofNonZeroValue('').hasValue()", .bool(false)), ("alert.pod.labels.`app` == 'web'", .bool(true)),
        ] as [(String, CELValue)]
    )
    func guards(_ source: String, _ expected: CELValue) throws {
        #expect(try evaluate(source, incident) == expected)
    }

    @Test("has fails when the object around the field is absent")
    func hasIsShallow() {
        #expect(fault(of: "has(alert.missing.name)", incident) != nil)
    }

    @Test("the longest declared name wins, the innermost namespace first, and a leading point leaves it")
    func namespaces() throws {
        let variables: [String: CELValue] = [
            "a.b": .int(1), "a": .map(CELMap([(.string("b"), .int(2))])), "n.a": .int(3),
        ]
        #expect(try CompiledExpression("a.b").evaluate(variables) == .int(1))
        #expect(try CompiledExpression("a", container: "n.m").evaluate(variables) == .int(3))
        #expect(try CompiledExpression(".a.b", container: "n").evaluate(variables) == .int(1))
        #expect(try CompiledExpression("[5].map(a, a)", container: "n").evaluate(variables) == .list([.int(5)]))
    }

    @Test("references list free names with their fields and nothing that is bound inside")
    func references() throws {
        let source = "alert.pod.uid == '' || alert.tags.exists(t, t.x == now) && has(run.id) && math.abs(n[k].z) > 1"
        let found = try CompiledExpression(source).references
        #expect(
            found.map(\.path) == [["alert", "pod", "uid"], ["alert", "tags"], ["now"], ["run", "id"], ["n"], ["k"]]
        )
        #expect(found.map(\.offset) == [0, 23, 51, 63, 83, 85])
    }
}
