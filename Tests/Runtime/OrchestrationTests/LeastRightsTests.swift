import Catalogue
import HTTPExchange
import Orchestration
import Planning
import Playbooks
import Rehearsal
import Runs
import Testing
import Vocabulary

/// A transport that signs its requests to the cluster as one user.
struct SignedTransport: HTTPTransport {
    let world: RehearsalWorld
    let token: String

    func send(_ request: HTTPRequest) async throws(HTTPFault) -> HTTPResponse {
        var request = request
        if request.origin == RehearsalCluster.origin {
            request.headers.append(HTTPHeader("Authorization", "Bearer \(token)"))
        }
        return try await world.send(request)
    }
}

@Suite("The rights that manifests name are enough, and no write goes without its own")
struct LeastRightsTests {
    /// `verb group/resource` of the stock playbook's actions, and what resolving a subject reads.
    private static func rules(without left: String? = nil) -> [RehearsalAuthorizer.Rule] {
        let names = ["isolate-pod", "snapshot-volumes", "cordon-node", "update-finding"]
        let manifests = Catalogue.manifests.filter { names.contains($0.name) }
        let named = manifests.flatMap { $0.permissions + $0.optionalPermissions }
        let all = Set(named + ["get pods", "get nodes", "list nodes"])
        return all.filter { $0 != left && !$0.contains(":") }.compactMap { permission in
            let words = permission.split(separator: " ").map(String.init)
            let parts = words[1].split(separator: "/").map(String.init)
            return RehearsalAuthorizer.Rule(
                verbs: [words[0]],
                groups: [parts.count == 2 ? parts[0] : ""],
                resources: [parts[parts.count - 1]]
            )
        }
    }

    private func run(_ rules: [RehearsalAuthorizer.Rule]) async throws -> RunDriver {
        let incident = try Incident()
        let reviewed = try await incident.plan()
        let user = RehearsalAuthorizer.User("firebreak", grant: .only(rules))
        await incident.world.change { $0.authorizer = RehearsalAuthorizer(users: ["secret": user]) }
        var driver = try incident.driver(reviewed, through: SignedTransport(world: incident.world, token: "secret"))
        await driver.run(seed: 1)
        return driver
    }

    @Test("with exactly those rights the stock playbook contains")
    func isEnough() async throws {
        let driver = try await run(Self.rules())
        #expect(driver.status == .succeeded, "\(driver.plan.steps.map(\.note))")
        #expect(driver.plan.containment?.verdict == .contained, "\(driver.plan.steps.map(\.note))")
    }

    @Test("without the right to record Events it contains all the same, and each step says what it left out")
    func needsNoEvents() async throws {
        let driver = try await run(Self.rules(without: "create events"))
        #expect(driver.status == .succeeded && driver.plan.containment?.verdict == .contained)
        for step in driver.plan.steps where ["isolate-pod", "cordon-node"].contains(step.action) {
            #expect(step.status == .verified && step.note.contains("could not record an Event"), "\(step.note)")
            #expect(step.note.contains("NotPermitted"))
            #expect(!step.plan.changes.contains { $0.semantics == .bestEffort })
        }
    }

    @Test(
        "without the right of one write the run does not claim to have contained",
        arguments: ["create networking.k8s.io/networkpolicies", "patch pods"]
    )
    func failsWithout(_ right: String) async throws {
        let driver = try await run(Self.rules(without: right))
        #expect(driver.plan.containment?.verdict != .contained)
        #expect(
            driver.plan.steps.contains { $0.note.contains("NotPermitted") || $0.note.contains("forbid") },
            "\(driver.plan.steps.map(\.note))"
        )
    }
}
