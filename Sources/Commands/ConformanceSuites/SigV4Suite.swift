internal import AWSAPI
internal import HTTPExchange
internal import Host
internal import Vocabulary

/// Signature vectors: folders, nested or not, that hold `NAME.req` beside `.creq`, `.sts`, `.authz` and `.sreq`.
package struct SigV4Suite: ConformanceSuite {
    package let name = "sigv4"

    package init() {}

    package func run(_ paths: [String]) async throws -> ConformanceTally {
        var tally = ConformanceTally()
        for path in paths {
            let vectors = try Self.vectors(below: path)
            guard !vectors.isEmpty else { throw CorpusFault(description: "\(path): no .req file in it or below") }
            for vector in vectors {
                let why = try SigV4Vector(vector).differences()
                if why.isEmpty {
                    tally.passed += 1
                } else {
                    tally.failures.append(.init(Self.id(vector, in: path), why.joined(separator: "; ")))
                }
            }
        }
        return tally
    }

    /// Paths without their ending.
    private static func vectors(below folder: String) throws -> [String] {
        var vectors: [String] = []
        for name in try HostFiles.names(in: folder) {
            let path = "\(folder)/\(name)"
            if HostFiles.isFolder(path) {
                vectors += try self.vectors(below: path)
            } else if name.hasSuffix(".req") {
                vectors.append(String(path.dropLast(4)))
            }
        }
        return vectors
    }

    private static func id(_ vector: String, in folder: String) -> String {
        let inside = vector.dropFirst(folder.count).split(separator: "/")
        return inside.dropLast().joined(separator: "/")
    }
}

/// One request and the texts that signing it must give.
private struct SigV4Vector {
    private let request: HTTPRequest
    private let token: Secret?
    private let expected: [(name: String, text: String)]

    init(_ path: String) throws {
        func text(_ ending: String) throws -> String {
            String(decoding: try HostFiles.read("\(path).\(ending)"), as: UTF8.self)
        }
        request = try Self.request(text("req"), path)
        expected = try ["creq", "sts", "authz"].map { ($0, try text($0)) }
        let token = try Self.request(text("sreq"), path).headers["x-amz-security-token"]
        // A token that the vector adds after signing is in no list of signed headers.
        let isSigned = expected.contains { $0.name == "authz" && $0.text.contains("x-amz-security-token") }
        self.token = isSigned ? token.map { Secret($0) } : nil
    }

    func differences() -> [String] {
        let scope = SigningScope(service: "service", region: "us-east-1")
        let moment = Timestamp(milliseconds: 1_440_938_160_000)
        let credentials = Credentials(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            sessionToken: token
        )
        let signed = SigV4.sign(request: request, credentials: credentials, scope: scope, at: moment)
        let signature = SigV4.signature(of: signed, credentials: credentials, scope: scope, at: moment)
        let actual = [
            "creq": signature.canonicalRequest, "sts": signature.stringToSign,
            "authz": signed.headers["authorization"] ?? "",
        ]
        return expected.compactMap { Self.difference($0.name, $0.text, actual[$0.name] ?? "") }
    }

    private static func difference(_ name: String, _ expected: String, _ actual: String) -> String? {
        func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        let (wanted, got) = (lines(expected), lines(actual))
        guard wanted != got else { return nil }
        let place = zip(wanted, got).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        guard let place else { return ".\(name): expected \(wanted.count) lines, got \(got.count)" }
        return ".\(name) line \(place + 1): expected “\(wanted[place])”, got “\(got[place])”"
    }

    /// Request line, headers with continuation lines, a blank line and the body; the last two may be absent.
    private static func request(_ text: String, _ path: String) throws -> HTTPRequest {
        let halves = text.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
        var lines = halves[0].split(separator: "\n")[...]
        guard let first = lines.popFirst(), let start = first.firstIndex(of: " "), let end = first.lastIndex(of: " "),
            start < end
        else { throw CorpusFault(description: "\(path): the first line is no request line") }
        var headers: [HTTPHeader] = []
        for line in lines {
            if line.hasPrefix(" "), var folded = headers.popLast() {
                folded.value += line
                headers.append(folded)
                continue
            }
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw CorpusFault(description: "\(path): “\(line)” is no header") }
            headers.append(HTTPHeader(String(parts[0]), String(parts[1])))
        }
        return HTTPRequest(
            method: String(first[..<start]),
            origin: "https://\(headers["host"] ?? "")",
            target: String(first[first.index(after: start)..<end]),
            headers: headers,
            body: Array((halves.count > 1 ? halves[1] : "").utf8)
        )
    }
}
