import ConformanceSuites
import Glibc

let arguments = CommandLine.arguments.dropFirst()
guard let name = arguments.first, let suite = Suites.all.first(where: { $0.name == name }), arguments.count > 1 else {
    print("usage: conformance SUITE PATH...   (SUITE: \(Suites.all.map(\.name).joined(separator: ", ")))")
    exit(2)
}
do {
    let tally = try await suite.run(Array(arguments.dropFirst()))
    for failure in tally.failures { print("FAIL \(failure.id): \(failure.why)") }
    for note in tally.notes { print(note) }
    print("\(tally.passed) passed, \(tally.failures.count) failed")
    exit(tally.failures.isEmpty && tally.passed > 0 ? 0 : 1)
} catch {
    print("conformance: \(error)")
    exit(2)
}
