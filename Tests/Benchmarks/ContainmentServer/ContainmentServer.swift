internal import TestSupport

/// A stock playbook's cluster and account on loopback, behind TLS and HTTP/2, that tells when it was first written to.
///
/// The arguments are the playbook's folder and a kubeconfig to write. It prints `AWS-ORIGIN` when it serves; then each
/// line of its input is a question. `again`: the world begins anew. `first`: when the first write to the cluster arrived,
/// in nanoseconds of CLOCK_MONOTONIC, 0 for never. `requests`: when each request came, and which.
@main
enum ContainmentServer {
    static func main() async {
        do {
            guard CommandLine.arguments.count == 3 else { throw BenchmarkFault("give FOLDER and KUBECONFIG") }
            let stage = try await ServedStage(CommandLine.arguments[1])
            try Files.write(Array(stage.kubeconfig.utf8), to: CommandLine.arguments[2])
            Benchmark.say(stage.aws.origin)
            while let question = readLine() {
                switch question {
                case "again":
                    try await stage.begin()
                    Benchmark.say("ready")
                case "first": Benchmark.say("\(stage.arrivals.firstWrite)")
                case "requests": Benchmark.say(stage.arrivals.text)
                default: throw BenchmarkFault("“\(question)” is no question")
                }
            }
        } catch {
            Benchmark.fail(error)
        }
    }
}
