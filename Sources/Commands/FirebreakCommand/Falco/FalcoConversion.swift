internal import Envelopes
internal import Findings
internal import Ingestion
internal import Vocabulary

/// What an item of the input becomes: a line of output, a reject, or a number in the summary.
enum ConvertedItem: Sendable {
    /// To be folded; whether the envelope names another account, Region or cluster than the command line.
    case alert(FalcoAlert, FalcoContext, delivery: String?, contradicts: Bool)
    /// A JSON line.
    case finding(String, contradicts: Bool)
    /// A JSON line.
    case reject(String)
    /// Left out by the rules, as Falco's own events are.
    case ignored
    case control
    case noise(Noise)
}

/// Makes findings of alerts; any number at the same time.
struct FalcoConversion: Sendable {
    var addressing: AlertAddressing
    var format: FalcoConvertCommand.Format
    var isFolding: Bool

    func convert(_ item: IntakeItem) -> ConvertedItem {
        switch item {
        case .alert(let alert, let around, let place), .internalEvent(let alert, let around, let place):
            convert(alert, around, place)
        case .control: .control
        case .noise(let noise, _): .noise(noise)
        case .reject(let reject): .reject(JSONWriter.compact(reject.json) + "\n")
        }
    }

    private func convert(_ alert: FalcoAlert, _ around: AlertSurroundings, _ place: InputPlace) -> ConvertedItem {
        guard !addressing.rules.isIgnored(alert) else { return .ignored }
        do throws(EnvelopeFault) {
            let context = try addressing.context(for: alert, in: around)
            let contradicts = addressing.isContradicted(by: around)
            if isFolding {
                return .alert(alert, context, delivery: around.eventID, contradicts: contradicts)
            }
            let id = FoldedAlert.id(of: alert, in: context)
            return render(FoldedAlert(alert, context, id: id), at: place, contradicts: contradicts)
        } catch {
            return refused(error.report, alert, place)
        }
    }

    func render(_ folded: FoldedAlert) -> ConvertedItem {
        render(folded, at: InputPlace(offset: 0, length: folded.alert.original.count), contradicts: false)
    }

    private func render(_ folded: FoldedAlert, at place: InputPlace, contradicts: Bool) -> ConvertedItem {
        if format == .ocsf {
            return .finding(JSONWriter.compact(OCSFMapping.finding(folded)) + "\n", contradicts: contradicts)
        }
        do throws(FalcoFault) {
            var text = JSONText()
            try FalcoMapper(folded.context).append(folded, to: &text)
            text.endLine()
            return .finding(String(decoding: text.finish(), as: UTF8.self), contradicts: contradicts)
        } catch {
            return refused(error.report, folded.alert, place)
        }
    }

    private func refused(_ fault: FaultReport, _ alert: FalcoAlert, _ place: InputPlace) -> ConvertedItem {
        let reject = IntakeReject(fault, .record, at: place, original: alert.original)
        return .reject(JSONWriter.compact(reject.json) + "\n")
    }
}

/// What came out, counted.
struct ConversionTally {
    private(set) var findings = 0
    private(set) var rejects = 0
    var redeliveries = 0
    private var alerts = 0
    private var contradictions = 0
    private var internals = 0
    private var controls = 0
    private var noise: [Noise: Int] = [:]

    mutating func count(_ item: ConvertedItem) {
        switch item {
        case .alert(_, _, _, let contradicts):
            alerts += 1
            if contradicts { contradictions += 1 }
        case .finding(_, let contradicts):
            findings += 1
            if contradicts { contradictions += 1 }
        case .reject: rejects += 1
        case .ignored: internals += 1
        case .control: controls += 1
        case .noise(let kind): noise[kind, default: 0] += 1
        }
    }

    var summary: String {
        var parts = [
            alerts > 0 ? "\(findings) finding(s) of \(alerts) alert(s)" : "\(findings) finding(s)",
            "\(rejects) reject(s)", "\(internals) internal event(s) of Falco left out",
        ]
        let lines = noise.filter { $0.key != .blank }.values.reduce(0, +)
        if redeliveries > 0 { parts.append("\(redeliveries) redelivery(ies) ignored") }
        if lines > 0 { parts.append("\(lines) line(s) that are no alerts") }
        if controls > 0 { parts.append("\(controls) control message(s)") }
        var text = parts.joined(separator: ", ")
        if contradictions > 0 {
            text += "\nnote: the envelopes of \(contradictions) alert(s) name another account, Region or cluster"
            text += " than the command line, which was followed"
        }
        return text
    }
}
