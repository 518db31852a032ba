import Orchestration
import Planning
import Runs
import TestSupport
import Testing
import Vocabulary

/// Writes playbooks whose values and ways hang on each other: sets, choices on known and on later values, catches.
struct RandomPlaybook {
    private var chance: SeededChance
    private var lines: [String] = []
    private let count: Int

    static func text(seed: UInt64) -> String {
        var playbook = RandomPlaybook(seed: seed)
        playbook.write()
        return playbook.lines.joined(separator: "\n") + "\n"
    }

    private init(seed: UInt64) {
        chance = SeededChance(seed: seed)
        count = Int.random(in: 4...9, using: &chance)
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &chance)]
    }

    /// A state that comes later.
    private mutating func later(than place: Int) -> String { "s\(Int.random(in: (place + 1)...count, using: &chance))" }

    private mutating func write() {
        lines = ["playbook: p", "states:", "  s0: { set: { a: 1, b: 2, workflow: NOTIFIED, cidr: 10.0.0.1/32 } }"]
        for place in 1..<count { lines.append("  s\(place): \(state(place))") }
        lines.append("  s\(count): { action: update-finding, with: { note: \"\(note)\" }, end: true }")
    }

    private var note: String { "${{ vars.a }} ${{ vars.b }} ${{ run.id }} ${{ run.containment }}" }

    private mutating func state(_ place: Int) -> String {
        switch Int.random(in: 0..<8, using: &chance) {
        case 0, 1: "{ set: { \(pick(["a", "b"])): \(value) } }"
        case 2: "{ set: { cidr: \(pick(["10.0.0.1/32", "10.0.0.0/24", "192.0.2.0/24"])) } }"
        case 3, 6: "{ choice: [{ when: \"\(condition)\", next: \(later(than: place)) }], otherwise: s\(place + 1) }"
        case 4: "{ action: isolate-pod, with: { allow: [{ cidr: \"${{ vars.cidr }}\" }] }\(rest(place)) }"
        case 5: "{ action: cordon-node\(rest(place)) }"
        default:
            "{ action: update-finding, with: { workflow: \"${{ vars.workflow }}\", note: \"\(note)\" }\(rest(place)) }"
        }
    }

    private var value: String {
        mutating get {
            pick([
                "1", "2", "\"${{ vars.a }}\"", "\"${{ vars.b }}x\"", "\"${{ run.containment }}\"", "\"${{ run.id }}\"",
            ])
        }
    }

    private var condition: String {
        mutating get {
            pick([
                "vars.a == 1", "vars.b == vars.a", "run.containment == 'contained'", "run.error == null",
                "vars.cidr == '10.0.0.1/32'", "finding.Severity.Label == 'HIGH'",
            ])
        }
    }

    private mutating func rest(_ place: Int) -> String {
        var text = ""
        if Bool.random(using: &chance) { text += ", when: \"\(condition)\"" }
        if Bool.random(using: &chance) { text += ", catch: [{ errors: [any], next: \(later(than: place)) }]" }
        return text
    }
}

@Suite("Over random playbooks, nothing is sent that the reviewed plan does not show")
struct SentAsApprovedTests {
    private static let perShard = 15

    /// The text of a change without moments, versions and ids: written anew, so that it shares no code with digests.
    private static func shape(_ change: Change) -> JSONValue { bare(change.json) }

    private static func bare(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text):
            return .string(text.replacing(/\d{4}-\d\d-\d\dT[0-9:.]+Z/, with: "TIME"))
        case .array(let elements): return .array(elements.filter { !isVersion($0) }.map(bare))
        case .object(let members):
            let kept = members.filter { $0.key != "resourceVersion" && $0.key != "DryRun" }
            return .object(JSONObject(kept.map { ($0.key, bare($0.value)) }))
        case .null, .bool, .integer, .unsigned, .double: return value
        }
    }

    private static func isVersion(_ value: JSONValue) -> Bool { value["path"] == "/metadata/resourceVersion" }

    /// Whether what was sent is what was shown; what was shown as open may be anything.
    private static func shows(_ shown: JSONValue, _ sent: JSONValue) -> Bool {
        switch (shown, sent) {
        case (.string(let open), .string(let text)):
            let parts = open.split(separator: /‹after [^›]*›/, omittingEmptySubsequences: false)
            guard parts.count > 1 else { return open == text }
            return text.hasPrefix(parts[0]) && text.hasSuffix(parts[parts.count - 1])
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { shows($0, $1) }
        case (.object(let left), .object(let right)):
            return left.count == right.count
                && left.allSatisfy { member in
                    right[member.key].map { shows(member.value, $0) } ?? false
                }
        case (_, _): return shown == sent
        }
    }

    @Test("every intent is one of the reviewed changes of its state", arguments: 0..<8)
    func sendsNothingElse(_ shard: Int) async throws {
        var finished = 0
        var sent = 0
        for number in 0..<Self.perShard {
            let seed = Seed.fromEnvironment() ?? UInt64(shard * 1_000 + number)
            let text = RandomPlaybook.text(seed: seed)
            let incident = try Incident(playbook: text)
            let reviewed = try await incident.plan()
            guard reviewed.plan.status == "planned" else { continue }
            let journal = MemoryJournal()
            let transport = FaultyTransport(incident.world, .neverSent, at: Int(seed % 5))
            var driver = try incident.driver(reviewed, through: transport, journal: journal)
            await driver.run(seed: seed)
            finished += driver.status == .pendingApproval ? 0 : 1
            for case .intent(let state, _, let change, _) in await journal.entries {
                sent += 1
                let step = reviewed.plan.steps.first { $0.state == state }
                let isOpen = step?.isKnownLater ?? false
                let isShown = (step?.plan.changes ?? []).contains {
                    Self.shows(Self.shape($0.change), Self.shape(change.change))
                }
                #expect(isOpen || isShown, "SEED=\(seed): \(state) sent \(Self.shape(change.change))\n\(text)")
            }
        }
        #expect(
            finished >= Self.perShard / 2 && sent >= Self.perShard,
            "\(finished) runs ended, \(sent) changes were sent"
        )
    }
}
