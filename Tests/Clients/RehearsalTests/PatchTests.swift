import Rehearsal
import TestSupport
import Testing
import Vocabulary

@Suite("Patches do what their RFCs say")
struct PatchTests {
    private static func json(_ text: String) -> JSONValue { (try? JSONReader.parse(text)) ?? "unreadable" }

    /// RFC 7386, appendix A: original, patch, result.
    static let mergeVectors: [(String, String, String)] = [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, "{}"), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
        (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"),
        (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#), ("[1,2]", #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ]

    @Test("a merge patch gives what RFC 7386 lists", arguments: mergeVectors)
    func merge(_ original: String, _ patch: String, _ result: String) {
        #expect(MergePatch.apply(Self.json(patch), to: Self.json(original)) == Self.json(result))
    }

    /// RFC 6902, appendix A: document, patch, result; an empty result is a refusal.
    static let jsonVectors: [(String, String, String)] = [
        (#"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux"}]"#, #"{"baz":"qux","foo":"bar"}"#),
        (#"{"foo":["bar","baz"]}"#, #"[{"op":"add","path":"/foo/1","value":"qux"}]"#, #"{"foo":["bar","qux","baz"]}"#),
        (#"{"baz":"qux","foo":"bar"}"#, #"[{"op":"remove","path":"/baz"}]"#, #"{"foo":"bar"}"#),
        (#"{"foo":["bar","qux","baz"]}"#, #"[{"op":"remove","path":"/foo/1"}]"#, #"{"foo":["bar","baz"]}"#),
        (#"{"baz":"qux"}"#, #"[{"op":"replace","path":"/baz","value":"boo"}]"#, #"{"baz":"boo"}"#),
        (
            #"{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}"#,
            #"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#,
            #"{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}"#
        ),
        (
            #"{"foo":["all","grass","cows","eat"]}"#, #"[{"op":"move","from":"/foo/1","path":"/foo/3"}]"#,
            #"{"foo":["all","cows","eat","grass"]}"#
        ),
        (
            #"{"baz":"qux","foo":["a",2,"c"]}"#,
            #"[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]"#,
            #"{"baz":"qux","foo":["a",2,"c"]}"#
        ),
        (#"{"baz":"qux"}"#, #"[{"op":"test","path":"/baz","value":"bar"}]"#, ""),
        (
            #"{"foo":"bar"}"#, #"[{"op":"add","path":"/child","value":{"grandchild":{}}}]"#,
            #"{"foo":"bar","child":{"grandchild":{}}}"#
        ),
        (#"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux","xyz":123}]"#, #"{"foo":"bar","baz":"qux"}"#),
        (#"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz/bat","value":"qux"}]"#, ""),
        (#"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":10}]"#, #"{"/":9,"~1":10}"#),
        (#"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":"10"}]"#, ""),
        (
            #"{"foo":["bar"]}"#, #"[{"op":"add","path":"/foo/-","value":["abc","def"]}]"#,
            #"{"foo":["bar",["abc","def"]]}"#
        ),
        (#"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/c"}]"#, #"{"a":{"b":1},"c":{"b":1}}"#),
        (#"{"a":{"b":1}}"#, #"[{"op":"move","from":"/a","path":"/a/b"}]"#, ""),
        (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/2","value":1}]"#, ""),
        (#"{"a":[1]}"#, #"[{"op":"remove","path":"/a/01"}]"#, ""),
        (#"{"a":1}"#, #"[{"op":"replace","path":"/b","value":1}]"#, ""),
        (#"{"a":1}"#, #"[{"op":"frob","path":"/a"}]"#, ""),
        (#"{"a":1}"#, #"[{"op":"add","path":"/a"}]"#, ""), (#"{"a":1}"#, #"{"op":"add"}"#, ""),
        (#"{"a":1}"#, #"[{"op":"replace","path":"","value":2}]"#, "2"),
    ]

    @Test("a JSON patch gives what RFC 6902 lists, or is refused as a whole", arguments: jsonVectors)
    func jsonPatch(_ document: String, _ patch: String, _ result: String) {
        let found = try? JSONPatch.apply(Self.json(patch), to: Self.json(document))
        #expect(found == (result.isEmpty ? JSONValue?.none : Self.json(result)))
    }

    /// Twice as long each time, and one level deeper each time.
    @Test("a patch that copies a document into itself again and again is stopped", arguments: ["/-", "/0/0", "/0"])
    func bomb(_ path: String) {
        let operation: JSONValue = ["op": "copy", "from": "", "path": .string(path)]
        let operations = Array(repeating: operation, count: 2_000)
        #expect(throws: JSONPatch.Failure.tooLarge) {
            try JSONPatch.apply(.array(operations), to: [["a"], [1, 2, 3]])
        }
    }

    /// The pseudo code of RFC 7386, section 2, over plain dictionaries.
    private indirect enum Plain: Equatable {
        case leaf(String)
        case none
        case tree([String: Plain])

        init(_ value: JSONValue) {
            guard let members = value.object else {
                self = value.isNull ? .none : .leaf(JSONWriter.canonical(value))
                return
            }
            var tree: [String: Plain] = [:]
            for member in members { tree[member.key] = Plain(member.value) }
            self = .tree(tree)
        }

        func patched(by patch: Plain) -> Plain {
            guard case .tree(let changes) = patch else { return patch }
            var tree: [String: Plain] = [:]
            if case .tree(let own) = self { tree = own }
            for (name, value) in changes {
                if value == .none {
                    tree.removeValue(forKey: name)
                } else {
                    tree[name] = (tree[name] ?? .leaf("")).patched(by: value)
                }
            }
            return .tree(tree)
        }
    }

    @Test("random merge patches agree with the pseudo code of the RFC")
    func mergeProperty() {
        let seed = Seed.fromEnvironment() ?? UInt64.random(in: 0...9_999_999)
        var chance = SeededChance(seed: seed)
        for _ in 0..<2_000 {
            let document = RandomJSON.value(&chance, depth: 4)
            let patch = RandomJSON.value(&chance, depth: 4)
            let merged = Plain(MergePatch.apply(patch, to: document))
            #expect(merged == Plain(document).patched(by: Plain(patch)), "seed \(seed)")
        }
    }
}

/// Small documents over few keys, so that they meet.
enum RandomJSON {
    static func value(_ chance: inout SeededChance, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 4), using: &chance) {
        case 0: return .null
        case 1: return .integer(Int64.random(in: 0..<3, using: &chance))
        case 2: return .string(["", "a", "b"].randomElement(using: &chance) ?? "")
        case 3: return .bool(Bool.random(using: &chance))
        case 4:
            var list: [JSONValue] = []
            for _ in 0..<Int.random(in: 0..<3, using: &chance) { list.append(value(&chance, depth: depth - 1)) }
            return .array(list)
        default:
            var members = JSONObject()
            for _ in 0..<Int.random(in: 0..<4, using: &chance) {
                let key = ["a", "b", "c", "metadata", "spec"].randomElement(using: &chance) ?? "a"
                members[key] = value(&chance, depth: depth - 1)
            }
            return .object(members)
        }
    }
}
