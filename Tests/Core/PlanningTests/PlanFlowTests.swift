import Expressions
import Planning
import Playbooks
import TestSupport
import Testing
import Vocabulary
import YAMLTree

@Suite("What is known at a state is what every way to it agrees on")
struct PlanFlowTests {
    private static func flow(_ states: String) throws -> PlanFlow {
        let text = "playbook: p\nstates:\n" + states.split(separator: "\n").map { "  \($0)\n" }.joined()
        let node = try YAMLTree.parse(Array(text.utf8), file: "p.yaml")
        let (playbook, diagnostics) = PlaybookDecoder.decode(node, actions: TestActions.all)
        var start = ExpressionScope()
        start["finding"] = ["level": 7]
        start["run"] = ["containment": "none", "error": .null]
        return PlanFlow(try #require(playbook, "\(diagnostics)"), start: start)
    }

    private static func late(_ path: [String], at state: String, of flow: PlanFlow) -> [String] {
        let place = flow.places.first { $0.state.name == state }
        return (place?.scope.late ?? []).filter { $0.path == path }.map(\.state)
    }

    private static func value(_ name: String, at state: String, of flow: PlanFlow) -> JSONValue? {
        flow.places.first { $0.state.name == state }?.scope["vars"]?[name]
    }

    @Test("a branch that is decided now leaves its values known")
    func decided() throws {
        let flow = try Self.flow(
            """
            pick: { choice: [{ when: finding.level > 5, next: high }], otherwise: low }
            low: { set: { word: low }, next: tell }
            high: { set: { word: high } }
            tell: { action: update-finding, with: { note: "${{ vars.word }}" }, end: true }
            """
        )
        #expect(flow.places.map(\.state.name) == ["pick", "high", "tell"])
        #expect(Self.value("word", at: "tell", of: flow) == "high")
        #expect(flow.places.allSatisfy { !$0.isConditional })
    }

    @Test("a variable that a loop changes is open in the loop and after it")
    func loops() throws {
        let flow = try Self.flow(
            """
            first: { set: { count: 0, fixed: 1 } }
            head: { choice: [{ when: vars.count > 3, next: done }], otherwise: pause }
            pause: { wait: 1s }
            more: { set: { count: "${{ vars.count + 1 }}" }, next: head }
            done: { action: update-finding, with: { note: "${{ vars.count }}" }, end: true }
            """
        )
        #expect(Self.late(["vars", "count"], at: "done", of: flow) == ["first", "more"])
        #expect(Self.value("fixed", at: "done", of: flow) == 1)
        #expect(flow.places.first { $0.state.name == "done" }?.isConditional == true)
    }

    @Test("a variable that only some ways set is open, and known again once all set it anew")
    func partlySet() throws {
        let flow = try Self.flow(
            """
            try: { action: snapshot-volumes, timeout: 1m, catch: [{ errors: [any], next: after, as: trouble }] }
            mark: { set: { word: taken } }
            after: { action: cordon-node }
            anew: { set: { word: always } }
            last: { action: update-finding, with: { note: "${{ vars.word }}" }, end: true }
            """
        )
        #expect(Self.late(["vars", "word"], at: "after", of: flow) == ["mark"])
        #expect(Self.late(["trouble"], at: "after", of: flow) == ["try"])
        #expect(Self.late(["run", "error"], at: "after", of: flow) == ["try"])
        #expect(Self.value("word", at: "last", of: flow) == "always")
        #expect(Self.late(["vars", "word"], at: "last", of: flow) == [])
    }

    @Test("a value made of an open one is open too, and names the state that it waits for")
    func derived() throws {
        let flow = try Self.flow(
            """
            take: { action: snapshot-volumes, timeout: 1m }
            name: { set: { text: "made ${{ states.take.snapshots }}", plain: x } }
            last: { action: update-finding, with: { note: "${{ vars.text }}" }, end: true }
            """
        )
        #expect(Self.late(["vars", "text"], at: "last", of: flow) == ["take"])
        #expect(Self.value("plain", at: "last", of: flow) == "x")
    }

    @Test("the error of a condition that is certain to fail leads to its catch, surely")
    func certainCatch() throws {
        let flow = try Self.flow(
            """
            odd: { action: cordon-node, when: finding.missing == 1, catch: [{ errors: [any], next: last }], next: never }
            never: { action: cordon-node, end: true }
            last: { action: update-finding, with: { note: x }, end: true }
            """
        )
        #expect(flow.places.map(\.state.name) == ["odd", "last"])
        #expect(flow.places.last?.isConditional == false)
    }

    @Test("an action that its `when` surely skips leaves nothing behind")
    func skipped() throws {
        let flow = try Self.flow(
            """
            off: { action: isolate-pod, when: finding.level > 9 }
            last: { choice: [{ when: run.containment == "none", next: yes }], otherwise: no }
            yes: { action: update-finding, with: { note: x }, end: true }
            no: { action: cordon-node, end: true }
            """
        )
        #expect(flow.places.map(\.state.name) == ["off", "last", "yes"])
    }
}
