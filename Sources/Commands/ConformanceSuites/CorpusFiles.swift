internal import Host
internal import Vocabulary

/// Why a path given to a suite is no corpus of its kind.
struct CorpusFault: Error, CustomStringConvertible {
    var description: String
}

/// Corpus files as JSON.
enum CorpusFiles {
    /// The cases of a file; of a folder, those of its `name`.
    static func cases(_ path: String, named name: String) throws -> (folder: String, cases: [JSONValue]) {
        let isFolder = HostFiles.isFolder(path)
        let file = isFolder ? path + "/" + name : path
        let document = try JSONReader.parse(HostFiles.read(file))
        guard let cases = document.array ?? document["cases"]?.array else {
            throw CorpusFault(description: "\(file): expected an array of cases")
        }
        let folder = isFolder ? path : path.split(separator: "/").dropLast().joined(separator: "/")
        return (isFolder ? folder : (path.hasPrefix("/") ? "/" : "") + (folder.isEmpty ? "." : folder), cases)
    }
}
