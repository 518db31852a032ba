import Catalogue
import Testing

@Suite("A workflow moves only along the lattice")
struct WorkflowLatticeTests {
    typealias Status = WorkflowLattice.Status

    @Test(
        "every status, wish and recurrence has its move",
        arguments: [
            (.new, .notified, .set(.notified), .set(.notified)), (.new, .resolved, .set(.resolved), .set(.resolved)),
            (.notified, .notified, .stay, .stay), (.notified, .resolved, .set(.resolved), .set(.resolved)),
            (.resolved, .notified, nil, .reopen(then: .notified)), (.resolved, .resolved, .stay, .stay),
            (.suppressed, .notified, nil, nil), (.suppressed, .resolved, nil, nil), (.new, .new, nil, nil),
            (.notified, .new, nil, nil), (.resolved, .new, nil, nil), (.suppressed, .new, nil, nil),
            (.new, .suppressed, nil, nil), (.notified, .suppressed, nil, nil), (.resolved, .suppressed, nil, nil),
            (.suppressed, .suppressed, nil, nil),
        ] as [(Status, Status, WorkflowLattice.Move?, WorkflowLattice.Move?)]
    )
    func moves(_ from: Status, _ to: Status, _ first: WorkflowLattice.Move?, _ again: WorkflowLattice.Move?) {
        for (recurred, expected) in [(false, first), (true, again)] {
            let move = WorkflowLattice.move(from: from, to: to, recurred: recurred)
            if let expected { #expect(move == expected) } else { #expect(Self.keeps(move)) }
        }
    }

    private static func keeps(_ move: WorkflowLattice.Move) -> Bool {
        if case .keep = move { true } else { false }
    }

    @Test("no wish moves nothing", arguments: Status.allCases)
    func noWish(_ status: Status) {
        for recurred in [false, true] {
            #expect(WorkflowLattice.move(from: status, to: nil, recurred: recurred) == .stay)
        }
    }

    @Test("undo never writes NEW or SUPPRESSED, never leaves SUPPRESSED, and never goes down")
    func undo() {
        for current in Status.allCases {
            for before in Status.allCases {
                let status = WorkflowLattice.undo(from: current, to: before)
                #expect(status != .new && status != .suppressed)
                if current == .suppressed || current == .resolved { #expect(status == nil) }
            }
        }
        #expect(WorkflowLattice.undo(from: .notified, to: .resolved) == .resolved)
        #expect(WorkflowLattice.undo(from: .notified, to: .new) == nil)
    }
}
