package import Envelopes
package import Findings
internal import OpenSSLCrypto
package import Vocabulary

/// To whom an alert belongs: what was said for all of them, else what its envelope says.
package struct AlertAddressing: Sendable {
    /// They win over whatever an envelope says.
    package var account: AccountID?
    package var region: RegionName?
    package var cluster: String?
    /// They count where neither anybody nor the envelope says anything.
    package var fallbackAccount: AccountID?
    package var fallbackRegion: RegionName?
    package var fallbackCluster: String?
    package var rules: FalcoRules
    /// Stands in for the time of an alert that has none and came without an envelope.
    package var receivedAt: Timestamp

    package init(
        account: AccountID? = nil,
        region: RegionName? = nil,
        cluster: String? = nil,
        rules: FalcoRules = .standard,
        receivedAt: Timestamp
    ) {
        self.account = account
        self.region = region
        self.cluster = cluster
        self.rules = rules
        self.receivedAt = receivedAt
    }

    /// What the mapping must be told of an alert.
    ///
    /// - Throws: `noAccount` or `noRegion` when nobody says it.
    package func context(
        for alert: FalcoAlert,
        in around: AlertSurroundings
    ) throws(EnvelopeFault) -> FalcoContext {
        guard let account = account ?? said(around) else { throw .noAccount }
        guard let region = region ?? around.region ?? fallbackRegion else { throw .noRegion }
        var context = FalcoContext(
            account: account,
            region: region,
            cluster: cluster ?? self.cluster(of: alert, around),
            instance: around.instance,
            receivedAt: around.receivedAt ?? receivedAt,
            rules: rules,
            sha256: SHA256.digest
        )
        context.instanceAccount = around.account
        if let ecs = around.ecs { add(ecs, to: &context, around) }
        return context
    }

    /// The rules know a log group better than the records in it do.
    private func said(_ around: AlertSurroundings) -> AccountID? {
        around.logGroup.flatMap { rules.accountByLogGroup[$0] } ?? around.account ?? around.owner ?? fallbackAccount
    }

    private func cluster(of alert: FalcoAlert, _ around: AlertSurroundings) -> String? {
        if let text = alert.text(rules.clusterField), ClusterName.isValid(text) { return text }
        return around.logGroup.flatMap { rules.clusterByLogGroup[$0] } ?? around.cluster ?? fallbackCluster
    }

    /// On Fargate Falco sees nothing but its own task; on an instance it may watch all of them.
    private func add(_ ecs: ECSPlace, to context: inout FalcoContext, _ around: AlertSurroundings) {
        let task = ecs.taskARN.flatMap { ARN($0) }
        if around.instance == nil { context.ecsTask = task }
        guard let name = ecs.cluster else { return }
        context.ecsCluster =
            ARN(name)
            ?? task.map {
                ARN(
                    partition: $0.partition,
                    service: "ecs",
                    region: $0.region,
                    account: $0.account,
                    resource: "cluster/\(name)"
                )
            }
    }

    /// Whether the envelope names another account, Region or cluster than the one that was said.
    package func isContradicted(by around: AlertSurroundings) -> Bool {
        func differs<Value: Equatable>(_ said: Value?, _ known: Value?) -> Bool {
            if let said, let known { said != known } else { false }
        }
        let known = around.cluster.map { ARN($0)?.name ?? $0 }
        return differs(account, around.account ?? around.owner) || differs(region, around.region)
            || differs(cluster.map { ARN($0)?.name ?? $0 }, known)
    }
}
