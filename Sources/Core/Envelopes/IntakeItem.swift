package import Findings
package import Vocabulary

/// One thing found in the input.
///
/// Each byte of the input ends in exactly one, or is white space between them.
package enum IntakeItem: Sendable {
    case alert(FalcoAlert, AlertSurroundings, at: InputPlace)
    /// Falco's own: dropped system calls, metrics.
    case internalEvent(FalcoAlert, AlertSurroundings, at: InputPlace)
    /// CloudWatch's check that the destination is there.
    case control(at: InputPlace)
    /// No alert and no damage: counted, never an error by itself.
    case noise(Noise, at: InputPlace)
    case reject(IntakeReject)
}

/// Where an item stood.
package struct InputPlace: Sendable, Hashable {
    /// Bytes from the start of the input, after outermost gzip.
    package var offset: Int
    /// Of the line or document that held the item.
    package var length: Int
    /// How many parts of a line were joined; 0 for a line that came whole.
    package var parts: Int

    package init(offset: Int, length: Int, parts: Int = 0) {
        self.offset = offset
        self.length = length
        self.parts = parts
    }
}

/// What a line is when it is no alert and nothing is wrong with it.
package enum Noise: String, Sendable, Hashable, CaseIterable {
    case blank
    /// Falco's banner, its closing lines, other programs' words.
    case text
    /// JSON without any sign of Falco.
    case foreignJSON
}

/// What could not be taken, with everything that is needed to try again.
package struct IntakeReject: Sendable, Hashable {
    package enum Scope: Sendable, Hashable {
        /// One record; its neighbours are not touched.
        case record
        /// A whole envelope: nothing of it was taken.
        case envelope
        /// Parts of a line whose rest never came.
        case incompleteParts
    }

    package var fault: FaultReport
    package var scope: Scope
    package var place: InputPlace
    /// What to give to `falco convert` again, at most `originalLimit` bytes.
    package var original: [UInt8]
    /// Whether `original` is only the beginning.
    package var isCut: Bool

    /// What is kept of a reject: the largest alert, with room for its envelope.
    package static let originalLimit = 4 << 20

    package init(_ fault: FaultReport, _ scope: Scope, at place: InputPlace, original: [UInt8], isCut: Bool = false) {
        self.fault = fault
        self.scope = scope
        self.place = place
        self.isCut = isCut || original.count > Self.originalLimit
        self.original = original.count > Self.originalLimit ? Array(original.prefix(1_024)) : original
    }

    /// `{"code","reason","offset","length","original"}`; `base64` holds the bytes of an original that is no UTF-8,
    /// `cut` is there and true when the original is only a beginning.
    package var json: JSONValue {
        let text = String(validating: original, as: UTF8.self)
        var document: JSONObject = [
            "code": .string(fault.code), "reason": .string(fault.what), "offset": .integer(Int64(place.offset)),
            "length": .integer(Int64(place.length)),
            "original": .string(text ?? String(decoding: original, as: UTF8.self)),
        ]
        if text == nil { document["base64"] = .string(Base64.encode(original)) }
        if isCut { document["cut"] = true }
        return .object(document)
    }
}

extension IntakeItem {
    package var place: InputPlace {
        switch self {
        case .alert(_, _, let place), .internalEvent(_, _, let place), .control(let place), .noise(_, let place): place
        case .reject(let reject): reject.place
        }
    }
}
