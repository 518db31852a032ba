package import Vocabulary

/// Why bytes are no gzip, or not all of it.
package enum GzipFault: ActionableError, Hashable {
    /// The bytes do not begin as gzip does.
    case notGzip
    /// The input ended inside a member.
    case cut
    /// A block, the checksum or the length is wrong.
    case damaged
    /// More comes out than the caller takes.
    case tooLarge(limit: Int)
    /// Something that is no member follows a member.
    case garbageAfterMember
    /// zlib has no memory for its window.
    case noMemory

    package var report: FaultReport {
        FaultReport(code: code, what: what, remedy: remedy, retry: self == .noMemory ? .transient : .permanent)
    }

    private var code: String {
        switch self {
        case .notGzip, .garbageAfterMember: "GZIP-001"
        case .cut: "GZIP-002"
        case .damaged: "GZIP-003"
        case .tooLarge: "GZIP-004"
        case .noMemory: "GZIP-005"
        }
    }

    private var what: String {
        switch self {
        case .notGzip: "the bytes are no gzip"
        case .garbageAfterMember: "something that is no gzip follows a whole gzip member"
        case .cut: "the gzip data ends in the middle"
        case .damaged: "the gzip data is damaged: its blocks, checksum or length do not agree"
        case .tooLarge(let limit): "the gzip data inflates to more than \(limit) bytes"
        case .noMemory: "there is no memory to inflate the gzip data"
        }
    }

    private var remedy: String {
        switch self {
        case .notGzip: "send what CloudWatch Logs or Firehose wrote: gzip members and nothing else"
        case .garbageAfterMember: "send only gzip members; what came before the garbage was taken"
        case .cut: "send the whole object again; nothing of the cut member was taken unless the reject says so"
        case .damaged: "fetch the object again; it changed on its way"
        case .tooLarge: "send smaller batches; no service writes one this large"
        case .noMemory: "try again with more memory"
        }
    }
}
