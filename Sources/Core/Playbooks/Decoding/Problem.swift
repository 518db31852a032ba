internal import Vocabulary

/// Every problem that a playbook can have, each with its code, its words and its remedy.
///
/// A code keeps its meaning for ever and has a page in `Docs/Errors/`.
enum Problem {
    static func make(
        _ code: String,
        _ message: String,
        at mark: SourceMark,
        fix remedy: String,
        severity: Diagnostic.Severity = .error
    ) -> Diagnostic {
        Diagnostic(code, severity, message, at: mark, remedy: remedy)
    }

    static func warn(_ code: String, _ message: String, at mark: SourceMark, fix remedy: String) -> Diagnostic {
        make(code, message, at: mark, fix: remedy, severity: .warning)
    }

    /// Outside text in quotes, cut to a length that a message can carry.
    static func quoted(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(80) {
            if scalar.properties.generalCategory == .control {
                shown += "\u{FFFD}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return "“\(shown)\(text.unicodeScalars.count > 80 ? "…" : "")”"
    }
}

// MARK: - Shape

extension Problem {
    static func unknownKey(_ key: DocumentNode, in place: String, known: [String]) -> Diagnostic {
        let name = key.text ?? ""
        return make(
            "PLAYBOOK-001",
            "\(place) has no key \(quoted(name))",
            at: key.mark,
            fix: NearestName.advice(name, known: known, none: "remove it")
        )
    }

    static func missingKey(_ key: String, in place: String, at mark: SourceMark, example: String) -> Diagnostic {
        make("PLAYBOOK-002", "\(place) has no \(quoted(key))", at: mark, fix: "add “\(example)”")
    }

    static func wrongType(_ what: String, needs need: String, found node: DocumentNode) -> Diagnostic {
        make("PLAYBOOK-003", "\(what) must be \(need), not \(shape(of: node))", at: node.mark, fix: "write \(need)")
    }

    static func wrongType(_ what: String, needs need: String, found node: DocumentNode, fix: String) -> Diagnostic {
        make("PLAYBOOK-003", "\(what) must be \(need), not \(shape(of: node))", at: node.mark, fix: fix)
    }

    static func shape(of node: DocumentNode) -> String {
        switch node.content {
        case .sequence(let elements): return elements.isEmpty ? "an empty list" : "a list"
        case .mapping(let entries): return entries.isEmpty ? "an empty mapping" : "a mapping"
        case .scalar(let scalar):
            switch node.json {
            case .null: return "empty"
            case .bool: return "the boolean \(scalar.text)"
            case .integer, .unsigned, .double: return "the number \(scalar.text)"
            case .string, .array, .object: return "the text \(quoted(scalar.text))"
            }
        }
    }

    static func notInThisVersion(_ word: DocumentNode, instead: String) -> Diagnostic {
        make("PLAYBOOK-012", "\(quoted(word.text ?? "")) is not in this version", at: word.mark, fix: instead)
    }

    static func surprise(_ what: String, _ scalar: String, at mark: SourceMark, means other: String) -> Diagnostic {
        warn(
            "PLAYBOOK-025",
            "\(what) \(quoted(scalar)) is a text here, but other YAML readers take it for \(other)",
            at: mark,
            fix: "write “\"\(scalar)\"”"
        )
    }

    static func badName(_ what: String, _ node: DocumentNode, rule: String) -> Diagnostic {
        make("PLAYBOOK-019", "\(quoted(node.text ?? "")) is no \(what)", at: node.mark, fix: rule)
    }
}

// MARK: - Actions and their parameters

extension Problem {
    static func unknownAction(_ node: DocumentNode, known: [String]) -> Diagnostic {
        let name = node.text ?? ""
        return make(
            "PLAYBOOK-004",
            "no action is called \(quoted(name))",
            at: node.mark,
            fix: NearestName.advice(name, known: known, none: "this build has no actions")
        )
    }

    static func unknownParameter(_ key: DocumentNode, of owner: String, known: [String]) -> Diagnostic {
        let name = key.text ?? ""
        let advice = NearestName.advice(name, known: known, none: "remove it: \(owner) takes none")
        return make("PLAYBOOK-013", "\(owner) has no parameter \(quoted(name))", at: key.mark, fix: advice)
    }

    static func missingParameter(_ name: String, of owner: String, at mark: SourceMark, type: String) -> Diagnostic {
        make("PLAYBOOK-014", "\(owner) needs the parameter \(quoted(name))", at: mark, fix: "add “\(name): …”, \(type)")
    }

    static func badValue(_ what: String, _ node: DocumentNode, needs need: String, fix: String) -> Diagnostic {
        make("PLAYBOOK-015", "\(what) must be \(need), not \(shape(of: node))", at: node.mark, fix: fix)
    }

    static func outOfRange(_ what: String, _ node: DocumentNode, range: String) -> Diagnostic {
        make(
            "PLAYBOOK-016",
            "\(what) is \(node.text ?? ""), outside \(range)",
            at: node.mark,
            fix: "write a number in \(range)"
        )
    }

    static func unknownError(_ node: DocumentNode, of action: String, known: [String]) -> Diagnostic {
        let name = node.text ?? ""
        let advice = NearestName.advice(name, known: known, none: "remove it")
        return make("PLAYBOOK-017", "\(action) never ends with the error \(quoted(name))", at: node.mark, fix: advice)
    }

    static func errorList(_ message: String, at mark: SourceMark, fix: String) -> Diagnostic {
        make("PLAYBOOK-018", message, at: mark, fix: fix)
    }
}

// MARK: - Durations, numbers, expressions, patterns

extension Problem {
    static func badDuration(_ what: String, _ node: DocumentNode, range: String) -> Diagnostic {
        make(
            "PLAYBOOK-026",
            "\(what) must be a duration of \(range), not \(shape(of: node))",
            at: node.mark,
            fix: "write a number with its unit (ms, s, m, h, d), such as 30s or 1h30m"
        )
    }

    static func retryValue(_ what: String, _ node: DocumentNode, needs need: String, fix: String? = nil) -> Diagnostic {
        make(
            "PLAYBOOK-027",
            "\(what) must be \(need), not \(shape(of: node))",
            at: node.mark,
            fix: fix ?? "write \(need)"
        )
    }

    static func budget(_ message: String, at mark: SourceMark, fix: String) -> Diagnostic {
        make("PLAYBOOK-028", message, at: mark, fix: fix)
    }

    static func unclosedExpression(at mark: SourceMark) -> Diagnostic {
        make(
            "PLAYBOOK-029",
            "this “${{” is never closed",
            at: mark,
            fix: "end the expression with “}}”, or write “$${{” for a literal “${{”"
        )
    }

    static func emptyExpression(at mark: SourceMark) -> Diagnostic {
        make("PLAYBOOK-021", "the expression is empty", at: mark, fix: "write an expression, such as subject.pod.name")
    }

    static func expressionSyntax(_ message: String, at mark: SourceMark) -> Diagnostic {
        make(
            "PLAYBOOK-021",
            "the expression cannot be read: \(message)",
            at: mark,
            fix: "correct it; see Docs/Expressions.md"
        )
    }

    static func expressionMeaning(_ message: String, at mark: SourceMark, fix: String) -> Diagnostic {
        make("PLAYBOOK-022", message, at: mark, fix: fix)
    }

    static func expressionType(
        _ what: String,
        gives type: String,
        needs need: String,
        at mark: SourceMark
    ) -> Diagnostic {
        make(
            "PLAYBOOK-023",
            "\(what) must be \(need), but the expression gives \(type)",
            at: mark,
            fix: "convert it, or use another expression"
        )
    }

    static func pattern(_ message: String, at mark: SourceMark) -> Diagnostic {
        make(
            "PLAYBOOK-020",
            "the pattern is refused: \(message)",
            at: mark,
            fix: "write it as an EventBridge event pattern: each field holds a list of alternatives"
        )
    }
}
