package import Vocabulary

/// Reads YAML into trees with the place of every node.
///
/// Built on libyaml's events. Everything that can grow is bounded: bytes, depth, nodes after aliases are expanded.
/// What is legal YAML but misleads (duplicate keys, merge keys, tags) is refused with its place and a remedy.
package enum YAMLTree {
    /// What a reader takes before it refuses.
    package struct Limits: Sendable, Hashable {
        package var bytes: Int
        package var depth: Int
        /// Nodes of all documents together, each alias counted as what it stands for.
        package var nodes: Int
        /// Keep where each character of a scalar stands, for errors inside texts.
        package var tracksText: Bool

        package init(bytes: Int = 1 << 20, depth: Int = 64, nodes: Int = 100_000, tracksText: Bool = true) {
            self.bytes = bytes
            self.depth = depth
            self.nodes = nodes
            self.tracksText = tracksText
        }

        /// For files that people write.
        package static let playbook = Limits()
        /// For what `kubectl get -o yaml` prints.
        package static let dump = Limits(bytes: 64 << 20, depth: 128, nodes: 20_000_000, tracksText: false)
    }

    /// Reads a text that holds exactly one document.
    package static func parse(
        _ bytes: [UInt8],
        file: String,
        limits: Limits = .playbook
    ) throws(YAMLFault) -> DocumentNode {
        let (node, faults) = read(bytes, file: file, limits: limits)
        if let first = faults.first { throw first }
        guard let node else { throw YAMLFault(.empty, at: SourceMark(file: file, line: 1, column: 1)) }
        return node
    }

    /// Reads all documents of a stream; none when the text is empty.
    package static func parseAll(
        _ bytes: [UInt8],
        file: String,
        limits: Limits = .dump
    ) throws(YAMLFault) -> [DocumentNode] {
        let (documents, faults) = readAll(bytes, file: file, limits: limits)
        if let first = faults.first { throw first }
        return documents
    }

    /// Reads one document and goes on after every fault that leaves the tree whole.
    ///
    /// - Returns: the tree, unless the text could not be read to its end, and all faults in the order of their places.
    package static func read(
        _ bytes: [UInt8],
        file: String,
        limits: Limits = .playbook
    ) -> (node: DocumentNode?, faults: [YAMLFault]) {
        var (documents, faults) = readAll(bytes, file: file, limits: limits)
        if documents.count > 1 { faults.append(YAMLFault(.severalDocuments, at: documents[1].mark)) }
        if documents.isEmpty, faults.isEmpty {
            faults.append(YAMLFault(.empty, at: SourceMark(file: file, line: 1, column: 1)))
        }
        return (documents.first, faults.sorted { $0.mark < $1.mark })
    }

    private static func readAll(
        _ bytes: [UInt8],
        file: String,
        limits: Limits
    ) -> (documents: [DocumentNode], faults: [YAMLFault]) {
        guard bytes.count <= limits.bytes else {
            let start = SourceMark(file: file, line: 1, column: 1)
            return ([], [YAMLFault(.tooLarge(limit: limits.bytes), at: start)])
        }
        var builder = TreeBuilder(file: file, limits: limits, source: limits.tracksText ? SourceText(bytes) : nil)
        do {
            let stream = try EventStream(bytes, file: file)
            while let event = try stream.next() { try builder.take(event) }
            return (builder.documents, builder.faults)
        } catch {
            return ([], builder.faults + [error])
        }
    }
}
