internal import Runs
internal import Vocabulary

/// What must come of a case; only what it states is compared.
struct StateMachineExpectation {
    let expected: JSONValue

    /// The first difference; nil when there is none.
    func difference(from execution: StateMachineExecution) -> String? {
        guard let end = execution.machine.end else { return "it has no end" }
        return ending(end) ?? time(execution.elapsed) ?? visits(execution.trail.visits)
    }

    private func ending(_ end: RunEnd) -> String? {
        let found: (status: String, output: JSONValue?, error: StepError?)
        switch end {
        case .succeeded(let output): found = ("SUCCEEDED", output, nil)
        case .failed(let error):
            // Only the machine's own clock makes a timeout that nothing catches.
            found = (error.isTerminal && error.name == "States.Timeout" ? "TIMED_OUT" : "FAILED", nil, error)
        case .refused, .cancelled: found = ("ABORTED", nil, nil)
        }
        if let status = expected["status"]?.string, status != found.status {
            return "status \(found.status) (\(found.error?.name ?? "no error")), expected \(status)"
        }
        return Self.value("output", found.output, expected["output"])
            ?? Self.value("error", found.error?.name.map(JSONValue.string) ?? .null, expected["error"])
            ?? Self.value("cause", found.error?.cause.map(JSONValue.string) ?? .null, expected["cause"])
    }

    private func time(_ elapsed: Double) -> String? {
        if let wanted = expected["ends_after"]?.number, abs(elapsed - wanted) > 1e-6 {
            return "ends after \(elapsed) s, expected \(wanted)"
        }
        if let limit = expected["ends_by"]?.number, elapsed > limit + 1e-6 {
            return "ends after \(elapsed) s, expected at most \(limit)"
        }
        return nil
    }

    private func visits(_ found: [StateMachineTrail.Visit]) -> String? {
        if let states = expected["states"] {
            let names = JSONValue.array(found.map { .string($0.state) })
            if let difference = Self.value("states", names, states) { return difference }
        }
        guard let wanted = expected["visits"]?.array else { return nil }
        let names = found.map(\.state).joined(separator: ", ")
        guard wanted.count == found.count else { return "visits \(names), expected \(wanted.count) of them" }
        for (place, (visit, wanted)) in zip(found, wanted).enumerated() {
            if let difference = Self.visit(visit, wanted) { return "visit \(place) (\(visit.state)): \(difference)" }
        }
        return nil
    }

    private static func visit(_ found: StateMachineTrail.Visit, _ wanted: JSONValue) -> String? {
        if found.isCaught != (wanted["caught"]?.bool ?? false) { return "caught is \(found.isCaught)" }
        if wanted["output"] == nil, let output = found.output { return "left with \(JSONWriter.compact(output))" }
        return value("state", .string(found.state), wanted["state"])
            ?? value("input", found.input, wanted["input"])
            ?? value("output", found.output, wanted["output"])
            ?? attempts(found.attempts, wanted["attempts"]?.array)
            ?? delays(found.retryDelays, wanted["retry_delays"]?.array) { abs($0 - $1) <= 1e-6 }
            ?? delays(found.retryDelays, wanted["retry_delays_at_most"]?.array) { $0 <= $1 + 1e-6 && $0 >= 0 }
    }

    private static func attempts(_ found: [StepError?], _ wanted: [JSONValue]?) -> String? {
        guard let wanted else { return nil }
        guard found.count == wanted.count else { return "\(found.count) attempts, expected \(wanted.count)" }
        for (place, (error, wanted)) in zip(found, wanted).enumerated() where !agrees(error, wanted) {
            return "attempt \(place): \(error.map { "failed with \($0.name ?? "no name")" } ?? "succeeded")"
        }
        return nil
    }

    private static func agrees(_ error: StepError?, _ wanted: JSONValue) -> Bool {
        switch wanted["failed"] {
        case .string(let name): error?.name?.isIdentical(to: name) ?? false
        case .some: error != nil && error?.name == nil
        case nil: error == nil
        }
    }

    private static func delays(
        _ found: [Double],
        _ wanted: [JSONValue]?,
        _ agree: (Double, Double) -> Bool
    ) -> String? {
        guard let wanted = wanted?.map({ $0.number ?? -1 }) else { return nil }
        let isSame = found.count == wanted.count && zip(found, wanted).allSatisfy { agree($0, $1) }
        return isSame ? nil : "retry delays \(found), expected \(wanted)"
    }

    private static func value(_ name: String, _ found: JSONValue?, _ wanted: JSONValue?) -> String? {
        guard let wanted else { return nil }
        guard let found else { return "no \(name)" }
        if isSame(found, wanted) { return nil }
        return "\(name) \(JSONWriter.compact(found)), expected \(JSONWriter.compact(wanted))"
    }

    /// JSON equality where an integer equals the same double.
    static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
        case (.object(let left), .object(let right)):
            return left.count == right.count
                && left.members.allSatisfy { member in
                    right[member.key].map { isSame(member.value, $0) } ?? false
                }
        default:
            if let left = left.number, let right = right.number { return left == right }
            return left == right
        }
    }
}
