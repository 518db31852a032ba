internal import CZlib

/// Inflates gzip members back to back (RFC 1952), a piece at a time, in constant memory.
///
/// Belongs to one caller at a time: it is no `Sendable`.
@safe package final class GzipInflater {
    /// What the last step came to.
    package enum Step: Sendable, Hashable {
        /// These bytes came out; there may be more.
        case piece([UInt8])
        /// A member ended and its checksum holds.
        case memberEnded
        /// Everything that was given is used up.
        case needsInput
    }

    /// zlib keeps a pointer back to the stream: it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private var input: [UInt8] = []
    private var position = 0
    private var isInsideMember = false
    private var hasMember = false
    private var hasEndedMember = false
    private var hasMoreOutput = false

    package init() throws(GzipFault) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe czlib_begin_gzip(stream) == Z_OK else {
            unsafe stream.deallocate()
            throw .noMemory
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Whether bytes begin as a gzip member does.
    package static func isGzip(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

    /// Gives more compressed bytes; only after a step needed input.
    package func give(_ bytes: [UInt8]) {
        input = bytes
        position = 0
    }

    /// Inflates at most `room` bytes of what was given.
    package func step(room: Int = 65_536) throws(GzipFault) -> Step {
        if hasEndedMember {
            hasEndedMember = false
            return .memberEnded
        }
        guard position < input.count || hasMoreOutput else { return .needsInput }
        if !isInsideMember { try beginMember() }
        var result = Z_OK
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: room) { output, count in
            result = unsafe inflateOnce(into: output)
            unsafe count = output.count - Int(stream.pointee.avail_out)
        }
        // A full buffer may leave more inside of zlib, also when the input is used up.
        hasMoreOutput = piece.count == room && result != Z_STREAM_END
        switch result {
        case Z_STREAM_END:
            isInsideMember = false
            hasEndedMember = true
        case Z_OK, Z_BUF_ERROR:
            // Z_BUF_ERROR: no progress for want of input or room; no error.
            break
        case Z_MEM_ERROR: throw .noMemory
        default: throw .damaged
        }
        if !piece.isEmpty { return .piece(piece) }
        return try step(room: room)
    }

    /// To be called when no more input comes.
    package func finish() throws(GzipFault) {
        if isInsideMember { throw .cut }
        if !hasMember { throw .notGzip }
    }

    private func beginMember() throws(GzipFault) {
        if hasMember, input[position] != 0x1f { throw .garbageAfterMember }
        if !hasMember, input[position] != 0x1f { throw .notGzip }
        guard unsafe inflateReset(stream) == Z_OK else { throw .damaged }
        isInsideMember = true
        hasMember = true
    }

    private func inflateOnce(into output: UnsafeMutableBufferPointer<UInt8>) -> Int32 {
        unsafe input.withUnsafeMutableBufferPointer { bytes in
            // inflate() reads the input and writes the output before it returns and keeps neither pointer.
            unsafe stream.pointee.next_in = bytes.baseAddress?.advanced(by: position)
            unsafe stream.pointee.avail_in = UInt32(clamping: bytes.count - position)
            unsafe stream.pointee.next_out = output.baseAddress
            unsafe stream.pointee.avail_out = UInt32(clamping: output.count)
            let offered = unsafe stream.pointee.avail_in
            let result = unsafe inflate(stream, Z_NO_FLUSH)
            unsafe position += Int(offered - stream.pointee.avail_in)
            return result
        }
    }
}
