internal import Vocabulary

/// The finding's Id: the same for every repeat of an incident, another for another incident.
///
/// No time, no local port and no command line: they differ within one incident.
enum FindingIdentity {
    /// The Id of an alert's finding, whose context was not looked at yet.
    static func id(of alert: FalcoAlert, in context: FalcoContext) -> String {
        let connection = alert.source == "syscall" ? FalcoConnection(alert) : nil
        return id(of: alert, connection, FindingCommons(context), in: context)
    }

    /// The Id of an alert's finding; only system calls have a connection.
    static func id(
        of alert: FalcoAlert,
        _ connection: FalcoConnection?,
        _ common: FindingCommons,
        in context: FalcoContext
    ) -> String {
        var parts = [alert.source, alert.sentence ?? alert.rule, common.cluster ?? ""]
        if let fields = context.rules.identity[alert.rule] {
            parts += fields.map { alert.text($0) ?? "" }
        } else {
            parts += alert.source == "syscall" ? place(alert, connection, context) : event(alert)
        }
        var key: [UInt8] = []
        JSONWriter.append(.array(parts.map(JSONValue.string)), to: &key)
        return common.idPrefix + context.hex(key, digits: 40)
    }

    private static func place(
        _ alert: FalcoAlert,
        _ connection: FalcoConnection?,
        _ context: FalcoContext
    ) -> [String] {
        let host = alert.containerID == nil ? context.instance?.rawValue ?? alert.hostname ?? "" : ""
        return [
            alert.namespace ?? "", alert.podName ?? "", alert.containerID.map { String($0.prefix(12)) } ?? host,
            alert.processPath ?? alert.process ?? "", connection.map(remote) ?? "",
        ]
    }

    private static func remote(_ connection: FalcoConnection) -> String {
        String(joining: [connection.remote.address.description, "|", String(connection.remote.port)])
    }

    /// Of plugins: who did what to which thing.
    private static func event(_ alert: FalcoAlert) -> [String] {
        [
            alert.text([
                "ka.user.name", "ct.user.arn", "ct.user", "okta.actor.id", "okta.actor.name", "github.user",
                "gcp.user", "user.name",
            ]) ?? "",
            alert.text([
                "ka.verb", "ct.name", "okta.evt.type", "github.type", "github.action", "gcp.methodName",
                "evt.type",
            ]) ?? "",
            alert.namespace ?? "", alert.auditResource ?? "",
            alert.auditName
                ?? alert.text([
                    "ct.request.name", "s3.bucket", "ct.request.username", "ct.response.reservationid",
                    "okta.target.name", "okta.app", "github.repo.name", "github.repo", "gcp.resourceName",
                    "gcp.policyName", "ka.uri",
                ]) ?? "",
        ]
    }
}
