import Glibc
import TestSupport
import Testing
import Vocabulary
import YAMLTree

@Suite("A broken text is refused where libyaml's other users say it breaks")
struct YAMLMarkTests {
    @Test("each recorded text breaks where PyYAML's CSafeLoader put its mark, or is read as it was there")
    func recordedMarks() throws {
        let cases = try JSONReader.parse(Files.bytes(PackageFolder.fixture("yaml/marks.json"))).array ?? []
        #expect(cases.count > 80)
        for entry in cases {
            let bytes = Hex.bytes(entry["hex"]?.string ?? "")
            let expected = Place(line: Int(entry["line"]?.integer ?? -1), column: Int(entry["column"]?.integer ?? -1))
            #expect(Place(of: bytes) == expected, "\(entry["shown"]?.string ?? "")")
        }
    }

    @Test(
        "random broken texts break where PyYAML says",
        .enabled(if: PyYAML.isPresent, "python3 with PyYAML is absent")
    )
    func liveMarks() throws {
        let seed = Seed.fromEnvironment() ?? UInt64.random(in: 0...9_999_999)
        var chance = SeededChance(seed: seed)
        let texts = (0..<1_500).map { _ in RandomYAML.text(&chance) }
        let expected = try PyYAML.places(of: texts)
        try #require(expected.count == texts.count)
        for (text, place) in zip(texts, expected) where place != PyYAML.loaderOnly {
            let shown = String(decoding: text, as: UTF8.self)
            #expect(Place(of: text) == place, "SEED=\(seed) \(shown.debugDescription)")
        }
    }
}

/// Where a text breaks; 0:0 when it does not.
struct Place: Equatable, CustomStringConvertible {
    var line: Int
    var column: Int
    var description: String { "\(line):\(column)" }

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Only what libyaml itself or an unknown alias breaks: duplicate keys and the like are our own rules.
    init(of bytes: [UInt8]) {
        let limits = YAMLTree.Limits(depth: 1_000)
        let (_, faults) = YAMLTree.read(bytes, file: "x.yaml", limits: limits)
        let breaking = faults.first { fault in
            switch fault.reason {
            case .syntax, .tab, .encoding, .unknownAlias: true
            case .duplicateKey, .tooLarge, .tooDeep, .tooManyNodes, .mergeKey, .tag, .severalDocuments,
                .structuredKey, .empty, .recursiveAlias:
                false
            }
        }
        self.init(line: breaking?.mark.line ?? 0, column: breaking?.mark.column ?? 0)
    }
}

enum Hex {
    static func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
        }
    }

    static func text(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// The reference reader, asked in a process of its own.
enum PyYAML {
    static let isPresent = unsafe system("python3 -c 'import yaml; yaml.CSafeLoader' >/dev/null 2>&1") == 0

    /// Stands for texts that only the loader's own rules refuse: there libyaml has said nothing.
    static let loaderOnly = Place(line: -1, column: -1)

    static func places(of texts: [[UInt8]]) throws -> [Place] {
        let input = "/tmp/firebreak-yaml-\(getpid()).hex"
        let output = input + ".out"
        defer {
            unsafe unlink(input)
            unsafe unlink(output)
        }
        try Files.write(Array(texts.map { Hex.text($0) + "\n" }.joined().utf8), to: input)
        let script = PackageFolder.fixture("yaml/record_marks.py")
        try #require(unsafe system("python3 '\(script)' --live <'\(input)' >'\(output)'") == 0)
        return try Files.text(output).split(separator: "\n").map { line in
            let numbers = line.split(separator: ":").compactMap { Int($0) }
            return numbers.count == 2 ? Place(line: numbers[0], column: numbers[1]) : Place(line: 0, column: 0)
        }
    }
}

/// Texts made of YAML's own pieces, most of them broken somewhere.
enum RandomYAML {
    private static let pieces = [
        "a", "key", ": ", ":", "- ", "-", "\n", "\n  ", "\n    ", "\n\t", "\t", "{", "}", "[", "]", ", ", "\"", "'",
        "|", ">", "|-\n  ", "&x ", "*x", "!!str ", "!", "# note", "---\n", "...\n", "é", "😀", "%", "@", "\\", "\\n",
        "1", "true", "${{ a.b }}", "? ", "\r\n", "\u{2028}", "\u{FEFF}", "b: 1\n", "c:\n  - d\n",
    ]

    static func text(_ chance: inout SeededChance) -> [UInt8] {
        var text: [UInt8] = []
        for _ in 0..<Int.random(in: 1...25, using: &chance) {
            text += Array((pieces.randomElement(using: &chance) ?? "").utf8)
            if Int.random(in: 0..<60, using: &chance) == 0 { text.append(UInt8.random(in: 0...255, using: &chance)) }
        }
        return text
    }
}
