package import HTTPExchange
package import Vocabulary

/// A watch stream, read: its events, and where to go on when it ends.
package struct KubernetesWatch: Sendable {
    /// How to go on.
    package enum Continuation: Sendable, Hashable {
        /// From the version known, if any, after so many seconds if any.
        case resume(afterSeconds: Int?)
        case relist

        /// As written in transcripts: `resume`, `resume after:1`, `relist`.
        package var text: String {
            switch self {
            case .resume(nil): "resume"
            case .resume(let seconds?): "resume after:\(seconds)"
            case .relist: "relist"
            }
        }
    }

    package struct Event: Sendable {
        /// ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.
        package var type: String
        package var object: JSONValue
        /// How to go on when the stream breaks right after this event.
        package var then: Continuation

        package var name: String? { object["metadata"]?["name"]?.nonBlank }
        package var resourceVersion: String? { object["metadata"]?["resourceVersion"]?.nonBlank }
        package var endsInitialEvents: Bool {
            object["metadata"]?["annotations"]?["k8s.io/initial-events-end"]?.string == "true"
        }
    }

    package private(set) var events: [Event] = []
    /// The version to go on from; nil: the same watch without one.
    package private(set) var version: String?
    /// How to go on after a clean end.
    package private(set) var then: Continuation = .resume(afterSeconds: nil)
    package private(set) var meaning: (answer: KubernetesAnswerClass, retry: KubernetesRetry) = (.ok, .never)

    package init(_ request: HTTPRequest, _ body: [UInt8]) { self.init(KubernetesRequest(request), body) }

    init(_ request: KubernetesRequest, _ body: [UInt8]) {
        version = request.startVersion
        var isOrdered = version != nil
        for line in body.split(separator: 0x0a) {
            guard let event = try? JSONReader.parse(Array(line)), let type = event["type"]?.string,
                let object = event["object"]
            else {
                break  // the stream was cut in mid-event: what came before it still counts
            }
            read(type, object, &isOrdered)
            if type == "ERROR" { break }
        }
    }

    /// Without a starting version the first events come in no order, so a break among them starts over.
    private mutating func read(_ type: String, _ object: JSONValue, _ isOrdered: inout Bool) {
        var event = Event(type: type, object: object, then: .relist)
        if type == "ERROR" {
            fail(object)
            event.then = then
        } else {
            if type == "BOOKMARK" { isOrdered = true }
            advance(to: event.resourceVersion, isOrdered: isOrdered)
            event.then = isOrdered ? .resume(afterSeconds: nil) : .relist
        }
        events.append(event)
    }

    private mutating func advance(to next: String?, isOrdered: Bool) {
        guard let next else { return }
        let isLater = (UInt64(next) ?? 0) >= (version.flatMap { UInt64($0) } ?? 0)
        if isOrdered || isLater { version = next }
    }

    private mutating func fail(_ status: JSONValue) {
        if status["code"]?.integer == 410 || status["reason"]?.string == "Expired" {
            then = .relist
            version = nil
            meaning = (.gone, .relist)
            return
        }
        let seconds = status["details"]?["retryAfterSeconds"]?.integer.flatMap { Int(exactly: $0) }
        let pause = seconds.map { min(max($0, 0), 3_600) }
        then = .resume(afterSeconds: pause)
        meaning = (.streamError, pause.map { .after(seconds: $0) } ?? .backoff)
    }
}
