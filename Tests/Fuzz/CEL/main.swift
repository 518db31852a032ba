// Feeds bytes that libFuzzer makes up to the expression language: nothing may crash, hang or grow without bound.
// SwiftPM renames main, so the driver is called by name.
import Expressions

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>, Int) -> Int32
) -> Int32

/// The name is libFuzzer's: its archive does not link without it.
@_cdecl("LLVMFuzzerTestOneInput")
func test(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let source = unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    // Faults are what an expression may answer; only traps and hangs count here.
    guard let expression = try? CompiledExpression(source) else { return 0 }
    _ = expression.check(ExpressionSchema(variables: ["x": .object(["a": .int], isOpen: false), "y": .dyn]))
    let map = CELMap([(.string("a"), .int(1)), (.string("b"), .list([.string("text"), .null]))])
    let moment = CELTimestamp("2024-02-29T12:00:00Z").map { CELValue.timestamp($0) } ?? .null
    let value = try? expression.evaluate(["x": .map(map), "y": moment], costLimit: 20_000)
    _ = try? value?.json()
    _ = value?.text
    return 0
}

var count = CommandLine.argc
var arguments = unsafe CommandLine.unsafeArgv
_ = unsafe withUnsafeMutablePointer(to: &arguments) { pointer in
    unsafe pointer.withMemoryRebound(to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.self, capacity: 1) {
        unsafe runDriver(&count, $0, test)
    }
}
