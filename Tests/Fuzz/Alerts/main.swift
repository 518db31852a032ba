import Findings
import Glibc
import Vocabulary

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// One line: an alert as JSON or as text, and what is mapped from it.
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let moment = Timestamp(nanoseconds: 1_777_629_600_000_000_000)
    guard let account = AccountID("111122223333"), let region = RegionName("us-west-2") else { return 0 }
    let context = FalcoContext(
        account: account,
        region: region,
        cluster: "blue",
        receivedAt: moment,
        sha256: { Array($0.prefix(32)) + [UInt8](repeating: 0, count: 32) }
    )
    // Bytes that are no alert are the ordinary case.
    for alert in [try? FalcoAlert.parse(bytes), FalcoAlert(textLine: bytes, near: moment)].compactMap({ $0 }) {
        if let document = try? FalcoMapping.finding(alert, in: context) {
            precondition((try? Finding(document)) != nil, "a mapped alert is no finding")
        }
    }
    return 0
}

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
exit(unsafe runDriver(&count, &arguments, { unsafe fuzz($0, $1) }))
