internal import Planning
package import Runs
internal import Vocabulary

/// What people decide while it runs.
extension RunDriver {
    /// Says yes to everything that the run asks for now, as the plan shows it.
    package mutating func approve(by: String) async {
        for (effect, question) in asked.sorted(by: { $0.key.number < $1.key.number }) {
            approvals[question.state] = question.approval
            await journal.add(.approved(state: question.state, question.approval))
            waiting[question.state] = nil
            asked[effect] = nil
            await go(.approved(effect: effect, by: by))
        }
    }

    /// Says no to everything that the run asks for now.
    package mutating func reject(by: String, reason: String) async {
        for effect in asked.keys.sorted(by: { $0.number < $1.number }) where asked[effect] != nil {
            asked[effect] = nil
            await go(.rejected(effect: effect, by: by, reason: reason))
        }
    }

    /// Ends the run where it is; what is in flight is looked up first.
    ///
    /// - Throws: `requestRefused` when it already ends in another way.
    package mutating func cancel(by: String) async throws(RunFault) {
        try await take(.cancelRequested(by: by))
        await goOn()
    }
}
