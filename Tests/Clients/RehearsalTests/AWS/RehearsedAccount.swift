import AWSAPI
import HTTPExchange
import Rehearsal
import TestSupport
import Testing
import Vocabulary

/// The account of the fixtures, asked through the product's own codecs.
struct RehearsedAccount {
    var aws: RehearsalAWS
    var now: Timestamp

    static func document() throws -> JSONValue {
        try JSONReader.parse(Files.text(PackageFolder.fixture("aws/account.aws.json")))
    }

    init() throws {
        aws = try RehearsalAWS(Self.document())
        now = try #require(Timestamp("2026-02-03T04:05:06Z"))
    }

    mutating func answer(_ service: String, _ operation: String, _ input: JSONValue) throws -> HTTPResponse {
        let known = try #require(AWSOperation.named(service, operation))
        return aws.answer(try known.request(input, to: "https://\(service).eu-central-1.amazonaws.com"), now: now)
    }

    mutating func call(_ service: String, _ operation: String, _ input: JSONValue) throws -> JSONValue {
        let known = try #require(AWSOperation.named(service, operation))
        return try known.output(of: try answer(service, operation, input))
    }

    /// The code of the error that a call is answered with.
    mutating func refusal(_ service: String, _ operation: String, _ input: JSONValue) throws -> String {
        let fault = #expect(throws: AWSFault.self) { _ = try call(service, operation, input) }
        return fault?.code ?? ""
    }
}
