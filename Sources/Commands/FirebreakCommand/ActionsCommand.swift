package import ArgumentParser
internal import Catalogue
internal import Playbooks
internal import Vocabulary

/// `firebreak actions`: what a playbook's states can do.
package struct ActionsCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "actions",
        abstract: "Lists and explains the actions that playbooks can use.",
        subcommands: [List.self, Show.self]
    )

    package init() {}

    /// `firebreak actions list`.
    package struct List: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Names every action with its class.",
            discussion: "Example: firebreak actions list --output json"
        )

        @Option(help: "How to write the result: text, json or yaml.")
        package var output: OutputFormat = .text

        package init() {}

        package func run() async throws {
            let document: JSONValue = ["actions": .array(Catalogue.manifests.map(\.json))]
            Console.current.print(output.render(document, text: Self.table))
        }

        private static var table: String {
            let width = Catalogue.manifests.map(\.name.count).max() ?? 0
            let lines = Catalogue.manifests.map { manifest in
                let name = manifest.name + String(repeating: " ", count: width - manifest.name.count)
                let kind = manifest.actionClass.rawValue
                return "\(name)  \(kind)\(String(repeating: " ", count: max(0, 8 - kind.count)))  \(manifest.summary)"
            }
            return lines.joined(separator: "\n")
        }
    }

    /// `firebreak actions show NAME`.
    package struct Show: AsyncParsableCommand {
        package static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Explains one action: parameters, errors, permissions, undo, example.",
            discussion: "Example: firebreak actions show isolate-pod"
        )

        @Argument(help: "The action's name.")
        package var name: String

        @Option(help: "How to write the result: text, json or yaml.")
        package var output: OutputFormat = .text

        package init() {}

        package func run() async throws {
            guard let manifest = Catalogue.manifests.first(where: { $0.name == name }) else {
                output.complain(
                    FaultReport(
                        code: "COMMAND-002",
                        what: "no action is called “\(PlainText.line(name))”",
                        remedy: "use one of \(Catalogue.manifests.map(\.name).joined(separator: ", "))"
                    )
                )
                throw ExitStatus.usage
            }
            Console.current.print(output.render(manifest.json, text: manifest.page))
        }
    }
}

extension ActionManifest {
    fileprivate var json: JSONValue {
        .object([
            "name": .string(name), "summary": .string(summary), "class": .string(actionClass.rawValue),
            "parameters": .array(
                parameters.map {
                    .object([
                        "name": .string($0.name), "type": .string($0.type.inWords), "required": .bool($0.isRequired),
                        "summary": .string($0.summary),
                    ])
                }
            ),
            "errors": .array(errors.map(JSONValue.string)), "permissions": .array(permissions.map(JSONValue.string)),
            "optionalPermissions": .array(optionalPermissions.map(JSONValue.string)),
            "undo": .string(undo), "outputs": .array(outputs.map(JSONValue.string)), "example": .string(example),
        ])
    }

    fileprivate var page: String {
        var lines = ["\(name)  (\(actionClass.rawValue))", "  \(summary)", "", "Parameters"]
        for parameter in parameters {
            let need = parameter.isRequired ? "required" : "optional"
            lines.append("  \(parameter.name)  \(parameter.type.inWords), \(need)")
            lines.append("      \(parameter.summary)")
        }
        lines += ["", "Errors       \(errors.joined(separator: ", "))"]
        lines += ["Permissions  \(permissions.joined(separator: ", "))"]
        if !optionalPermissions.isEmpty {
            lines.append("  and if granted: \(optionalPermissions.joined(separator: ", "))")
        }
        lines += ["Undo         \(undo)"]
        lines += ["Outputs      \(outputs.isEmpty ? "none" : outputs.joined(separator: ", "))", "", "Example"]
        lines += example.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
        return lines.joined(separator: "\n")
    }
}
