internal import Findings
internal import Host
internal import OpenSSLCrypto
internal import Vocabulary

/// Falco alerts: a folder with `index.json` and one file for each alert, or for each envelope around alerts.
///
/// `streams/index.json` beside it holds log files. Cases with `expect.parse` are single alerts, all others are inputs.
package struct FalcoSuite: ConformanceSuite {
    package let name = "falco"

    package init() {}

    package func run(_ paths: [String]) async throws -> ConformanceTally {
        var tally = ConformanceTally()
        for path in paths {
            let (folder, cases) = try CorpusFiles.cases(path, named: "index.json")
            for item in cases { try run(item, folder, of: path, &tally) }
            let streams = folder + "/streams/index.json"
            if HostFiles.isFolder(path), HostFiles.exists(streams) {
                // The streams' files are named from the folder above.
                for item in try CorpusFiles.cases(streams, named: "").cases {
                    try run(item, folder, of: streams, &tally)
                }
            }
        }
        return tally
    }

    private func run(_ item: JSONValue, _ folder: String, of path: String, _ tally: inout ConformanceTally) throws {
        let files = ["file", "decoded", "lambda_event"].compactMap { key in item[key]?.string.map { (key, $0) } }
        guard let first = files.first, let expect = item["expect"]?.object else {
            throw CorpusFault(description: "\(path): a case lacks its files or expect")
        }
        let id = item["id"]?.string ?? first.1
        var why: [String] = []
        for (key, file) in files {
            let bytes = try HostFiles.read(Self.place(of: file, in: folder))
            let differences =
                expect.contains("parse")
                ? FalcoCase(bytes).differences(.object(expect)) : FalcoInputCase(bytes).differences(expect)
            why += files.count == 1 ? differences : differences.map { "\(key): \($0)" }
        }
        if why.isEmpty { tally.passed += 1 } else { tally.failures.append(.init(id, why.joined(separator: "; "))) }
    }

    /// A file's name counts from the index's folder, or from the one above.
    private static func place(of file: String, in folder: String) -> String {
        let beside = folder + "/" + file
        return HostFiles.exists(beside) ? beside : folder + "/../" + file
    }
}

/// One alert, read and mapped.
struct FalcoCase {
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

    /// An alert that came out of an envelope.
    init(_ alert: FalcoAlert) throws(FalcoFault) {
        self.alert = alert
        parse = "alert"
        finding = try Self.finding(alert)
    }

    var findingID: String? { finding?["Id"]?.string }

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
            guard actual != member.value || !Self.keys.contains(member.key) else { continue }
            why.append("\(member.key): expected \(JSONWriter.compact(member.value)), got \(JSONWriter.compact(actual))")
        }
        return why
    }

    private static let keys: Set<String> = [
        "parse", "rule", "priority", "source", "source_inferred", "time_ns", "time_from", "severity_label",
        "mitre_tactics", "mitre_techniques", "host_event", "container_id", "container_name", "image", "image_tag",
        "k8s_ns", "k8s_pod", "process", "process_path", "user",
    ]

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
