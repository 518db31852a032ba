import Expressions
import Host
import Vocabulary

/// Cases of the Common Expression Language: what an expression gives over which variables.
struct CELSuite: ConformanceSuite {
    let name = "cel"

    func run(_ paths: [String]) async throws -> ConformanceTally {
        var tally = ConformanceTally()
        for path in paths {
            for file in try Self.files(at: path) {
                let corpus = try JSONReader.parse(try HostFiles.read(file))
                guard corpus["format"]?.string == "cel-cases/1", let cases = corpus["cases"]?.array else {
                    throw CELCorpusFault(what: "this is no file of CEL cases (format cel-cases/1)", location: file)
                }
                for json in cases { judge(json, in: file, &tally) }
            }
        }
        return tally
    }

    /// The file itself, or the case files of a folder: those that name the format.
    private static func files(at path: String) throws -> [String] {
        guard HostFiles.isFolder(path) else { return [path] }
        return try HostFiles.names(in: path).filter { $0.hasSuffix(".json") }.map { "\(path)/\($0)" }
    }

    private func judge(_ json: JSONValue, in file: String, _ tally: inout ConformanceTally) {
        let id = json["id"]?.string ?? "\(file), a case without id"
        do throws(CELCorpusFault) {
            let example = try CELCase(json)
            if let complaint = example.complaint() {
                tally.failures.append(ConformanceTally.Failure(id, complaint))
            } else {
                tally.passed += 1
            }
        } catch {
            tally.failures.append(ConformanceTally.Failure(id, "the case cannot be read: \(error.what)"))
        }
    }
}

/// Why a corpus is not one of this suite.
struct CELCorpusFault: ActionableError {
    var what: String
    var location = ""

    var report: FaultReport {
        FaultReport(
            code: "CONFORMANCE-CEL-001",
            what: what,
            location: location,
            remedy: "give a file or folder in the format of the corpus' README"
        )
    }
}
