internal import AWSAPI
package import Catalogue
package import Findings
internal import KubernetesAPI
package import Planning
internal import Vocabulary

/// Reads what the world says about a claimed subject.
package struct SubjectReader: Sendable {
    private let world: World
    private let place: SubjectFacts.Place

    package init(world: World, place: SubjectFacts.Place) {
        self.world = world
        self.place = place
    }

    package func read(_ claim: SubjectClaim) async throws(ActionFault) -> SubjectFacts {
        var facts = SubjectFacts(place: place)
        guard let cluster = world.kubernetes else { return facts }
        do {
            if let name = claim.podName, let namespace = claim.namespace {
                facts.pod = try await Self.optional(cluster, .object(.pods, in: namespace, name))
            }
            let live = facts.pod?["spec"]?["nodeName"]?.string.flatMap { ObjectName($0) }
            if let name = live ?? (claim.podName == nil ? claim.nodeName : nil) {
                facts.node = try await Self.optional(cluster, .object(.nodes, name))
            } else if claim.podName == nil, let instance = claim.instanceID {
                facts.node = try await cluster.list(.collection(.nodes)).first {
                    SubjectIdentity.instance(of: $0) == instance
                }
            }
        } catch {
            throw ActionFault(kubernetes: error)
        }
        return facts
    }

    private static func optional(
        _ cluster: KubernetesClient,
        _ path: KubernetesPath
    ) async throws(KubernetesFault) -> JSONValue? {
        do {
            return try await cluster.get(path)
        } catch  where error.answer == .notFound {
            return nil
        }
    }
}
