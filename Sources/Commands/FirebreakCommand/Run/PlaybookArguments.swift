internal import Playbooks
internal import Vocabulary

/// Values for a playbook's parameters, as the command line gives them: `NAME=VALUE`.
struct PlaybookArguments {
    private var texts: [(name: String, text: String)] = []

    init(_ written: [String]) throws(ArgumentFault) {
        for argument in written {
            guard let equals = argument.firstIndex(of: "=") else { throw .notAnAssignment(argument) }
            texts.append((String(argument[..<equals]), String(argument[argument.index(after: equals)...])))
        }
    }

    /// Every given value, of its parameter's type; parameters without a default must be among them.
    func values(for playbook: Playbook) throws(ArgumentFault) -> JSONObject {
        var values = JSONObject()
        for (name, text) in texts {
            guard let parameter = playbook.parameters.first(where: { $0.name == name }) else {
                throw .unknown(name, known: playbook.parameters.map(\.name))
            }
            let value = Self.value(text, parameter.type)
            guard parameter.type.accepts(value) else { throw .wrongType(name, text, parameter.type.inWords) }
            values[name] = value
        }
        for parameter in playbook.parameters where parameter.defaultValue == nil && values[parameter.name] == nil {
            throw .missing(parameter.name, parameter.type.inWords)
        }
        return values
    }

    /// Texts stand as they are; everything else is written as JSON.
    private static func value(_ text: String, _ type: ParameterType) -> JSONValue {
        guard !type.isWrittenAsText else { return .string(text) }
        // What is no JSON stays a text, and the type's check says what was expected.
        return (try? JSONReader.parse(text, limits: JSONReader.Limits(bytes: 1 << 16, depth: 16))) ?? .string(text)
    }
}

/// Why arguments do not fit a playbook's parameters.
enum ArgumentFault: ActionableError {
    case notAnAssignment(String)
    case unknown(String, known: [String])
    case wrongType(String, String, String)
    case missing(String, String)

    var report: FaultReport {
        switch self {
        case .notAnAssignment(let text):
            report("INPUT-005", "“\(PlainText.line(text))” gives no value", "write --set NAME=VALUE")
        case .unknown(let name, let known):
            report(
                "INPUT-006",
                "the playbook has no parameter “\(PlainText.line(name))”",
                known.isEmpty ? "it has none" : "use one of \(known.joined(separator: ", "))"
            )
        case .wrongType(let name, let text, let wanted):
            report("INPUT-007", "parameter \(name) cannot be “\(PlainText.line(text))”", "write \(wanted)")
        case .missing(let name, let wanted):
            report("INPUT-008", "parameter \(name) has no default and was not given", "add --set \(name)=…: \(wanted)")
        }
    }

    private func report(_ code: String, _ what: String, _ remedy: String) -> FaultReport {
        FaultReport(code: code, what: what, location: "--set", remedy: remedy)
    }
}
