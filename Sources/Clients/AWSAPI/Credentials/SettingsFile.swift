internal import Vocabulary

/// A file of `[sections]` with `key = value` lines, as `~/.aws/config` is one.
///
/// Comments fill whole lines, since a secret may hold `#`; indented lines belong to the key above; sections that come
/// twice are one, and of keys that come twice the last one counts.
package struct SettingsFile: Sendable, Hashable {
    package struct Section: Sendable, Hashable {
        package var values: [String: String] = [:]
        /// `key =` with indented `key = value` lines below.
        package var groups: [String: [String: String]] = [:]
    }

    package private(set) var sections: [String: Section] = [:]
    package static let sizeLimit = 1 << 20

    package init() {}

    package init(_ bytes: [UInt8], file: String) throws(CredentialsFault) {
        guard bytes.count <= Self.sizeLimit else {
            throw .file(path: file, problem: "larger than \(Self.sizeLimit) bytes")
        }
        var reader = SettingsReader(file: file)
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            try reader.read(line)
        }
        sections = reader.sections
    }
}

/// Reads line by line.
private struct SettingsReader {
    let file: String
    private(set) var sections: [String: SettingsFile.Section] = [:]
    private var line = 0
    private var section: String?
    private var key: String?

    init(file: String) { self.file = file }

    mutating func read(_ bytes: ArraySlice<UInt8>) throws(CredentialsFault) {
        line += 1
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
            throw syntax("the line is no UTF-8 text")
        }
        let content = Self.trimmed(text[...])
        guard let first = content.unicodeScalars.first, first != "#", first != ";" else { return }
        if text.unicodeScalars.first == " " || text.unicodeScalars.first == "\t" {
            try indented(content)
        } else if first == "[" {
            try header(content)
        } else {
            try pair(content)
        }
    }

    private mutating func header(_ content: Substring) throws(CredentialsFault) {
        guard let end = content.firstIndex(of: "]") else { throw syntax("the section's name has no “]”") }
        let words = Self.trimmed(content[content.index(after: content.startIndex)..<end])
            .split { $0 == " " || $0 == "\t" }
            .map { word in word.filter { $0 != "\"" && $0 != "'" } }
        guard !words.isEmpty else { throw syntax("the section has no name") }
        let name = words.joined(separator: " ")
        section = name
        key = nil
        if sections[name] == nil { sections[name] = SettingsFile.Section() }
    }

    private mutating func pair(_ content: Substring) throws(CredentialsFault) {
        guard let section else { throw syntax("the line stands before the first [section]") }
        guard let (name, value) = Self.halves(content) else { throw syntax("the line is no “key = value”") }
        key = name
        sections[section]?.values[name] = value
        sections[section]?.groups[name] = nil
    }

    private mutating func indented(_ content: Substring) throws(CredentialsFault) {
        guard let section, let key, let above = sections[section]?.values[key] else {
            throw syntax("the line is indented, and no key stands above it")
        }
        guard above.isEmpty else {
            sections[section]?.values[key] = above + "\n" + content
            return
        }
        guard let (name, value) = Self.halves(content) else { throw syntax("the line is no “key = value”") }
        sections[section]?.groups[key, default: [:]][name] = value
    }

    private static func halves(_ content: Substring) -> (key: String, value: String)? {
        guard let place = content.firstIndex(of: "=") else { return nil }
        let key = trimmed(content[..<place]).lowercased()
        return key.isEmpty ? nil : (key, String(trimmed(content[content.index(after: place)...])))
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let space: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
        let scalars = text.unicodeScalars
        let start = scalars.drop(while: space)
        guard let last = start.lastIndex(where: { !space($0) }) else { return "" }
        return Substring(start[...last])
    }

    /// The message never quotes the line: it may hold a secret.
    private func syntax(_ problem: String) -> CredentialsFault {
        .syntax(problem, at: SourceMark(file: file, line: line, column: 1))
    }
}
