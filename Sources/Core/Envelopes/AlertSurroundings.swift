package import Vocabulary

/// What the shipper knew and Falco did not: nil where nobody said.
package struct AlertSurroundings: Sendable, Hashable {
    /// The account in which the shipper ran: its own word, else that of the ECS task.
    package var account: AccountID?
    /// CloudWatch's owner of the log group.
    package var owner: AccountID?
    package var region: RegionName?
    package var instance: InstanceID?
    /// The name or ARN of the EKS cluster.
    package var cluster: String?
    package var logGroup: String?
    package var logStream: String?
    /// CloudWatch's id of the log event, the same for each redelivery.
    package var eventID: String?
    /// The shipper's host, not always the one that Falco names.
    package var hostname: String?
    package var ecs: ECSPlace?
    /// The id of the container that printed the line: Falco's own, never the attacked one.
    package var container: String?
    /// `stdout` or `stderr` of that container.
    package var stream: String?
    /// The log event's own time.
    package var receivedAt: Timestamp?

    package init() {}

    /// What parts of one line have in common.
    var partKey: PartKey {
        PartKey(
            logGroup: logGroup ?? "",
            logStream: logStream ?? "",
            host: instance?.rawValue ?? hostname ?? "",
            container: container ?? "",
            stream: stream ?? ""
        )
    }
}

/// Where FireLens ran: the task of the Falco container.
package struct ECSPlace: Sendable, Hashable {
    package var cluster: String?
    package var taskARN: String?
    package var taskDefinition: String?
    /// The name of the Falco container.
    package var containerName: String?

    package init() {}

    var isEmpty: Bool { self == ECSPlace() }
}

/// The stream of lines that a part belongs to.
struct PartKey: Hashable {
    var logGroup: String
    var logStream: String
    var host: String
    var container: String
    var stream: String
}
