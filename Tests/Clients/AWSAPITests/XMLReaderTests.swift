import AWSAPI
import TestSupport
import Testing
import Vocabulary

@Suite("XML is read within bounds, and nothing else is taken for XML")
struct XMLReaderTests {
    @Test(
        "text, entities and sections come out as characters",
        arguments: [
            ("<a>b</a>", "b"), ("<a/>", ""), ("<a></a>", ""), ("<a x='1' y=\">\">b</a>", "b"),
            ("<a>&lt;&amp;&gt;&quot;&apos;</a>", "<&>\"'"), ("<a>&#233;&#x1F525;</a>", "é🔥"),
            ("<a>1<!-- <b> -->2<![CDATA[<c>&]]>3</a>", "12<c>&3"), ("<?xml version='1.0'?>\n<n:a>b</n:a>\n", "b"),
            ("\u{feff}<a>b</a>", "b"), ("<a>]]</a>", "]]"),
        ]
    )
    func reads(_ text: String, _ expected: String) throws {
        let root = try XMLReader.parse(Array(text.utf8))
        #expect(root.name == "a")
        #expect(root.text == expected)
    }

    @Test(
        "what is no XML document is refused with its reason",
        arguments: [
            ("", XMLReader.Fault.Reason.unexpectedEnd), ("<a>", .unexpectedEnd), ("<a", .unexpectedEnd),
            ("<a></b>", .mismatchedTag), ("</a>", .mismatchedTag), ("<a/><b/>", .severalRoots), ("x<a/>", .textOutside),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", .doctype), ("<a>&b;</a>", .unknownEntity),
            ("<a>&#0;</a>", .unknownEntity), ("<a>&#xD800;</a>", .unknownEntity), ("<a>&#-1;</a>", .unknownEntity),
            ("<a>&amp</a>", .unknownEntity), ("<>", .badMarkup), ("<a/b>", .badMarkup), ("<a x='1>", .unexpectedEnd),
            ("<a><!-- ", .unexpectedEnd), ("<a>é</á>", .mismatchedTag),
        ]
    )
    func refuses(_ text: String, _ reason: XMLReader.Fault.Reason) {
        let fault = #expect(throws: XMLReader.Fault.self) { _ = try XMLReader.parse(Array(text.utf8)) }
        #expect(fault?.reason == reason)
    }

    @Test("size, depth and number of elements are bounded")
    func bounds() {
        let limits = XMLReader.Limits(bytes: 1_000, depth: 3, elements: 5)
        let rows: [(String, XMLReader.Fault.Reason)] = [
            (String(repeating: "x", count: 1_001), .tooLarge), ("<a><b><c><d/></c></b></a>", .tooDeep),
            ("<a><b/><b/><b/><b/><b/></a>", .tooManyElements),
        ]
        for (text, reason) in rows {
            let fault = #expect(throws: XMLReader.Fault.self) {
                _ = try XMLReader.parse(Array(text.utf8), limits: limits)
            }
            #expect(fault?.reason == reason)
        }
    }

    @Test("a million open tags are refused, not followed")
    func deepNesting() {
        let fault = #expect(throws: XMLReader.Fault.self) {
            _ = try XMLReader.parse(Array(String(repeating: "<a>", count: 1_000_000).utf8))
        }
        #expect(fault?.reason == .tooDeep)
    }

    @Test("what is written is read back, whatever the text holds")
    func roundTrip() throws {
        var chance = SeededChance(seed: Seed.fromEnvironment() ?? 7)
        let alphabet: [Character] = ["<", "&", ">", "\"", "'", "]", "é", "🔥", "\n", "\t", "\r", "a", " "]
        for _ in 0..<500 {
            let text = String(
                (0..<Int.random(in: 0...12, using: &chance)).compactMap { _ in alphabet.randomElement(using: &chance) }
            )
            let element = XMLElement("a", children: [XMLElement("b", text: text)])
            let read = try XMLReader.parse(Array(element.document.utf8))
            #expect(read["b"]?.text.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
        }
    }

    @Test("damaged documents are refused or read, never a crash")
    func mutations() throws {
        let seed = Seed.fromEnvironment() ?? 11
        var chance = SeededChance(seed: seed)
        let bodies = Recording.rows("answers").compactMap { $0["body"]?.string }.map { Array($0.utf8) }
        var refused = 0
        for body in bodies {
            for _ in 0..<100 {
                var bytes = body
                for _ in 0..<Int.random(in: 1...3, using: &chance) where !bytes.isEmpty {
                    let place = Int.random(in: bytes.indices, using: &chance)
                    switch Int.random(in: 0...2, using: &chance) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &chance)
                    case 1: bytes.remove(at: place)
                    default: bytes.removeSubrange(place...)
                    }
                }
                do throws(XMLReader.Fault) { _ = try XMLReader.parse(bytes) } catch { refused += 1 }
            }
        }
        #expect(refused > 0, "seed \(seed)")
    }
}
