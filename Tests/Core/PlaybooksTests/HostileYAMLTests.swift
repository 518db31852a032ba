import Playbooks
import TestSupport
import Testing
import Vocabulary
import YAMLTree

@Suite("No text crashes the decoder")
struct HostileYAMLTests {
    @Test("2,000 mutations of good playbooks are diagnosed or valid, with every place inside the text")
    func mutations() throws {
        let seed = Seed.fromEnvironment() ?? UInt64.random(in: 0...9_999_999)
        var chance = SeededChance(seed: seed)
        let names = ["contain-pod", "capture-then-contain", "cordon-and-snapshot-node", "triage-only"]
        var originals = try names.map { try Files.bytes(PackageFolder.path + "/playbooks/\($0)/playbook.yaml") }
        originals.append(try Files.bytes(PackageFolder.fixture("playbooks/everything.yaml")))
        for round in 0..<2_000 {
            let text = Mutation.apply(to: originals[round % originals.count], &chance)
            let (node, faults) = YAMLTree.read(text, file: "m.yaml")
            var diagnostics = faults.map(\.diagnostic)
            var isValid = false
            if let node {
                let (playbook, problems) = PlaybookDecoder.decode(node, actions: TestActions.all)
                diagnostics += problems
                isValid = playbook != nil && faults.isEmpty
            }
            let hasErrors = diagnostics.contains { $0.severity == .error }
            let lines = text.count { $0 == 10 || $0 == 13 } + 2
            let areInside = diagnostics.allSatisfy { (1...lines).contains($0.mark.line) && $0.mark.column >= 1 }
            #expect(isValid != hasErrors && areInside, "SEED=\(seed) round \(round)")
        }
    }

    @Test("each text of the fuzz corpus is read or refused")
    func corpus() throws {
        let folder = PackageFolder.path + "/Tests/Fuzz/YAML/corpus"
        let names = try Files.names(in: folder)
        #expect(names.count >= 10)
        for name in names {
            let (node, faults) = YAMLTree.read(try Files.bytes(folder + "/" + name), file: name)
            #expect(node != nil || !faults.isEmpty)
            if let node { _ = PlaybookDecoder.decode(node, actions: TestActions.all) }
        }
    }
}

/// One to four small damages: what a slip of the hand, a bad merge or an attacker does.
private enum Mutation {
    private static let pieces = [
        ": ", "- ", "{", "}", "[", "]", "\"", "'", "${{", "}}", "\t", "\n", "  ", "#", "&a ", "*a", "!x ", "yes",
        "0644",
        "next: nowhere\n", "end: true", "~", "é", "\u{1F512}", "999999999999999999999", "|", ">-",
    ]

    static func apply(to original: [UInt8], _ chance: inout SeededChance) -> [UInt8] {
        var text = original
        for _ in 0..<Int.random(in: 1...4, using: &chance) {
            let place = Int.random(in: 0...text.count, using: &chance)
            switch Int.random(in: 0..<6, using: &chance) {
            case 0: text.removeSubrange(place..<min(text.count, place + Int.random(in: 1...20, using: &chance)))
            case 1: text.insert(contentsOf: Array((pieces.randomElement(using: &chance) ?? "").utf8), at: place)
            case 2: text.insert(UInt8.random(in: 0...255, using: &chance), at: place)
            case 3: swapLines(&text, &chance)
            case 4: text = Array(text[..<place])
            default:
                let end = min(text.count, place + Int.random(in: 1...60, using: &chance))
                text.insert(contentsOf: Array(text[place..<end]), at: place)
            }
        }
        return text
    }

    private static func swapLines(_ text: inout [UInt8], _ chance: inout SeededChance) {
        var lines = text.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
        lines.swapAt(
            Int.random(in: 0..<lines.count, using: &chance),
            Int.random(in: 0..<lines.count, using: &chance)
        )
        text = Array(lines.joined(separator: [10]))
    }
}
