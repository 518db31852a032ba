internal import HTTPExchange
internal import Vocabulary

/// The error half of an answer: a Status object, or a plain text in its place.
struct KubernetesStatus {
    var code: Int
    var body: JSONValue?
    var isStatus: Bool
    var reason: String
    var message: String
    var causes: [JSONValue]
    /// Seconds to wait, by header or details; at most an hour.
    var retryAfter: Int?

    init(_ response: HTTPResponse, body: JSONValue?) {
        code = response.status
        self.body = body
        isStatus = body?["kind"]?.string == "Status"
        reason = isStatus ? body?["reason"]?.string ?? "" : ""
        causes = isStatus ? body?["details"]?["causes"]?.array ?? [] : []
        // The text of a success is data, not a message.
        let text = code < 400 ? "" : String(decoding: response.body.prefix(300), as: UTF8.self)
        message = isStatus ? body?["message"]?.string ?? "" : text
        let header = response.headers["Retry-After"].flatMap { Int($0) }
        let detail = isStatus ? body?["details"]?["retryAfterSeconds"]?.integer.flatMap { Int(exactly: $0) } : nil
        retryAfter = (header ?? detail).map { min(max($0, 0), 3_600) }
    }

    /// Cut for people, and without the object that a refused patch quotes: it may hold secrets.
    var shortMessage: String {
        guard !message.contains("is invalid: patch: Invalid value: ") else {
            return "the patched object is invalid: " + String(afterQuote.prefix(200))
        }
        let line = message.prefix(400)
        return line.count < message.count ? line + "…" : String(line)
    }

    /// What stands behind the last closing quote of the message.
    private var afterQuote: Substring {
        var rest = message[...]
        while let end = rest.firstRange(of: "}\": ") { rest = rest[end.upperBound...] }
        return rest.count == message.count ? "" : rest
    }

    func hasCause(_ reason: String) -> Bool { causes.contains { $0["reason"]?.string == reason } }
    func hasCause(field: String) -> Bool { causes.contains { $0["field"]?.string == field } }
}

extension KubernetesStatus {
    typealias Meaning = (answer: KubernetesAnswerClass, retry: KubernetesRetry)

    func clientError(_ request: KubernetesRequest) -> Meaning {
        switch code {
        case 400: (isStrictDecoding ? .unknownField : .badRequest, .never)
        case 401: (.unauthenticated, .reauthenticate)
        case 403: (refusal, .never)
        case 404: (isStatus && body?["details"]?["name"]?.nonBlank != nil ? .notFound : .unknownPath, .never)
        case 406: (.notAcceptable, .never)
        case 409: conflict(request)
        case 410: (.gone, .relist)
        case 413: (.tooLarge, .never)
        case 415: (.unsupportedMediaType, .never)
        case 422: unprocessable(request)
        case 429: throttled
        default: (.badRequest, .never)
        }
    }

    private var isStrictDecoding: Bool { message.contains("strict decoding error: ") }

    /// Rights are told from policy by the message alone, so that anything unclear stays `forbidden`.
    private var refusal: KubernetesAnswerClass {
        if hasCause("NamespaceTerminating") { return .namespaceTerminating }
        if message.contains("is forbidden: User \"") { return .forbidden }
        if message.contains("is forbidden: exceeded quota: ") || message.contains("is forbidden: failed quota: ") {
            return .quotaExceeded
        }
        return isAdmissionRefusal ? .admissionDenied : .forbidden
    }

    /// What is forbidden, and not for a user's lack of rights, was refused by an admission plugin or webhook.
    private var isAdmissionRefusal: Bool {
        isStatus && (message.contains("\" is forbidden: ") || message.contains("denied the request"))
    }

    private func conflict(_ request: KubernetesRequest) -> Meaning {
        if reason == "AlreadyExists" { return (.alreadyExists, .afterRead) }
        if hasCause("FieldManagerConflict") { return (.applyConflict, .never) }
        if request.namesUIDOnly { return (.preconditionFailed, .never) }
        return (request.hasPreconditions ? .preconditionFailed : .staleVersion, .afterRead)
    }

    private func unprocessable(_ request: KubernetesRequest) -> Meaning {
        if causes.isEmpty, request.isJSONPatch { return (.testFailedOrBadPatch, .afterRead) }
        // Validation names the field of each cause, policies do not; the message alone may quote what an attacker wrote.
        let isFieldless = causes.allSatisfy { $0["field"]?.nonBlank == nil }
        if isFieldless, isAdmissionRefusal { return (.admissionDenied, .never) }
        if hasCause(field: "metadata.uid"), request.method == "PATCH" { return (.preconditionFailed, .never) }
        if isStrictDecoding, hasCause(field: "patch") { return (.unknownField, .never) }
        return (.invalid, .never)
    }

    private var throttled: Meaning {
        guard isStatus else { return (.flowControlled, .after(seconds: retryAfter ?? 1)) }
        guard hasCause("DisruptionBudget") else { return (.initializing, .after(seconds: retryAfter ?? 1)) }
        guard let retryAfter else { return (.blockedByDisruptionBudget, .backoff) }
        return (.disruptionBudgetNotReady, .after(seconds: retryAfter))
    }

    /// Without a reason the same request fails again; a watch then starts over from a list.
    func serverError(_ request: KubernetesRequest) -> Meaning {
        let mayPass = [502, 503, 504].contains(code) || reason == "InternalError" || request.reachesKubelet
        guard mayPass else { return (.serverPermanent, request.isWatch ? .relist : .never) }
        return (.serverTransient, retryAfter.map { .after(seconds: $0) } ?? .backoff)
    }
}
