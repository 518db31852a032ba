internal import Runs
internal import Vocabulary

/// What an execution did, state by state, as the notes of the machine tell it.
struct StateMachineTrail {
    struct Visit {
        var state: String
        var input: JSONValue
        var output: JSONValue?
        var isCaught = false
        /// Nil succeeded, else the error.
        var attempts: [StepError?] = []
        var retryDelays: [Double] = []
    }

    private(set) var visits: [Visit] = []

    mutating func enter(_ state: String, with input: JSONValue) { visits.append(Visit(state: state, input: input)) }

    mutating func change(_ change: (inout Visit) -> Void) {
        guard var visit = visits.popLast() else { return }
        change(&visit)
        visits.append(visit)
    }
}
