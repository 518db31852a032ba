internal import AWSAPI
internal import Envelopes
internal import Findings
internal import Host
internal import Importing
internal import Ingestion
internal import LambdaRuntime
internal import Vocabulary

/// What the function does with each event; made once, used for all of them.
struct IngestionFunction: Sendable {
    /// What Lambda is told.
    enum Outcome: Sendable {
        case answer(JSONValue)
        case failure(FaultReport)
    }

    /// Before the deadline nothing new is tried: a call that is under way has to come back.
    private static let reserve = Duration.seconds(3)
    /// For one call to the service.
    private static let callTimeout = Duration.seconds(20)

    private let account: AccountID?
    private let region: RegionName?
    private let cluster: String?
    private let rules: FalcoRules
    private let gateway: AccountGateway
    private let time: any TimeAndChance

    /// - Throws: when the environment configures something that cannot be used.
    init() throws {
        account = try Self.setting("FIREBREAK_ACCOUNT", "twelve digits") { AccountID($0) }
        region = try Self.setting("AWS_REGION", "the name of a Region") { RegionName($0) }
        cluster = try Self.setting("FIREBREAK_CLUSTER", "an EKS cluster's name or ARN") {
            ClusterName.isValid($0) ? $0 : nil
        }
        rules = try Host.environment("FIREBREAK_MAPPING").map(MappingOptions.rules) ?? .standard
        let gateways = ImportGateways(
            role: Host.environment("FIREBREAK_ROLE"),
            externalID: Host.environment("FIREBREAK_EXTERNAL_ID")
        )
        (gateway, time) = try gateways.open(own: nil, timeout: Self.callTimeout)
    }

    private static func setting<Value>(_ name: String, _ need: String, _ read: (String) -> Value?) throws -> Value? {
        guard let text = Host.environment(name), !text.isEmpty else { return nil }
        guard let value = read(text) else { throw FunctionFault(setting: name, need: need) }
        return value
    }

    func handle(_ invocation: LambdaInvocation) async -> Outcome {
        let event = FunctionEvent(invocation.event)
        let outcomes = PipelineOutcomes { Console.current.complain(JSONWriter.compact($0)) }
        let importer = Importer(gateway: gateway, time: time, report: outcomes.report)
        let pipeline = AlertPipeline(
            addressing: addressing(invocation),
            folding: AlertFold.Rules(),
            importer: importer,
            outcomes: outcomes,
            now: { [time] in time.now() }
        )
        // One intake for all records: a line may go on in the next.
        var intake = AlertIntake()
        for record in event.records {
            for item in intake.take(record.bytes) { await pipeline.take(item, from: event.record(of: item.place)) }
        }
        for item in intake.finish() { await pipeline.take(item, from: event.record(of: item.place)) }
        await pipeline.finish(by: invocation.deadline.advanced(by: .zero - Self.reserve))
        Console.current.complain(outcomes.tally.summary)
        return event.outcome(failed: outcomes.failedSources, faults: outcomes.faults)
    }

    /// The function's own account is the last that anybody means.
    private func addressing(_ invocation: LambdaInvocation) -> AlertAddressing {
        var addressing = AlertAddressing(account: account, rules: rules, receivedAt: time.now())
        addressing.fallbackRegion = region
        addressing.fallbackAccount = invocation.functionARN.flatMap { AccountID($0.account) }
        addressing.fallbackCluster = cluster
        return addressing
    }
}

/// A setting of the function's environment that cannot be used.
struct FunctionFault: ActionableError {
    let setting: String
    let need: String

    var report: FaultReport {
        FaultReport(
            code: "LAMBDA-005",
            what: "the environment's \(setting) must be \(need)",
            location: setting,
            remedy: "correct it in the function's configuration, or remove it"
        )
    }
}
