import Envelopes
import Findings
import Ingestion
import TestSupport
import Vocabulary

/// An input and what came out of it, in words that tests compare.
struct Taken {
    var items: [IntakeItem]

    init(_ text: String, pieces: Int = .max) { self.init(Array(text.utf8), pieces: pieces) }

    init(_ bytes: [UInt8], pieces: Int = .max) {
        var intake = AlertIntake()
        var items: [IntakeItem] = []
        var start = 0
        while start < bytes.count {
            let end = pieces < bytes.count - start ? start + pieces : bytes.count
            items += intake.take(Array(bytes[start..<end]))
            start = end
        }
        self.items = items + intake.finish()
    }

    /// `alert R`, `internal R`, `control`, `blank`, `text`, `foreignJSON` or `reject CODE`.
    var words: [String] {
        items.map {
            switch $0 {
            case .alert(let alert, _, _): "alert \(alert.sentence ?? alert.rule)"
            case .internalEvent(let alert, _, _): "internal \(alert.rule)"
            case .control: "control"
            case .noise(let noise, _): noise.rawValue
            case .reject(let reject): "reject \(reject.fault.code)"
            }
        }
    }

    var rejects: [IntakeReject] { items.compactMap { if case .reject(let reject) = $0 { reject } else { nil } } }

    var surroundings: [AlertSurroundings] { items.compactMap(\.surroundings) }

    var alerts: [FalcoAlert] { items.compactMap { if case .alert(let alert, _, _) = $0 { alert } else { nil } } }
}

/// Alerts and wrappings of our own.
enum Sample {
    static func alert(_ rule: String, filler: Int = 0) -> String {
        let text = String(repeating: "x", count: filler)
        return
            #"{"output":"words \#(text)","priority":"Notice","rule":"\#(rule)","time":"2026-05-01T10:00:00.000000001Z","#
            + #""output_fields":{"container.id":"4f2e8c11d0aa","proc.name":"sh"}}"#
    }

    static func quoted(_ text: String) -> String { JSONWriter.compact(.string(text)) }

    static func subscription(_ messages: [String], owner: String = "999988887777") -> String {
        let events = messages.enumerated().map { index, message in
            #"{"id":"e\#(index)","timestamp":1777629600500,"message":\#(quoted(message))}"#
        }
        return #"{"messageType":"DATA_MESSAGE","owner":"\#(owner)","logGroup":"g","logStream":"s","#
            + #""subscriptionFilters":["f"],"logEvents":[\#(events.joined(separator: ","))]}"#
    }

    static func gzip(_ text: String) throws -> [UInt8] {
        let scratch = try Scratch()
        try Files.write(Array(text.utf8), to: scratch.path + "/plain")
        let (_, status) = try Command.run("gzip -n -k \(scratch.path)/plain")
        precondition(status == 0, "there is no gzip on PATH")
        return try Files.bytes(scratch.path + "/plain.gz")
    }

    static func lambda(_ text: String) throws -> String {
        #"{"awslogs":{"data":"\#(Base64.encode(try gzip(text)))"}}"#
    }
}
