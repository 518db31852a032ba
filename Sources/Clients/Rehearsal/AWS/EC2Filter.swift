import Vocabulary

/// The `Filters` of a Describe call: all filters must hold, any value of one is enough; `*` and `?` are wildcards.
struct EC2Filter {
    /// Filter names with the place of their values in the described thing.
    typealias Table = [String: [String]]

    static let instances: Table = [
        "instance-id": ["InstanceId"], "instance-state-name": ["State", "Name"], "instance-type": ["InstanceType"],
        "private-dns-name": ["PrivateDnsName"], "private-ip-address": ["PrivateIpAddress"], "vpc-id": ["VpcId"],
        "subnet-id": ["SubnetId"], "availability-zone": ["Placement", "AvailabilityZone"],
        "instance-lifecycle": ["InstanceLifecycle"], "root-device-type": ["RootDeviceType"],
        "block-device-mapping.volume-id": ["BlockDeviceMappings", "Ebs", "VolumeId"],
        "instance.group-id": ["SecurityGroups", "GroupId"],
    ]
    static let volumes: Table = [
        "volume-id": ["VolumeId"], "status": ["State"], "volume-type": ["VolumeType"],
        "availability-zone": ["AvailabilityZone"], "encrypted": ["Encrypted"], "size": ["Size"],
        "attachment.instance-id": ["Attachments", "InstanceId"], "attachment.device": ["Attachments", "Device"],
        "attachment.status": ["Attachments", "State"],
        "attachment.delete-on-termination": ["Attachments", "DeleteOnTermination"],
    ]
    static let snapshots: Table = [
        "snapshot-id": ["SnapshotId"], "volume-id": ["VolumeId"], "status": ["State"], "owner-id": ["OwnerId"],
        "description": ["Description"], "encrypted": ["Encrypted"], "volume-size": ["VolumeSize"],
        "progress": ["Progress"], "start-time": ["StartTime"],
    ]

    private var conditions: [(name: String, path: [String], patterns: [String])] = []

    init(_ input: JSONValue, known: Table) throws(RehearsalRefusal) {
        for filter in input["Filters"]?.array ?? [] {
            let name = filter["Name"]?.string ?? ""
            let patterns = filter["Values"]?.array?.compactMap(\.string) ?? []
            guard let path = name == "tag-key" || name.hasPrefix("tag:") ? [] : known[name] else {
                throw RehearsalRefusal("InvalidParameterValue", "The filter '\(name.prefix(100))' is invalid")
            }
            guard !patterns.isEmpty, patterns.count <= 200 else {
                throw RehearsalRefusal("InvalidParameterValue", "The filter '\(name)' needs 1 to 200 values")
            }
            conditions.append((name, path, patterns))
        }
    }

    func selects(_ thing: JSONValue) -> Bool {
        conditions.allSatisfy { condition in
            let values = Self.values(condition.name, condition.path, thing)
            return values.contains { value in condition.patterns.contains { Self.matches(value, $0) } }
        }
    }

    private static func values(_ name: String, _ path: [String], _ thing: JSONValue) -> [String] {
        let tags = thing["Tags"]?.array ?? []
        if name == "tag-key" { return tags.compactMap { $0["Key"]?.string } }
        guard name.hasPrefix("tag:") else { return JSONValues.texts(thing, path) }
        let key = String(name.dropFirst(4))
        return tags.filter { $0["Key"]?.string?.isIdentical(to: key) == true }.compactMap { $0["Value"]?.string }
    }

    /// At most the product of both lengths: the last star is the only place to go back to.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        let text = Array(text.unicodeScalars)
        let pattern = PatternPart.parts(pattern)
        var (place, part) = (0, 0)
        var (starPart, starPlace) = (-1, 0)
        while place < text.count {
            if part < pattern.count, pattern[part] == .one || pattern[part] == .exactly(text[place]) {
                place += 1
                part += 1
            } else if part < pattern.count, pattern[part] == .any {
                (starPart, starPlace) = (part, place)
                part += 1
            } else if starPart >= 0 {
                starPlace += 1
                (part, place) = (starPart + 1, starPlace)
            } else {
                return false
            }
        }
        return pattern[part...].allSatisfy { $0 == .any }
    }

    private enum PatternPart: Equatable {
        case exactly(Unicode.Scalar)
        case one, any

        static func parts(_ pattern: String) -> [PatternPart] {
            var parts: [PatternPart] = []
            var isEscaped = false
            for scalar in pattern.unicodeScalars {
                switch scalar {
                case "\\" where !isEscaped: isEscaped = true
                case "*" where !isEscaped: parts.append(.any)
                case "?" where !isEscaped: parts.append(.one)
                default:
                    parts.append(.exactly(scalar))
                    isEscaped = false
                }
            }
            return parts
        }
    }
}

/// Values at a path of a document, with the lists on the way walked.
enum JSONValues {
    static func at(_ document: JSONValue, _ path: [String]) -> [JSONValue] {
        var nodes = spread(document)
        for key in path {
            var next: [JSONValue] = []
            for node in nodes { if let value = node[key] { next += spread(value) } }
            nodes = next
        }
        return nodes
    }

    static func texts(_ document: JSONValue, _ path: [String]) -> [String] { at(document, path).map(text) }

    private static func spread(_ value: JSONValue) -> [JSONValue] { value.array ?? [value] }

    private static func text(_ value: JSONValue) -> String { value.string ?? JSONWriter.compact(value) }
}
