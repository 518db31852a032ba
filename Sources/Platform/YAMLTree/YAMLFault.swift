package import Vocabulary

/// Why a text is not YAML, or YAML that we do not take.
package struct YAMLFault: ActionableError, Hashable {
    package enum Reason: Sendable, Hashable {
        /// libyaml's own words; `since` tells what it was reading and where that began.
        case syntax(problem: String, since: Since?)
        case tab
        case encoding(problem: String)
        case duplicateKey(String, first: SourceMark)
        case tooLarge(limit: Int)
        case tooDeep(limit: Int)
        case tooManyNodes(limit: Int)
        case mergeKey
        case tag(String)
        case severalDocuments
        case unknownAlias(String)
        case recursiveAlias(String)
        case structuredKey
        case empty
    }

    package struct Since: Sendable, Hashable {
        package var context: String
        package var mark: SourceMark
    }

    package var reason: Reason
    package var mark: SourceMark

    package init(_ reason: Reason, at mark: SourceMark) {
        self.reason = reason
        self.mark = mark
    }

    package var report: FaultReport {
        FaultReport(code: code, what: sentence, location: "\(mark)", remedy: remedy)
    }

    /// The fault as one of the problems in a file.
    package var diagnostic: Diagnostic { Diagnostic(code, .error, sentence, at: mark, remedy: remedy) }

    private var code: String {
        switch reason {
        case .syntax: "YAML-001"
        case .tab: "YAML-002"
        case .encoding: "YAML-003"
        case .duplicateKey: "YAML-004"
        case .tooLarge: "YAML-005"
        case .tooDeep: "YAML-006"
        case .tooManyNodes: "YAML-007"
        case .mergeKey: "YAML-008"
        case .tag: "YAML-009"
        case .severalDocuments: "YAML-010"
        case .unknownAlias: "YAML-011"
        case .structuredKey: "YAML-012"
        case .empty: "YAML-013"
        case .recursiveAlias: "YAML-014"
        }
    }

    private var sentence: String {
        switch reason {
        case .syntax(let problem, let since): Self.syntaxSentence(problem, since)
        case .tab: "a tab stands where only spaces may indent"
        case .encoding(let problem): "the text has bytes that YAML forbids: \(problem)"
        case .duplicateKey(let key, let first):
            "the key “\(Excerpt.of(key))” is there twice (first at \(first.line):\(first.column))"
        case .tooLarge(let limit): "the text is larger than \(limit) bytes"
        case .tooDeep(let limit): "the document nests deeper than \(limit) levels"
        case .tooManyNodes(let limit): "the document has more than \(limit) nodes once its aliases are expanded"
        case .mergeKey: "merge keys (“<<”) are not supported"
        case .tag(let tag): "the tag “\(Excerpt.of(tag))” is not supported"
        case .severalDocuments: "a second document begins here, but the file must hold one"
        case .unknownAlias(let name): "no anchor before this place is called “\(Excerpt.of(name))”"
        case .recursiveAlias(let name): "“*\(Excerpt.of(name))” stands inside of what it stands for"
        case .structuredKey: "a key must be a text, not a list or a mapping"
        case .empty: "the file holds no document"
        }
    }

    private static func syntaxSentence(_ problem: String, _ since: Since?) -> String {
        guard let since else { return problem }
        return "\(problem) (\(since.context) that began at \(since.mark.line):\(since.mark.column))"
    }

    private var remedy: String {
        switch reason {
        case .syntax(let problem, let since): SyntaxRemedy.remedy(for: problem, since: since)
        case .tab: "indent with spaces"
        case .encoding: "save the file as UTF-8 and remove the control characters"
        case .duplicateKey: "keep one of the two"
        case .tooLarge: "split the file, or remove what does not belong in it"
        case .tooDeep: "flatten the document"
        case .tooManyNodes: "write out what the aliases stand for, or use fewer of them"
        case .mergeKey: "write the merged keys out"
        case .tag: "remove the tag; quote the value if it is meant as text"
        case .severalDocuments: "move it to a file of its own, and remove the “---” line"
        case .unknownAlias:
            "define the anchor (&name) before it is used, or quote the text if its “*” is meant literally"
        case .recursiveAlias:
            "write out what is meant, or move the anchor; quote the text if its “*” is meant literally"
        case .structuredKey:
            "write the key as a plain or quoted text; quote “${{ … }}” and everything that begins with { or ["
        case .empty: "write a document into it"
        }
    }
}

/// Outside text cut to a length that a message can carry, control characters made visible.
enum Excerpt {
    static func of(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(80) {
            if scalar.properties.generalCategory == .control {
                shown += "\u{FFFD}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return text.unicodeScalars.count > 80 ? shown + "…" : shown
    }
}
