internal import Runs
internal import Vocabulary

/// How data flows through one state of the Amazon States Language; which state comes next is not decided here.
struct StateMachineDataFlow {
    let state: JSONValue
    let context: JSONValue

    /// A path that does not resolve, or a value of the wrong type: nothing catches it.
    static func runtimeError(_ cause: String) -> StepError {
        StepError("States.Runtime", cause: cause, isTerminal: true)
    }

    /// InputPath, then Parameters.
    func effectiveInput(_ raw: JSONValue) throws(StepFailure) -> JSONValue {
        let input = try filtered("InputPath", raw)
        guard let template = state["Parameters"] else { return input }
        return try filled(template, from: input)
    }

    /// What a Pass gives: ResultPath and OutputPath over its result.
    func pass(_ raw: JSONValue) throws(StepFailure) -> JSONValue {
        let input = try effectiveInput(raw)
        return try filtered("OutputPath", placed(state["Result"] ?? input, over: raw))
    }

    /// What a Task gives: ResultSelector, ResultPath and OutputPath over its result.
    func task(_ result: JSONValue, raw: JSONValue) throws(StepFailure) -> JSONValue {
        var result = result
        if let template = state["ResultSelector"] { result = try filled(template, from: result) }
        return try filtered("OutputPath", placed(result, over: raw))
    }

    /// What Choice, Wait and Succeed hand on.
    func handedOn(_ raw: JSONValue) throws(StepFailure) -> JSONValue {
        try filtered("OutputPath", filtered("InputPath", raw))
    }

    func caught(_ error: StepError, catcher: Int, raw: JSONValue) throws(StepFailure) -> JSONValue {
        let output: JSONValue = [
            "Error": error.name.map(JSONValue.string) ?? .null, "Cause": error.cause.map(JSONValue.string) ?? .null,
        ]
        return try Self.placed(output, state["Catch"]?[catcher]?["ResultPath"], over: raw)
    }

    func placed(_ result: JSONValue, over raw: JSONValue) throws(StepFailure) -> JSONValue {
        try Self.placed(result, state["ResultPath"], over: raw)
    }

    private static func placed(
        _ result: JSONValue,
        _ path: JSONValue?,
        over raw: JSONValue
    ) throws(StepFailure) -> JSONValue {
        guard let path else { return result }
        if path.isNull { return raw }
        guard let text = path.string, let parsed = StateMachinePath(text), !parsed.readsContext else {
            throw StepFailure(runtimeError("ResultPath is no path"))
        }
        guard let placed = parsed.putting(result, into: raw) else {
            throw StepFailure(StepError("States.ResultPathMatchFailure", cause: "\(text) does not fit the input"))
        }
        return placed
    }

    private func filtered(_ key: String, _ value: JSONValue) throws(StepFailure) -> JSONValue {
        guard let path = state[key] else { return value }
        if path.isNull { return [:] }
        return try self.value(at: path, in: value)
    }

    /// The value of a field that may be given literally or by a path.
    func field(_ key: String, _ input: JSONValue) throws(StepFailure) -> JSONValue? {
        if let literal = state[key] { return literal }
        guard let path = state[key + "Path"] else { return nil }
        return try value(at: path, in: input)
    }

    func value(at path: JSONValue, in input: JSONValue) throws(StepFailure) -> JSONValue {
        guard let text = path.string, let parsed = StateMachinePath(text) else {
            throw StepFailure(Self.runtimeError("not a path: \(JSONWriter.compact(path))"))
        }
        guard let value = parsed.value(in: parsed.readsContext ? context : input) else {
            throw StepFailure(Self.runtimeError("\(text) finds nothing"))
        }
        return value
    }

    private func filled(_ template: JSONValue, from input: JSONValue) throws(StepFailure) -> JSONValue {
        switch template {
        case .object(let members):
            var filled = JSONObject()
            for member in members {
                if member.key.hasSuffix(".$") {
                    filled[String(member.key.dropLast(2))] = try value(at: member.value, in: input)
                } else {
                    filled[member.key] = try self.filled(member.value, from: input)
                }
            }
            return .object(filled)
        case .array(let elements):
            var filled: [JSONValue] = []
            for element in elements { filled.append(try self.filled(element, from: input)) }
            return .array(filled)
        case .null, .bool, .integer, .unsigned, .double, .string: return template
        }
    }

    /// A whole number of seconds within bounds; fractions and texts are errors.
    func seconds(_ key: String, _ input: JSONValue, least: Double) throws(StepFailure) -> Duration? {
        guard let value = try field(key, input) else { return nil }
        guard let number = value.number, number >= least, number <= 99_999_999, number == number.rounded() else {
            throw StepFailure(Self.runtimeError("\(key) is no number of seconds"))
        }
        return .seconds(Int64(number))
    }
}

/// Carries a step's error out of the data flow.
struct StepFailure: Error {
    let error: StepError

    init(_ error: StepError) { self.error = error }
}
