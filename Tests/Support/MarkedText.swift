/// A text in which `1️⃣`, `2️⃣` … mark places; the marks are taken out.
package struct MarkedText: Sendable {
    /// The text without its marks.
    package var text: String
    /// `line:column` of each mark, from 1, columns in Unicode scalars.
    package var places: [String: String] = [:]

    package init(_ marked: String) {
        text = ""
        var line = 1
        var column = 1
        let scalars = Array(marked.unicodeScalars)
        var position = 0
        while position < scalars.count {
            if position + 2 < scalars.count, scalars[position + 1] == "\u{FE0F}", scalars[position + 2] == "\u{20E3}" {
                places[String(Character(scalars[position]))] = "\(line):\(column)"
                position += 3
                continue
            }
            text.unicodeScalars.append(scalars[position])
            if scalars[position] == "\n" {
                line += 1
                column = 1
            } else {
                column += 1
            }
            position += 1
        }
    }
}
