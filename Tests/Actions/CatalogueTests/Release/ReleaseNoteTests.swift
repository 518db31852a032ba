import Catalogue
import Testing

@Suite("Release commands on an object are whole, and no longer than the object can bear")
struct ReleaseNoteTests {
    private static let commands =
        (1...9).map { "kubectl label pod web-\($0) mark-" } + ["kubectl delete networkpolicy q"]

    @Test("what fits is told in full")
    func fits() {
        #expect(ReleaseNote.text(["a b", "c"], separator: "; ", limit: 6) == "a b; c")
        #expect(ReleaseNote.text([], separator: "; ", limit: 6).isEmpty)
    }

    @Test("what does not fit loses whole commands from the middle, and the last one stays", arguments: [120, 200, 290])
    func cuts(_ limit: Int) {
        let text = ReleaseNote.text(Self.commands, separator: "\n", limit: limit)
        let lines = text.split(separator: "\n").map(String.init)
        let told = lines.filter { Self.commands.contains($0) }
        #expect(text.utf8.count <= limit && lines.count == told.count + 1)
        #expect(lines.last == "kubectl delete networkpolicy q")
        #expect(lines.contains(": \(Self.commands.count - told.count) more are in the plan of the run"))
    }

    @Test("a command that is longer than all the room is left out, and counted")
    func tooLong() {
        let long = String(repeating: "x", count: 100)
        #expect(ReleaseNote.text([long, long], separator: "\n", limit: 60) == ": 2 more are in the plan of the run")
    }
}
