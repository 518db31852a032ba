import Orchestration
import Planning
import Runs
import Testing
import Vocabulary

@Suite("What was approved is what is sent")
struct ApprovedPlanTests {
    /// `states`: the YAML of a playbook's states, indented by two.
    private static func playbook(_ states: String, more: String = "") -> String {
        "playbook: p\n\(more)states:\n" + states.split(separator: "\n").map { "  \($0)\n" }.joined()
    }

    private static let allowList = """
        first: { action: snapshot-volumes, timeout: 1m, catch: [{ errors: [any], next: tight }] }
        pick: { choice: [{ when: size(states.first.snapshots) > 100, next: tight }], otherwise: loose }
        tight: { set: { cidr: 10.0.100.10/32 }, next: isolate }
        loose: { set: { cidr: 10.0.0.0/8 } }
        isolate: { action: isolate-pod, with: { allow: [{ cidr: "${{ vars.cidr }}" }] }, end: true }
        """

    @Test("a value that two ways set differently is open, not the one that was looked at first")
    func leavesOpenWhatDiffers() async throws {
        let plan = try await Incident(playbook: Self.playbook(Self.allowList)).plan().plan
        let step = try #require(plan.steps.first { $0.state == "isolate" })
        #expect(step.plan.changes.isEmpty && step.note.contains("‹after tight, loose›"))
    }

    @Test("a value that every open way sets alike is known")
    func knowsWhatAgrees() async throws {
        let states = Self.allowList.replacing("10.0.0.0/8", with: "10.0.100.10/32")
        let plan = try await Incident(playbook: Self.playbook(states)).plan().plan
        #expect(plan.steps.first { $0.state == "isolate" }?.plan.changes.isEmpty == false)
    }

    @Test("a step whose parameter comes with another state runs, and is judged when it is known")
    func runsWithLateParameter() async throws {
        let states = """
            snap: { action: snapshot-volumes, timeout: 1m, catch: [{ errors: [any], next: cordon }] }
            cordon: { action: cordon-node, with: { node: "${{ states.snap.node }}" }, end: true }
            """
        let incident = try Incident(playbook: Self.playbook(states))
        var driver = try incident.driver(try await incident.plan())
        await driver.run(seed: 1)
        #expect(driver.status == .succeeded, "\(driver.plan.steps.map(\.note))")
        let held = try Incident(playbook: Self.playbook(states))
        let reviewed = try await held.plan()
        // Somebody protects the node between the review and the run: the yes was not for that.
        var protected = reviewed
        protected.plan.verdicts.removeAll { $0.guardrail == "protected" }
        let rules = "guardrails: { protect: [{ nodes: [\"ip-*\"] }] }\n"
        let later = try Incident(playbook: Self.playbook(states, more: rules))
        var asking = try later.driver(protected)
        await asking.run(seed: 1)
        #expect(asking.status == .pendingApproval)
        #expect(await later.objects("Node").allSatisfy { $0["spec"]?["unschedulable"] != true })
        await asking.approve(by: "the test")
        #expect(asking.status == .succeeded, "\(asking.plan.steps.map(\.note))")
        #expect(await later.objects("Node").contains { $0["spec"]?["unschedulable"] == true })
    }

    @Test("what a run did in an earlier visit stays on record beside the later one")
    func keepsEarlierVisits() async throws {
        let states = """
            begin: { set: { workflow: NOTIFIED } }
            tell: { action: update-finding, with: { workflow: "${{ vars.workflow }}", note: n } }
            again: { choice: [{ when: vars.workflow == "NOTIFIED", next: pause }], otherwise: done }
            pause: { wait: 1s }
            flip: { set: { workflow: RESOLVED }, next: tell }
            done: { succeed: true }
            """
        let incident = try Incident(playbook: Self.playbook(states))
        var driver = try incident.driver(try await incident.plan())
        await driver.run(seed: 1)
        let step = try #require(driver.plan.steps.first { $0.state == "tell" })
        #expect(driver.status == .succeeded && step.status == .verified, "\(step.note)")
        #expect(step.plan.changes.count == 2)
    }

    @Test("where the error of a `when` is caught, the plan goes on as the run will")
    func followsTheCatchOfACondition() async throws {
        let states = """
            tell:
              action: update-finding
              when: finding.NoSuchMember == "x"
              with: { workflow: NOTIFIED }
              timeout: 1m
              catch: [{ errors: [any], next: isolate }]
            isolate: { action: isolate-pod, end: true }
            """
        let incident = try Incident(playbook: Self.playbook(states))
        let reviewed = try await incident.plan()
        #expect(reviewed.plan.steps.map(\.state) == ["tell", "isolate"] && reviewed.plan.error == nil)
        var driver = try incident.driver(reviewed)
        await driver.run(seed: 1)
        #expect(driver.status == .succeeded && driver.plan.containment?.verdict == .contained)
    }

    @Test("the run's id and start may pass through variables without moving the digest's effects")
    func leavesOutTheRunsNames() async throws {
        let states = """
            name: { set: { title: "run ${{ run.id }} at ${{ run.startedAt }}" } }
            tell: { action: update-finding, with: { workflow: NOTIFIED, note: "${{ vars.title }}" }, end: true }
            """
        var seen: Set<[JSONValue]> = []
        for id in ["run-00000000000000a1", "run-00000000000000b2"] {
            let incident = try Incident(playbook: Self.playbook(states), id: id)
            await incident.clock.pass(.seconds(1))
            let reviewed = try await incident.plan()
            seen.insert(try #require(reviewed.plan.steps.first).canonicalChanges)
            var driver = try incident.driver(reviewed)
            await driver.run(seed: 1)
            #expect(driver.status == .succeeded, "\(driver.plan.steps.map(\.note))")
        }
        #expect(seen.count == 1)
    }

    @Test("after a catch nobody knows the run's error before it has run")
    func leavesTheErrorOpen() async throws {
        let states = """
            isolate: { action: isolate-pod, catch: [{ errors: [any], next: check }] }
            check: { choice: [{ when: run.error == null, next: tell }], otherwise: cordon }
            cordon: { action: cordon-node, catch: [{ errors: [any], next: tell }] }
            tell: { action: update-finding, with: { workflow: NOTIFIED }, end: true }
            """
        let plan = try await Incident(playbook: Self.playbook(states)).plan().plan
        #expect(plan.steps.map(\.state) == ["isolate", "cordon", "tell"])
        #expect(plan.steps.map(\.isConditional) == [false, true, true])
    }

    @Test("what cannot be planned under finally is told with its step and holds nothing up")
    func bearsAnUnplannableFinally() async throws {
        let more = """
            finally:
              - { action: update-finding, with: { workflow: NOTIFIED, note: "${{ finding.Nope }}" } }

            """
        let states = "isolate: { action: isolate-pod, end: true }"
        let plan = try await Incident(playbook: Self.playbook(states, more: more)).plan().plan
        #expect(plan.status == "planned" && plan.error == nil)
        #expect(plan.steps.last?.status == .failed && plan.steps.last?.note.contains("Nope") == true)
    }

    @Test("a choice that certainly has no way out fails the plan before anything is written")
    func seesThatNoBranchHolds() async throws {
        let states = """
            pick: { choice: [{ when: finding.Severity.Label == "NOPE", next: isolate }] }
            isolate: { action: isolate-pod, end: true }
            """
        let plan = try await Incident(playbook: Self.playbook(states)).plan().plan
        #expect(plan.status == "failed" && plan.errorName == "NoChoiceMatched" && plan.steps.isEmpty)
    }

    @Test("an expected containment is shown only while nothing ran")
    func claimsNoContainmentThatWaits() async throws {
        var plan = try await Incident().plan().plan
        #expect(plan.json(digest: "")["containment"]?["verdict"] == "contained")
        plan.status = "pendingApproval"
        #expect(plan.json(digest: "")["containment"] == .null)
    }

    @Test("a containment that steps in for one that failed is planned in full, and needs no yes of its own")
    func coversTheFallback() async throws {
        let states = """
            snap: { action: snapshot-volumes, timeout: 1m, catch: [{ errors: [any], next: first }] }
            first: { action: isolate-pod, expires: "${{ states.snap.node }}", catch: [{ errors: [any], next: again }], end: true }
            again: { action: isolate-pod, end: true }
            """
        let incident = try Incident(playbook: Self.playbook(states))
        let reviewed = try await incident.plan()
        #expect(reviewed.plan.steps.map(\.plan.changes.count) == [1, 4, 4])
        var driver = try incident.driver(reviewed)
        await driver.run(seed: 1)
        #expect(driver.status == .succeeded && driver.plan.containment?.verdict == .contained)
        #expect(driver.plan.steps.map(\.status) == [.verified, .failed, .verified])
    }

    @Test(
        "a containment that was entered and proved nothing is unknown, whatever catches its error",
        arguments: ["when: 'states.snap.snapshots[99] == 1'", "expires: \"${{ states.snap.node }}\""]
    )
    func doubtsWhatProvedNothing(_ trouble: String) async throws {
        let states = """
            snap: { action: snapshot-volumes, timeout: 1m, catch: [{ errors: [any], next: isolate }] }
            isolate: { action: isolate-pod, \(trouble), catch: [{ errors: [any], next: done }] }
            done: { succeed: true }
            """
        let incident = try Incident(playbook: Self.playbook(states))
        var driver = try incident.driver(try await incident.plan())
        await driver.run(seed: 1)
        #expect(driver.status == .succeeded && driver.plan.containment?.verdict == .unknown)
        #expect(driver.plan.steps.first { $0.state == "isolate" }?.status == .failed)
    }

    @Test("what is shown later of the same pod stands, so that a second try can mend the first")
    func laterLooksStand() async throws {
        let states = """
            snap: { action: snapshot-volumes, timeout: 1m, catch: [{ errors: [any], next: first }] }
            first: { action: isolate-pod, expires: "${{ states.snap.node }}", catch: [{ errors: [any], next: again }], end: true }
            again: { action: isolate-pod }
            tell: { action: update-finding, with: { note: "${{ run.containment }}" }, end: true }
            """
        let incident = try Incident(playbook: Self.playbook(states))
        var driver = try incident.driver(try await incident.plan())
        await driver.run(seed: 1)
        let note = driver.plan.steps.last?.plan.changes.first?.change.json["aws"]?["input"]?["Note"]?["Text"]
        #expect(driver.plan.containment?.verdict == .contained && note == "contained")
    }

    @Test("under finally a value that an early end lacks is open")
    func leavesOpenWhatAnEarlyEndLacks() async throws {
        let more = """
            finally:
              - { action: update-finding, with: { note: "${{ has(vars.done) ? 'isolated' : 'NOT isolated' }}" } }

            """
        let states = """
            isolate: { action: isolate-pod }
            mark: { set: { done: yes }, end: true }
            """
        let plan = try await Incident(playbook: Self.playbook(states, more: more)).plan().plan
        let note = plan.steps.last?.plan.changes.first?.change.json["aws"]?["input"]?["Note"]?["Text"]
        #expect(note == "‹after mark›")
    }

    @Test("how long something is held is part of what is approved")
    func coversExpiries() async throws {
        func changes(_ expires: String) async throws -> [JSONValue] {
            let states = "isolate: { action: isolate-pod, expires: \(expires), onExpiry: release, end: true }"
            return try await Incident(playbook: Self.playbook(states)).plan().plan.steps[0].canonicalChanges
        }
        let day = try await changes("24h")
        #expect(try await day == changes("24h"))
        #expect(try await day != changes("1m"))
    }
}
