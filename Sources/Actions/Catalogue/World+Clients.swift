import AWSAPI
import KubernetesAPI
import Vocabulary

extension World {
    func requiredKubernetes() throws(ActionFault) -> KubernetesClient {
        guard let kubernetes else { throw .noCluster() }
        return kubernetes
    }

    func requiredAWS() throws(ActionFault) -> AWSClient {
        guard let aws else { throw .noAccount() }
        return aws
    }
}

extension KubernetesClient {
    func object(_ path: KubernetesPath) async throws(ActionFault) -> JSONValue {
        do throws(KubernetesFault) { return try await get(path) } catch { throw ActionFault(kubernetes: error) }
    }

    func objects(
        _ path: KubernetesPath,
        fieldSelector: String? = nil
    ) async throws(ActionFault) -> [JSONValue] {
        do throws(KubernetesFault) {
            return try await list(path, fieldSelector: fieldSelector)
        } catch {
            throw ActionFault(kubernetes: error)
        }
    }
}

extension AWSClient {
    func elements(
        _ service: String,
        _ operation: String,
        _ input: JSONObject,
        list: String,
        in region: RegionName
    ) async throws(ActionFault) -> [JSONValue] {
        do throws(AWSFault) {
            return try await all(service, operation, input, list: list, in: region)
        } catch {
            throw ActionFault(aws: error)
        }
    }
}

extension ActionRequest {
    /// The node to act on: the parameter, else the subject's.
    func nodeName() throws(ActionFault) -> ObjectName {
        if let named = parameters["node"]?.nonBlank {
            guard let name = ObjectName(named) else {
                throw .badParameter(
                    "node",
                    "“\(named.prefix(100))” is no node's name",
                    remedy: "write metadata.name of the node"
                )
            }
            return name
        }
        guard let node = subject.node else { throw .noNode() }
        return node.name
    }

    /// The instance that the finding names for that node; nil when it names none or another node is meant.
    func expectedInstance(of node: ObjectName) -> InstanceID? {
        subject.node?.name == node ? subject.node?.instanceId : nil
    }
}
