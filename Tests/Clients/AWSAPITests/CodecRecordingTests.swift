import AWSAPI
import HTTPExchange
import TestSupport
import Testing
import Vocabulary

/// What botocore made of the same inputs and answers: `Tests/Fixtures/aws/record.py`.
enum Recording {
    static let path = PackageFolder.fixture("aws/codecs.json")

    static func rows(_ list: String) -> [JSONValue] {
        // An unreadable recording gives no rows, and the test that counts them fails.
        guard let text = try? Files.text(path), let document = try? JSONReader.parse(text) else { return [] }
        return document[list]?.array ?? []
    }

    static func operation(_ row: JSONValue) throws -> AWSOperation {
        try #require(AWSOperation.named(row["service"]?.string ?? "", row["operation"]?.string ?? ""))
    }

    static func response(_ row: JSONValue) -> HTTPResponse {
        HTTPResponse(
            status: Int(row["status"]?.integer ?? 0),
            headers: (row["headers"]?.object ?? JSONObject()).map { HTTPHeader($0.key, $0.value.string ?? "") },
            body: Array((row["body"]?.string ?? "").utf8)
        )
    }
}

extension JSONValue: CustomTestStringConvertible {
    /// The operation and status of a row, instead of the whole of it.
    public var testDescription: String {
        "\(self["operation"]?.string ?? JSONWriter.compact(self)) \(self["status"]?.integer ?? 0)"
    }
}

@Suite("The codecs write and read what botocore writes and reads")
struct CodecRecordingTests {
    @Test("the recording covers every operation that we speak")
    func coversAll() {
        let recorded = Set(Recording.rows("requests").compactMap { $0["operation"]?.string })
        for operation in AWSOperation.all where operation.name != "BatchImportFindings" {
            #expect(recorded.contains(operation.name))
        }
    }

    @Test("a request has botocore's method, path and body", arguments: Recording.rows("requests"))
    func writes(_ row: JSONValue) throws {
        let request = try Recording.operation(row).request(row["input"] ?? .null, to: "https://x")
        #expect(request.method == row["method"]?.string)
        #expect(request.target == row["path"]?.string)
        switch row["body"] {
        case .object(let form): #expect(try Self.form(request) == Self.texts(form))
        case .string(let text): #expect(try JSONReader.parse(request.body) == JSONReader.parse(text))
        default: #expect(request.body.isEmpty)
        }
    }

    private static func form(_ request: HTTPRequest) throws -> [String: String] {
        let pairs = try #require(FormBody.decode(request.body))
        return Dictionary(uniqueKeysWithValues: pairs.map { ($0.name, $0.value) })
    }

    private static func texts(_ form: JSONObject) -> [String: String] {
        Dictionary(uniqueKeysWithValues: form.map { ($0.key, $0.value.string ?? JSONWriter.compact($0.value)) })
    }

    @Test("an answer means what botocore says it means", arguments: Recording.rows("answers"))
    func reads(_ row: JSONValue) throws {
        let operation = try Recording.operation(row)
        let response = Recording.response(row)
        if let error = row["error"] {
            let fault = #expect(throws: AWSFault.self) { _ = try operation.output(of: response) }
            #expect(fault?.code == error["code"]?.string)
            #expect(fault?.message == error["message"]?.string)
        } else {
            #expect(try operation.output(of: response) == row["output"])
        }
    }

    static let botocoreIsHere =
        Command.exists("python3")
        && (try? Command.run("python3 -c 'import botocore' 2>/dev/null").status == 0) ?? false

    @Test(
        "the recording is what the botocore of this machine says today",
        .enabled(if: botocoreIsHere, "python3 cannot import botocore here: pip install botocore")
    )
    func recordingIsFresh() throws {
        let (output, status) = try Command.run("python3 '\(PackageFolder.fixture("aws/record.py"))'")
        try #require(status == 0)
        #expect(try JSONReader.parse(output) == JSONReader.parse(Files.text(Recording.path)))
    }
}
