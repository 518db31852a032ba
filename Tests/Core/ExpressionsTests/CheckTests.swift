import Expressions
import Testing
import Vocabulary

@Suite("Checking before running")
struct CheckTests {
    static let schema = ExpressionSchema(variables: [
        "subject": .object(
            [
                "namespace": .string,
                "pod": .object(["name": .string, "uid": .string, "restarts": .int], isOpen: false),
            ],
            isOpen: false
        ),
        "finding": .object(["Severity": .object(["Normalized": .int, "Label": .string], isOpen: true)], isOpen: true),
        "tags": .list(.string), "counts": .map(.string, .int), "now": .timestamp, "holdFor": .duration, "any": .dyn,
        "ratio": .double,
    ])

    @Test(
        "each mistake is found at its place, in words",
        arguments: [
            ("subjct.namespace == 'a'", "no variable is called “subjct”; did you mean “subject”?", 0),
            ("subject.pod.ui == ''", "there is no member “ui”; did you mean “uid”?", 12),
            ("subject.node == ''", "there is no member “node”; there are: namespace, pod", 8),
            ("subject.pod.restarts + 'x'", "“+” cannot join int and string; convert with int(…)", 21),
            ("subject.namespace > 1", "“>” cannot compare string with int; convert with int(…) or string(…)", 18),
            ("tags == 'a'", "“==” compares list of string with string, which are never equal", 5),
            ("1 in tags", "“in” cannot look for int in list of string", 2),
            ("tags.conatins('a')", "no function is called “conatins”; did you mean “contains”?", 5),
            ("tags[0].contains()", "contains takes 1 argument, not 0", 8),
            ("size(1, 2)", "size takes 1 argument, not 2", 0),
            (
                "subject.namespace.startsWith(1)",
                "(string).startsWith(int) is not possible; there is (string).startsWith(string)", 18
            ),
            ("tags.exists(t, t + 'x')", "exists tests with bool, not string", 17),
            ("tags.all(t, t.matches('(a'))", "bad pattern at its character 3: a group is not closed", 22),
            ("!subject.namespace", "“!” negates bool, not string", 9),
            ("subject.namespace && true", "“&&” and “||” join bool, not string", 8),
            ("counts[1] > 0", "the keys are string, not int", 7),
            ("now - 'a'", "“-” cannot join timestamp and string; convert with timestamp(…)", 4),
            ("subject['nod']", "there is no member “nod”; did you mean “pod”?", 8),
            ("ratio % 2.0", "“%” cannot join double and double", 6),
        ]
    )
    func finds(_ source: String, _ message: String, _ offset: Int) throws {
        #expect(
            try CompiledExpression(source).check(Self.schema).faults == [ExpressionFault(.check, message, at: offset)]
        )
    }

    @Test(
        "a sound expression passes, and its type is known",
        arguments: [
            ("subject.pod.restarts > 3 && finding.Severity.Normalized >= 70", .bool),
            ("finding.Anything.deeper[0] == 1", .bool),
            ("any.x + 1", .int), ("tags.map(t, t.size())", .list(.int)), ("now + holdFor", .timestamp),
            ("now - now", .duration),
            ("has(finding.Note) ? 1 : 2", .int), ("finding.?Note.orValue('-')", .dyn),
            ("optional.of(1).value() + 1", .int),
            ("counts.exists(k, v, v > 1 && k != '')", .bool),
            ("counts.transformMap(k, v, string(v))", .map(.string, .string)),
            ("int('4')", .int), ("type(1) == int", .bool), ("math.greatest(1, 2.0)", .dyn),
            ("null == subject.namespace", .bool),
            ("cel.bind(x, tags, x[0])", .string), ("1 == 1.0 && 1u < 2", .bool), ("'a' in counts", .bool),
            ("[1, 'a']", .list(.dyn)),
            ("now.getHours('UTC')", .int), ("cidr('10.0.0.0/8').containsIP(any)", .bool),
            ("'%s'.format([1, 'a'])", .string),
        ] as [(String, ExpressionType)]
    )
    func passes(_ source: String, _ type: ExpressionType) throws {
        let check = try CompiledExpression(source).check(Self.schema)
        #expect(check.faults == [])
        #expect(check.type == type)
    }

    @Test("a condition must be a bool, as far as its type is known")
    func conditions() throws {
        let number = try CompiledExpression("subject.pod.restarts").check(Self.schema, expecting: .bool)
        #expect(number.faults.map(\.message) == ["the expression must give bool, but it gives int"])
        #expect(try CompiledExpression("any").check(Self.schema, expecting: .bool).faults == [])
    }

    @Test("every fault of an expression is found in one pass, in the order of the source")
    func findsAll() throws {
        let faults = try CompiledExpression("nope == 1 || subject.x || size() > 0").check(Self.schema).faults
        #expect(faults.count == 3)
        #expect(faults.map(\.offset) == faults.map(\.offset).sorted())
    }
}
