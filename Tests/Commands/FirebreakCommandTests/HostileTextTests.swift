import FirebreakCommand
import TestSupport
import Testing
import Vocabulary

@Suite("What attackers write into findings cannot turn the terminal against its reader")
struct HostileTextTests {
    @Test(
        "controls and marks of direction are replaced in plans, events and errors",
        arguments: ["\u{202e}", "\u{9b}31m", "\u{2066}"]
    )
    func replaces(_ hostile: String) async throws {
        let folder = PackageFolder.path + "/playbooks/contain-pod/"
        let scratch = try Scratch()
        let event = try JSONReader.parse(Files.bytes(folder + "finding.json"))
        let text = JSONWriter.compact(event)
        let title = "Drop and execute new binary in container"
        let edited = text.split(separator: title, omittingEmptySubsequences: false).joined(separator: "a\(hostile)b")
            .split(separator: "falco/eu-central-1/", omittingEmptySubsequences: false)
            .joined(separator: "falco/\(hostile)/")
        try Files.write(Array(edited.utf8), to: scratch.path + "/event.json")
        let runs = [
            [
                "run", folder + "playbook.yaml", "--finding", scratch.path + "/event.json", "--world",
                folder + "world.yaml", folder + "world.aws.json",
            ],
            ["events", "decode", scratch.path + "/event.json"],
            ["playbook", "explain", folder + "playbook.yaml", "--finding", scratch.path + "/event.json"],
        ]
        let scalar = try #require(hostile.unicodeScalars.first)
        for arguments in runs {
            let result = await CommandLineRun(arguments)
            #expect(!result.output.unicodeScalars.contains(scalar), "\(arguments[0])")
            #expect(!result.talk.unicodeScalars.contains(scalar), "\(arguments[0]): \(result.talk)")
        }
    }

    @Test(
        "a cluster that is no cluster of the account is bad input",
        arguments: [
            "arn:aws:eks:eu-west-1:999988887777:cluster/x", "a b/../c", "", "-x",
        ]
    )
    func refusesClusters(_ cluster: String) async {
        let result = await CommandLineRun(
            "falco",
            "convert",
            "/dev/null",
            "--account",
            "111122223333",
            "--region",
            "us-east-1",
            "--cluster=" + cluster
        )
        #expect(result.status == .usage)
    }
}
