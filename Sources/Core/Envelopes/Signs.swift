internal import Vocabulary

/// What tells Falco's JSON from other programs'.
enum FalcoSigns {
    static func isAlert(_ members: JSONObject) -> Bool {
        members["rule"]?.string != nil && members["priority"]?.string != nil
    }

    /// Whether an object wants to be an alert and lacks what one needs.
    static func isDamaged(_ members: JSONObject) -> Bool {
        if members["rule"] != nil || members["priority"] != nil || members["output_fields"] != nil { return true }
        return members["Rule"] != nil && members["output"] != nil
    }

    /// Falco's own members of a record into which a shipper merged them; the stream is not Falco's source.
    static func own(_ members: JSONObject) -> JSONValue {
        var own = JSONObject()
        for name in names { own[name] = members[name] }
        if let source = own["source"]?.string, source == "stdout" || source == "stderr" { own["source"] = nil }
        return .object(own)
    }

    private static let names = [
        "uuid", "hostname", "output", "message", "priority", "rule", "source", "tags", "time", "output_fields",
    ]
}

/// What tells a shipper's record from an alert.
enum ShipperSigns {
    static func isRecord(_ members: JSONObject) -> Bool {
        members.contains("log") || members.contains("log_processed") || members.contains("kubernetes")
            || members.contains("stream") || members.contains("ec2_instance_id") || members.contains("account_id")
            || members.contains("ecs_cluster") || members.contains("logtag") || members.contains("_p")
    }

    /// The object that holds the alert: parsed by Fluent Bit, or the data of a CloudEvent.
    static func inner(_ members: JSONObject) -> JSONValue? {
        for name in ["log", "log_processed"] {
            if let inner = members[name], let object = inner.object, FalcoSigns.isDamaged(object) { return inner }
        }
        if members["specversion"] != nil, let data = members["data"], data.object != nil { return data }
        return nil
    }

    /// The original of a reject that an earlier conversion wrote; nil for everything else.
    static func reject(_ members: JSONObject) -> [UInt8]? {
        guard members["code"]?.string != nil, members["reason"]?.string != nil, members["offset"]?.integer != nil,
            let original = members["original"]?.string
        else { return nil }
        return members["base64"]?.string.flatMap { Base64.decode($0) } ?? Array(original.utf8)
    }

    /// A custom field of falcosidekick, or a static field of Falco.
    static func cluster(_ fields: JSONObject) -> String? {
        for name in ["cluster", "cluster_name", "cluster.name", "k8s.cluster.name"] {
            if let text = fields[name]?.string, ClusterName.isValid(text) { return text }
        }
        return nil
    }
}

/// What tells parts of lines.
enum PartSigns {
    /// Runtimes cut at 16,384 bytes; a shipper may have replaced some at the cut.
    static let runtimeLimit = 16_000

    /// Docker's fluentd driver: all values are strings.
    static func numbered(_ members: JSONObject) -> AlertPart.Order? {
        guard isTrue(members["partial_message"]), let id = members["partial_id"]?.string,
            let ordinal = number(members["partial_ordinal"]), (1...4_096).contains(ordinal)
        else { return nil }
        return .numbered(id: id, ordinal: ordinal, isLast: isTrue(members["partial_last"]))
    }

    /// A line of Docker's json-file log has nothing else in it.
    static func isDocker(_ members: JSONObject) -> Bool {
        members.contains("stream") && members.contains("time")
            && members.allSatisfy { ["log", "stream", "time", "attrs"].contains($0.key) }
    }

    private static func isTrue(_ value: JSONValue?) -> Bool { value?.bool ?? (value?.string == "true") }

    private static func number(_ value: JSONValue?) -> Int? {
        value?.integer.map { Int($0) } ?? value?.string.flatMap { Int($0) }
    }
}

extension AlertSurroundings {
    /// Takes what a shipper's record says.
    mutating func take(_ members: JSONObject) {
        account = members["account_id"]?.string.flatMap(AccountID.init(rawValue:)) ?? account
        instance = members["ec2_instance_id"]?.string.flatMap(InstanceID.init(rawValue:)) ?? instance
        hostname = members["hostname"]?.nonBlank ?? members["kubernetes"]?["host"]?.nonBlank ?? hostname
        container = members["container_id"]?.nonBlank ?? members["kubernetes"]?["docker_id"]?.nonBlank ?? container
        stream = members["stream"]?.nonBlank ?? members["source"]?.nonBlank ?? stream
        if let name = ["cluster", "cluster_name"].lazy.compactMap({ members[$0]?.string }).first,
            ClusterName.isValid(name)
        {
            cluster = name
        }
        if let time = members["time"]?.string, receivedAt == nil { receivedAt = Timestamp(time) }
        takeECS(members)
        if let zone = members["az"]?.string, region == nil, let last = zone.utf8.last, (0x61...0x7a).contains(last) {
            region = RegionName(String(zone.dropLast()))
        }
        if let name = members["region"]?.string ?? members["aws_region"]?.string { region = RegionName(name) ?? region }
    }

    private mutating func takeECS(_ members: JSONObject) {
        var place = ECSPlace()
        place.cluster = members["ecs_cluster"]?.nonBlank
        place.taskDefinition = members["ecs_task_definition"]?.nonBlank
        if let text = members["ecs_task_arn"]?.string, let arn = ARN(text), arn.service == "ecs" {
            place.taskARN = text
            account = account ?? AccountID(arn.account)
            region = region ?? RegionName(arn.region)
        }
        guard !place.isEmpty else { return }
        place.containerName = members["container_name"]?.nonBlank
        ecs = place
    }
}
