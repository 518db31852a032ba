internal import Findings
internal import Host
internal import Vocabulary

/// Events and their wrappings: a folder with `index.json` and one file for each case.
package struct EventsSuite: ConformanceSuite {
    package let name = "events"

    package init() {}

    package func run(_ paths: [String]) async throws -> ConformanceTally {
        var tally = ConformanceTally()
        for path in paths {
            let (folder, cases) = try CorpusFiles.cases(path, named: "index.json")
            for item in cases {
                guard let id = item["id"]?.string, let file = item["file"]?.string, let expect = item["expect"] else {
                    throw CorpusFault(description: "\(path): a case lacks id, file or expect")
                }
                let decoded = EventDecoder.decode(try HostFiles.read(folder + "/" + file))
                let why = Self.differences(decoded, expect)
                if why.isEmpty {
                    tally.passed += 1
                } else {
                    tally.failures.append(.init(id, why.joined(separator: "; ")))
                }
            }
        }
        return tally
    }

    /// Every key of `expect` is asserted; one that nobody knows fails.
    private static func differences(_ decoded: DecodedEvents, _ expect: JSONValue) -> [String] {
        var why: [String] = []
        for member in expect.object ?? JSONObject() {
            let actual = actual(member.key, decoded)
            let wanted = member.key == "findings" && member.value.isNull ? .integer(0) : member.value
            if actual != wanted {
                why.append("\(member.key): expected \(JSONWriter.compact(wanted)), got \(shown(actual))")
            }
        }
        return why
    }

    private static func actual(_ key: String, _ decoded: DecodedEvents) -> JSONValue? {
        let first = decoded.events.first
        let findings = decoded.events.flatMap(\.findings)
        switch key {
        case "messages": return .integer(Int64(decoded.messages))
        case "events": return .integer(Int64(decoded.events.count))
        case "error": return .bool(!decoded.errors.isEmpty)
        case "detail_type": return first?.detailType.map(JSONValue.string)
        case "source": return first?.source.map(JSONValue.string)
        case "findings": return .integer(Int64(findings.count))
        case "finding_ids": return .array(findings.map { .string($0.id) })
        case "schema": return .string(findings.contains { $0.schema == .ocsf } ? "ocsf" : "asff")
        case "action_name": return first?.action?.name.map(JSONValue.string)
        case "action_arn": return first?.action.map { .string($0.arn) }
        case "results": return .integer(Int64(first?.results.count ?? 0))
        default: return nil
        }
    }

    private static func shown(_ value: JSONValue?) -> String { value.map(JSONWriter.compact) ?? "nothing" }
}
