internal import AWSAPI
internal import Catalogue
internal import KubernetesAPI
internal import Vocabulary

/// Says why a command ends early, for people or in the shape of its result, and with which exit code.
struct Complaint {
    let output: OutputFormat
    /// The file or option that the error is about, when the error does not say.
    let subject: String
    /// The members that stand beside `error` in a result without content.
    var shape: JSONObject = [:]

    func say(_ error: any Error) -> ExitStatus {
        if let status = error as? ExitStatus { return status }
        if let refused = error as? PlaybookRefused {
            if output == .text {
                for diagnostic in refused.file.diagnostics {
                    Console.current.complain(refused.file.explained(diagnostic))
                }
                return .usage
            }
            say(Self.report(refused, subject))
            return .usage
        }
        say((error as? any ActionableError)?.report ?? Self.unknown(error, subject))
        return Self.status(of: error)
    }

    /// How a command ends that could not go on because of this.
    static func status(of error: any Error) -> ExitStatus {
        switch error {
        case let status as ExitStatus: status
        case let fault as AWSFault: fault.exitStatus
        case let fault as KubernetesFault: fault.exitStatus
        case let fault as any ActionableError: status(fault.report.code)
        default: .usage
        }
    }

    /// An error of which nobody thought.
    static func unknown(_ error: any Error, _ subject: String) -> FaultReport {
        FaultReport(
            code: "COMMAND-001",
            what: "\(error)",
            location: subject,
            remedy: "report this with the command line"
        )
    }

    private func say(_ report: FaultReport) {
        switch output {
        case .text: Console.current.complain(PlainText.line(report.description))
        case .json, .yaml:
            var document = shape
            document["error"] = report.json
            Console.current.print(output.render(.object(document), text: ""))
        }
    }

    /// What is wrong with the input ends with 2, as does all that has no status of its own.
    private static func status(_ code: String) -> ExitStatus {
        if code == "LIVE-004" { return .refused }
        return code == "FILE-002" || code.hasPrefix("STORE-") || code == "RECORD-002" ? .failed : .usage
    }

    private static func report(_ refused: PlaybookRefused, _ subject: String) -> FaultReport {
        let first = refused.file.diagnostics.first { $0.severity == .error }
        let more = refused.file.diagnostics.count - 1
        return FaultReport(
            code: first?.code ?? "COMMAND-001",
            what: (first?.message ?? "the playbook is not valid") + (more > 0 ? " (and \(more) more problems)" : ""),
            location: first.map { "\($0.mark)" } ?? subject,
            remedy: first?.remedy ?? "see “firebreak playbook check”"
        )
    }
}

extension AWSFault {
    /// How a command ends that could not go on without this call.
    var exitStatus: ExitStatus {
        switch kind {
        case .notPermitted, .unauthenticated, .noCredentials, .credentialsUnavailable: .notPermitted
        case .notSent, .answerLost, .unavailable, .throttled, .unreadable: .unreachable
        case .notFound, .conflict, .invalid, .wouldSucceed, .notSpoken, .other: .failed
        }
    }
}

extension KubernetesFault {
    /// How a command ends that could not go on without this call.
    var exitStatus: ExitStatus {
        switch ActionFault(kubernetes: self).name {
        case "NotPermitted": .notPermitted
        case "Unavailable", "Throttled", "Unverified": .unreachable
        default: .failed
        }
    }
}
