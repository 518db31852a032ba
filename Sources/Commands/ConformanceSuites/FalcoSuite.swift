internal import Findings
internal import Host
internal import OpenSSLCrypto
internal import Vocabulary

/// Falco alerts: a folder with `index.json` and one file for each alert.
package struct FalcoSuite: ConformanceSuite {
    package let name = "falco"

    package init() {}

    package func run(_ paths: [String]) async throws -> ConformanceTally {
        var tally = ConformanceTally()
        for path in paths {
            let (folder, cases) = try CorpusFiles.cases(path, named: "index.json")
            for item in cases {
                guard let id = item["id"]?.string, let file = item["file"]?.string, let expect = item["expect"] else {
                    throw CorpusFault(description: "\(path): a case lacks id, file or expect")
                }
                let reading = FalcoCase(try HostFiles.read(folder + "/" + file))
                let why = reading.differences(expect)
                if why.isEmpty {
                    tally.passed += 1
                } else {
                    tally.failures.append(.init(id, why.joined(separator: "; ")))
                }
            }
        }
        return tally
    }
}

/// One alert, read and mapped.
private struct FalcoCase {
    private var parse: String
    private var alert: FalcoAlert?
    private var finding: JSONValue?

    init(_ bytes: [UInt8]) {
        do throws(FalcoFault) {
            let alert = try FalcoAlert.parse(bytes)
            self.alert = alert
            parse = alert.isInternal ? "internal" : "alert"
            finding = try Self.finding(alert)
        } catch {
            parse = if case .notJSON = error { "not-json" } else { "json-not-falco" }
        }
    }

    private static func finding(_ alert: FalcoAlert) throws(FalcoFault) -> JSONValue? {
        guard let account = AccountID("111122223333"), let region = RegionName("us-west-2") else { return nil }
        let context = FalcoContext(
            account: account,
            region: region,
            cluster: "prod-1",
            receivedAt: Timestamp(nanoseconds: 0),
            sha256: SHA256.digest
        )
        return try FalcoMapping.finding(alert, in: context)
    }

    /// Every key of `expect` is asserted; one that nobody knows fails.
    func differences(_ expect: JSONValue) -> [String] {
        var why: [String] = []
        for member in expect.object ?? JSONObject() {
            let actual = actual(member.key) ?? .null
            guard actual != member.value else { continue }
            why.append("\(member.key): expected \(JSONWriter.compact(member.value)), got \(JSONWriter.compact(actual))")
        }
        return why
    }

    private func actual(_ key: String) -> JSONValue? {
        switch key {
        case "parse": .string(parse)
        case "rule": (alert?.rule).map(JSONValue.string)
        case "priority": (alert?.priority.rawValue).map(JSONValue.string)
        case "source": (alert?.source).map(JSONValue.string)
        case "source_inferred": (alert?.isSourceInferred).map(JSONValue.bool)
        case "time_ns": (alert?.time).map { .string(String($0.nanoseconds)) }
        case "time_from": (alert?.timeOrigin.rawValue).map(JSONValue.string)
        case "severity_label": finding?[["FindingProviderFields", "Severity", "Label"]]
        case "mitre_tactics": (alert?.mitre.tactics).map { .array($0.map(JSONValue.string)) }
        case "mitre_techniques": (alert?.mitre.techniques).map { .array($0.map(JSONValue.string)) }
        case "host_event": (alert?.isHostEvent).map(JSONValue.bool)
        default: subject(key).map(JSONValue.string)
        }
    }

    private func subject(_ key: String) -> String? {
        switch key {
        case "container_id": alert?.containerID
        case "container_name": alert?.containerName
        case "image": alert?.image
        case "image_tag": alert?.imageTag
        case "k8s_ns": alert?.namespace
        case "k8s_pod": alert?.podName
        case "process": alert?.process
        case "process_path": alert?.processPath
        case "user": alert?.user
        default: nil
        }
    }
}
