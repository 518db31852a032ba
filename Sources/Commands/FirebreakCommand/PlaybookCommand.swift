package import ArgumentParser
internal import Host
internal import Playbooks
internal import Vocabulary

/// The commands about playbooks.
package struct PlaybookCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "playbook",
        abstract: "Checks and explains playbooks.",
        discussion: "Example: firebreak playbook check playbooks/",
        subcommands: [
            PlaybookCheckCommand.self, PlaybookListCommand.self, PlaybookShowCommand.self, PlaybookGraphCommand.self,
            PlaybookExplainCommand.self,
        ]
    )

    package init() {}
}

/// Finds every problem in playbooks.
struct PlaybookCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Finds every problem in playbooks: place, code and remedy.",
        discussion: """
            A folder stands for every playbook.yaml below it. Exit code 0: no errors (warnings may be there); 2: errors.

            Example: firebreak playbook check playbooks/ --output json
            """
    )

    @Argument(help: "Playbook files or folders.")
    var files: [String]

    @Option(name: .long, help: "text, json or yaml.")
    var output = OutputFormat.text

    func run() throws {
        let paths = try PlaybookFile.paths(files)
        guard !paths.isEmpty else {
            Console.current.complain("no playbook.yaml below \(files.joined(separator: ", "))")
            throw ExitStatus.usage
        }
        let checked = paths.map(PlaybookFile.load)
        let document: JSONValue = ["diagnostics": .array(checked.flatMap(\.diagnostics).map(\.json))]
        let sentences = checked.flatMap { file in file.diagnostics.map(file.explained) }.joined(separator: "\n")
        let shown = output.render(document, text: sentences)
        if !shown.isEmpty { Console.current.print(shown) }
        if output == .text { Console.current.complain(Self.summary(checked)) }
        if checked.contains(where: \.hasErrors) { throw ExitStatus.usage }
    }

    private static func summary(_ files: [PlaybookFile]) -> String {
        let all = files.flatMap(\.diagnostics)
        let errors = all.count { $0.severity == .error }
        return
            "\(counted(files.count, "playbook")), \(counted(errors, "error")), \(counted(all.count - errors, "warning"))"
    }

    private static func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
}

/// Lists the playbooks below a folder.
struct PlaybookListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the playbooks below a folder.",
        discussion: "Example: firebreak playbook list playbooks/"
    )

    @Argument(help: "A folder.")
    var folder: String

    @Option(name: .long, help: "text, json or yaml.")
    var output = OutputFormat.text

    func run() throws {
        let files = try PlaybookFile.paths([folder]).map(PlaybookFile.load)
        guard !files.isEmpty else {
            Console.current.complain("no playbook.yaml below \(folder)")
            throw ExitStatus.usage
        }
        let document: JSONValue = ["playbooks": .array(files.map(Self.row))]
        Console.current.print(output.render(document, text: Self.table(files)))
        if files.contains(where: \.hasErrors) { throw ExitStatus.usage }
    }

    private static func row(_ file: PlaybookFile) -> JSONValue {
        .object([
            "file": .string(file.path), "playbook": (file.playbook?.name).map { .string($0) } ?? .null,
            "summary": (file.playbook?.summary).map { .string($0) } ?? .null, "valid": .bool(!file.hasErrors),
        ])
    }

    private static func table(_ files: [PlaybookFile]) -> String {
        let width = files.map { ($0.playbook?.name ?? $0.path).count }.max() ?? 0
        let lines = files.map { file in
            let name = file.playbook?.name ?? file.path
            let gap = String(repeating: " ", count: max(0, width - name.count) + 2)
            return name + gap + (file.playbook?.summary ?? "not valid: see firebreak playbook check \(file.path)")
        }
        return lines.joined(separator: "\n")
    }
}

/// Tells what a playbook does, needs and may touch.
struct PlaybookShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Tells what a playbook reacts to, does, needs and may touch.",
        discussion: "Example: firebreak playbook show playbooks/contain-pod/playbook.yaml"
    )

    @Argument(help: "A playbook file.")
    var file: String

    @Option(name: .long, help: "text, json or yaml.")
    var output = OutputFormat.text

    func run() throws {
        let profile = PlaybookProfile(try valid(file), actions: PlaybookFile.actions)
        Console.current.print(output.render(profile.json, text: profile.text))
    }
}

/// Draws a playbook.
struct PlaybookGraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draws a playbook's states as Mermaid or Graphviz text.",
        discussion: "Example: firebreak playbook graph playbooks/contain-pod/playbook.yaml --format dot | dot -Tsvg"
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mermaid, dot
    }

    @Argument(help: "A playbook file.")
    var file: String

    @Option(name: .long, help: "mermaid or dot.")
    var format = Format.mermaid

    func run() throws {
        let drawing = PlaybookDrawing(try valid(file))
        Console.current.print(format == .mermaid ? drawing.mermaid : drawing.dot)
    }
}

/// The playbook of a file; its problems are told and end the command.
private func valid(_ path: String) throws -> Playbook {
    let file = PlaybookFile.load(path)
    guard let playbook = file.playbook else {
        for problem in file.diagnostics { Console.current.complain(file.explained(problem)) }
        throw ExitStatus.usage
    }
    return playbook
}
