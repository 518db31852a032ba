import Patterns
import TestSupport
import Testing
import Vocabulary

@Suite("Inputs that fuzzing kept still compile or are refused, and explanations agree with matches")
struct KeptInputTests {
    private static let folder = PackageFolder.path + "/Tests/Fuzz/Patterns/corpus"

    @Test("each holds a pattern and an event, one behind the other")
    func replays() throws {
        var compiled = 0
        for name in try Files.names(in: Self.folder) {
            let bytes = try Files.bytes(Self.folder + "/" + name)
            // Inputs that are no JSON, or no pattern, are kept for the way they are refused.
            guard let (document, end) = try? JSONReader.parsePrefix(bytes, from: 0),
                let pattern = try? EventPattern(document)
            else { continue }
            compiled += 1
            guard let event = try? JSONReader.parse(Array(bytes[end...])) else { continue }
            #expect(pattern.explain(event).isMatch == pattern.matches(event), "\(name)")
        }
        #expect(compiled >= 4)
    }
}
