import TestSupport
import Testing
import Vocabulary

@Suite(
    "What is kept of a run is private, whole, and written by one process at a time",
    .serialized,
    .enabled(if: TLSProxy.isPresent, "nghttpx or openssl is absent"),
    .timeLimit(.minutes(5))
)
struct KeptRunTests {
    private static let secret = "hunter2-and-more"

    @Test("neither the store nor any output holds a secret that a command line in the finding showed")
    func redacts() async throws {
        let server = try await RehearsalServer("contain-pod")
        let finding = server.path("secret.json")
        let text = try Files.text(server.findingFile)
        let planted = text.replacing(
            "\"ProductFields\": {",
            with:
                "\"ProductFields\": { \"falco/output_fields/proc.cmdline\": \"mysql --password=\(Self.secret) -h db\","
        )
        try #require(planted != text)
        try Files.write(Array(planted.utf8), to: finding)
        let start =
            "run \(server.folder)/playbook.yaml --finding \(finding) --apply --yes --store \(server.path("kept"))"
        let (json, status) = try await server.firebreak(start)
        #expect(status == 5 && !"\(json)".contains(Self.secret))
        let id = try #require(json["runs"]?[0]?["id"]?.string)
        let (shown, _) = try await server.firebreak("runs show \(id) --store \(server.path("kept"))")
        #expect(shown["runs"]?[0]?["status"] == "succeeded" && !"\(shown)".contains(Self.secret))
        let (found, _) = try Command.run("grep -rlF '\(Self.secret)' \(server.path("kept")) | wc -l")
        #expect(found.filter(\.isNumber) == "0")
    }

    @Test("the store's folder and files, and plan files, are the user's alone")
    func isPrivate() async throws {
        let server = try await RehearsalServer("contain-pod")
        let plan = server.path("plan.json")
        let start = "run \(server.folder)/playbook.yaml --finding \(server.findingFile)"
        #expect(
            try await server.firebreak("\(start) --apply --yes --store \(server.path("kept")) --out \(plan)").status
                == 5
        )
        let (modes, _) = try Command.run("stat -c %a \(server.path("kept")) \(server.path("kept"))/* \(plan) | sort -u")
        #expect(Set(modes.split(separator: "\n")) == ["600", "700"], "\(modes)")
        // Somebody opened it to others: then it is not used before that is put right.
        _ = try Command.run("chmod 755 \(server.path("kept"))")
        let (json, status) = try await server.firebreak("\(start) --apply --yes --store \(server.path("kept"))")
        #expect(status == 1 && json["error"]?["code"] == "STORE-003", "\(json)")
    }

    @Test("while one process carries out a run another may look, and none may write")
    func locks() async throws {
        let server = try await RehearsalServer("contain-pod")
        let playbook = server.path("playbook.yaml")
        let states =
            "{ isolate: { action: isolate-pod, catch: [{ errors: [any], next: hold }] }, hold: { wait: 8s, end: true } }"
        try Files.write(Array("playbook: waits\nstates: \(states)\n".utf8), to: playbook)
        let start = "run \(playbook) --finding \(server.findingFile) --apply --yes"
        async let first = server.firebreak(start)
        // It is at work as soon as the list shows it.
        var id: String?
        for _ in 0..<200 where id == nil {
            let (list, _) = try await server.firebreak("runs list")
            if list["runs"]?[0]?["status"] == "waiting" { id = list["runs"]?[0]?["id"]?.string }
        }
        let run = try #require(id)
        let (json, status) = try await server.firebreak(start)
        #expect(status == 1 && json["error"]?["code"] == "STORE-002", "\(json)")
        let (watched, end) = try await server.firebreak("runs watch \(run)")
        #expect(end == 5 && watched["runs"]?[0]?["status"] == "succeeded", "\(watched)")
        #expect(try await first.status == 5)
    }

    @Test("the store can be checked and copied, and a copy can be read in its place")
    func copies() async throws {
        let server = try await RehearsalServer("contain-pod")
        let start = "run \(server.folder)/playbook.yaml --finding \(server.findingFile) --apply --yes"
        #expect(try await server.firebreak(start).status == 5)
        let (check, status) = try await server.firebreak("store check")
        #expect(status == 0 && check["sound"] == true && check["runs"] == 1, "\(check)")
        _ = try Command.run("mkdir -m 700 \(server.path("copy"))")
        #expect(try await server.firebreak("store backup \(server.path("copy"))/firebreak.db").status == 0)
        let (here, _) = try await server.firebreak("runs list")
        let (there, _) = try await server.firebreak("runs list --store \(server.path("copy"))")
        #expect(here["runs"] == there["runs"] && here["runs"]?.array?.count == 1)
        // A flipped byte is found.
        let damage =
            "import sys; p=sys.argv[1]; b=bytearray(open(p,'rb').read()); i=b.find(b'contain-pod',8192); b[i]^=1; open(p,'wb').write(b)"
        _ = try Command.run("python3 -c \"\(damage)\" \(server.path("copy"))/firebreak.db")
        let (damaged, code) = try await server.firebreak("store check --store \(server.path("copy"))")
        #expect(code == 1 && damaged["sound"] == false, "\(damaged)")
    }

    @Test("a run is gone on with only where it began")
    func staysWhereItBegan() async throws {
        let server = try await RehearsalServer("contain-pod")
        let playbook = server.path("playbook.yaml")
        try Files.write(
            Array(
                "playbook: waits\nstates: { cordon: { action: cordon-node }, hold: { wait: 300h, end: true } }\n".utf8
            ),
            to: playbook
        )
        _ = try await server.firebreak(
            "run \(playbook) --finding \(server.findingFile) --apply --yes",
            wrapper: "timeout -s KILL 15"
        )
        let other = "arn:aws:eks:eu-central-1:444455556666:cluster/other"
        let (list, _) = try await server.firebreak("runs list")
        let id = try #require(list["runs"]?[0]?["id"]?.string, "\(list)")
        let (json, status) = try await server.firebreak("runs cancel \(id)", cluster: other)
        #expect(status == 3 && json["error"]?["code"] == "LIVE-004", "\(json)")
        #expect(try await server.firebreak("runs cancel \(id)").status == 0)
    }
}
