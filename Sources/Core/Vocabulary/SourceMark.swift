/// A place in a text that a person wrote.
///
/// Lines and columns count from 1, columns in Unicode scalars.
package struct SourceMark: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    package var file: String
    package var line: Int
    package var column: Int

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String { "\(file):\(line):\(column)" }

    package static func < (left: SourceMark, right: SourceMark) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
