import FirebreakCommand
import TestSupport
import Testing
import Vocabulary

@Suite("Errors say where: file, line and column")
struct PlacesTests {
    private static let folder = PackageFolder.path + "/playbooks/contain-pod/"

    @Test("a broken file is named with the place inside it")
    func namesFiles() async throws {
        let scratch = try Scratch()
        let broken = scratch.path + "/broken.json"
        try Files.write(Array(#"{"account": "#.utf8), to: broken)
        let pod = ["--pod", "shop/cart-7c9d8b6f5-k7f2q", "--output", "json"]
        let world = await CommandLineRun(
            ["run", Self.folder + "playbook.yaml", "--world", Self.folder + "world.yaml", broken] + pod
        )
        #expect(world.json["error"]?["location"]?.string == broken + ": byte 12")
        let event = await CommandLineRun(
            "run",
            Self.folder + "playbook.yaml",
            "--finding",
            broken,
            "--world",
            Self.folder + "world.yaml",
            Self.folder + "world.aws.json",
            "--output",
            "json"
        )
        #expect(event.json["error"]?["location"]?.string?.hasPrefix(broken) == true)
    }

    @Test("an expression that fails is named with its place in the playbook")
    func namesExpressions() async throws {
        let scratch = try Scratch()
        let path = scratch.path + "/playbook.yaml"
        let text = """
            playbook: p
            states:
              rate:
                set: { x: "${{ finding.nothing.here }}" }
              cordon: { action: cordon-node, end: true }

            """
        try Files.write(Array(text.utf8), to: path)
        let result = await CommandLineRun(
            "run",
            path,
            "--finding",
            Self.folder + "finding.json",
            "--world",
            Self.folder + "world.yaml",
            Self.folder + "world.aws.json",
            "--output",
            "json"
        )
        #expect(
            result.json["runs"]?[0]?["error"]?["location"]?.string?.hasPrefix(path + ":3:") == true,
            "\(result.output)"
        )
    }

    @Test("a file that cannot be read keeps the shape of the result")
    func keepsShapes() async {
        let result = await CommandLineRun("events", "decode", "/no/such/file", "--output", "json")
        #expect(result.status == .usage)
        #expect(result.json["messages"] == 0 && result.json["events"] == [])
        #expect(result.json["errors"]?[0]?["code"] == "FILE-001")
        let list = await CommandLineRun("playbook", "list", PackageFolder.path + "/deploy-is-not-there")
        #expect(list.status != .done)
    }
}
