import Envelopes
import Glibc
import Ingestion

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// One input, whole and in two pieces: the same number of items must come out.
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let whole = AlertIntake.items(in: bytes)
    var intake = AlertIntake()
    let first = intake.take(Array(bytes.prefix(count / 2)))
    let second = intake.take(Array(bytes.dropFirst(count / 2)))
    let places = (first + second + intake.finish()).map(\.place)
    precondition(whole.map(\.place) == places, "pieces change what is taken")
    return 0
}

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
exit(unsafe runDriver(&count, &arguments, { unsafe fuzz($0, $1) }))
