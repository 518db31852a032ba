import Expressions
import TestSupport
import Testing
import Vocabulary

@Suite("Hostile input")
struct RandomInputTests {
    /// A small generator, so that a printed seed repeats a run exactly.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }

    static let pieces: [String] = [
        "(", ")", "[", "]", "{", "}", ",", ":", "?", ".", ".?", "[?", "&&", "||", "!", "-", "+", "*", "/", "%", "==",
        "<", "in",
        "alert", "alert.tags", "alert.pod", "x", "1", "2u", "0.5", "'a'", "b'b'", "null", "true", "9223372036854775807",
        "size(",
        ".map(x, ", ".exists(x, ", ".filter(x, ", "has(", "cel.bind(x, ", ".matches('", "'", "\"", "\\", "`",
        "timestamp(0)",
        "duration('1s')", ".format([", "optional.of(", ".orValue(", "math.abs(", "é", "🔥", "\n", " ",
    ]

    @Test("no text crashes, hangs or escapes the limit", arguments: [UInt64.random(in: 0 ... .max), 1, 2, 3])
    func survives(_ seed: UInt64) {
        var generator = Generator(state: seed)
        for round in 0..<2_000 {
            var source = ""
            for _ in 0..<Int.random(in: 1...14, using: &generator) {
                source += Self.pieces.randomElement(using: &generator) ?? ""
            }
            guard let expression = try? CompiledExpression(source) else { continue }
            let check = expression.check(CheckTests.schema)
            #expect(
                check.faults.allSatisfy { $0.offset <= source.unicodeScalars.count },
                "seed \(seed), round \(round): \(source)"
            )
            let once = try? expression.evaluate(incident, costLimit: 20_000)
            let again = try? expression.evaluate(incident, costLimit: 20_000)
            #expect(once == again, "seed \(seed), round \(round): \(source)")
        }
    }

    @Test("every kept input of the fuzzer still evaluates within its limit", arguments: try Files.names(in: corpus))
    func replays(_ name: String) throws {
        let source = try Files.text(Self.corpus + "/" + name)
        guard let expression = try? CompiledExpression(source) else { return }
        _ = try? expression.evaluate(["x": .map(CELMap()), "y": .null], costLimit: 20_000).json()
    }

    static let corpus = PackageFolder.path + "/Tests/Fuzz/CEL/corpus"

    @Test("most of the kept inputs are expressions, so that replaying them reaches the evaluator")
    func corpusIsAlive() throws {
        let names = try Files.names(in: Self.corpus)
        var compiled = 0
        for name in names where (try? CompiledExpression(try Files.text(Self.corpus + "/" + name))) != nil {
            compiled += 1
        }
        #expect(names.count >= 20)
        #expect(compiled > names.count / 2)
    }
}
