import TestSupport
import Testing
import Vocabulary
import YAMLTree

@Suite("Cluster dumps are read")
struct YAMLWorldTests {
    @Test(
        "every kubectl dump of the corpora is read whole",
        .enabled(if: Corpora.arePresent, Comment(rawValue: Corpora.absence))
    )
    func worlds() throws {
        var count = 0
        for name in try Files.names(in: Corpora.path("fixtures/worlds")) where name.hasSuffix(".yaml") {
            let bytes = try Files.bytes(Corpora.path("fixtures/worlds/\(name)"))
            let documents = try YAMLTree.parseAll(bytes, file: name)
            #expect(documents.contains { $0["kind"]?.text != nil }, "\(name)")
            count += 1
        }
        #expect(count > 0)
    }
}
