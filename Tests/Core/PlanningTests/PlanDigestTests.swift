import OpenSSLCrypto
import Planning
import Testing
import Vocabulary

@Suite("An approval is bound to effects, not to moments")
struct PlanDigestTests {
    private static func plan(
        id: String = "run-1",
        resourceVersion: String = "7",
        label: String = "quarantined"
    ) throws -> RunPlan {
        let uid = try #require(ObjectUID("020ce11b-de77-4eda-ba4f-e80ad650521a"))
        let subject = Subject(
            namespace: NamespaceName("payments"),
            pod: Subject.Pod(name: try #require(ObjectName("checkout-1")), uid: uid)
        )
        let change = Change.kubernetes(
            KubernetesChange(
                .patch,
                "/api/v1/namespaces/payments/pods/checkout-1",
                contentType: .jsonPatch,
                body: [
                    ["op": "test", "path": "/metadata/uid", "value": .string(uid.rawValue)],
                    ["op": "test", "path": "/metadata/resourceVersion", "value": .string(resourceVersion)],
                    ["op": "add", "path": "/metadata/labels/x", "value": .string(label)],
                ],
                preconditions: ["uid": uid.rawValue, "resourceVersion": resourceVersion]
            )
        )
        var plan = RunPlan(
            id: id,
            playbook: "p",
            playbookDigest: "a",
            findingDigest: "b",
            findingId: "f",
            mode: .plan,
            subject: subject
        )
        plan.steps = [
            StepPlan(state: "isolate", action: "isolate-pod", status: .planned, canonicalChanges: [change.canonical])
        ]
        return plan
    }

    private static func digest(_ plan: RunPlan) -> String {
        PlanDigest.digest(of: plan) { SHA256.hex(Array($0.utf8)) }
    }

    @Test("run ids, resourceVersions and statuses do not move the digest")
    func leavesOutMoments() throws {
        var later = try Self.plan(id: "run-2", resourceVersion: "9")
        later.status = "succeeded"
        #expect(Self.digest(try Self.plan()) == Self.digest(later))
        #expect(Self.digest(later).count == 71)
    }

    @Test("the query of a change is part of its effect")
    func coversQueries() {
        func canonical(_ force: String) -> JSONValue {
            let path = "/apis/networking.k8s.io/v1/namespaces/payments/networkpolicies/x"
            let query = ["force": force, "fieldManager": "firebreak"]
            return Change.kubernetes(
                KubernetesChange(.patch, path, query: query, contentType: .applyPatch, body: [:])
            ).canonical
        }
        #expect(canonical("true") != canonical("false") && canonical("true") == canonical("true"))
    }

    @Test("another effect, subject, playbook or finding is another digest")
    func coversEffects() throws {
        let digest = Self.digest(try Self.plan())
        #expect(Self.digest(try Self.plan(label: "other")) != digest)
        var other = try Self.plan()
        other.subject.pod?.uid = ObjectUID("1")
        #expect(Self.digest(other) != digest)
        other = try Self.plan()
        other.playbookDigest = "c"
        #expect(Self.digest(other) != digest)
        other = try Self.plan()
        other.parameters = ["collector": "203.0.113.66/32"]
        #expect(Self.digest(other) != digest)
        other = try Self.plan()
        other.verdicts = [Verdict("protected", .needsApproval, "pod payments/checkout-1 is protected")]
        #expect(Self.digest(other) != digest)
        other.verdicts = [Verdict("protected", .allow, "no protected object changes")]
        #expect(Self.digest(other) == digest)
        other = try Self.plan()
        other.findingDigest = "c"
        #expect(Self.digest(other) != digest)
    }
}
