internal import Catalogue
package import Planning
package import Vocabulary

/// Taking changes back.
extension Executor {
    /// What became of taking back one change.
    package enum Reversal: Sendable, Hashable {
        case undone(summary: String)
        /// There is no inverse, for this reason.
        case kept(reason: String)
        /// Somebody else changed the object since: these findings do not hold.
        case refused(differences: [String])
        case failed(FaultReport)
        /// It may have been taken back: nobody knows.
        case unknown(FaultReport)
    }

    /// Takes one change back, unless the world moved on since.
    ///
    /// `undo`: the inverse to use, the planned one unless another is given; `wasTried`: an earlier process may have sent the inverse already; then its effect counts as done.
    package func undo(_ planned: PlannedChange, by undo: Undo? = nil, wasTried: Bool = false) async -> Reversal {
        switch undo ?? planned.undo {
        case .none(let reason):
            return .kept(reason: reason)
        case .inverse(let summary, let change, let guarding):
            if wasTried {
                guard let isDone = await reader.isInPlace(change) else { return .unknown(Self.unseen(planned)) }
                if isDone { return await close(planned, summary) }
            }
            if let obstacle = await drift(guarding) { return obstacle }
            await journal.add(.undoing(changeId: planned.id, at: clock.now()))
            do { try await journal.flush() } catch { return .failed(Self.noJournal(error).report) }
            return await send(change, of: planned, summary)
        }
    }

    private func send(_ inverse: Change, of planned: PlannedChange, _ summary: String) async -> Reversal {
        switch await sender.send(inverse) {
        case .succeeded: return await close(planned, summary)
        case .failed(let fault): return .failed(fault.report)
        case .unknown(let report):
            // The answer was lost: the world says what became of it.
            return await reader.isInPlace(inverse) == true ? await close(planned, summary) : .unknown(report)
        }
    }

    private func close(_ planned: PlannedChange, _ summary: String) async -> Reversal {
        await journal.add(.undone(changeId: planned.id))
        do { try await journal.flush() } catch { return .unknown(Self.noJournal(error).report) }
        return .undone(summary: summary)
    }

    private static func unseen(_ planned: PlannedChange) -> FaultReport {
        FaultReport(
            code: "STEP-011",
            what: "nobody knows whether “\(planned.summary)” was taken back: it was tried before, and nobody can look",
            remedy: "ask for the undo again when the API server answers",
            retry: .unknown
        )
    }

    /// What speaks against taking it back: somebody else's change, or that nobody can see whether there is one.
    private func drift(_ guarding: [Expectation]) async -> Reversal? {
        var differences: [String] = []
        var blindness: FaultReport?
        for expectation in guarding {
            let finding = await reader.read(expectation)
            guard !finding.holds else { continue }
            if let report = finding.blindness {
                blindness = blindness ?? report
            } else {
                differences.append("\(expectation.summary): found \(finding.found)")
            }
        }
        if !differences.isEmpty { return .refused(differences: differences) }
        return blindness.map { .failed($0) }
    }
}
