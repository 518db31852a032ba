import Expressions
import Playbooks
import TestSupport
import Testing
import Vocabulary
import YAMLTree

/// Decodes a playbook's text with the test actions.
enum Decoding {
    static func decode(_ text: String) -> (playbook: Playbook?, diagnostics: [Diagnostic]) {
        let (node, faults) = YAMLTree.read(Array(text.utf8), file: "p.yaml")
        guard let node else { return (nil, faults.map(\.diagnostic)) }
        let (playbook, diagnostics) = PlaybookDecoder.decode(node, actions: TestActions.all)
        return (faults.isEmpty ? playbook : nil, faults.map(\.diagnostic) + diagnostics)
    }

    /// `line:column CODE message. Fix: remedy`, and `warning` before the code of those.
    static func lines(_ diagnostics: [Diagnostic]) -> [String] {
        diagnostics.map { problem in
            let word = problem.severity == .warning ? "warning " : ""
            return
                "\(problem.mark.line):\(problem.mark.column) \(word)\(problem.code) \(problem.message). Fix: \(problem.remedy)"
        }
    }
}

@Suite("A playbook is read into values that keep their places")
struct PlaybookDecodingTests {
    @Test(
        "each stock playbook is valid without a warning",
        arguments: [
            "contain-pod", "capture-then-contain", "cordon-and-snapshot-node", "triage-only",
        ]
    )
    func stock(_ name: String) throws {
        let text = try Files.text(PackageFolder.path + "/playbooks/\(name)/playbook.yaml")
        let (playbook, diagnostics) = Decoding.decode(text)
        #expect(Decoding.lines(diagnostics) == [])
        #expect(playbook?.name == name)
    }

    @Test("everything that a playbook can say arrives")
    func everything() throws {
        let path = PackageFolder.fixture("playbooks/everything.yaml")
        let (found, diagnostics) = Decoding.decode(try Files.text(path))
        #expect(Decoding.lines(diagnostics) == [])
        let playbook = try #require(found)
        #expect(playbook.summary == "Uses every word of the language once.")
        #expect(playbook.triggers.map(\.mode) == [.auto, .shadow, .approve])
        #expect(playbook.triggers.map { $0.condition != nil } == [false, true, false])
        #expect(playbook.parameters.map(\.name) == ["holdFor", "blocks", "level", "limit", "fields"])
        #expect(playbook.parameters[1].type == .list(.cidr))
        #expect(playbook.parameters[1].defaultValue == ["10.0.0.0/8", "192.168.0.0/16"])
        #expect(playbook.incident?.cooldown == .seconds(600))
        #expect(playbook.guardrails.protect.count == 3)
        #expect(playbook.guardrails.budget?.window == .seconds(3_600))
        #expect(
            playbook.states.map(\.name) == ["note", "capture", "isolate", "pause", "again", "evict", "stop", "done"]
        )
        #expect(playbook.finally.map(\.name) == ["finally-1"])
    }

    @Test("a state falls through to the next in the file unless it says otherwise")
    func fallThrough() throws {
        let playbook = try #require(
            Decoding.decode(Sample.minimal("first: { set: { a: 1 } }\n  second: { succeed: true }")).playbook
        )
        #expect(playbook.states.map(\.next) == [.state("second"), .end])
    }

    @Test("retry has the defaults of the Amazon States Language")
    func retryDefaults() throws {
        let text = Sample.minimal("a: { action: cordon-node, retry: [{ errors: [any] }], end: true }")
        let rule = try #require(Decoding.decode(text).playbook?.states.first?.retry.first)
        #expect(rule.interval == .seconds(1))
        #expect(rule.attempts == 3)
        #expect(rule.backoff == 2)
        #expect(rule.maxDelay == nil)
        #expect(rule.jitter == .none)
    }

    @Test("a value that is one expression keeps its type, others become text")
    func templates() throws {
        let text = Sample.minimal(
            "a: { set: { whole: \"${{ 1 }}\", part: \"x ${{ 1 }} y\", plain: 5, literal: \"$${{ no }}\" }, end: true }"
        )
        let playbook = try #require(Decoding.decode(text).playbook)
        guard case .set(let members) = playbook.states[0].kind else { return #expect(Bool(false)) }
        guard case .template(let whole) = members[0].value.content, case .template(let part) = members[1].value.content
        else { return #expect(Bool(false)) }
        #expect(whole.whole?.source == "1")
        #expect(part.whole == nil)
        #expect(part.parts.count == 3)
        #expect(members[2].value.literal == 5)
        #expect(members[3].value.literal == "${{ no }}")
    }

    @Test(
        "an expression ends at the first }} outside its own quotes and braces",
        arguments: [
            ("${{ {'a': {'b': 1}} }}", "{'a': {'b': 1}}"), ("${{ '}}' }}", "'}}'"), ("${{ \"\\\"}}\" }}", "\"\\\"}}\""),
            ("${{1}}", "1"), ("${{ '''x''y}}''' }}", "'''x''y}}'''"), ("${{ r'\\' }}", "r'\\'"),
        ]
    )
    func expressionEnds(_ text: String, _ source: String) throws {
        let quoted = text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        let playbook = Decoding.decode(Sample.minimal("a: { set: { x: '\(quoted)' }, end: true }")).playbook
        guard case .set(let members) = playbook?.states.first?.kind,
            case .template(let found) = members[0].value.content
        else { return #expect(Bool(false), "\(text)") }
        #expect(found.whole?.source == source)
    }
}

enum Sample {
    static func minimal(_ states: String) -> String { "playbook: p\nstates:\n  \(states)\n" }
}
