import Glibc
import Patterns
import Vocabulary

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// One input: a pattern and an event, back to back.
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    // Bytes that are no JSON, or no pattern, are the ordinary case.
    guard let (document, end) = try? JSONReader.parsePrefix(bytes, from: 0), let pattern = try? EventPattern(document)
    else { return 0 }
    guard let event = try? JSONReader.parse(Array(bytes[end...])) else { return 0 }
    precondition(pattern.explain(event).isMatch == pattern.matches(event), "an explanation disagrees with its match")
    return 0
}

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
exit(unsafe runDriver(&count, &arguments, { unsafe fuzz($0, $1) }))
