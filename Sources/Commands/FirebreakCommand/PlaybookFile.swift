internal import Catalogue
internal import Host
package import Playbooks
package import Vocabulary
internal import YAMLTree

/// A playbook's file, read and checked.
package struct PlaybookFile: Sendable {
    /// The actions that playbooks are checked against; tests put their own here.
    @TaskLocal package static var actions = Catalogue.manifests

    package var path: String
    /// The text, for messages that show the line.
    package var text: String
    package var playbook: Playbook?
    package var diagnostics: [Diagnostic]

    /// Reads and checks one file; what cannot be read becomes a diagnostic too.
    package static func load(_ path: String) -> PlaybookFile {
        do {
            let bytes = try HostFiles.read(path, limit: YAMLTree.Limits.playbook.bytes)
            return check(bytes, path: path)
        } catch {
            let start = SourceMark(file: path, line: 1, column: 1)
            let problem = Diagnostic(
                error.report.code,
                .error,
                error.report.what,
                at: start,
                remedy: error.report.remedy
            )
            return PlaybookFile(path: path, text: "", playbook: nil, diagnostics: [problem])
        }
    }

    /// Checks a text: what YAML has against it and what the playbook has, in one pass.
    package static func check(_ bytes: [UInt8], path: String) -> PlaybookFile {
        let (node, faults) = YAMLTree.read(bytes, file: path)
        var file = PlaybookFile(
            path: path,
            text: String(decoding: bytes, as: UTF8.self),
            playbook: nil,
            diagnostics: faults.map(\.diagnostic)
        )
        guard let node else { return file }
        let (playbook, problems) = PlaybookDecoder.decode(node, actions: actions)
        file.playbook = faults.isEmpty ? playbook : nil
        // A merge key or a structured key is an unknown key as well: once is enough.
        let told = Set(file.diagnostics.map(\.mark))
        file.diagnostics += problems.filter { !told.contains($0.mark) }
        file.diagnostics.sort { ($0.mark, $0.code) < ($1.mark, $1.code) }
        return file
    }

    /// The files that paths stand for: a folder stands for every `playbook.yaml` below it.
    static func paths(_ given: [String]) throws(HostFault) -> [String] {
        var found: [String] = []
        for path in given {
            if HostFiles.isFolder(path) {
                found += try playbooks(below: path, depth: 0)
            } else {
                found.append(path)
            }
        }
        return found
    }

    private static let depthLimit = 16

    private static func playbooks(below folder: String, depth: Int) throws(HostFault) -> [String] {
        guard depth < depthLimit else { return [] }
        var found: [String] = []
        let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        for name in try HostFiles.names(in: folder) {
            let path = base + "/" + name
            if HostFiles.isFolder(path) {
                found += try playbooks(below: path, depth: depth + 1)
            } else if name == "playbook.yaml" || name == "playbook.yml" {
                found.append(path)
            }
        }
        return found
    }

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// A diagnostic with the line that it is about.
    package func explained(_ diagnostic: Diagnostic) -> String {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        guard lines.indices.contains(diagnostic.mark.line - 1), !text.isEmpty else { return diagnostic.description }
        let line = String(lines[diagnostic.mark.line - 1].prefix(200))
        let number = String(diagnostic.mark.line)
        let gutter = String(repeating: " ", count: number.utf8.count)
        let indent = String(repeating: " ", count: max(0, min(diagnostic.mark.column - 1, 200)))
        let shown = String(line.map { $0 == "\t" ? " " : $0 })
        return "\(diagnostic)\n  \(number) | \(shown)\n  \(gutter) | \(indent)^"
    }
}
