import Findings
import Planning
import Testing
import Vocabulary

@Suite("A finding only claims; the live objects tell who the subject is")
struct SubjectIdentityTests {
    private static let place = SubjectFacts.Place(
        clusterName: "prod",
        account: AccountID("444455556666"),
        region: RegionName("eu-central-1")
    )

    private static func node(_ instance: String?) -> JSONValue {
        [
            "metadata": ["name": "node-1"],
            "spec": instance.map { ["providerID": .string("aws:///eu-central-1a/\($0)")] } ?? [:],
        ]
    }

    private static func claim(_ change: (inout SubjectClaim) -> Void) -> SubjectClaim {
        var claim = SubjectClaim()
        claim.cluster = SubjectClaim.Cluster(name: "prod")
        claim.nodeName = ObjectName("node-1")
        change(&claim)
        return claim
    }

    private static func worst(_ identity: SubjectIdentity) -> Verdict.Kind? { identity.verdicts.map(\.verdict).max() }

    @Test("a node that a finding knows by its instance is that node; by its name alone somebody has to look")
    func nodes() {
        let facts = SubjectFacts(place: Self.place, node: Self.node("i-0abc0abc0abc0abc0"))
        let byInstance = Self.claim { $0.instanceID = InstanceID("i-0abc0abc0abc0abc0") }
        let byName = Self.claim { _ in }
        #expect(Self.worst(.resolve(byInstance, facts)) == .allow)
        #expect(Self.worst(.resolve(byName, facts)) == .needsApproval)
        #expect(Self.worst(.resolve(byName, facts, isNamedByPerson: true)) == .allow)
    }

    @Test("an instance that disagrees refuses, one that cannot be read asks")
    func instances() {
        let claim = Self.claim { $0.instanceID = InstanceID("i-0abc0abc0abc0abc0") }
        let other = SubjectFacts(place: Self.place, node: Self.node("i-0def0def0def0def0"))
        let silent = SubjectFacts(place: Self.place, node: Self.node(nil))
        #expect(Self.worst(.resolve(claim, other)) == .refuse)
        #expect(Self.worst(.resolve(claim, silent)) == .needsApproval)
    }

    @Test("a world that does not say which cluster it is needs a yes, another cluster is refused")
    func worlds() {
        let claim = Self.claim { $0.instanceID = InstanceID("i-0abc0abc0abc0abc0") }
        var facts = SubjectFacts(place: Self.place, node: Self.node("i-0abc0abc0abc0abc0"))
        facts.place.clusterName = nil
        #expect(Self.worst(.resolve(claim, facts)) == .needsApproval)
        facts.place.clusterName = "staging"
        #expect(Self.worst(.resolve(claim, facts)) == .refuse)
    }
}
