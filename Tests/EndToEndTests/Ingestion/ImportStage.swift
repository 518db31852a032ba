import Findings
import TestSupport
import Testing
import Vocabulary

/// A file of alerts, and the program that imports it into the suite's Security Hub.
struct ImportStage {
    let peers: AWSPeers
    private let scratch: Scratch
    var folder: String { scratch.path }
    var alerts: String { folder + "/falco.jsonl" }
    var rejects: String { folder + "/rejects.jsonl" }

    init() async throws {
        peers = try AWSPeers.running()
        scratch = try Scratch()
        // The account has Security Hub, and a finding that is none of ours.
        _ = try await peers.setWorld(StockWorld.account("contain-pod"))
    }

    /// An alert of a pod that talks to an address; another number is another pod, another port the same incident.
    static func alert(_ pod: Int, port: Int = 40_000, second: Int = 0, priority: String = "Error") -> JSONValue {
        [
            "rule": "Unexpected connection", "priority": .string(priority), "source": "syscall",
            "time": .string("2026-05-01T10:00:\(second < 10 ? "0" : "")\(second).123456789Z"),
            "output": .string("connection from port \(port)"),
            "output_fields": [
                "container.id": "4f2e8c11d0aa", "k8s.ns.name": "store", "k8s.pod.name": .string("cart-\(pod)"),
                "fd.name": .string("10.0.0.5:\(port)->203.0.113.7:443"), "proc.pid": .integer(Int64(port)),
            ],
        ]
    }

    func write(_ alerts: [JSONValue]) throws {
        try Files.write(Array(alerts.map { JSONWriter.compact($0) + "\n" }.joined().utf8), to: self.alerts)
    }

    /// `firebreak falco import`, with the given access or the owner's.
    func firebreak(_ arguments: String, as access: AWSAccess? = nil) async throws -> (output: String, status: Int32) {
        let variables = (access ?? peers.access).environment + ["AWS_REGION=\(AWSPeers.region)"]
        let environment = variables.map { "'\($0)'" }.joined(separator: " ")
        return try await Command.runApart("env \(environment) '\(Program.path("firebreak"))' \(arguments) 2>&1")
    }

    func importAlerts(
        _ more: String = "",
        as access: AWSAccess? = nil
    ) async throws -> (output: String, status: Int32) {
        let line = "falco import '\(alerts)' --account \(AWSPeers.account) --region \(AWSPeers.region) --cluster blue"
        return try await firebreak("\(line) --rejects '\(rejects)' \(more)", as: access)
    }

    /// Findings of the alerts, by pod.
    func findings() async throws -> [String: JSONValue] {
        var found: [String: JSONValue] = [:]
        for finding in try await peers.state().findings where finding["Title"] == "Unexpected connection" {
            guard let pod = finding["ProductFields"]?["falco/field/k8s.pod.name"]?.string else { continue }
            found[pod] = finding
        }
        return found
    }

    func calls() async throws -> [PeerState.Call] {
        try await peers.state().calls.filter { $0.operation == "BatchImportFindings" }
    }
}
