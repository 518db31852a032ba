/// A YAML or JSON document with the place of every node.
package struct DocumentNode: Sendable, Hashable {
    package indirect enum Content: Sendable, Hashable {
        case scalar(Scalar)
        case sequence([DocumentNode])
        case mapping([Entry])
    }

    /// A scalar as written. Its meaning is decided by the YAML 1.2 core schema, never by YAML 1.1's surprises.
    package struct Scalar: Sendable, Hashable {
        /// The text after unquoting and folding.
        package var text: String
        /// Plain scalars may mean null, a boolean or a number; all others are strings.
        package var isPlain: Bool

        package init(text: String, isPlain: Bool) {
            self.text = text
            self.isPlain = isPlain
        }
    }

    package struct Entry: Sendable, Hashable {
        package var key: DocumentNode
        package var value: DocumentNode

        package init(key: DocumentNode, value: DocumentNode) {
            self.key = key
            self.value = value
        }
    }

    package var content: Content
    package var mark: SourceMark

    package init(_ content: Content, at mark: SourceMark) {
        self.content = content
        self.mark = mark
    }

    /// The scalar's text as written, quoted or not; nil for sequences and mappings.
    package var text: String? {
        if case .scalar(let scalar) = content { scalar.text } else { nil }
    }

    package var sequence: [DocumentNode]? {
        if case .sequence(let nodes) = content { nodes } else { nil }
    }

    package var mapping: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    /// The value under a key of a mapping, by its exact text.
    package subscript(key: String) -> DocumentNode? {
        mapping?.first { $0.key.text == key }?.value
    }
}
