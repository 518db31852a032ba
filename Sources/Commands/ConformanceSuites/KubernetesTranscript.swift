internal import HTTPExchange
internal import Host
internal import KubernetesAPI
internal import Vocabulary
internal import YAMLTree

/// One recorded exchange.
struct KubernetesExchange {
    var request: HTTPRequest
    var response: HTTPResponse
    var json: JSONValue
    /// Where the recorder left a body out or cut it, it cannot be sent again.
    var isWhole: Bool

    init?(_ value: JSONValue) {
        guard let line = value["request"]?["line"]?.string, let status = value["response"]?["status"]?.integer else {
            return nil
        }
        let words = line.split(separator: " ").map(String.init)
        guard words.count >= 2 else { return nil }
        let headers = Self.headers(value["request"])
        request = HTTPRequest(
            method: words[0],
            origin: "https://kubernetes.rehearsal",
            target: words[1],
            headers: headers,
            body: Array((value["request"]?["body"]?.string ?? "").utf8)
        )
        let body = value["response"]?["body"]?.string
        json = value["response"]?["json"] ?? .null
        let text = body ?? (json.isNull ? "" : JSONWriter.compact(json))
        response = HTTPResponse(
            status: Int(truncatingIfNeeded: status),
            headers: Self.headers(value["response"]),
            body: Array(text.utf8)
        )
        isWhole = value["request"]?["bodySummary"] == nil && value["request"]?["bodyBase64"] == nil
        if json.isNull, let parsed = try? JSONReader.parse(response.body) { json = parsed }
    }

    private static func headers(_ side: JSONValue?) -> [HTTPHeader] {
        (side?["headers"]?.array ?? []).compactMap { pair in
            guard let name = pair[0]?.string, let value = pair[1]?.string else { return nil }
            return HTTPHeader(name, value)
        }
    }

    /// The request with an apply body that is YAML turned to JSON, which is YAML too; nil when it is neither.
    var replayable: HTTPRequest? {
        guard isWhole else { return nil }
        guard request.headers["Content-Type"]?.hasPrefix("application/apply-patch") == true else { return request }
        // A body that is JSON goes as it is; what does not parse as YAML either goes as it is, to be refused.
        if (try? JSONReader.parse(request.body)) != nil { return request }
        guard let document = try? YAMLTree.parse(request.body, file: "body") else { return request }
        var changed = request
        changed.body = Array(JSONWriter.compact(document.json).utf8)
        return changed
    }
}

/// What is expected of an exchange.
struct KubernetesExpectation {
    var caseName: String
    var exchange: Int
    var classes: [String]
    var retry: String
    /// `caller`: knowledge that the exchange does not hold.
    var by: String
    var checks: [(place: String, value: JSONValue)]
    var watch: JSONValue?
    var isPersisted: Bool

    init?(_ value: JSONValue) {
        guard let name = value["case"]?.string, let index = value["exchange"]?.integer,
            let expected = value["class"]?.string, let retry = value["retry"]?.string
        else { return nil }
        caseName = name
        exchange = Int(truncatingIfNeeded: index)
        classes = [expected] + (value["or"]?.array ?? []).compactMap(\.string)
        self.retry = retry
        by = value["by"]?.string ?? ""
        checks = (value["check"]?.array ?? []).compactMap { pair in
            guard let place = pair[0]?.string, let wanted = pair[1] else { return nil }
            return (place, wanted)
        }
        watch = value["watch"]
        isPersisted = value["persisted"]?.bool ?? true
    }
}

/// The transcripts of a folder, with the expectations beside them.
struct KubernetesCorpus {
    var cases: [String: [KubernetesExchange?]] = [:]
    var expectations: [KubernetesExpectation] = []
    /// Those that a client may leave out; they are read all the same and counted apart.
    var beyond: [KubernetesExpectation] = []

    /// Reads a folder, or one case file with the expectations of its folder.
    init(_ path: String) throws {
        let isFolder = HostFiles.isFolder(path)
        let folder = isFolder ? path : path.split(separator: "/").dropLast().joined(separator: "/")
        let root = isFolder ? path : (path.hasPrefix("/") ? "/" : "") + (folder.isEmpty ? "." : folder)
        let expected = try JSONReader.parse(try HostFiles.read(root + "/expect.json"))
        let names = isFolder ? try HostFiles.names(in: root) : [String(path.split(separator: "/").last ?? "")]
        for name in names where name.hasSuffix(".json") && name != "expect.json" {
            guard name.first?.isNumber == true else { continue }
            let file = try JSONReader.parse(try HostFiles.read(root + "/" + name))
            let list = file["exchanges"]?.array ?? []
            cases[String(name.dropLast(5))] = list.map { KubernetesExchange($0) }
        }
        for entry in expected["expectations"]?.array ?? [] {
            guard let expectation = KubernetesExpectation(entry), cases[expectation.caseName] != nil else { continue }
            if entry["owed"]?.bool == true { expectations.append(expectation) } else { beyond.append(expectation) }
        }
    }
}
