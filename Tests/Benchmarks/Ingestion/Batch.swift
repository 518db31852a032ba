internal import Findings
internal import OpenSSLCrypto
internal import TestSupport
internal import Vocabulary

/// From the body of one CloudWatch Logs subscription to the text of findings, one a line.
struct Batch {
    let inflater: Inflater
    let mapper: FalcoMapper

    init() throws {
        inflater = try Inflater()
        guard let account = AccountID("111122223333"), let region = RegionName("us-west-2") else {
            throw BenchmarkFault("the context has no account or no Region")
        }
        let context = FalcoContext(
            account: account,
            region: region,
            cluster: "blue",
            instance: InstanceID("i-0123456789abcdef0"),
            receivedAt: Timestamp(nanoseconds: 1_772_438_659_000_000_000),
            sha256: { SHA256.digest($0) }
        )
        mapper = FalcoMapper(context)
    }

    func findings(_ body: String) throws -> [UInt8] {
        guard let member = Base64.decode(body) else { throw BenchmarkFault("the body is no base64") }
        let envelope = try JSONReader.parse(try inflater.inflate(member))
        var lines = JSONText()
        for event in envelope["logEvents"]?.array ?? [] {
            guard let message = event["message"]?.string, let line = try JSONReader.parse(message)["log"]?.string else {
                throw BenchmarkFault("an event has no record with a log line")
            }
            try mapper.append(try FalcoAlert.parse(Array(line.utf8)), to: &lines)
            lines.endLine()
        }
        return lines.finish()
    }
}
