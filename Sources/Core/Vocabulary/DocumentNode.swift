/// A YAML or JSON document with the place of every node.
package struct DocumentNode: Sendable, Hashable {
    package indirect enum Content: Sendable, Hashable {
        case scalar(Scalar)
        case sequence([DocumentNode])
        case mapping([Entry])
    }

    /// A scalar as written.
    ///
    /// Its meaning is decided by the YAML 1.2 core schema, never by YAML 1.1's surprises.
    package struct Scalar: Sendable, Hashable {
        /// The text after unquoting and folding.
        package var text: String
        /// Plain scalars may mean null, a boolean or a number; all others are strings.
        package var isPlain: Bool
        /// Where the text stands in the source; empty when it runs on one line from the node's mark.
        package var pieces: [Piece]

        package init(text: String, isPlain: Bool, pieces: [Piece] = []) {
            self.text = text
            self.isPlain = isPlain
            self.pieces = pieces
        }
    }

    /// A part of a scalar's text that runs straight in the source.
    package struct Piece: Sendable, Hashable {
        /// Unicode scalars from the start of the text.
        package var offset: Int
        package var line: Int
        package var column: Int

        package init(offset: Int, line: Int, column: Int) {
            self.offset = offset
            self.line = line
            self.column = column
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

    /// The place in the source of a Unicode scalar of this scalar's text, counted from 0.
    package func mark(ofScalarAt offset: Int) -> SourceMark {
        guard case .scalar(let scalar) = content, offset >= 0 else { return mark }
        let start = Piece(offset: 0, line: mark.line, column: mark.column)
        let piece = scalar.pieces.last { $0.offset <= offset } ?? start
        return SourceMark(file: mark.file, line: piece.line, column: piece.column + offset - piece.offset)
    }
}
