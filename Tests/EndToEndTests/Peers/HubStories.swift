import AWSAPI
import TestSupport
import Testing
import Vocabulary

/// What every Security Hub must do for us, whoever wrote it.
enum HubStories {
    private static let region = AWSPeers.region

    /// A world with one finding, and the client to change it with.
    private struct Scene {
        let peers: AWSPeers
        let client: AWSClient
        let identifier: JSONValue
        let before: JSONValue

        init(attempts: Int = 1) async throws {
            peers = try AWSPeers.running()
            _ = try await peers.setWorld(StockWorld.account("contain-pod"))
            client = try peers.access.client(attempts: attempts)
            before = try #require(try await peers.state().findings.first)
            let (id, product) = try (#require(before["Id"]), #require(before["ProductArn"]))
            identifier = ["Id": id, "ProductArn": product]
        }

        func update(_ members: JSONObject, by other: AWSClient? = nil) async throws -> JSONValue {
            var input: JSONObject = ["FindingIdentifiers": [identifier]]
            for member in members { input[member.key] = member.value }
            return try await (other ?? client).call("securityhub", "BatchUpdateFindings", .object(input), in: region)
        }

        func find(_ client: AWSClient? = nil) async throws -> [JSONValue] {
            let filters: JSONValue = ["Id": [["Value": identifier["Id"] ?? .null, "Comparison": "EQUALS"]]]
            let input: JSONObject = ["Filters": filters, "MaxResults": 1]
            return try await (client ?? self.client).all(
                "securityhub",
                "GetFindings",
                input,
                list: "Findings",
                in: region
            )
        }
    }

    static func updates() async throws {
        let scene = try await Scene()
        let note: JSONValue = ["Text": .string(String(repeating: "é", count: 512)), "UpdatedBy": "firebreak"]
        let answer = try await scene.update([
            "Note": note, "Workflow": ["Status": "NOTIFIED"], "UserDefinedFields": ["firebreak.run": "run-1"],
        ])
        #expect(AWSFault.unprocessed(in: answer) == nil)
        let state = try await scene.peers.state()
        #expect(state.workflow == "NOTIFIED" && state.note == note["Text"]?.string)
        #expect(state.userDefinedFields["firebreak.run"] == "run-1")
        #expect(state.findings.first?["UpdatedAt"] == scene.before["UpdatedAt"])
        #expect(state.effects.map(\.operation) == ["BatchUpdateFindings"])
        #expect(try await scene.find() == state.findings)
        _ = try await scene.update(["UserDefinedFields": ["other": "1"]])
        // The service replaces the map: merging is ours to do.
        #expect(try await scene.peers.state().userDefinedFields.keys == ["other"])
    }

    static func refusesTooMuch() async throws {
        let scene = try await Scene()
        let before = try await scene.peers.state().content
        let long: JSONValue = ["Text": .string(String(repeating: "n", count: 513)), "UpdatedBy": "firebreak"]
        let refused = await #expect(throws: AWSFault.self) { _ = try await scene.update(["Note": long]) }
        #expect(refused?.code == "InvalidInputException" && refused?.kind == .invalid)
        let many = JSONValue.array(Array(repeating: scene.before, count: 101))
        let fault = await #expect(throws: AWSFault.self) {
            _ = try await scene.client.call("securityhub", "BatchImportFindings", ["Findings": many], in: region)
        }
        #expect(fault?.kind == .invalid)
        #expect(try await scene.peers.state().content == before)
    }

    static func namesUnprocessed() async throws {
        let scene = try await Scene()
        let unknown: JSONValue = ["Id": "nobody", "ProductArn": scene.identifier["ProductArn"] ?? .null]
        let input: JSONValue = [
            "FindingIdentifiers": [scene.identifier, unknown], "Workflow": ["Status": "NOTIFIED"],
        ]
        let answer = try await scene.client.call("securityhub", "BatchUpdateFindings", input, in: region)
        #expect(AWSFault.unprocessed(in: answer)?.kind == .notFound)
        #expect(try await scene.peers.state().workflow == "NOTIFIED")
        try await scene.peers.setFaults([
            "BatchUpdateFindings": ["unprocessed": ["times": 1, "code": "ConcurrentUpdateError"]]
        ])
        let raced = try await scene.update(["Workflow": ["Status": "RESOLVED"]])
        #expect(AWSFault.unprocessed(in: raced)?.kind == .conflict)
        #expect(try await scene.peers.state().workflow == "NOTIFIED")
    }

    static func imports() async throws {
        let scene = try await Scene()
        var news: [JSONValue] = []
        for number in 1...3 {
            var finding = try #require(scene.before.object)
            for name in ["ProductFields", "Workflow", "WorkflowState", "ProcessedAt", "Region"] { finding[name] = nil }
            finding["Id"] = .string("more-\(number)")
            if number == 3 { finding["Title"] = nil }
            news.append(.object(finding))
        }
        let input: JSONValue = ["Findings": .array(news)]
        let answer = try await scene.client.call("securityhub", "BatchImportFindings", input, in: region)
        #expect(answer["SuccessCount"] == 2 && answer["FailedFindings"]?[0]?["Id"] == "more-3")
        // Pages of one until there are no more.
        let all = try await scene.client.all(
            "securityhub",
            "GetFindings",
            ["MaxResults": 1],
            list: "Findings",
            in: region
        )
        #expect(Set(all.compactMap { $0["Id"]?.string }).count == 3)
        #expect(try await scene.peers.state().effects.map(\.changed) == [["more-1", "more-2"]])
    }

    static func refusesStrangers() async throws {
        let scene = try await Scene()
        let access = scene.peers.access
        let wrong = try access.with(secret: "not-the-secret").client()
        let fault = await #expect(throws: AWSFault.self) { _ = try await scene.find(wrong) }
        #expect(fault?.kind == .unauthenticated && fault?.status == 403, "\(String(describing: fault))")
        var stranger = access
        stranger.keyID = "AKIANOBODYKNOWSTHIS0"
        let client = try stranger.client()
        let unknown = await #expect(throws: AWSFault.self) { _ = try await scene.find(client) }
        #expect(unknown?.kind == .unauthenticated, "\(String(describing: unknown))")
        #expect(try await scene.peers.state().calls.contains { $0.outcome == "refused" && $0.status == 403 })
    }

    static func namesMissingRights() async throws {
        let scene = try await Scene()
        let limited = try await scene.peers.deny(["securityhub:BatchUpdateFindings"]).client()
        #expect(try await scene.find(limited).count == 1)
        let fault = await #expect(throws: AWSFault.self) {
            _ = try await scene.update(["Workflow": ["Status": "NOTIFIED"]], by: limited)
        }
        #expect(fault?.kind == .notPermitted && fault?.code == "AccessDeniedException")
        #expect(fault?.message.contains("securityhub:BatchUpdateFindings") == true)
        #expect(try await scene.peers.state().workflow == "NEW")
    }

    static func repeatsWhatFailed() async throws {
        let scene = try await Scene(attempts: 3)
        try await scene.peers.setFaults([
            "BatchUpdateFindings": ["fail": ["times": 2, "code": "ThrottlingException", "status": 429]]
        ])
        _ = try await scene.update(["Workflow": ["Status": "NOTIFIED"]])
        let state = try await scene.peers.state()
        #expect(state.workflow == "NOTIFIED" && state.effects.count == 1)
        #expect(state.calls.map(\.outcome) == ["fault", "fault", "done"])
    }

    static func doesNotGuessAboutLostAnswers() async throws {
        let scene = try await Scene(attempts: 3)
        try await scene.peers.setFaults(["BatchUpdateFindings": ["drop": 1]])
        let fault = await #expect(throws: AWSFault.self) {
            _ = try await scene.update(["Workflow": ["Status": "NOTIFIED"]])
        }
        #expect(fault?.kind == .answerLost)
        let state = try await scene.peers.state()
        // It had its effect once, and nobody sent it again.
        #expect(state.workflow == "NOTIFIED" && state.calls.map(\.outcome) == ["dropped"])
    }
}

/// The accounts of the stock playbooks.
enum StockWorld {
    static func account(_ playbook: String) throws -> JSONValue {
        try JSONReader.parse(Files.bytes(PackageFolder.path + "/playbooks/\(playbook)/world.aws.json"))
    }
}
