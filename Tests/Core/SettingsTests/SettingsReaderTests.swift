import Settings
import Testing
import Vocabulary
import YAMLTree

@Suite("Settings are read strictly, and all of their problems in one pass")
struct SettingsReaderTests {
    private enum Word: String, CaseIterable { case one, two }

    private func node(_ text: String) throws -> DocumentNode { try YAMLTree.parse(Array(text.utf8), file: "f.yaml") }

    @Test("a section with three mistakes tells three, each with its place and a remedy")
    func collects() throws {
        var reader = SettingsReader()
        let root = try node("wrod: one\nflag: yes\nnumber: 12\n")
        _ = reader.section(root, "the settings", keys: ["word", "flag", "number"])
        if let node = root["flag"] { _ = reader.flag(node, "“flag”") }
        if let node = root["number"] { _ = reader.number(node, "“number”", in: 1...10) }
        #expect(reader.diagnostics.map(\.code) == ["SETTINGS-001", "SETTINGS-003", "SETTINGS-003"])
        #expect(reader.diagnostics.map(\.mark.line) == [1, 2, 3])
        #expect(reader.diagnostics[0].remedy.contains("word") && reader.diagnostics[1].remedy == "write true")
        #expect(!reader.isClean)
    }

    @Test("values that fit are read without a word")
    func reads() throws {
        var reader = SettingsReader()
        let root = try node("word: two\nflag: true\nnumber: 7\nlist: [a, b]\nname: \"444455556666\"\n")
        let known = reader.section(root, "the settings", keys: ["word", "flag", "number", "list", "name"])
        let section = try #require(known)
        let word = section["word"].flatMap { reader.choice($0, "w", of: Word.self) }
        let flag = section["flag"].flatMap { reader.flag($0, "f") }
        let number = section["number"].flatMap { reader.number($0, "n", in: 1...10) }
        let list = section["list"].map { reader.texts($0, "l") }
        let name = section["name"].flatMap { reader.name($0, "a", AccountID.self) }
        #expect(word == .two && flag == true && number == 7 && list == ["a", "b"])
        #expect(name?.rawValue == "444455556666")
        let absent = reader.require("absent", in: section, "the settings", example: "absent: x")
        #expect(absent == nil)
        #expect(reader.diagnostics.map(\.code) == ["SETTINGS-002"])
    }

    @Test("a word that YAML 1.1 takes for a boolean is a text, and a warning says so")
    func surprises() throws {
        var reader = SettingsReader()
        let text = reader.text(try node("no"), "“company”")
        #expect(text == "no")
        #expect(reader.isClean && reader.diagnostics.map(\.code) == ["SETTINGS-004"])
    }

    @Test("problems are told up to a limit")
    func limits() throws {
        var reader = SettingsReader()
        let text = (0..<1_000).map { "k\($0): 1\n" }.joined()
        _ = reader.section(try node(text), "the settings", keys: ["word"])
        #expect(reader.diagnostics.count == 200)
    }
}
