import Vocabulary

/// Instances, volumes and snapshots of the rehearsed account.
struct RehearsalEC2: Sendable {
    let account: AccountID
    let reservations: [JSONValue]
    let volumes: [JSONValue]
    private(set) var snapshots: [JSONValue]

    /// How long a snapshot stays `pending`; `Progress` moves with it.
    static let completion = Duration.seconds(60)

    init(account: AccountID) {
        self.account = account
        reservations = []
        volumes = []
        snapshots = []
    }

    init(_ document: JSONValue, account: AccountID) throws(RehearsalAWSFault) {
        let outer: JSONValue = ["ec2": document]
        self.account = account
        reservations = try RehearsalAWS.list(outer, "ec2", "Reservations")
        volumes = try RehearsalAWS.list(outer, "ec2", "Volumes")
        snapshots = try RehearsalAWS.list(outer, "ec2", "Snapshots")
        for (place, reservation) in reservations.enumerated() {
            for instance in reservation["Instances"]?.array ?? [] {
                guard instance["InstanceId"]?.string.flatMap(InstanceID.init(rawValue:)) != nil else {
                    throw .badInstance("an instance of ec2.Reservations[\(place)]")
                }
            }
        }
    }

    mutating func answer(
        _ operation: String,
        _ input: JSONValue,
        now: Timestamp
    ) throws(RehearsalRefusal) -> JSONValue {
        settle(at: now)
        switch operation {
        case "DescribeInstances": return try describeInstances(input)
        case "DescribeVolumes": return try describeVolumes(input)
        case "DescribeSnapshots": return try describeSnapshots(input)
        default: return try createSnapshots(input, now: now)
        }
    }

    /// Brings pending snapshots to where they are by now.
    private mutating func settle(at now: Timestamp) {
        for place in snapshots.indices {
            guard var members = snapshots[place].object, members["State"]?.string == "pending",
                let start = members["StartTime"]?.string.flatMap(Timestamp.init(_:))
            else { continue }
            let elapsed = now.duration(since: start)
            if elapsed >= Self.completion {
                members["State"] = "completed"
                members["Progress"] = "100%"
                members["CompletionTime"] = .string(start.advanced(by: Self.completion).text(fractionDigits: 3))
            } else {
                let percent = max(0, min(99, Int(elapsed / Self.completion * 100)))
                members["Progress"] = .string("\(percent)%")
            }
            snapshots[place] = .object(members)
        }
    }

    mutating func add(_ made: [JSONValue]) { snapshots += made }

    func instance(_ id: String) -> JSONValue? {
        for reservation in reservations {
            for instance in reservation["Instances"]?.array ?? [] where instance["InstanceId"]?.string == id {
                return instance
            }
        }
        return nil
    }

    func volume(_ id: String) -> JSONValue? { volumes.first { $0["VolumeId"]?.string == id } }

    private func describeInstances(_ input: JSONValue) throws(RehearsalRefusal) -> JSONValue {
        let filter = try EC2Filter(input, known: EC2Filter.instances)
        let ids = try wanted(input["InstanceIds"], "instance ID", "InvalidInstanceID", InstanceID.isValid) {
            instance($0) != nil
        }
        var found: [JSONValue] = []
        for reservation in reservations {
            let instances = (reservation["Instances"]?.array ?? []).filter {
                (ids?.contains($0["InstanceId"]?.string ?? "") ?? true) && filter.selects($0)
            }
            guard !instances.isEmpty, var members = reservation.object else { continue }
            members["Instances"] = .array(instances)
            found.append(.object(members))
        }
        return try page(found, input, as: "Reservations", namesIDs: ids != nil)
    }

    private func describeVolumes(_ input: JSONValue) throws(RehearsalRefusal) -> JSONValue {
        let filter = try EC2Filter(input, known: EC2Filter.volumes)
        let ids = try wanted(input["VolumeIds"], "volume", "InvalidVolume", VolumeID.isValid) { volume($0) != nil }
        let found = volumes.filter {
            (ids?.contains($0["VolumeId"]?.string ?? "") ?? true) && filter.selects($0)
        }
        return try page(found, input, as: "Volumes", namesIDs: ids != nil)
    }

    private func describeSnapshots(_ input: JSONValue) throws(RehearsalRefusal) -> JSONValue {
        let filter = try EC2Filter(input, known: EC2Filter.snapshots)
        let isSnapshot = { (id: String) in id.hasPrefix("snap-") && VolumeID.isValid("vol-" + id.dropFirst(5)) }
        let ids = try wanted(input["SnapshotIds"], "snapshot", "InvalidSnapshot", isSnapshot) { id in
            snapshots.contains { $0["SnapshotId"]?.string == id }
        }
        let owners = input["OwnerIds"]?.array?.compactMap(\.string)
        let isOwn = owners?.contains { $0 == "self" || $0 == account.rawValue } ?? true
        let found = snapshots.filter {
            isOwn && (ids?.contains($0["SnapshotId"]?.string ?? "") ?? true) && filter.selects($0)
        }
        return try page(found, input, as: "Snapshots", namesIDs: ids != nil)
    }

    /// The ids asked for, all of which must be well formed and exist; nil when none was named.
    private func wanted(
        _ list: JSONValue?,
        _ noun: String,
        _ code: String,
        _ isValid: (String) -> Bool,
        exists: (String) -> Bool
    ) throws(RehearsalRefusal) -> Set<String>? {
        guard let ids = list?.array?.compactMap(\.string), !ids.isEmpty else { return nil }
        for id in ids where !isValid(id) {
            let malformed = code == "InvalidVolume" || code == "InvalidSnapshot" ? "\(code)ID" : code
            throw RehearsalRefusal("\(malformed).Malformed", "Invalid id: \"\(id.prefix(100))\"")
        }
        for id in ids where !exists(id) {
            throw RehearsalRefusal("\(code).NotFound", "The \(noun) '\(id)' does not exist.")
        }
        return Set(ids)
    }

    private func page(
        _ found: [JSONValue],
        _ input: JSONValue,
        as list: String,
        namesIDs: Bool
    ) throws(RehearsalRefusal) -> JSONValue {
        try Self.refuseDryRun(input)
        let limit = input["MaxResults"]?.integer
        if let limit {
            guard !namesIDs else {
                throw RehearsalRefusal(
                    "InvalidParameterCombination",
                    "The parameter MaxResults cannot be used with ids in the same request"
                )
            }
            guard (5...1_000).contains(limit) else {
                throw RehearsalRefusal(
                    "InvalidParameterValue",
                    "Value ( \(limit) ) for parameter maxResults is invalid. Expecting a value between 5 and 1000."
                )
            }
        }
        return try RehearsalPage(found, limit: limit.map(Int.init), token: input["NextToken"]?.string).output(as: list)
    }

    /// A dry run that gets this far would have succeeded; EC2 says so with an error.
    static func refuseDryRun(_ input: JSONValue) throws(RehearsalRefusal) {
        guard input["DryRun"]?.bool == true else { return }
        throw RehearsalRefusal(
            "DryRunOperation",
            "Request would have succeeded, but DryRun flag is set.",
            status: 412
        )
    }
}
