import FirebreakCommand
import TestSupport
import Testing
import Vocabulary

/// A command line shown in a document, with the lines that it is said to print.
struct ShownCommand: Sendable, CustomTestStringConvertible {
    var line: String
    var output: [String]
    var testDescription: String { String(line.prefix(80)) }

    /// Every `$ firebreak …` of the README's console blocks.
    static let all: [ShownCommand] = {
        guard let text = try? Files.text(PackageFolder.path + "/README.md") else { return [] }
        var commands: [ShownCommand] = []
        var isInside = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ firebreak ") {
                commands.append(ShownCommand(line: String(line.dropFirst(12)), output: []))
            } else if isInside, !commands.isEmpty {
                commands[commands.count - 1].output.append(String(line))
            }
        }
        return commands
    }()
}

@Suite("What the README shows is what the commands print")
struct ReadmeTests {
    @Test("there is an example for each way to use it")
    func hasExamples() { #expect(ShownCommand.all.count >= 3) }

    @Test("each shown line is printed", arguments: ShownCommand.all)
    func prints(_ command: ShownCommand) async {
        let words = command.line.split(separator: " ").map {
            $0.hasPrefix("playbooks/") ? PackageFolder.path + "/" + $0 : String($0)
        }
        let result = await CommandLineRun(words)
        #expect(result.status == .done, "\(result.talk)")
        let printed = Set(result.output.split(separator: "\n").map(String.init))
        for line in command.output { #expect(printed.contains(line), "\(line)") }
    }
}
