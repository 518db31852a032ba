internal import CInflate
internal import TestSupport

/// zlib on one gzip member at a time, with the window kept from one to the next: what no decoder can do without.
@safe final class Inflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private var output: [UInt8]

    init() throws {
        // On the heap: zlib's state keeps the address of its stream.
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        output = [UInt8](repeating: 0, count: 4 << 20)
        guard unsafe cinflate_open(stream) == Z_OK else { throw BenchmarkFault("zlib cannot start") }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// The bytes that were compressed.
    func inflate(_ member: [UInt8]) throws -> [UInt8] { Array(output[..<(try count(member))]) }

    /// How many they are; the bytes themselves stay in the buffer.
    func count(_ member: [UInt8]) throws -> Int {
        let code = unsafe member.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe inflateReset(stream)
                // zlib reads the input and never writes to it; both pointers are dead after this call.
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(input.count)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = UInt32(output.count)
                return unsafe CInflate.inflate(stream, Z_FINISH)
            }
        }
        guard code == Z_STREAM_END else { throw BenchmarkFault("zlib stopped with \(code)") }
        return unsafe output.count - Int(stream.pointee.avail_out)
    }
}
