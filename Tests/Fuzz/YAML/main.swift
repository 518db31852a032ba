// Feeds bytes to the YAML reader and the playbook decoder. They may refuse; they may not crash, hang or grow.
import Glibc
import Playbooks
import YAMLTree

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

let actions = [
    ActionManifest(
        name: "isolate-pod",
        summary: "",
        actionClass: .contain,
        parameters: [.init("allow", .list(.object([.init("cidr", .cidr, required: true, "")])), "")],
        errors: ["Leaking"],
        permissions: [],
        undo: "",
        outputs: ["verdict"],
        example: ""
    )
]

var count = CommandLine.argc
var arguments = unsafe CommandLine.unsafeArgv
let status = unsafe runDriver(&count, &arguments) { data, size in
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    if let node = YAMLTree.read(bytes, file: "fuzz").node { _ = PlaybookDecoder.decode(node, actions: actions) }
    _ = try? YAMLTree.parseAll(bytes, file: "fuzz", limits: .init(nodes: 10_000, tracksText: false))
    return 0
}
exit(status)
