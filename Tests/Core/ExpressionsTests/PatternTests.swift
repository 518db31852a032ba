import Expressions
import Testing
import Vocabulary

@Suite("Patterns of matches")
struct PatternTests {
    @Test(
        "a pattern in RE2's syntax finds what it describes anywhere in the text",
        arguments: [
            ("kube-system", "^kube-", true), ("my-kube-system", "^kube-", false), ("abc", "^$", false),
            ("", "^$", true),
            ("a.b", #"a\.b"#, true), ("axb", #"a\.b"#, false), ("T1059", "^T[0-9]{4}$", true),
            ("T105", "^T[0-9]{4}$", false),
            ("aaa", "^a{2,3}$", true), ("aaaa", "^a{2,3}$", false), ("a{,3}", "^a{,3}$", true), ("ABC", "(?i)b", true),
            ("ABC", "b", false), ("σ", "(?i)Σ", true), ("ſ", "(?i)^s$", true), ("a\nb", "a.b", false),
            ("a\nb", "(?s)a.b", true),
            ("a\nb", "^b$", false), ("a\nb", "(?m)^b$", true), ("ab\n", "b$", false), ("foo bar", #"\bbar\b"#, true),
            ("foobar", #"\bbar"#, false), ("foobar", #"\Bbar"#, true), ("x]", "[]]", true), ("a-b", "[a-]-", true),
            ("é", #"^\pL$"#, true), ("5", #"^\p{Nd}$"#, true), ("5", #"^\PN$"#, false), ("5", #"^[^[:alpha:]]$"#, true),
            ("tab\t", #"[[:space:]]$"#, true), ("a+b", #"^\Qa+b\E$"#, true), ("A", #"\x41|\x{1F525}"#, true),
            ("🔥", #"^\x{1F525}$"#, true),
            ("ac", "a(?:b|c)", true), ("ab", "(?P<x>a)(?<y>b)", true), ("", "(a*)*", true), ("b", "^(a|b)*?$", true),
            ("aXb", "a(?i:x)b", true), ("aXB", "a(?i:x)b", false), ("ab", "(?i)A(?-i)b", true),
            ("aB", "(?i)A(?-i)b", false),
            ("_9", #"^\w\d$"#, true), ("é", #"^\W$"#, true), ("a", "^(|a)+$", true), ("abcd", "b|", true),
            ("\u{85}", #"\s"#, false),
        ]
    )
    func matches(_ text: String, _ pattern: String, _ expected: Bool) throws {
        let variables: [String: CELValue] = ["text": .string(text), "pattern": .string(pattern)]
        #expect(try evaluate("text.matches(pattern)", variables) == .bool(expected))
    }

    @Test(
        "what RE2 refuses is refused",
        arguments: [
            "(", ")", "a**", "*a", "[a", "[b-a]", "a{2}{3}", "a{1001}", "a{3,2}", #"\"#, #"(a)\1"#, "(?=a)", "(?!a)",
            "(?<=a)",
            "(?<!a)", #"\p{Nope}"#, "[[:nope:]]", "(?P<n", "(?z)", #"\xZZ"#, #"\q"#, "(a{1000}){1000}",
            "((((){1000}){1000}){1000}){1000}",
            String(repeating: "(", count: 200) + String(repeating: ")", count: 200),
        ]
    )
    func refuses(_ pattern: String) {
        #expect(fault(of: "'x'.matches(p)", ["p": .string(pattern)])?.message.contains("pattern") == true)
    }

    @Test(
        "patterns that make backtracking engines hang finish in linear time",
        arguments: ["(a+)+$", "^(a|aa)*$", "(.*)*x"]
    )
    func isLinear(_ pattern: String) throws {
        let text = String(repeating: "a", count: 20_000) + "!"
        let value = try evaluate("t.matches(p)", ["t": .string(text), "p": .string(pattern)])
        #expect(value == .bool(false))
    }
}
