internal import CurlHTTP
internal import Glibc
internal import HTTPExchange
internal import TestSupport

/// Requests a second of our transport beside libcurl alone, and the processor time of each, in one run.
///
/// Both share a process, a server and a machine; rounds alternate, so a busy machine slows both.
@main
enum HTTPTransfers {
    private static let rounds = 11
    /// Of what libcurl alone costs in processor time, whatever the load.
    private static let threshold = 3.0

    private struct Load {
        var name: String
        var target: String
        var size: Int
        var concurrency: Int
        var requests: Int
    }

    private static let loads = [
        Load(name: "200 B/1 in flight", target: "/small", size: 200, concurrency: 1, requests: 300),
        Load(name: "200 B/16 in flight", target: "/small", size: 200, concurrency: 16, requests: 960),
        Load(name: "64 KiB/1 in flight", target: "/large", size: 65_536, concurrency: 1, requests: 150),
        Load(name: "64 KiB/16 in flight", target: "/large", size: 65_536, concurrency: 16, requests: 320),
    ]

    static func main() async {
        if let listener = CommandLine.arguments.dropFirst(2).first.flatMap({ Int32($0) }) {
            return PlainServer.serve(listener)
        }
        do {
            let worst = try await measure()
            print("most processor time beside libcurl alone: \(decimal(worst)) times, threshold \(decimal(threshold))")
            if worst > threshold { exit(1) }
        } catch {
            Benchmark.fail(error)
        }
    }

    private static func measure() async throws -> Double {
        let server = try PlainServer()
        defer { withExtendedLifetime(server) {} }
        let origin = "http://127.0.0.1:\(server.port)"
        var worst = 0.0
        for load in loads { worst = max(worst, try await compare(load, "HTTP/1.1", origin, authority: nil)) }
        guard TLSProxy.isPresent else {
            print("TLS: not measured, nghttpx or openssl is absent")
            return worst
        }
        let proxy = try TLSProxy(before: server.port)
        defer { withExtendedLifetime(proxy) {} }
        let authority = try proxy.file("ca.pem")
        for load in loads {
            worst = max(worst, try await compare(load, "TLS", proxy.origin, authority: authority))
        }
        return worst
    }

    /// - Returns: how many times libcurl's processor time ours is.
    private static func compare(
        _ load: Load,
        _ wire: String,
        _ origin: String,
        authority: [UInt8]?
    ) async throws -> Double {
        let tls = TLSSettings(authorities: authority)
        let transport = try CurlTransport(CurlSettings(proxy: .none, tls: tls))
        let bare = try BareClient(url: origin + load.target, concurrency: load.concurrency, authority: authority)
        var (ours, theirs) = ([Figure](), [Figure]())
        // The first round of each opens the connections and does not count.
        for round in 0...rounds {
            let own = try await Figure.of(load.requests) { try await drive(transport, load, origin) }
            let other = try await Figure.of(load.requests) { try bare.run(load.requests, expecting: load.size) }
            guard round > 0 else { continue }
            ours.append(own)
            theirs.append(other)
        }
        let rates = (Benchmark.median(ours.map(\.rate)), Benchmark.median(theirs.map(\.rate)))
        let costs = (Benchmark.median(ours.map(\.cost)), Benchmark.median(theirs.map(\.cost)))
        let ratio = Benchmark.median(zip(ours, theirs).map { $0.rate / $1.rate })
        let costRatio = Benchmark.median(zip(ours, theirs).map { $0.cost / $1.cost })
        print(
            """
            CurlHTTP/\(wire)/\(load.name): \(Int(rates.0)) a second, \(Int(costs.0)) µs of processor each; \
            libcurl alone \(Int(rates.1)) and \(Int(costs.1)) µs; ratios \(decimal(ratio)) and \(decimal(costRatio))
            """
        )
        return costRatio
    }

    private static func drive(_ transport: CurlTransport, _ load: Load, _ origin: String) async throws {
        let request = HTTPRequest(method: "GET", origin: origin, target: load.target)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<load.concurrency {
                group.addTask {
                    for _ in 0..<load.requests / load.concurrency {
                        let answer = try await transport.send(request)
                        guard answer.status == 200, answer.body.count == load.size else {
                            throw BenchmarkFault("status \(answer.status), \(answer.body.count) bytes")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func decimal(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}

/// One round.
struct Figure {
    /// Requests a second.
    var rate: Double
    /// Microseconds of this process's threads for each request, the system's work for them included.
    var cost: Double

    static func of(_ count: Int, _ work: () async throws -> Void) async throws -> Figure {
        let clock = ContinuousClock()
        let (start, before) = (clock.now, Benchmark.processorTime())
        try await work()
        let (wall, spent) = (clock.now - start, Benchmark.processorTime() - before)
        return Figure(rate: Double(count) / (wall / .seconds(1)), cost: Double(spent) / 1_000 / Double(count))
    }
}
