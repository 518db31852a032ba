import TestSupport
import Testing

/// One Swift file of the package.
struct SourceFile: Sendable {
    var path: String
    var lines: [String]

    /// Lines without comments; string contents stay.
    var code: [String] { lines.filter { !$0.drop(while: \.isWhitespace).hasPrefix("//") } }

    static func all(below folder: String) throws -> [SourceFile] {
        var files: [SourceFile] = []
        var folders = [PackageFolder.path + "/" + folder]
        while let folder = folders.popLast() {
            for name in try Files.names(in: folder) {
                let path = folder + "/" + name
                if name.hasSuffix(".swift") {
                    let lines = try Files.text(path).split(separator: "\n", omittingEmptySubsequences: false)
                    files.append(SourceFile(path: path, lines: lines.map(String.init)))
                } else if !name.contains(".") {
                    folders.append(path)
                }
            }
        }
        return files
    }
}

@Suite("The sources keep the promises of their ring")
struct SourceTests {
    @Test("Core waits for nothing and asks the machine for nothing")
    func coreIsPure() throws {
        let forbidden = [
            "await ", " async ", "Task {", "Task.", "Date()", "UUID()", "import Glibc", ".now()", "Date.now",
            ".random(",
        ]
        let files = try SourceFile.all(below: "Sources/Core")
        try #require(files.count > 10)
        for file in files {
            for (number, line) in file.code.enumerated() {
                for word in forbidden {
                    #expect(!line.contains(word), "\(file.path) (code line \(number + 1)) says “\(word)”")
                }
            }
        }
    }

    @Test("nothing imports the whole of Foundation")
    func foundationStaysOut() throws {
        for file in try SourceFile.all(below: "Sources") {
            for line in file.code {
                let isFoundation = line.contains("import Foundation") && !line.contains("import FoundationEssentials")
                #expect(!isFoundation, "\(file.path): \(line)")
            }
        }
    }

    @Test("unsafe constructs live in Platform alone")
    func unsafeIsAPlace() throws {
        for file in try SourceFile.all(below: "Sources") where !file.path.contains("/Sources/Platform/") {
            for line in file.code {
                let isUnsafe = line.contains("unsafe ") || line.contains("@unsafe") || line.contains("UnsafePointer")
                #expect(!isUnsafe, "\(file.path): \(line)")
            }
        }
    }

    @Test("an error code means one thing: no two files make the same one")
    func codesAreUnique() throws {
        var places: [String: Set<String>] = [:]
        for file in try SourceFile.all(below: "Sources") {
            for line in file.code where !line.contains("==") {
                for match in line.matches(of: /"([A-Z][A-Z]+-[0-9]{3})"/) {
                    places[String(match.1), default: []].insert(file.path)
                }
            }
        }
        for (code, files) in places where files.count > 1 && !code.hasPrefix("PLAYBOOK-") {
            Issue.record("\(code) is made in \(files.sorted())")
        }
    }

    @Test("every error code in the sources has its page, and every page its code")
    func codesHavePages() throws {
        var codes: Set<String> = []
        for file in try SourceFile.all(below: "Sources") {
            for line in file.code {
                for match in line.matches(of: /"([A-Z][A-Z]+-[0-9]{3})"/) { codes.insert(String(match.1)) }
            }
        }
        let names = try Files.names(in: PackageFolder.path + "/Docs/Errors").filter { $0 != "README.md" }
        let pages = Set(names.map { String($0.dropLast(3)) })
        #expect(codes.subtracting(pages).sorted() == [], "codes without a page in Docs/Errors")
        #expect(pages.subtracting(codes).sorted() == [], "pages without a code in Sources")
    }

    @Test("every fault that the simulation must notice still has its place in the sources")
    func mutants() throws {
        let result = try Command.run("python3 -B '\(PackageFolder.path)/Tests/Simulation/mutants' --texts 2>&1")
        #expect(result.status == 0, "\(result.output)")
    }
}
