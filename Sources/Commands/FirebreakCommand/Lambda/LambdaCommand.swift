package import ArgumentParser
internal import CurlHTTP
internal import HTTPExchange
internal import Host
internal import LambdaRuntime
internal import Vocabulary

/// `firebreak lambda`: Falco alerts to Security Hub as an AWS Lambda function.
package struct LambdaCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "lambda",
        abstract: "Runs as an AWS Lambda function that imports Falco alerts into Security Hub.",
        discussion: """
            Started by Lambda on a custom runtime, by a `bootstrap` that runs `firebreak lambda`. It takes the events
            of a CloudWatch Logs subscription, of Kinesis, of a Firehose transformation and of SQS, and alerts as they
            are. Alerts of one invocation are folded by incident; the count of a finding is that of the invocation.

            The environment configures it:
              FIREBREAK_CLUSTER      the EKS cluster's name or ARN, where no record says it
              FIREBREAK_ACCOUNT      the account of the findings; without it the record's, else the function's own
              FIREBREAK_MAPPING      the path of a mapping file inside of the zip
              FIREBREAK_ROLE         the role that other accounts have for us, and FIREBREAK_EXTERNAL_ID

            What may get in when it is delivered once more fails the event, or its record where the source takes partial
            failures (turn on ReportBatchItemFailures). What never gets in is written to the function's log with its
            reason, and can be converted or imported again from there.
            """
    )

    package init() {}

    package func run() async throws {
        guard let address = Host.environment("AWS_LAMBDA_RUNTIME_API") else {
            Console.current.complain(LambdaFault.noRuntime.description)
            throw ExitStatus.usage
        }
        let transport = try CurlTransport(CurlSettings(proxy: .none))
        let runtime = LambdaRuntimeAPI(address: address, transport: transport)
        do {
            let function: IngestionFunction
            do {
                function = try IngestionFunction()
            } catch {
                let report = Self.report(error)
                try await runtime.failStart(with: report)
                Console.current.complain(report.description)
                throw ExitStatus.usage
            }
            while true { try await serve(try await runtime.next(), runtime, function) }
        } catch let fault as LambdaFault {
            Console.current.complain(fault.description)
            throw ExitStatus.unreachable
        }
    }

    private func serve(
        _ invocation: LambdaInvocation,
        _ runtime: LambdaRuntimeAPI,
        _ function: IngestionFunction
    ) async throws(LambdaFault) {
        switch await function.handle(invocation) {
        case .answer(let document): try await runtime.respond(to: invocation, with: document)
        case .failure(let report): try await runtime.fail(invocation, with: report)
        }
    }

    private static func report(_ error: any Error) -> FaultReport {
        if let fault = error as? any ActionableError { return fault.report }
        return FaultReport(
            code: "LAMBDA-004",
            what: "the function cannot start: \(error)",
            remedy: "correct the function's environment; its log tells every problem of a mapping file"
        )
    }
}
