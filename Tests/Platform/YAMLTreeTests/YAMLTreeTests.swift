import Testing
import Vocabulary
import YAMLTree

@Suite("YAML becomes a tree in which every node knows its place")
struct YAMLTreeTests {
    private func parse(_ text: String, _ limits: YAMLTree.Limits = .playbook) throws(YAMLFault) -> DocumentNode {
        try YAMLTree.parse(Array(text.utf8), file: "x.yaml", limits: limits)
    }

    private func fault(_ text: String, _ limits: YAMLTree.Limits = .playbook) -> String {
        do {
            return "read: \(JSONWriter.compact(try parse(text, limits).json))"
        } catch {
            return "\(error)"
        }
    }

    @Test("keys, values and elements carry lines and columns from 1, counted in Unicode scalars")
    func marks() throws {
        let node = try parse("é: 1\nlist:\n  - a\n  - {b: ü, c: d}\n")
        #expect(node.mark.description == "x.yaml:1:1")
        #expect(node["é"]?.mark.description == "x.yaml:1:4")
        let list = try #require(node["list"]?.sequence)
        #expect(list.map(\.mark.description) == ["x.yaml:3:5", "x.yaml:4:5"])
        #expect(list[1]["c"]?.mark.description == "x.yaml:4:15")
    }

    @Test(
        "only plain scalars may be more than text",
        arguments: [
            ("5", true), ("'5'", false), ("\"5\"", false), ("!!str 5", false), ("! 5", false), ("!!int '5'", true),
            ("|\n  5", false), (">-\n  5", false),
        ]
    )
    func plainness(_ text: String, _ isPlain: Bool) throws {
        let node = try parse("a: \(text)\n")
        guard case .scalar(let scalar) = node["a"]?.content else { return #expect(Bool(false), "\(node)") }
        #expect(scalar.isPlain == isPlain)
    }

    @Test("yes, on, NO and 0644 stay what they are in YAML 1.2")
    func yaml12() throws {
        let node = try parse("on: yes\ncountry: NO\nmode: 0644\nflag: true\nnone: ~\nsize: 0x10\n")
        let expected: JSONValue = [
            "on": "yes", "country": "NO", "mode": 644, "flag": true, "none": .null, "size": 16,
        ]
        #expect(node.json == expected)
    }

    @Test("aliases are expanded, with the place of what they stand for")
    func aliases() throws {
        let node = try parse("a: &x [1, 2]\nb: *x\n")
        #expect(node.json == ["a": [1, 2], "b": [1, 2]])
        #expect(node["b"]?.sequence?.last?.mark.description == "x.yaml:1:11")
    }

    @Test(
        "what misleads or cannot be held is refused with place and remedy",
        arguments: [
            (
                "a: 1\nb: 2\n\"a\": 3\n",
                "YAML-004 the key “a” is there twice (first at 1:1) (at x.yaml:3:1). Fix: keep one of the two"
            ),
            (
                "a:\n\tb: 1\n",
                "YAML-002 a tab stands where only spaces may indent (at x.yaml:2:1). Fix: indent with spaces"
            ),
            (
                "a: &x {b: 1}\nc:\n  <<: *x\n",
                "YAML-008 merge keys (“<<”) are not supported (at x.yaml:3:3). Fix: write the merged keys out"
            ),
            (
                "a: !python/object:os.system x\n",
                "YAML-009 the tag “!python/object:os.system” is not supported (at x.yaml:1:4). Fix: remove the tag; quote the value if it is meant as text"
            ),
            (
                "a: 1\n---\nb: 2\n",
                "YAML-010 a second document begins here, but the file must hold one (at x.yaml:3:1). Fix: move it to a file of its own, and remove the “---” line"
            ),
            (
                "a: *b\n",
                "YAML-011 no anchor before this place is called “b” (at x.yaml:1:4). Fix: define the anchor (&name) before it is used, or quote the text if its “*” is meant literally"
            ),
            (
                "? [a]\n: b\n",
                "YAML-012 a key must be a text, not a list or a mapping (at x.yaml:1:3). Fix: write the key as a plain or quoted text; quote “${{ … }}” and everything that begins with { or ["
            ),
            ("# nothing\n", "YAML-013 the file holds no document (at x.yaml:1:1). Fix: write a document into it"),
            (
                "a: b: c\n",
                "YAML-001 mapping values are not allowed in this context (at x.yaml:1:5). Fix: quote the text before it if it holds “: ”, and check the indentation of this line"
            ),
            (
                "a: \"b\n",
                "YAML-001 found unexpected end of stream (while scanning a quoted scalar that began at 1:4) (at x.yaml:2:1). Fix: close the quote opened at 1:4"
            ),
            (
                "with: { node: ${{ a.b }} }\n",
                "YAML-001 did not find expected ',' or '}' (while parsing a flow mapping that began at 1:7) (at x.yaml:1:16). Fix: separate members with commas, close the “{” opened at 1:7, and put “${{ … }}” into double quotes inside { }"
            ),
            (
                "a: b\u{1}\n",
                "YAML-003 the text has bytes that YAML forbids: control characters are not allowed (at x.yaml:1:5). Fix: save the file as UTF-8 and remove the control characters"
            ),
        ]
    )
    func refusals(_ text: String, _ sentence: String) {
        #expect(fault(text) == sentence)
    }

    @Test("every duplicate key, merge key and tag is found in one pass")
    func allFaults() {
        let text = "a: 1\na: 2\nb: !x 1\nb: &y {}\n<<: *y\n"
        let (node, faults) = YAMLTree.read(Array(text.utf8), file: "x.yaml")
        #expect(node != nil)
        #expect(
            faults.map { "\($0.report.code) \($0.mark.line):\($0.mark.column)" } == [
                "YAML-004 2:1", "YAML-009 3:4", "YAML-004 4:1", "YAML-008 5:1",
            ]
        )
    }

    @Test("keys that only normalise to the same text are two keys")
    func unicodeKeys() throws {
        #expect(try parse("\u{E9}: 1\ne\u{301}: 2\n").mapping?.count == 2)
    }

    @Test("a mapping with thousands of keys finds its one duplicate")
    func manyKeys() {
        let lines = (0..<5_000).map { "k\($0): \($0)\n" }.joined()
        #expect(
            fault(lines + "k17: again\n").hasPrefix(
                "YAML-004 the key “k17” is there twice (first at 18:1) (at x.yaml:5001:1)"
            )
        )
    }

    @Test("an alias inside of what it stands for is refused, and reading goes on", arguments: ["", "first: &x 1\n"])
    func recursiveAlias(_ before: String) {
        let (node, faults) = YAMLTree.read(Array((before + "again: &x [*x]\nlast: 1\nlast: 2\n").utf8), file: "p.yaml")
        #expect(faults.map(\.report.code) == ["YAML-014", "YAML-004"] && node != nil)
    }

    @Test("an alias bomb is refused before it grows")
    func aliasBomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<30 {
            let copies = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(copies)]\n"
        }
        #expect(fault(text).hasPrefix("YAML-007"))
    }

    @Test("depth is bounded, through aliases too")
    func depth() {
        let deep = String(repeating: "[", count: 200_000)
        #expect(fault(deep).hasPrefix("YAML-006 the document nests deeper than 64 levels (at x.yaml:1:65)"))
        #expect(fault(String(repeating: "- ", count: 500) + "a").hasPrefix("YAML-006"))
        var chain = "- &a0 x\n"
        for level in 1..<100 { chain += "- &a\(level) [*a\(level - 1)]\n" }
        #expect(fault(chain).hasPrefix("YAML-006"))
        let full = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(fault(full).hasPrefix("read: [[["))
    }

    @Test("size and nodes are bounded by the caller")
    func bounds() {
        #expect(fault("a: 12345\n", .init(bytes: 5)).hasPrefix("YAML-005 the text is larger than 5 bytes"))
        #expect(fault("[1, 2, 3]", .init(nodes: 3)).hasPrefix("YAML-007"))
        #expect(fault("[1, 2, 3]", .init(nodes: 4)) == "read: [1,2,3]")
    }

    @Test("a stream gives all its documents")
    func stream() throws {
        let text = "---\na: 1\n---\nb: &x 2\n...\n---\nc: [3]\n"
        let documents = try YAMLTree.parseAll(Array(text.utf8), file: "-")
        #expect(documents.map(\.json) == [["a": 1], ["b": 2], ["c": [3]]])
        #expect(try YAMLTree.parseAll([], file: "-").isEmpty)
        #expect(throws: YAMLFault.self) { try YAMLTree.parseAll(Array("a: &x 1\n---\nb: *x\n".utf8), file: "-") }
    }

    @Test("a dump of 8 MB is read")
    func dump() throws {
        var text = "apiVersion: v1\nkind: List\nitems:\n"
        let pod = """
            - apiVersion: v1
              kind: Pod
              metadata: {name: "pod-NUMBER", namespace: payments, labels: {app: checkout}}
              spec:
                containers:
                - name: app
                  image: registry.example/app:1
                  command: ["/bin/sh", "-c", "sleep 1"]
              status:
                phase: Running

            """
        for number in 0..<30_000 {
            let parts = pod.split(separator: "NUMBER", omittingEmptySubsequences: false)
            text += parts.joined(separator: "\(number)")
        }
        let node = try YAMLTree.parse(Array(text.utf8), file: "dump", limits: .dump)
        #expect(node["items"]?.sequence?.count == 30_000)
    }
}

@Suite("A character of a text is found in the source")
struct YAMLTextPlaceTests {
    @Test(
        "plain, quoted, folded and literal texts map back to their source",
        arguments: [
            ("a: one TWO\n", "1:8"), ("a: 'it''s TWO'\n", "1:11"), ("a: \"\\u00e9\\n\\x41 TWO\"\n", "1:18"),
            ("a: \"é TWO\"\n", "1:7"), ("a: one\n  and\n\n  TWO\n", "4:3"), ("a: \"one  \\\n    TWO\"\n", "2:5"),
            ("a: |\n  one\n    TWO\n", "3:5"), ("a: >-  # note\n  one\n  x TWO\n\n  y\n", "3:5"),
            ("a: &x !!str TWO\n", "1:13"),
            ("a: &x\n  TWO\n", "2:3"), ("a: 'one\n\n  TWO'\n", "3:3"), ("a: one\r\n  TWO\r\n", "2:3"),
            ("\u{FEFF}a: TWO\n", "1:4"),
            ("a: \"one\\tTWO\"\n", "1:10"), ("a: |2\n    one\n  TWO\n", "3:3"),
        ]
    )
    func places(_ text: String, _ place: String) throws {
        let node = try #require(try YAMLTree.parse(Array(text.utf8), file: "f")["a"])
        let words = try #require(node.text)
        let range = try #require(words.firstRange(of: "TWO"))
        let offset = words.unicodeScalars.distance(from: words.startIndex, to: range.lowerBound)
        #expect(node.mark(ofScalarAt: offset).description == "f:\(place)")
    }
}
