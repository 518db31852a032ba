import Findings
import Glibc
import Vocabulary

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// One input: an event in any wrapping, and the same bytes as a Falco alert.
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    for finding in EventDecoder.decode(bytes).events.flatMap(\.findings) { _ = SubjectClaim.resolve(finding) }
    // Bytes that are no alert are the ordinary case.
    guard let alert = try? FalcoAlert.parse(bytes), let account = AccountID("111122223333"),
        let region = RegionName("us-west-2")
    else { return 0 }
    let context = FalcoContext(
        account: account,
        region: region,
        cluster: "blue",
        receivedAt: Timestamp(nanoseconds: 0),
        sha256: { Array($0.prefix(32)) + [UInt8](repeating: 0, count: 32) }
    )
    if let document = try? FalcoMapping.finding(alert, in: context) {
        precondition((try? Finding(document)) != nil, "a mapped alert is no finding")
    }
    return 0
}

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
exit(unsafe runDriver(&count, &arguments, { unsafe fuzz($0, $1) }))
