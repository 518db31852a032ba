internal import Gzip

/// The bytes of an input, inflated when it is gzip.
///
/// A gzip member is handed on when its checksum holds: nothing of a damaged one gets through. One that inflates to more
/// than `heldLimit` flows before its end is known, so that memory stays bounded; its fault still makes the input fail.
struct IntakeSource {
    enum Next {
        case bytes([UInt8])
        case needsInput
        case ended(GzipFault?)
    }

    /// Twice what CloudWatch Logs and Firehose put into one member at most.
    static let heldLimit = 8 << 20

    private var chunk: [UInt8] = []
    private var isFresh = true
    private var isEnding = false
    private var inflater: GzipInflater?
    private var held: [UInt8] = []
    private var isFlowing = false
    private var fault: GzipFault?

    mutating func give(_ bytes: [UInt8]) {
        // The first two bytes decide; they may come one by one.
        if chunk.isEmpty { chunk = bytes } else { chunk += bytes }
    }

    mutating func end() { isEnding = true }

    mutating func next() -> Next {
        if let fault { return .ended(fault) }
        if isFresh {
            guard chunk.count >= 2 || isEnding else { return .needsInput }
            isFresh = false
            do throws(GzipFault) {
                if GzipInflater.isGzip(chunk) { inflater = try GzipInflater() }
            } catch {
                return fail(error)
            }
        }
        guard let inflater else { return plain() }
        do throws(GzipFault) {
            return try inflated(inflater)
        } catch {
            return fail(error)
        }
    }

    private mutating func fail(_ error: GzipFault) -> Next {
        fault = error
        return .ended(error)
    }

    private mutating func plain() -> Next {
        guard !chunk.isEmpty else { return isEnding ? .ended(nil) : .needsInput }
        defer { chunk = [] }
        return .bytes(chunk)
    }

    private mutating func inflated(_ inflater: GzipInflater) throws(GzipFault) -> Next {
        if !chunk.isEmpty {
            inflater.give(chunk)
            chunk = []
        }
        while true {
            switch try inflater.step() {
            case .piece(let piece):
                if isFlowing { return .bytes(piece) }
                held += piece
                if held.count >= Self.heldLimit {
                    isFlowing = true
                    return .bytes(takeHeld())
                }
            case .memberEnded:
                isFlowing = false
                if !held.isEmpty { return .bytes(takeHeld()) }
            case .needsInput:
                guard isEnding else { return .needsInput }
                try inflater.finish()
                return .ended(nil)
            }
        }
    }

    private mutating func takeHeld() -> [UInt8] {
        defer { held = [] }
        return held
    }
}
