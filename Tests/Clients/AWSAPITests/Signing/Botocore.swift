import TestSupport
import Testing
import Vocabulary

/// The signer, resolver and serializer that is not ours.
enum Botocore {
    static let isHere =
        Command.exists("python3")
        && (try? Command.run("python3 -c 'import botocore' 2>/dev/null").status == 0) ?? false

    static let absence: Comment = "python3 cannot import botocore here: pip install botocore"

    /// What a script of `Tests/Fixtures/aws` prints for some rows.
    static func answers(_ script: String, _ rows: [JSONValue]) throws -> [JSONValue] {
        let scratch = try Scratch()
        try Files.write(Array(JSONWriter.compact(.array(rows)).utf8), to: scratch.path + "/rows.json")
        let path = PackageFolder.fixture("aws/\(script)")
        let (output, status) = try Command.run("python3 '\(path)' < '\(scratch.path)/rows.json'")
        try #require(status == 0)
        let answers = try #require(try JSONReader.parse(output).array)
        try #require(answers.count == rows.count)
        return answers
    }
}
