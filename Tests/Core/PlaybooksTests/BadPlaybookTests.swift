import Glibc
import Playbooks
import TestSupport
import Testing
import Vocabulary

@Suite("Every problem of a playbook is told in one pass, each at its own token with its remedy")
struct BadPlaybookTests {
    @Test("a bad playbook gets exactly these diagnostics", arguments: BadPlaybook.all)
    func diagnostics(_ bad: BadPlaybook) {
        let found = Decoding.decode(bad.marked.text)
        #expect(Decoding.lines(found.diagnostics) == bad.expected)
        #expect((found.playbook == nil) == found.diagnostics.contains { $0.severity == .error })
    }

    @Test("there are many of them")
    func count() { #expect(BadPlaybook.all.count >= 60) }

    @Test("the bad playbooks show every code that there is")
    func codesAreShown() throws {
        let shown = Set(
            BadPlaybook.all.flatMap(\.expected).compactMap { line in
                line.split(separator: " ").first { $0.hasPrefix("PLAYBOOK-") }.map(String.init)
            }
        )
        let pages = try Files.names(in: PackageFolder.path + "/Docs/Errors").filter { $0.hasPrefix("PLAYBOOK-") }
        let missing = pages.map { String($0.dropLast(3)) }.filter { !shown.contains($0) }
        #expect(missing == ["PLAYBOOK-034"], "shown by a test of its own")
    }

    @Test("more states than anybody can follow are refused")
    func tooManyStates() {
        var text = "playbook: p\nstates:\n"
        for number in 0..<201 { text += "  s\(number): { wait: 5s }\n" }
        let expected = ["3:3 PLAYBOOK-034 the playbook has 201 states, more than 200. Fix: split it into playbooks"]
        #expect(Decoding.lines(Decoding.decode(text).diagnostics) == expected)
    }
}

/// A playbook with marked places and what is to be said of them, from `Tests/Fixtures/playbooks/bad.txt`.
struct BadPlaybook: CustomTestStringConvertible, Sendable {
    var title: String
    var marked: MarkedText
    var expected: [String]
    var testDescription: String { title }

    static let all: [BadPlaybook] = {
        let path = PackageFolder.fixture("playbooks/bad.txt")
        guard let text = try? Files.text(path) else { return [] }
        let cases = text.split(separator: "=== ").map { read(String($0)) }
        if unsafe getenv("UPDATE_GOLDEN") != nil { update(cases, path) }
        return cases
    }()

    private static func read(_ text: String) -> BadPlaybook {
        let title = text.prefix { $0 != "\n" }
        let rest = text.dropFirst(title.count + 1)
        let parts = rest.split(separator: "--- expect\n", omittingEmptySubsequences: false)
        let marked = MarkedText(String(parts[0]))
        var expected: [String] = []
        for line in parts.dropFirst().joined().split(separator: "\n") {
            let mark = line.unicodeScalars.first.map { String(Character($0)) } ?? ""
            let sentence = line.unicodeScalars.dropFirst(4)
            expected.append("\(marked.places[mark] ?? "?:?") \(String(String.UnicodeScalarView(sentence)))")
        }
        return BadPlaybook(title: String(title), marked: marked, expected: expected, source: String(parts[0]))
    }

    private var source: String

    /// Writes what is said now; the marks stay where the author put them, so a wrong place still fails.
    private static func update(_ cases: [BadPlaybook], _ path: String) {
        var text = ""
        for bad in cases {
            text += "=== \(bad.title)\n\(bad.source)--- expect\n"
            for line in Decoding.lines(Decoding.decode(bad.marked.text).diagnostics) {
                let place = line.prefix { $0 != " " }
                let mark = bad.marked.places.first { $0.value == place }?.key ?? "?"
                text += "\(mark)\u{FE0F}\u{20E3} \(line.dropFirst(place.count + 1))\n"
            }
        }
        try? Files.write(Array(text.utf8), to: path)
    }
}
