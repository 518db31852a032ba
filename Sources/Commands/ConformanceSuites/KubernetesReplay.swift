internal import HTTPExchange
internal import KubernetesAPI
internal import Rehearsal
internal import Vocabulary

/// A recorded request sent to a rehearsal cluster in the state before it, as far as the case tells that state.
struct KubernetesReplay {
    enum Outcome {
        case same
        case different([String])
        case notRehearsed(String)
    }

    let outcome: Outcome

    init(_ expectation: KubernetesExpectation, _ exchange: KubernetesExchange, _ exchanges: [KubernetesExchange?]) {
        guard let request = exchange.replayable else {
            outcome = .notRehearsed("the recording leaves the body out")
            return
        }
        if let reason = Self.notModelled(expectation, exchange) {
            outcome = .notRehearsed(reason)
            return
        }
        let stage = KubernetesStage(exchanges, before: expectation.exchange)
        guard stage.isKnown else {
            outcome = .notRehearsed(stage.why)
            return
        }
        do {
            var cluster = try stage.cluster()
            let time = Timestamp(milliseconds: 1_800_000_000_000)
            let answer = cluster.answer(request, now: time)
            let problems = Self.differences(expectation, exchange, request, answer, isExact: stage.isExact)
            outcome = problems.isEmpty ? .same : .different(problems)
        } catch {
            outcome = .different(["the state does not load: \(error)"])
        }
    }

    /// What no rehearsal has: other people's admission, flow control, and a network to fail.
    private static func notModelled(_ expectation: KubernetesExpectation, _ exchange: KubernetesExchange) -> String? {
        switch KubernetesAnswerClass(rawValue: expectation.classes[0]) {
        case .admissionDenied, .quotaExceeded: return "admission policies and quotas are not rehearsed"
        case .flowControlled: return "flow control is not rehearsed"
        case .initializing: return "storage that is still opening is not rehearsed"
        case .streamError: return "a watch cache that cannot answer is not rehearsed"
        case .unknownPath where expectation.by == "caller": return "a definition is served at once in a rehearsal"
        case .serverTransient where exchange.json["reason"]?.string == "InternalError":
            return "webhooks are not rehearsed"
        default: return nil
        }
    }

    private static func differences(
        _ expectation: KubernetesExpectation,
        _ exchange: KubernetesExchange,
        _ request: HTTPRequest,
        _ answer: HTTPResponse,
        isExact: Bool
    ) -> [String] {
        var problems: [String] = []
        let read = KubernetesAnswer(request, answer)
        if answer.status != exchange.response.status {
            problems.append(
                "status \(answer.status), recorded \(exchange.response.status) (\(read.message.prefix(160)))"
            )
        }
        if !expectation.classes.contains(read.answer.rawValue) {
            problems.append("class \(read.answer.rawValue), expected \(expectation.classes[0])")
        }
        let recorded = KubernetesAnswer(exchange.request, exchange.response)
        if read.reason != recorded.reason { problems.append("reason \(read.reason), recorded \(recorded.reason)") }
        if Set(read.causeFields) != Set(recorded.causeFields) {
            problems.append("fields \(read.causeFields), recorded \(recorded.causeFields)")
        }
        if read.retry.description != recorded.retry.description {
            problems.append("retry \(read.retry), recorded \(recorded.retry)")
        }
        guard problems.isEmpty, isExact else { return problems }
        for check in expectation.checks where check.value["$sameAs"] == nil && check.value["$differsFrom"] == nil {
            if let problem = KubernetesReading.problem(check, read.body, answer, []) { problems.append(problem) }
        }
        return problems
    }
}
