internal import ArgumentParser
package import Vocabulary

/// How a command writes its result: `--output text|json|yaml`.
package enum OutputFormat: String, Sendable, Hashable, CaseIterable, ExpressibleByArgument {
    case text
    case json
    case yaml

    /// A document in this format; as text where people read tables, the caller's own text.
    package func render(_ document: JSONValue, text: @autoclosure () -> String) -> String {
        switch self {
        case .text: text()
        case .json: JSONWriter.pretty(document)
        case .yaml: YAMLText.write(document)
        }
    }

    /// Says an error: a sentence for people, `{"error":{…}}` for machines.
    ///
    /// Sentences go to standard error; documents are data and go to standard output.
    package func complain(_ report: FaultReport) {
        let document: JSONValue = ["error": report.json]
        switch self {
        case .text: Console.current.complain(report.description)
        case .json, .yaml: Console.current.print(render(document, text: ""))
        }
    }
}
