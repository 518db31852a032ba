internal import HTTPExchange
internal import KubernetesAPI
internal import Rehearsal
internal import Vocabulary

/// What we make of a recorded answer, held against what is expected.
struct KubernetesReading {
    private(set) var problems: [String] = []
    private let expectation: KubernetesExpectation
    private let exchanges: [KubernetesExchange?]

    init(_ expectation: KubernetesExpectation, _ exchange: KubernetesExchange, _ exchanges: [KubernetesExchange?]) {
        self.expectation = expectation
        self.exchanges = exchanges
        let answer = KubernetesAnswer(exchange.request, exchange.response)
        if !expectation.classes.contains(answer.answer.rawValue) {
            problems.append(
                "class \(answer.answer.rawValue), expected \(expectation.classes.joined(separator: " or "))"
            )
        }
        // Who does not know that a definition was just made is right never to ask again.
        let retries = expectation.by == "caller" ? [expectation.retry, "never"] : [expectation.retry]
        if !retries.contains(answer.retry.description) {
            problems.append("retry \(answer.retry), expected \(expectation.retry)")
        }
        for check in expectation.checks {
            if let problem = Self.problem(check, answer.body, exchange.response, exchanges) { problems.append(problem) }
        }
        if let watch = expectation.watch { problems += Self.problems(of: watch, exchange) }
    }

    /// Holds one `[where, value]` against an answer; nil when it holds.
    static func problem(
        _ check: (place: String, value: JSONValue),
        _ body: JSONValue,
        _ response: HTTPResponse,
        _ exchanges: [KubernetesExchange?]
    ) -> String? {
        let found: [JSONValue]
        if check.place.hasPrefix("header:") {
            let name = check.place.dropFirst(7).lowercased()
            found = response.headers.filter { $0.name.lowercased() == name }.map { .string($0.value) }
        } else if check.place == "body" {
            found = [.string(String(decoding: response.body, as: UTF8.self))]
        } else if check.place.hasPrefix("channel:") {
            return "\(check.place) is not read: exec is not spoken"
        } else {
            guard let pointer = JSONPointer(check.place) else { return "\(check.place) is no pointer" }
            found = pointer.value(in: body).map { [$0] } ?? []
        }
        guard holds(check, found, exchanges) else {
            let shown = found.map { JSONWriter.compact($0) }.joined(separator: ", ").prefix(80)
            return "\(check.place) is \(shown.isEmpty ? "absent" : String(shown)), expected "
                + JSONWriter.compact(check.value)
        }
        return nil
    }

    private static func holds(
        _ check: (place: String, value: JSONValue),
        _ found: [JSONValue],
        _ exchanges: [KubernetesExchange?]
    ) -> Bool {
        let isThere = found.contains { !$0.isNull && $0.string != "" }
        if check.value["$present"] != nil { return isThere }
        if check.value["$absent"] != nil { return !isThere }
        if let count = check.value["$count"]?.integer {
            return found.contains { Int64($0.array?.count ?? -1) == count }
        }
        if let part = check.value["$contains"]?.string { return found.contains { $0.string?.contains(part) == true } }
        if let index = (check.value["$sameAs"] ?? check.value["$differsFrom"])?.integer {
            let place = Int(truncatingIfNeeded: index)
            guard exchanges.indices.contains(place), let other = exchanges[place] else { return false }
            let same = JSONPointer(check.place)?.value(in: other.json) == found.first
            return same == (check.value["$sameAs"] != nil)
        }
        return found.contains(check.value)
    }

    private static func problems(of watch: JSONValue, _ exchange: KubernetesExchange) -> [String] {
        let stream = KubernetesWatch(exchange.request, exchange.response.body)
        var problems: [String] = []
        let expected = watch["events"]?.array ?? []
        if expected.count != stream.events.count {
            problems.append("\(stream.events.count) events, expected \(expected.count)")
        }
        for (wanted, event) in zip(expected, stream.events) {
            let read: [(String, JSONValue?)] = [
                ("type", .string(event.type)), ("name", event.name.map(JSONValue.string)),
                ("resourceVersion", event.resourceVersion.map(JSONValue.string)), ("then", .string(event.then.text)),
                ("code", event.object["code"]), ("reason", event.object["reason"]),
                ("initialEventsEnd", event.endsInitialEvents ? true : JSONValue?.none),
            ]
            for (key, value) in read where wanted[key] != nil && wanted[key] != value {
                problems.append("event \(event.type): \(key) differs")
            }
        }
        let allowed = [watch["then"]?.string ?? ""] + (watch["or"]?.array ?? []).compactMap(\.string)
        let then = stream.then == .relist ? "relist" : "resume"
        if !allowed.contains(then) { problems.append("after the end: \(then), expected \(allowed)") }
        if let from = watch["from"], from != (stream.version.map(JSONValue.string) ?? .null) {
            problems.append("from \(stream.version ?? "nothing"), expected \(JSONWriter.compact(from))")
        }
        return problems
    }
}
