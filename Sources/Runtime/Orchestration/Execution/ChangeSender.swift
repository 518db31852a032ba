internal import AWSAPI
package import Catalogue
internal import KubernetesAPI
package import Planning
internal import Vocabulary

/// Sends one change to a world; the only code in the product that writes to one.
package struct ChangeSender: Sendable {
    /// Whether the server only judges the change or carries it out.
    package enum Mode: Sendable { case dryRun, live }

    private let world: World

    package init(world: World) { self.world = world }

    package func send(_ change: Change, _ mode: Mode = .live) async -> ChangeOutcome {
        switch change {
        case .kubernetes(let change): await send(change, mode)
        case .aws(let change): await send(change, mode)
        }
    }

    private func send(_ change: KubernetesChange, _ mode: Mode) async -> ChangeOutcome {
        guard let client = world.kubernetes else { return .failed(Self.noClient("Kubernetes cluster")) }
        var query = change.query
        if mode == .dryRun { query["dryRun"] = "All" }
        do {
            let answer = try await client.send(
                Self.method(change.verb),
                change.path,
                query: query,
                contentType: change.contentType.rawValue,
                body: change.body
            )
            guard answer.isSuccess else {
                let fault = KubernetesFault(answer, url: client.origin + change.path)
                // The server, or a proxy before it, failed on the way: whether it had written by then, nobody knows.
                if answer.status >= 500 { return .unknown(fault.report) }
                return .failed(ActionFault(kubernetes: fault, during: .writing))
            }
            return .succeeded(answer.body)
        } catch {
            return error.report.retry == .unknown ? .unknown(error.report) : .failed(ActionFault(kubernetes: error))
        }
    }

    private func send(_ change: AWSChange, _ mode: Mode) async -> ChangeOutcome {
        guard let client = world.aws else { return .failed(Self.noClient("AWS account")) }
        guard mode == .live || change.service == "ec2" else { return .failed(Self.noDryRun(change.service)) }
        var input = change.input
        if mode == .dryRun, case .object(var members) = input {
            members["DryRun"] = true
            input = .object(members)
        }
        do {
            let output = try await client.call(change.service, change.operation, input, in: change.region)
            // A batch may succeed as a call and leave out what it was for.
            if let fault = AWSFault.unprocessed(in: output) { return .failed(ActionFault(aws: fault)) }
            return .succeeded(output)
        } catch {
            if mode == .dryRun, error.kind == .wouldSucceed { return .succeeded(.null) }
            return error.report.retry == .unknown ? .unknown(error.report) : .failed(ActionFault(aws: error))
        }
    }

    private static func noDryRun(_ service: String) -> ActionFault {
        ActionFault(
            "NoDryRun",
            FaultReport(
                code: "STEP-007",
                what: "\(service) has no dry run: nobody can say without writing whether the call would succeed",
                remedy: "check the permissions that the plan names"
            )
        )
    }

    private static func method(_ verb: KubernetesChange.Verb) -> String {
        switch verb {
        case .create: "POST"
        case .patch: "PATCH"
        case .update: "PUT"
        case .delete: "DELETE"
        }
    }

    private static func noClient(_ what: String) -> ActionFault {
        ActionFault(
            "Unavailable",
            FaultReport(
                code: "STEP-003",
                what: "there is no \(what) to write to",
                remedy: "give a world that has one (--world), or the access to a live one"
            )
        )
    }
}
