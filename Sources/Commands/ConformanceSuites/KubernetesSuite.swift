internal import HTTPExchange
internal import KubernetesAPI
internal import Rehearsal
internal import Vocabulary

/// Recorded exchanges with a real API server: what we make of its answers, and whether the rehearsal answers alike.
package struct KubernetesSuite: ConformanceSuite {
    package let name = "kubernetes"

    package init() {}

    package func run(_ paths: [String]) async throws -> ConformanceTally {
        var tally = ConformanceTally()
        var counts = Counts()
        for path in paths {
            let corpus = try KubernetesCorpus(path)
            counts.beyond += corpus.beyond.map { ($0, corpus.cases[$0.caseName] ?? []) }
            for expectation in corpus.expectations {
                judge(expectation, corpus.cases[expectation.caseName] ?? [], &tally, &counts)
            }
        }
        tally.notes = counts.notes
        return tally
    }

    private struct Counts {
        var answers = (passed: 0, failed: 0)
        var replays = (passed: 0, failed: 0)
        var beyond: [(expectation: KubernetesExpectation, exchanges: [KubernetesExchange?])] = []
        var unreplayed: [(reason: String, ids: [String])] = []

        mutating func skip(_ id: String, _ reason: String) {
            if let place = unreplayed.firstIndex(where: { $0.reason == reason }) {
                unreplayed[place].ids.append(id)
            } else {
                unreplayed.append((reason, [id]))
            }
        }

        var notes: [String] {
            var lines = [
                "classification: \(answers.passed) passed, \(answers.failed) failed",
                "rehearsal: \(replays.passed) passed, \(replays.failed) failed",
            ]
            lines += beyondNotes
            for (reason, ids) in unreplayed {
                lines.append("not rehearsed, \(ids.count), \(reason): \(ids.joined(separator: " "))")
            }
            return lines
        }

        /// How the answers are read that a client need not handle; they decide nothing.
        private var beyondNotes: [String] {
            var differing: [String] = []
            for (expectation, exchanges) in beyond where exchanges.indices.contains(expectation.exchange) {
                guard let exchange = exchanges[expectation.exchange] else { continue }
                let problems = KubernetesReading(expectation, exchange, exchanges).problems
                guard let first = problems.first else { continue }
                differing.append("\(expectation.caseName)#\(expectation.exchange) (\(first))")
            }
            guard !beyond.isEmpty else { return [] }
            let count = beyond.count - differing.count
            return ["not owed: \(count) of \(beyond.count) read alike; otherwise: \(differing.joined(separator: ", "))"]
        }
    }

    private func judge(
        _ expectation: KubernetesExpectation,
        _ exchanges: [KubernetesExchange?],
        _ tally: inout ConformanceTally,
        _ counts: inout Counts
    ) {
        let id = "\(expectation.caseName)#\(expectation.exchange)"
        guard exchanges.indices.contains(expectation.exchange), let exchange = exchanges[expectation.exchange] else {
            tally.failures.append(.init(id, "the case has no such exchange"))
            return
        }
        var problems = KubernetesReading(expectation, exchange, exchanges).problems
        if problems.isEmpty { counts.answers.passed += 1 } else { counts.answers.failed += 1 }
        switch KubernetesReplay(expectation, exchange, exchanges).outcome {
        case .same: counts.replays.passed += 1
        case .different(let why):
            counts.replays.failed += 1
            problems += why.map { "rehearsal: \($0)" }
        case .notRehearsed(let reason): counts.skip(id, reason)
        }
        if problems.isEmpty {
            tally.passed += 1
        } else {
            tally.failures.append(.init(id, problems.joined(separator: "; ")))
        }
    }
}
