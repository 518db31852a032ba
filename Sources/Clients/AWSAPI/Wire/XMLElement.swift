/// An element of an XML document, without attributes and namespaces: AWS answers need neither.
package struct XMLElement: Sendable, Hashable {
    /// Without a namespace's prefix.
    package var name: String
    package var children: [XMLElement]
    /// All character data directly inside, in order.
    package var text: String

    package init(_ name: String, children: [XMLElement] = [], text: String = "") {
        self.name = name
        self.children = children
        self.text = text
    }

    /// The first child of that name.
    package subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The document's text, with every special character escaped.
    package var document: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + markup }

    // Rehearsal answers nest as deep as the shapes they are written from.
    private var markup: String {
        guard !children.isEmpty || !text.isEmpty else { return "<\(name)/>" }
        var inner = Self.escaped(text)
        for child in children { inner += child.markup }
        return "<\(name)>\(inner)</\(name)>"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\r": escaped += "&#13;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
