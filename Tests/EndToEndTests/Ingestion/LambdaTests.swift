import Glibc
import Synchronization
import TestSupport
import Testing
import Vocabulary

extension PeerTests {
    @Suite("As a Lambda function")
    struct LambdaTests {
        /// Lambda's side: events one after the other, then silence.
        private final class FakeLambda: Sendable {
            private let server: LoopbackServer
            init(_ events: [String], seconds: Int = 60) throws {
                let left = Mutex(events)
                let deadline = (time(nil) + seconds) * 1_000
                server = try LoopbackServer { connection in
                    while let request = connection.read() {
                        guard request.line.hasPrefix("GET") else {
                            connection.answer(202)
                            continue
                        }
                        guard let event = left.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return }
                        connection.answer(
                            200,
                            event,
                            headers: [
                                "Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd",
                                "Lambda-Runtime-Deadline-Ms: \(deadline)",
                                "Lambda-Runtime-Invoked-Function-Arn: "
                                    + "arn:aws:lambda:eu-central-1:444455556666:function:falco",
                            ]
                        )
                    }
                }
            }

            var address: String { "127.0.0.1:\(server.port)" }

            /// What the function told, in order.
            var told: [(path: String, body: JSONValue)] {
                server.requests.filter { $0.line.hasPrefix("POST") }.map { request in
                    let path = request.line.split(separator: " ").dropFirst().first.map(String.init) ?? ""
                    return (path, (try? JSONReader.parse(request.body)) ?? .null)
                }
            }
        }

        private func run(_ lambda: FakeLambda, _ stage: ImportStage, as access: AWSAccess? = nil) async throws -> String
        {
            let variables =
                (access ?? stage.peers.access).environment + [
                    "AWS_REGION=\(AWSPeers.region)", "AWS_LAMBDA_RUNTIME_API=\(lambda.address)",
                    "FIREBREAK_CLUSTER=blue",
                ]
            let environment = variables.map { "'\($0)'" }.joined(separator: " ")
            // It ends when its runtime is gone.
            return try await Command.runApart("env \(environment) '\(Program.path("firebreak"))' lambda 2>&1").output
        }

        private func kinesis(_ alerts: [[JSONValue]]) -> String {
            kinesis(alerts.map { $0.map { JSONWriter.compact($0) + "\n" }.joined() })
        }

        private func kinesis(_ texts: [String]) -> String {
            let records = texts.enumerated().map { number, lines -> JSONValue in
                [
                    "kinesis": [
                        "sequenceNumber": .string("seq-\(number)"), "data": .string(Base64.encode(Array(lines.utf8))),
                    ]
                ]
            }
            return JSONWriter.compact(["Records": .array(records)])
        }

        @Test("alerts of an event are findings of the function's account, and the event is done")
        func imports() async throws {
            let stage = try await ImportStage()
            let lambda = try FakeLambda([
                JSONWriter.compact(ImportStage.alert(1)), kinesis([[ImportStage.alert(2)], [ImportStage.alert(3)]]),
            ])
            let output = try await run(lambda, stage)
            let told = lambda.told
            #expect(told.map { $0.path.hasSuffix("/response") } == [true, true], "\(told) \(output)")
            #expect(told.last?.body == ["batchItemFailures": []])
            let findings = try await stage.findings()
            #expect(Set(findings.keys) == ["cart-1", "cart-2", "cart-3"], "\(output)")
            #expect(findings["cart-1"]?["AwsAccountId"] == "444455556666")
        }

        @Test("a line that goes on in the next record is one alert")
        func joins() async throws {
            let stage = try await ImportStage()
            let line = JSONWriter.compact(ImportStage.alert(1))
            let (head, rest) = (line.prefix(line.count / 2), line.dropFirst(line.count / 2))
            let moment = "2026-05-01T10:00:00.123456789Z stdout"
            let lambda = try FakeLambda([kinesis(["\(moment) P \(head)\n", "\(moment) F \(rest)\n"])])
            let output = try await run(lambda, stage)
            #expect(lambda.told.first?.body == ["batchItemFailures": []], "\(output)")
            #expect(try await stage.findings()["cart-1"] != nil, "\(output)")
        }

        @Test("records that could not be imported are named, those that never can be are told in the log")
        func partialFailures() async throws {
            let stage = try await ImportStage()
            let limited = try await stage.peers.deny(["securityhub:BatchImportFindings"])
            let broken: JSONValue = ["rule": "R", "priority": "Nonsense", "output_fields": ["a": 1]]
            let lambda = try FakeLambda([
                kinesis([[ImportStage.alert(1)], [broken]]), JSONWriter.compact(ImportStage.alert(2)),
            ])
            let output = try await run(lambda, stage, as: limited)
            let told = lambda.told
            #expect(told.first?.body == ["batchItemFailures": [["itemIdentifier": "seq-0"]]], "\(told) \(output)")
            #expect(told.last?.path.hasSuffix("/error") == true)
            #expect(told.last?.body["errorType"] == "IMPORT-004")
            #expect(output.contains("FALCO-003") && output.contains("IMPORT-004"))
        }
    }
}
