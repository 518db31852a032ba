internal import AWSAPI
internal import Catalogue
internal import CurlHTTP
internal import HTTPExchange
internal import Host
internal import KubernetesAPI
internal import Playbooks
internal import Vocabulary

/// Looks at everything that a live run stands on, one thing after the other; a failure keeps none of the rest unseen.
struct Examination: Sendable {
    private let options: LiveOptions
    private let needed: PermissionSet
    /// Whether the playbooks rely on what the network plugin enforces.
    private let isolatesPods: Bool

    init(_ options: LiveOptions, actions: Set<String>) {
        self.options = options
        needed = PermissionSet(actions: actions)
        isolatesPods = actions.contains(IsolatePod.manifest.name)
    }

    func checks() async -> [HealthCheck] {
        var checks = [HealthCheck(name: "libraries", status: .ok, what: CurlTransport.version)]
        var account: LiveAccount?
        do {
            account = try await LiveAccount.open(region: options.region.flatMap { RegionName($0) })
            checks += [identity(account), await services(account)]
        } catch {
            let isUnreachable = [.notSent, .answerLost, .unavailable].contains((error as? AWSFault)?.kind)
            checks.append(.failed("account", error, isUnreachable ? .unreachable : .notPermitted))
        }
        do {
            guard let cluster = try await LiveCluster.open(options, account) else {
                return checks + [Self.noCluster]
            }
            checks += await look(at: cluster.client)
        } catch {
            checks.append(.failed("cluster", error, .failed))
        }
        return checks
    }

    private func identity(_ account: LiveAccount?) -> HealthCheck {
        guard let account else {
            return HealthCheck(
                name: "account",
                status: .warning,
                what: "no AWS credentials or no Region: findings cannot be updated and volumes not snapshotted",
                remedy: "set AWS credentials and AWS_REGION"
            )
        }
        return HealthCheck(name: "account", status: .ok, what: "\(account.client.account) in \(account.region)")
    }

    private func services(_ account: LiveAccount?) async -> HealthCheck {
        guard !needed.services.isEmpty else {
            return HealthCheck(name: PolicySimulation.name, status: .ok, what: "none are needed")
        }
        guard let account else {
            return HealthCheck(
                name: PolicySimulation.name,
                status: .warning,
                what: "needed and not checked: \(needed.services.joined(separator: ", "))",
                remedy: "set AWS credentials and AWS_REGION"
            )
        }
        return await PolicySimulation(account, actions: needed.services).check()
    }

    private static let noCluster = HealthCheck(
        name: "cluster",
        status: .warning,
        what: "nothing leads to a cluster",
        remedy: "set KUBECONFIG, or run inside of a cluster"
    )
}

// MARK: - The cluster

extension Examination {
    private func look(at cluster: KubernetesClient) async -> [HealthCheck] {
        let answer: KubernetesAnswer
        do throws(KubernetesFault) {
            answer = try await cluster.send("GET", "/version")
            guard answer.isSuccess else { throw KubernetesFault(answer, url: cluster.origin + "/version") }
        } catch {
            let failure: ExitStatus = error.transport == nil ? .notPermitted : .unreachable
            return [.failed("cluster", error, failure)]
        }
        let version = answer.body["gitVersion"]?.string ?? "without a version"
        let found = HealthCheck(name: "cluster", status: .ok, what: "\(cluster.origin), \(version)")
        let network = isolatesPods ? [await NetworkExamination(cluster).check()] : []
        return [found] + clock(answer) + [await rights(in: cluster)] + network
    }

    /// AWS refuses signatures that are five minutes off.
    private func clock(_ answer: KubernetesAnswer) -> [HealthCheck] {
        guard let there = answer.headers["date"].flatMap({ HTTPDate.moment($0) }) else { return [] }
        let seconds = Host.now().duration(since: there).components.seconds
        let isNear = abs(seconds) < 120
        return [
            HealthCheck(
                name: "clock",
                status: isNear ? .ok : .warning,
                what: isNear
                    ? "agrees with the cluster's"
                    : "is \(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") the cluster's",
                remedy: "set this machine's clock: AWS refuses signatures that are minutes off"
            )
        ]
    }

    private func rights(in cluster: KubernetesClient) async -> HealthCheck {
        var missing: [String] = []
        var wished: [String] = []
        for right in needed.rights {
            do throws(KubernetesFault) {
                guard try await !cluster.may(right) else { continue }
                let title = "\(right.verb) \(right.group.isEmpty ? "" : right.group + "/")\(right.resource)"
                if needed.optional.contains(right) { wished.append(title) } else { missing.append(title) }
            } catch {
                let failure: ExitStatus = error.transport == nil ? .notPermitted : .unreachable
                return .failed("cluster-permissions", error, failure)
            }
        }
        guard missing.isEmpty else {
            return HealthCheck(
                name: "cluster-permissions",
                status: .failed,
                what: "missing: \(missing.joined(separator: ", "))",
                remedy: "grant them; firebreak permissions prints the ClusterRole",
                failure: .notPermitted
            )
        }
        guard wished.isEmpty else {
            return HealthCheck(
                name: "cluster-permissions",
                status: .warning,
                what: "all that is needed is granted; missing for records alone: \(wished.joined(separator: ", "))",
                remedy: "grant them; firebreak permissions prints the ClusterRole"
            )
        }
        return HealthCheck(
            name: "cluster-permissions",
            status: .ok,
            what: "all \(needed.rights.count) rights are granted"
        )
    }
}
