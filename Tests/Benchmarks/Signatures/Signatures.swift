internal import AWSAPI
internal import HTTPExchange
internal import TestSupport
internal import Vocabulary

/// Signs one request again and again, each time with another date, and prints the nanoseconds of processor for each.
///
/// The argument is how often; `signatures.py` signs the same request with botocore.
@main
enum Signatures {
    static func main() {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 10_000
        let request = HTTPRequest(
            method: "POST",
            origin: "https://securityhub.eu-central-1.amazonaws.com",
            target: "/findings",
            headers: [
                HTTPHeader("Content-Type", "application/json"), HTTPHeader("amz-sdk-request", "attempt=1; max=3"),
                HTTPHeader("amz-sdk-invocation-id", "00000000-0000-4000-8000-000000000001"),
            ],
            body: [UInt8](repeating: UInt8(ascii: "x"), count: 600)
        )
        let credentials = Credentials(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            sessionToken: Secret(String(repeating: "t", count: 400))
        )
        let scope = SigningScope(service: "securityhub", region: "eu-central-1")
        let start = Benchmark.processorTime()
        var length = 0
        for second in 0..<count {
            let moment = Timestamp(milliseconds: 1_795_576_000_000 + Int64(second) * 1_000)
            let signed = SigV4.sign(request: request, credentials: credentials, scope: scope, at: moment)
            length += signed.headers["Authorization"]?.utf8.count ?? 0
        }
        let spent = Benchmark.processorTime() - start
        guard length > count * 200 else {
            Benchmark.fail(BenchmarkFault("requests came back unsigned"))
        }
        Benchmark.say("\(spent / max(1, count))")
    }
}
