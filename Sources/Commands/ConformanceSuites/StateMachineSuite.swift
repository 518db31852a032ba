internal import Host
package import Runs
internal import Vocabulary

/// Cases of the Amazon States Language, run on the product's own machine in virtual time.
package struct StateMachineSuite: ConformanceSuite {
    package let name = "state-machine"
    private let altering: @Sendable (RetryPolicy) -> RetryPolicy

    /// `altering` puts a fault into every retrier: a suite that still passes then proves nothing.
    package init(altering: @escaping @Sendable (RetryPolicy) -> RetryPolicy = { $0 }) {
        self.altering = altering
    }

    package func run(_ paths: [String]) async throws -> ConformanceTally {
        var tally = ConformanceTally()
        var apart: [String: Int] = [:]
        for path in try files(paths) {
            let corpus = try JSONReader.parse(try HostFiles.read(path))
            let cases = corpus["cases"]?.array ?? []
            switch corpus["format"]?.string {
            case "state-machine-cases/1":
                for row in cases { run(row, &tally, &apart) }
            case "choice-operator-cases/1": apart["choice operators", default: 0] += cases.count
            case let format: throw NoCorpus(path: path, format: format ?? "none")
            }
        }
        if !apart.isEmpty { tally.notes.append(note(apart)) }
        return tally
    }

    private func files(_ paths: [String]) throws -> [String] {
        var files: [String] = []
        for path in paths {
            guard HostFiles.isFolder(path) else {
                files.append(path)
                continue
            }
            files += try HostFiles.names(in: path).filter { $0.hasSuffix(".json") }.map { "\(path)/\($0)" }
        }
        return files
    }

    private func note(_ apart: [String: Int]) -> String {
        let parts = apart.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return "\(apart.values.reduce(0, +)) cases not run: \(parts)"
    }

    private func run(_ row: JSONValue, _ tally: inout ConformanceTally, _ apart: inout [String: Int]) {
        let id = row["id"]?.string ?? "a case without id"
        do {
            guard let difference = try difference(row) else {
                tally.passed += 1
                return
            }
            tally.failures.append(.init(id, difference))
        } catch StateMachineLanguage.Refusal.apart(let kind) {
            apart[kind, default: 0] += 1
        } catch {
            tally.failures.append(.init(id, "\(error)"))
        }
    }

    private func difference(_ row: JSONValue) throws -> String? {
        let language = try StateMachineLanguage(row["definition"] ?? [:], altering: altering)
        var execution = try StateMachineExecution(
            language,
            input: row["input"] ?? [:],
            tasks: row["tasks"] ?? [:]
        )
        try execution.run()
        return StateMachineExpectation(expected: row["expected"] ?? [:]).difference(from: execution)
    }
}

/// A file that is no corpus of this suite.
private struct NoCorpus: Error, CustomStringConvertible {
    var path: String
    var format: String

    var description: String {
        "\(path): a corpus of the format “\(format)” is not for this suite; it reads “state-machine-cases/1”"
    }
}
