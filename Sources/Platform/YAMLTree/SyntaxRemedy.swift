internal import Vocabulary

/// What to do about each of libyaml's complaints.
enum SyntaxRemedy {
    static func remedy(for problem: String, since: YAMLFault.Since?) -> String {
        let start = since.map { " opened at \($0.mark.line):\($0.mark.column)" } ?? ""
        return switch problem {
        case "mapping values are not allowed in this context":
            "quote the text before it if it holds “: ”, and check the indentation of this line"
        case "did not find expected key":
            "line this up with the keys before it, and close quotes and brackets before it"
        case "did not find expected '-' indicator": "line the elements of the list up, each after “- ”"
        case "could not find expected ':'": "write “key: value”; a colon is missing before this place"
        case "did not find expected ',' or '}'":
            "separate members with commas, close the “{”\(start), and put “${{ … }}” into double quotes inside { }"
        case "did not find expected ',' or ']'":
            "separate elements with commas, close the “[”\(start), and put “${{ … }}” into double quotes inside [ ]"
        case "found unexpected end of stream": "close the quote\(start)"
        case "found unexpected document indicator": "close the quote\(start) before this line"
        case "found unknown escape character": "write the backslash twice, or use single quotes"
        case "found character that cannot start any token":
            "quote texts that begin with @, `, % or another special character"
        case "block sequence entries are not allowed in this context": "begin the list on a line of its own"
        case "block mapping entries are not allowed in this context",
            "mapping keys are not allowed in this context":
            "begin the mapping on a line of its own"
        default: "correct the text here; it may be the line before that misleads"
        }
    }
}
