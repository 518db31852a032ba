internal import Envelopes
internal import Findings
internal import OpenSSLCrypto
internal import Vocabulary

/// What an item of the input becomes: a line of output, a reject, or a number in the summary.
enum ConvertedItem: Sendable {
    /// A JSON line; whether the envelope names another account, Region or cluster than the command line.
    case finding(String, contradicts: Bool)
    /// A JSON line.
    case reject(String)
    case internalEvent
    case control
    case noise(Noise)
}

/// Makes findings of alerts; any number at the same time.
struct FalcoConversion: Sendable {
    /// What the command line says: it wins over what an envelope says.
    var account: AccountID?
    var region: RegionName?
    var cluster: String?
    /// Stands in for the time of an alert that has none and came without an envelope.
    var receivedAt: Timestamp

    func convert(_ item: IntakeItem) -> ConvertedItem {
        switch item {
        case .alert(let alert, let around, let place): convert(alert, around, place)
        case .internalEvent: .internalEvent
        case .control: .control
        case .noise(let noise, _): .noise(noise)
        case .reject(let reject): .reject(JSONWriter.compact(reject.json) + "\n")
        }
    }

    private func convert(_ alert: FalcoAlert, _ around: AlertSurroundings, _ place: InputPlace) -> ConvertedItem {
        guard let account = account ?? around.account ?? around.owner else {
            return refused(EnvelopeFault.noAccount.report, alert, place)
        }
        guard let region = region ?? around.region else {
            return refused(EnvelopeFault.noRegion.report, alert, place)
        }
        do throws(FalcoFault) {
            let finding = try FalcoMapping.finding(alert, in: context(account, region, around))
            return .finding(JSONWriter.compact(finding) + "\n", contradicts: isContradicted(by: around))
        } catch {
            return refused(error.report, alert, place)
        }
    }

    private func refused(_ fault: FaultReport, _ alert: FalcoAlert, _ place: InputPlace) -> ConvertedItem {
        let reject = IntakeReject(fault, .record, at: place, original: alert.original)
        return .reject(JSONWriter.compact(reject.json) + "\n")
    }

    private func context(_ account: AccountID, _ region: RegionName, _ around: AlertSurroundings) -> FalcoContext {
        var context = FalcoContext(
            account: account,
            region: region,
            cluster: cluster ?? around.cluster,
            instance: around.instance,
            receivedAt: around.receivedAt ?? receivedAt,
            sha256: SHA256.digest
        )
        context.instanceAccount = around.account
        if let ecs = around.ecs { add(ecs, to: &context, around) }
        return context
    }

    /// On Fargate Falco sees nothing but its own task; on an instance it may watch all of them.
    private func add(_ ecs: ECSPlace, to context: inout FalcoContext, _ around: AlertSurroundings) {
        let task = ecs.taskARN.flatMap { ARN($0) }
        if around.instance == nil { context.ecsTask = task }
        guard let name = ecs.cluster else { return }
        context.ecsCluster =
            ARN(name)
            ?? task.map {
                ARN(
                    partition: $0.partition,
                    service: "ecs",
                    region: $0.region,
                    account: $0.account,
                    resource: "cluster/\(name)"
                )
            }
    }

    private func isContradicted(by around: AlertSurroundings) -> Bool {
        func differs<Value: Equatable>(_ said: Value?, _ known: Value?) -> Bool {
            if let said, let known { said != known } else { false }
        }
        let known = around.cluster.map { ARN($0)?.name ?? $0 }
        return differs(account, around.account ?? around.owner) || differs(region, around.region)
            || differs(cluster.map { ARN($0)?.name ?? $0 }, known)
    }
}

/// What came out, counted.
struct ConversionTally {
    private(set) var findings = 0
    private(set) var rejects = 0
    private var contradictions = 0
    private var internals = 0
    private var controls = 0
    private var noise: [Noise: Int] = [:]

    mutating func count(_ item: ConvertedItem) {
        switch item {
        case .finding(_, let contradicts):
            findings += 1
            if contradicts { contradictions += 1 }
        case .reject: rejects += 1
        case .internalEvent: internals += 1
        case .control: controls += 1
        case .noise(let kind): noise[kind, default: 0] += 1
        }
    }

    var summary: String {
        var parts = [
            "\(findings) finding(s)", "\(rejects) reject(s)", "\(internals) internal event(s) of Falco left out",
        ]
        let lines = noise.filter { $0.key != .blank }.values.reduce(0, +)
        if lines > 0 { parts.append("\(lines) line(s) that are no alerts") }
        if controls > 0 { parts.append("\(controls) control message(s)") }
        var text = parts.joined(separator: ", ")
        if contradictions > 0 {
            text += "\nnote: the envelopes of \(contradictions) finding(s) name another account, Region or cluster"
            text += " than the command line, which was followed"
        }
        return text
    }
}
