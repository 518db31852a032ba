internal import Patterns
internal import Vocabulary

/// EventBridge patterns: `cases.json` with pattern and event as JSON texts and what the rule engine says of them.
package struct PatternsSuite: ConformanceSuite {
    package let name = "patterns"

    package init() {}

    package func run(_ paths: [String]) async throws -> ConformanceTally {
        var tally = ConformanceTally()
        for path in paths {
            for item in try CorpusFiles.cases(path, named: "cases.json").cases { try Self.judge(item, &tally) }
        }
        return tally
    }

    private static func judge(_ item: JSONValue, _ tally: inout ConformanceTally) throws {
        guard let id = item["id"]?.string, let pattern = item["pattern"]?.string, let event = item["event"]?.string,
            let expected = item["expect"]?.string
        else { throw CorpusFault(description: "a case lacks id, pattern, event or expect") }
        let answer = try Self.answer(pattern, event)
        if item["quirk"] == true {
            let verdict = answer == expected ? "as the engine" : "engine: \(expected), here: \(answer)"
            tally.notes.append("quirk \(id): \(verdict)")
        } else if answer == expected {
            tally.passed += 1
        } else {
            tally.failures.append(.init(id, "expected \(expected), got \(answer)"))
        }
    }

    private static func answer(_ pattern: String, _ event: String) throws -> String {
        guard let document = try? JSONReader.parse(pattern), let compiled = try? EventPattern(document) else {
            // Both kinds of refusal are the same answer here: the rule cannot be made.
            return "invalid_pattern"
        }
        return try compiled.matches(JSONReader.parse(event)) ? "match" : "no_match"
    }
}
