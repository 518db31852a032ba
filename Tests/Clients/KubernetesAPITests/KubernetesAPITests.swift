import HTTPExchange
import KubernetesAPI
import TestSupport
import Testing
import Vocabulary

@Suite("An answer of the API is told by status, reason and causes")
struct KubernetesAnswerTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var request: String
        var type = ""
        var body = ""
        var status: Int
        var answer: String
        var headers: [HTTPHeader] = []
        var expected: String

        var testDescription: String { "\(request) \(status) → \(expected)" }
    }

    private static func status(_ reason: String, _ message: String = "", _ details: String = "") -> String {
        let more = details.isEmpty ? "" : ",\"details\":\(details)"
        return "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"\(reason)\",\"message\":\"\(message)\"\(more)}"
    }

    private static let pod = "/api/v1/namespaces/shop/pods/cart-1"
    private static let jsonPatch = "application/json-patch+json"
    private static let budget = "{\"causes\":[{\"reason\":\"DisruptionBudget\",\"message\":\"b\"}]}"

    static let rows: [Row] = [
        Row(request: "GET \(pod)", status: 200, answer: "{\"kind\":\"Pod\"}", expected: "ok never"),
        Row(
            request: "POST /api/v1/namespaces/shop/pods",
            status: 201,
            answer: "{\"kind\":\"Pod\"}",
            expected: "created never"
        ),
        Row(request: "POST \(pod)/eviction", status: 201, answer: status(""), expected: "accepted never"),
        Row(request: "DELETE \(pod)", status: 200, answer: "{\"kind\":\"Pod\"}", expected: "accepted never"),
        Row(request: "DELETE \(pod)", status: 200, answer: "{\"kind\":\"Status\"}", expected: "ok never"),
        Row(
            request: "GET \(pod)",
            status: 404,
            answer: status("NotFound", "", "{\"name\":\"cart-1\"}"),
            expected: "notFound never"
        ),
        Row(request: "GET \(pod)", status: 404, answer: status("NotFound", "", "{}"), expected: "unknownPath never"),
        Row(request: "GET \(pod)", status: 404, answer: "404 page not found", expected: "unknownPath never"),
        Row(request: "POST /x", status: 409, answer: status("AlreadyExists"), expected: "alreadyExists after-read"),
        Row(request: "PUT \(pod)", status: 409, answer: status("Conflict"), expected: "staleVersion after-read"),
        Row(
            request: "DELETE \(pod)",
            body: "{\"preconditions\":{\"uid\":\"a\"}}",
            status: 409,
            answer: status("Conflict"),
            expected: "preconditionFailed never"
        ),
        Row(
            request: "DELETE \(pod)",
            body: "{\"preconditions\":{\"resourceVersion\":\"1\"}}",
            status: 409,
            answer: status("Conflict"),
            expected: "preconditionFailed after-read"
        ),
        Row(
            request: "PATCH \(pod)",
            status: 409,
            answer: status("Conflict", "", "{\"causes\":[{\"reason\":\"FieldManagerConflict\"}]}"),
            expected: "applyConflict never"
        ),
        Row(
            request: "PATCH \(pod)",
            type: jsonPatch,
            status: 422,
            answer: status("Invalid"),
            expected: "testFailedOrBadPatch after-read"
        ),
        Row(
            request: "POST \(pod)/eviction",
            status: 429,
            answer: status("TooManyRequests", "", budget),
            expected: "blockedByDisruptionBudget backoff"
        ),
        Row(
            request: "POST \(pod)/eviction",
            status: 429,
            answer: status("TooManyRequests", "", budget),
            headers: [HTTPHeader("retry-after", "7")],
            expected: "disruptionBudgetNotReady after:7"
        ),
        Row(
            request: "GET \(pod)",
            status: 429,
            answer: "Too many requests",
            headers: [HTTPHeader("Retry-After", "99999999")],
            expected: "flowControlled after:3600"
        ),
        Row(
            request: "GET \(pod)",
            status: 500,
            answer: status("", "etcdserver: request is too large"),
            expected: "serverPermanent never"
        ),
        Row(request: "GET \(pod)/log", status: 500, answer: status(""), expected: "serverTransient backoff"),
        Row(request: "GET \(pod)", status: 503, answer: "service unavailable", expected: "serverTransient backoff"),
        Row(
            request: "POST /x",
            status: 403,
            answer: status("Forbidden", "pods \\\"a\\\" is forbidden: User \\\"u\\\" cannot create"),
            expected: "forbidden never"
        ),
        Row(
            request: "POST /x",
            status: 403,
            answer: status("Forbidden", "pods \\\"a\\\" is forbidden: exceeded quota: q"),
            expected: "quotaExceeded never"
        ),
        // A label's value may say anything: a cause that names its field is validation, whatever it quotes.
        Row(
            request: "POST /x",
            status: 422,
            answer: status(
                "Invalid",
                "\\\"x\\\" is forbidden: no",
                "{\"causes\":[{\"reason\":\"FieldValueInvalid\",\"field\":\"metadata.labels\"}]}"
            ),
            expected: "invalid never"
        ),
        Row(request: "GET /x", status: 410, answer: "", expected: "gone relist"),
        Row(request: "GET /x", status: 999, answer: "\u{0}", expected: "serverPermanent never"),
        Row(request: "GET /x", status: 302, answer: "", expected: "badRequest never"),
    ]

    @Test("each answer has one meaning and one thing to do", arguments: rows)
    func meaning(_ row: Row) {
        let words = row.request.split(separator: " ").map(String.init)
        let request = HTTPRequest(
            method: words[0],
            origin: "https://k",
            target: words[1],
            headers: [HTTPHeader("Content-Type", row.type)],
            body: Array(row.body.utf8)
        )
        let response = HTTPResponse(status: row.status, headers: row.headers, body: Array(row.answer.utf8))
        let (answer, retry) = KubernetesAnswer.classify(request: request, response: response)
        #expect("\(answer.rawValue) \(retry)" == row.expected)
    }

    @Test("a watch that breaks in mid-event keeps what came before, and goes on from there")
    func brokenWatch() {
        let request = HTTPRequest(method: "GET", origin: "", target: "/api/v1/pods?watch=true&resourceVersion=5")
        let line = "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"9\"}}}"
        let watch = KubernetesWatch(request, Array("\(line)\n{\"type\":\"MOD".utf8))
        #expect(watch.events.map(\.type) == ["ADDED"])
        #expect(watch.version == "9")
        #expect(watch.then == .resume(afterSeconds: nil))
    }

    @Test("without a starting version a watch that breaks among its first events starts over")
    func unorderedWatch() {
        let request = HTTPRequest(method: "GET", origin: "", target: "/api/v1/pods?watch=1")
        let line = "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"9\"}}}"
        let watch = KubernetesWatch(request, Array(line.utf8))
        #expect(watch.events.first?.then == .relist)
    }

    @Test("every class of answer has a report with a page and a remedy", arguments: KubernetesAnswerClass.allCases)
    func reports(_ answer: KubernetesAnswerClass) throws {
        let fault = KubernetesFault(answer, status: 409, reason: "", message: "", url: "https://k/x")
        #expect(!fault.report.remedy.isEmpty)
        let page = try Files.text("\(PackageFolder.path)/Docs/Errors/\(fault.report.code).md")
        #expect(page.hasPrefix("# \(fault.report.code): "))
    }

    @Test("the object that a refused patch quotes is not repeated")
    func quotedObject() {
        let secret = "{\\\\\\\"password\\\\\\\":1}"
        let message =
            " \\\"\\\" is invalid: patch: Invalid value: \\\"\(secret)\\\": strict decoding error: unknown field"
        let body = "{\"kind\":\"Status\",\"reason\":\"Invalid\",\"message\":\"\(message)\"}"
        let request = HTTPRequest(method: "PATCH", origin: "", target: "/x")
        let answer = KubernetesAnswer(request, HTTPResponse(status: 422, body: Array(body.utf8)))
        #expect(answer.message == "the patched object is invalid: strict decoding error: unknown field")
    }

    @Test("a fault tells what, where and how to put it right")
    func sentence() {
        let fault = KubernetesFault(.applyConflict, status: 409, reason: "Conflict", message: "m", url: "https://k/x")
        #expect(
            "\(fault)" == "KUBERNETES-008 another field manager owns the field: m (at https://k/x, HTTP 409). "
                + "Fix: change it at its owner, or force the apply"
        )
        let lost = KubernetesFault(HTTPFault(.answerLost, "connection reset", url: "u"), url: "https://k/x")
        #expect(lost.report.code == "KUBERNETES-001")
        #expect(lost.report.retry == .unknown)
    }

    @Test(
        "a query reads back as it was written",
        arguments: ["a=b&c", "päd %2F+", "", "\u{0}\u{1F600}", "x in (a,b),!c"]
    )
    func query(_ text: String) {
        let target = KubernetesQuery.target("/p", ["q": text, "z": "1"])
        let (path, pairs) = KubernetesQuery.split(target)
        #expect(path == "/p")
        #expect(pairs.first { $0.name == "q" }?.value == text)
    }
}
