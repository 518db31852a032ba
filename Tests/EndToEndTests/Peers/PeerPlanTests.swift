import TestSupport
import Testing
import Vocabulary

/// What the program does with live servers, whoever wrote them.
enum PlanStories {
    static func arguments(_ server: RehearsalServer, _ more: String = "") -> String {
        "run \(server.folder)/playbook.yaml --finding \(server.findingFile) \(more)"
    }

    static func plans(_ playbook: String) async throws {
        let server = try await RehearsalServer(playbook, aws: .peers)
        let before = await server.content()
        let (json, status) = try await server.firebreak(arguments(server))
        #expect(status == 0, "\(json)")
        let text = server.ids.renamed(in: try Files.text(server.folder + "/plan.golden.json"))
        let (live, rehearsed) = (json["runs"]?[0], try JSONReader.parse(text)["runs"]?[0])
        #expect(live?["subject"] == rehearsed?["subject"])
        #expect(live?["verdicts"] == rehearsed?["verdicts"])
        #expect(live?["steps"]?.array?.map { $0["action"] } == rehearsed?["steps"]?.array?.map { $0["action"] })
        #expect(volumes(live) == volumes(rehearsed))
        #expect(await server.content() == before)
    }

    static func proves(_ playbook: String) async throws {
        let server = try await RehearsalServer(playbook, aws: .peers)
        let before = await server.content()
        let (json, status) = try await server.firebreak(arguments(server, "--dry-run server"))
        #expect(status == 0, "\(json)")
        let steps = json["runs"]?[0]?["steps"]?.array ?? []
        #expect(json["runs"]?[0]?["mode"] == "server" && !steps.isEmpty)
        for step in steps {
            #expect(step["status"] == (step["action"] == "update-finding" ? "unproved" : "proved"), "\(step)")
        }
        #expect(await server.content() == before)
        #expect(try await AWSPeers.running().state().effects == [])
    }

    static func examines() async throws {
        let server = try await RehearsalServer("contain-pod", aws: .peers)
        let before = await server.content()
        let (json, status) = try await server.firebreak("doctor \(server.folder)/playbook.yaml")
        #expect(status == 0, "\(json)")
        #expect(check("account", json)?["what"] == "444455556666 in eu-central-1")
        #expect(await server.content() == before)
    }

    static func refusesWrongSecrets() async throws {
        let server = try await RehearsalServer("contain-pod", aws: .peers)
        let access = try AWSPeers.running().access.with(secret: "not-the-secret")
        let (json, status) = try await server.firebreak(arguments(server), access: access)
        let error = json["error"]
        #expect(status == 6 && json["runs"]?.array?.isEmpty == true)
        #expect(error?["what"]?.string?.contains("credentials were not accepted") == true, "\(json)")
        #expect(error?["remedy"]?.string?.contains("renew the credentials") == true)
        #expect(!"\(json)".contains("not-the-secret"))
        let (checks, code) = try await server.firebreak("doctor", access: access)
        #expect(code == 6 && check("account", checks)?["status"] == "failed")
    }

    /// A profile whose role is taken on with the keys of another: what then signs are the role's temporary keys.
    static func assumesRoles() async throws {
        let peers = try AWSPeers.running()
        let role = try await peers.makeRole("responder-\(UInt32.random(in: .min ... .max))")
        let scratch = try Scratch()
        let access = peers.access
        try Files.write(
            Array(
                """
                [profile keys]
                aws_access_key_id = \(access.keyID)
                aws_secret_access_key = \(access.secret)

                [profile responder]
                role_arn = \(role)
                source_profile = keys
                role_session_name = night-shift
                """.utf8
            ),
            to: scratch.path + "/config"
        )
        let environment =
            access.endpointVariables + [
                "AWS_CONFIG_FILE=\(scratch.path)/config", "AWS_PROFILE=responder", "AWS_REGION=eu-central-1",
                "HOME=\(scratch.path)", "NO_PROXY=127.0.0.1", "AWS_EC2_METADATA_DISABLED=true",
            ]
        let unset = "-u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u KUBECONFIG"
        let program = "\(Program.path("firebreak")) doctor --output json"
        let line = "env \(unset) \(environment.joined(separator: " ")) \(program) 2>/dev/null"
        let (output, status) = try await Command.runApart(line)
        let json = try JSONReader.parse(output)
        #expect(status == 0 && check("account", json)?["what"] == "444455556666 in eu-central-1", "\(output)")
        // The same with keys that may not take it on.
        let wrong = try Files.text(scratch.path + "/config").replacing(access.secret, with: "not-the-secret")
        try Files.write(Array(wrong.utf8), to: scratch.path + "/config")
        let (refusal, code) = try await Command.runApart(line)
        #expect(code == 6 && refusal.contains("SignatureDoesNotMatch"), "\(refusal)")
    }

    /// Ids are in their own order, which is another one for other ids.
    private static func volumes(_ run: JSONValue?) -> Set<JSONValue> {
        Set(run?["blastRadius"]?["volumes"]?.array ?? [])
    }

    static func check(_ name: String, _ json: JSONValue) -> JSONValue? {
        json["checks"]?.array?.first { $0["name"]?.string == name }
    }
}

extension PeerTests {
    @Suite("The program")
    struct ProgramTests {
        @Test("each stock playbook is planned as in its rehearsal", arguments: LivePlanTests.playbooks)
        func plans(_ playbook: String) async throws { try await PlanStories.plans(playbook) }

        @Test("a dry run of the server proves what has one, and stores nothing", arguments: LivePlanTests.playbooks)
        func proves(_ playbook: String) async throws { try await PlanStories.proves(playbook) }

        @Test("the doctor finds the account, and writes nothing")
        func examines() async throws { try await PlanStories.examines() }

        @Test("a wrong secret ends with its own exit code and says what to renew")
        func refusesWrongSecrets() async throws { try await PlanStories.refusesWrongSecrets() }

        @Test("a profile's role is taken on, and refused to whoever may not")
        func assumesRoles() async throws { try await PlanStories.assumesRoles() }

        @Test("a right of EC2 that is missing is named by the dry run of the server")
        func namesMissingRights() async throws {
            let server = try await RehearsalServer("contain-pod", aws: .peers)
            let access = try await AWSPeers.running().deny(["ec2:CreateSnapshots"])
            let before = await server.content()
            let arguments = PlanStories.arguments(server, "--dry-run server")
            let (json, status) = try await server.firebreak(arguments, access: access)
            let notes = (json["runs"]?[0]?["steps"]?.array ?? []).compactMap { $0["note"]?.string }
            #expect(status == 6, "\(json)")
            #expect(notes.contains { $0.contains("NotPermitted") && $0.contains("ec2:CreateSnapshots") }, "\(notes)")
            #expect(await server.content() == before)
        }
    }
}

extension SecondJudgeTests {
    @Suite("The program")
    struct ProgramTests {
        @Test("a stock playbook is planned as in its rehearsal")
        func plans() async throws { try await PlanStories.plans("contain-pod") }

        @Test("a dry run of the server proves what has one, and stores nothing")
        func proves() async throws { try await PlanStories.proves("contain-pod") }

        @Test("a wrong secret ends with its own exit code and says what to renew")
        func refusesWrongSecrets() async throws { try await PlanStories.refusesWrongSecrets() }

        @Test("a profile's role is taken on, and refused to whoever may not")
        func assumesRoles() async throws { try await PlanStories.assumesRoles() }
    }
}
