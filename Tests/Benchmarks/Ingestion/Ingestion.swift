internal import Findings
internal import TestSupport
internal import Vocabulary

/// What `ingestion.py` measures: `findings FILE` prints those of a batch, `all FILE COUNT` and `inflate FILE COUNT` do all
/// steps or zlib's alone that often and print the nanoseconds of processor for each event.
///
/// The first line of the file says how many events the body in the second one holds.
@main
enum Ingestion {
    static func main() {
        do {
            try run(CommandLine.arguments)
        } catch {
            Benchmark.fail(error)
        }
    }

    private static func run(_ arguments: [String]) throws {
        guard arguments.count > 2 else { throw BenchmarkFault("say what to do with which file") }
        let lines = try Files.text(arguments[2]).split(separator: "\n")
        guard lines.count == 2, let events = Int(lines[0]) else { throw BenchmarkFault("the file holds no batch") }
        let body = String(lines[1])
        let batch = try Batch()
        guard arguments[1] != "findings" else {
            return Benchmark.say(String(decoding: try batch.findings(body), as: UTF8.self))
        }
        guard arguments.count > 3, let count = Int(arguments[3]) else { throw BenchmarkFault("say how often") }
        let member = Base64.decode(body) ?? []
        let start = Benchmark.processorTime()
        var size = 0
        for _ in 0..<count {
            size += arguments[1] == "all" ? try batch.findings(body).count : try batch.inflater.count(member)
        }
        let spent = Benchmark.processorTime() - start
        guard size > count * events * 500 else { throw BenchmarkFault("less came out than went in") }
        Benchmark.say("\(spent / max(1, count * events))")
    }
}
