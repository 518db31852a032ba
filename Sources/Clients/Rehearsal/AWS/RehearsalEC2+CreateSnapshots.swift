import Vocabulary

extension RehearsalEC2 {
    /// One pending snapshot for each attached EBS volume of the instance; instance store does not take part.
    mutating func createSnapshots(_ input: JSONValue, now: Timestamp) throws(RehearsalRefusal) -> JSONValue {
        let volumes = try sourceVolumes(input)
        let tags = try requestedTags(input)
        let copies = try copiesTags(input)
        var made: [JSONValue] = []
        for volume in volumes {
            let inherited = copies ? Self.inheritable(volume) : []
            made.append(try snapshot(of: volume, tags, inherited, input, now, number: snapshots.count + made.count))
        }
        try Self.refuseDryRun(input)
        add(made)
        return ["Snapshots": .array(made)]
    }

    private func sourceVolumes(_ input: JSONValue) throws(RehearsalRefusal) -> [JSONValue] {
        guard let specification = input["InstanceSpecification"], let id = specification["InstanceId"]?.string else {
            throw RehearsalRefusal(
                "MissingParameter",
                "The request must contain the parameter InstanceSpecification.InstanceId"
            )
        }
        guard InstanceID.isValid(id) else {
            throw RehearsalRefusal("InvalidInstanceID.Malformed", "Invalid id: \"\(id.prefix(100))\"")
        }
        guard let instance = instance(id) else {
            throw RehearsalRefusal("InvalidInstanceID.NotFound", "The instance ID '\(id)' does not exist")
        }
        let state = instance["State"]?["Name"]?.string ?? "running"
        guard ["running", "stopped", "stopping", "pending"].contains(state) else {
            throw RehearsalRefusal("IncorrectState", "Instance '\(id)' is in the state '\(state)'.")
        }
        return try chosen(instance, specification)
    }

    private func chosen(_ instance: JSONValue, _ specification: JSONValue) throws(RehearsalRefusal) -> [JSONValue] {
        let root = instance["RootDeviceName"]?.string
        var boot: String?
        var data: [String] = []
        for mapping in instance["BlockDeviceMappings"]?.array ?? [] {
            guard let id = mapping["Ebs"]?["VolumeId"]?.string else { continue }
            if mapping["DeviceName"]?.string == root { boot = id } else { data.append(id) }
        }
        let excluded = specification["ExcludeDataVolumeIds"]?.array?.compactMap(\.string) ?? []
        guard excluded.count <= 127 else {
            throw RehearsalRefusal("InvalidParameterValue", "At most 127 volumes can be excluded.")
        }
        for id in excluded where !data.contains(id) {
            throw RehearsalRefusal(
                "InvalidParameterValue",
                "Volume '\(id.prefix(100))' is not an attached data volume of the instance."
            )
        }
        data.removeAll { excluded.contains($0) }
        let ids = (specification["ExcludeBootVolume"]?.bool == true ? [] : [boot].compactMap(\.self)) + data
        guard !ids.isEmpty else {
            throw RehearsalRefusal("InvalidParameterValue", "The instance has no volume left to snapshot.")
        }
        return ids.map { volume($0) ?? ["VolumeId": .string($0)] }
    }

    private func requestedTags(_ input: JSONValue) throws(RehearsalRefusal) -> [JSONValue] {
        var tags: [JSONValue] = []
        for specification in input["TagSpecifications"]?.array ?? [] {
            let type = specification["ResourceType"]?.string ?? ""
            guard type == "snapshot" else {
                throw RehearsalRefusal(
                    "InvalidParameterValue",
                    "'\(type.prefix(50))' is not a valid taggable resource type for this operation."
                )
            }
            tags += specification["Tags"]?.array ?? []
        }
        var seen: Set<String> = []
        for tag in tags { try Self.check(tag, &seen) }
        return tags
    }

    private static func check(_ tag: JSONValue, _ seen: inout Set<String>) throws(RehearsalRefusal) {
        let key = tag["Key"]?.string ?? ""
        let value = tag["Value"]?.string ?? ""
        guard (1...128).contains(key.unicodeScalars.count) else {
            throw RehearsalRefusal("InvalidParameterValue", "Tag keys have 1 to 128 characters.")
        }
        guard value.unicodeScalars.count <= 256 else {
            throw RehearsalRefusal("InvalidParameterValue", "Tag values have at most 256 characters.")
        }
        guard !key.lowercased().hasPrefix("aws:") else {
            throw RehearsalRefusal("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved.")
        }
        guard seen.insert(key).inserted else {
            throw RehearsalRefusal("InvalidParameterValue", "Duplicate tag key '\(key)' specified.")
        }
    }

    private func copiesTags(_ input: JSONValue) throws(RehearsalRefusal) -> Bool {
        guard let source = input["CopyTagsFromSource"]?.string else { return false }
        guard source == "volume" else {
            throw RehearsalRefusal("InvalidParameterValue", "CopyTagsFromSource must be 'volume'.")
        }
        return true
    }

    /// Tags that AWS itself set are never copied.
    private static func inheritable(_ volume: JSONValue) -> [JSONValue] {
        (volume["Tags"]?.array ?? []).filter { $0["Key"]?.string?.lowercased().hasPrefix("aws:") == false }
    }

    private func snapshot(
        of volume: JSONValue,
        _ tags: [JSONValue],
        _ inherited: [JSONValue],
        _ input: JSONValue,
        _ now: Timestamp,
        number: Int
    ) throws(RehearsalRefusal) -> JSONValue {
        let keys = Set(tags.compactMap { $0["Key"]?.string })
        let all = tags + inherited.filter { !keys.contains($0["Key"]?.string ?? "") }
        guard all.count <= 50 else {
            throw RehearsalRefusal("TagLimitExceeded", "More than 50 tags specified.")
        }
        var members: JSONObject = [
            "SnapshotId": .string(Self.snapshotId(number)), "VolumeId": volume["VolumeId"] ?? "",
            "State": "pending", "Progress": "0%", "StartTime": .string(now.text(fractionDigits: 3)),
            "OwnerId": .string(account.rawValue), "Description": input["Description"] ?? "",
            "VolumeSize": volume["Size"] ?? 1, "Encrypted": volume["Encrypted"] ?? false, "Tags": .array(all),
        ]
        members["KmsKeyId"] = volume["KmsKeyId"]
        return .object(members)
    }

    /// Looks made up, is the same in every rehearsal, and differs from all others of this world.
    private static func snapshotId(_ number: Int) -> String {
        var mixed = UInt64(truncatingIfNeeded: number) &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        mixed ^= mixed >> 31
        let digits = String(mixed, radix: 16)
        return "snap-0" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}
