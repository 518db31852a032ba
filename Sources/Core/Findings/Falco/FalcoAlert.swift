package import Vocabulary

/// What Falco sent, before mapping.
package struct FalcoAlert: Sendable, Hashable {
    /// Where the alert's time comes from.
    package enum TimeOrigin: String, Sendable, Hashable {
        case alert
        case eventTime = "evt.time"
        /// The alert has no time that can be read: the receiver's clock stands in.
        case receiver
    }

    /// As it came, perhaps blank.
    package var rule: String
    package var priority: FalcoPriority
    /// `syscall`, `k8s_audit`, `aws_cloudtrail` …; inferred from the fields where the alert does not say.
    package var source: String
    package var isSourceInferred: Bool
    /// Nil when neither `time` nor `evt.time` can be read.
    package var time: Timestamp?
    package var timeOrigin: TimeOrigin
    package var hostname: String?
    /// The rendered output, else the message; nil when neither was sent.
    package var output: String?
    package var tags: [String]
    /// `output_fields` as they came.
    package var fields: JSONObject { didSet { places = FieldPlaces(fields) } }
    var places: FieldPlaces
    /// The exact bytes, for the fingerprint that drops redeliveries.
    package var original: [UInt8]
    /// The fixed words of an alert that came as text and has no rule; nil for JSON.
    package var sentence: String?

    /// Falco's own events (drops, metrics): no findings by default.
    package var isInternal: Bool { source == "internal" || rule.hasPrefix("Falco internal:") }

    /// The rule's name, or what stands for one that is blank.
    package var title: String {
        rule.isBlank ? "Falco alert without a rule name" : rule
    }

    package var mitre: MitreTags { MitreTags(tags) }

    /// What a line of Falco may hold before it is refused.
    package static let byteLimit = 1 << 20

    /// Reads one alert.
    ///
    /// Invalid UTF-8 becomes U+FFFD, of repeated keys the last one wins, wrong types count as absent; only the rule and
    /// a known priority are required.
    package static func parse(_ line: [UInt8]) throws(FalcoFault) -> FalcoAlert {
        guard line.count <= byteLimit else { throw .tooLarge(limit: byteLimit) }
        let document: JSONValue
        do throws(JSONFault) {
            document = try JSONReader.parse(line, limits: .init(bytes: byteLimit, depth: 64, repairsUTF8: true))
        } catch {
            throw .notJSON(error)
        }
        guard document.object != nil else { throw .notAnObject }
        return try FalcoAlert(document, original: line)
    }

    /// Reads one alert that a shipper delivered as an object.
    package init(_ document: JSONValue, original: [UInt8]) throws(FalcoFault) {
        guard let rule = document["rule"]?.string else { throw .noRule }
        guard let name = document["priority"]?.string else { throw .noPriority }
        guard let priority = FalcoPriority(name: name) else { throw .unknownPriority(name) }
        let reading = FalcoReading(document)
        self.rule = rule
        self.priority = priority
        fields = reading.fields
        places = FieldPlaces(reading.fields)
        isSourceInferred = document["source"]?.nonBlank == nil
        source = rule.hasPrefix("Falco internal:") ? "internal" : reading.source
        (time, timeOrigin) = reading.time
        hostname = document["hostname"]?.nonBlank
        output = document["output"]?.nonBlank ?? document["message"]?.nonBlank
        tags = reading.tags
        self.original = original
    }

    /// A field's text; nil when it is absent, null, blank or one of Falco's words for nothing.
    package func text(_ name: String) -> String? { FalcoReading.text(fields[name]) }

    /// The same of a field that is known.
    func text(_ field: FalcoField) -> String? {
        places.place(of: field).flatMap { FalcoReading.text(fields.members[$0].value) }
    }

    /// The first of several fields that has a text.
    package func text(_ names: [String]) -> String? { names.lazy.compactMap { self.text($0) }.first }

    /// A field's whole number, also when it came as a string.
    package func integer(_ name: String) -> Int64? { FalcoReading.integer(fields[name]) }

    /// The same of a field that is known.
    func integer(_ field: FalcoField) -> Int64? {
        places.place(of: field).flatMap { FalcoReading.integer(fields.members[$0].value) }
    }
}
