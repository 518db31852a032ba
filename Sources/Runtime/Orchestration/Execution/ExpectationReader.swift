internal import AWSAPI
package import Catalogue
internal import KubernetesAPI
package import Planning
package import Vocabulary

/// Looks whether the world is as a step expects it.
package struct ExpectationReader: Sendable {
    /// What was found for one expectation.
    package struct Finding: Sendable, Hashable {
        package var expectation: Expectation
        package var holds: Bool
        /// What was there instead, or why nobody could look; for people.
        package var found: String
        /// Why nobody could look; nil when somebody did.
        package var blindness: FaultReport?
    }

    let world: World

    package init(world: World) { self.world = world }

    /// Looks once.
    package func read(_ expectation: Expectation) async -> Finding {
        switch expectation.place {
        case .kubernetes(let path): await readKubernetes(expectation, path)
        case .aws(let call): await readAWS(expectation, call)
        }
    }

    /// Looks until all hold or their deadlines, or the common one, are over; the findings of the last look.
    package func wait(
        for expectations: [Expectation],
        on clock: any RunClock,
        until end: Timestamp? = nil
    ) async -> [Finding] {
        var findings: [Finding] = []
        for expectation in expectations {
            let own = clock.now().advanced(by: expectation.deadline)
            let deadline = min(own, end ?? own)
            var finding = await read(expectation)
            var pause = Duration.milliseconds(100)
            while !finding.holds, clock.now().advanced(by: pause) <= deadline {
                await clock.pass(pause)
                pause = min(pause * 2, .seconds(5))
                finding = await read(expectation)
            }
            findings.append(finding)
        }
        return findings
    }

    private func readKubernetes(_ expectation: Expectation, _ path: String) async -> Finding {
        guard let client = world.kubernetes else {
            return Finding(expectation: expectation, holds: false, found: "no cluster")
        }
        do {
            let answer = try await client.send("GET", path)
            if answer.isSuccess { return Self.test(expectation, answer.body) }
            if answer.answer == .notFound { return Self.test(expectation, nil) }
            let fault = KubernetesFault(answer, url: client.origin + path)
            return .unseen(expectation, fault.report)
        } catch {
            return .unseen(expectation, error.report)
        }
    }

    private func readAWS(_ expectation: Expectation, _ call: AWSChange) async -> Finding {
        guard let client = world.aws else {
            return Finding(expectation: expectation, holds: false, found: "no account")
        }
        do {
            let output = try await client.call(call.service, call.operation, call.input, in: call.region)
            return Self.test(expectation, output)
        } catch {
            return .unseen(expectation, error.report)
        }
    }

    /// `answer`: nil when the object does not exist.
    static func test(_ expectation: Expectation, _ answer: JSONValue?) -> Finding {
        let value = answer.flatMap { field(expectation.field, of: $0) }
        let found =
            value.map { String(JSONWriter.compact($0).prefix(300)) } ?? (answer == nil ? "no such object" : "nothing")
        let holds =
            switch expectation.test {
            case .equals(let wanted): value == wanted
            case .present: value != nil && value?.isNull == false
            case .absent: value == nil || value?.isNull == true
            case .countAtLeast(let count): (value?.array?.count ?? 0) >= count
            }
        return Finding(expectation: expectation, holds: holds, found: found)
    }

    private static func field(_ keys: [String], of root: JSONValue) -> JSONValue? {
        var value = root
        for key in keys {
            guard let next = value[key] ?? Int(key).flatMap({ value[$0] }) else { return nil }
            value = next
        }
        return value
    }
}

extension ExpectationReader.Finding {
    /// Nobody could look.
    fileprivate static func unseen(_ expectation: Expectation, _ report: FaultReport) -> Self {
        Self(expectation: expectation, holds: false, found: report.description, blindness: report)
    }
}
