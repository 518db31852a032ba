import AWSAPI
package import HTTPExchange
package import Vocabulary

/// The AWS account around a rehearsed cluster: one account, one Region, the operations that we use.
///
/// Loaded from small JSON with the members `account`, `region`, `ec2`, `eks`, `autoscaling`, `securityhub`, as the
/// Describe calls give them. Another Region of the account is there and empty. Nothing is signed; what `iam.denied` lists,
/// such as `ec2:CreateSnapshots`, is refused, and nothing else is.
package struct RehearsalAWS: RehearsalPeer, Sendable {
    package let account: AccountID
    package let region: RegionName
    var ec2: RehearsalEC2
    var hub: RehearsalSecurityHub
    private let clusters: [JSONValue]
    private let groups: [JSONValue]
    private let iam: RehearsalIAM
    private let original: JSONObject

    package init(_ document: JSONValue) throws(RehearsalAWSFault) {
        guard let original = document.object else { throw .notAnObject }
        guard let account = document["account"]?.string.flatMap(AccountID.init(rawValue:)) else { throw .noAccount }
        guard let region = document["region"]?.string.flatMap(RegionName.init(rawValue:)) else { throw .noRegion }
        self.account = account
        self.region = region
        self.original = original
        ec2 = try RehearsalEC2(original["ec2"] ?? .object([:]), account: account)
        clusters = try Self.list(document, "eks", "clusters")
        groups = try Self.list(document, "autoscaling", "AutoScalingGroups")
        iam = RehearsalIAM(denied: try Self.list(document, "iam", "denied"))
        let findings = try Self.list(document, "securityhub", "findings")
        hub = RehearsalSecurityHub(findings, account: account, region: region)
    }

    static func list(_ document: JSONValue, _ part: String, _ member: String) throws(RehearsalAWSFault) -> [JSONValue] {
        guard let value = document[part]?[member] else { return [] }
        guard let list = value.array else { throw .notAList("\(part).\(member)") }
        return list
    }

    /// The account as it is now, in the shape that it was loaded from; members that we do not know are kept.
    package func document() -> JSONValue {
        var document = original
        var ec2Part = original["ec2"]?.object ?? JSONObject()
        ec2Part["Snapshots"] = .array(ec2.snapshots)
        document["ec2"] = .object(ec2Part)
        var hubPart = original["securityhub"]?.object ?? JSONObject()
        hubPart["findings"] = .array(hub.documents)
        document["securityhub"] = .object(hubPart)
        return .object(document)
    }

    package mutating func answer(_ request: HTTPRequest, now: Timestamp) -> HTTPResponse {
        guard let (service, asked) = AWSEndpoints.scope(of: request.origin) else {
            return RehearsalAnswer.json(404, ["message": "no service of AWS listens there"])
        }
        // IAM is one for all Regions.
        guard asked == region || service == "iam" else {
            var elsewhere = elsewhere(in: asked)
            return elsewhere.answer(request, of: service, now: now)
        }
        return answer(request, of: service, now: now)
    }

    private mutating func answer(_ request: HTTPRequest, of service: String, now: Timestamp) -> HTTPResponse {
        switch service {
        case "ec2": answerQuery(request, of: service, now: now)
        case "sts", "autoscaling", "iam": answerQuery(request, of: service, now: now)
        case "securityhub", "eks": answerJSON(request, of: service, now: now)
        default: RehearsalAnswer.json(404, ["message": .string("the rehearsal has no \(service)")])
        }
    }

    /// The same account in a Region where it has nothing.
    private func elsewhere(in region: RegionName) -> RehearsalAWS {
        RehearsalAWS(account: account, region: region, iam: iam)
    }

    private init(account: AccountID, region: RegionName, iam: RehearsalIAM) {
        self.account = account
        self.region = region
        self.iam = iam
        original = JSONObject()
        ec2 = RehearsalEC2(account: account)
        clusters = []
        groups = []
        hub = RehearsalSecurityHub(account: account, region: region, isEnabled: false)
    }
}

extension RehearsalAWS {
    private mutating func answerQuery(_ request: HTTPRequest, of service: String, now: Timestamp) -> HTTPResponse {
        let isEC2 = service == "ec2"
        do throws(RehearsalRefusal) {
            guard request.method == "POST", let pairs = FormBody.decode(request.body) else {
                throw RehearsalRefusal("MalformedQueryString", "The request is no form.")
            }
            guard let name = pairs.first(where: { $0.name == "Action" })?.value else {
                throw RehearsalRefusal("MissingAction", "The request must contain the parameter Action")
            }
            guard let operation = AWSOperation.named(service, name) else {
                throw RehearsalRefusal("InvalidAction", "The action \(name) is not valid for this web service.")
            }
            try iam.check(service, name, by: account)
            let input = try QueryReader.input(pairs, operation)
            return RehearsalAnswer.xml(try output(operation, input, now), of: operation)
        } catch {
            return RehearsalAnswer.xml(error, isEC2: isEC2)
        }
    }

    private mutating func output(
        _ operation: AWSOperation,
        _ input: JSONValue,
        _ now: Timestamp
    ) throws(RehearsalRefusal) -> JSONValue {
        switch operation.name {
        case "GetCallerIdentity": return callerIdentity
        case "SimulatePrincipalPolicy":
            return try iam.simulate(input, account: account, partition: region.partition)
        case "DescribeAutoScalingInstances": return try autoScalingInstances(input)
        default: return try ec2.answer(operation.name, input, now: now)
        }
    }

    private mutating func answerJSON(_ request: HTTPRequest, of service: String, now: Timestamp) -> HTTPResponse {
        do throws(RehearsalRefusal) {
            let path = request.target.prefix { $0 != "?" }
            if service == "eks" {
                try iam.check(service, "DescribeCluster", by: account)
                return RehearsalAnswer.json(200, try cluster(request.method, String(path)))
            }
            guard let operation = RehearsalSecurityHub.operation(request.method, String(path)) else {
                throw RehearsalRefusal("UnknownOperationException", "there is no such operation", status: 404)
            }
            try iam.check(service, operation.rawValue, by: account)
            // A body that is no JSON is refused just below, as a body that is no object.
            let body = try? JSONReader.parse(request.body)
            return RehearsalAnswer.json(
                200,
                try hub.answer(operation, body ?? .null, size: request.body.count, now: now)
            )
        } catch {
            return RehearsalAnswer.json(error)
        }
    }

    private var callerIdentity: JSONValue {
        let arn = "arn:\(region.partition):sts::\(account):assumed-role/\(RehearsalIAM.role)/rehearsal"
        return [
            "UserId": "AROAREHEARSAL0000000A:rehearsal", "Account": .string(account.rawValue), "Arn": .string(arn),
        ]
    }

    private func cluster(_ method: String, _ path: String) throws(RehearsalRefusal) -> JSONValue {
        let parts = path.split(separator: "/")
        guard method == "GET", parts.count == 2, parts[0] == "clusters",
            let name = PercentEncoding.decode(Array(parts[1].utf8)[...], plusIsSpace: false)
        else { throw RehearsalRefusal("UnknownOperationException", "there is no such operation", status: 404) }
        guard let cluster = clusters.first(where: { $0["name"]?.string == name }) else {
            throw RehearsalRefusal("ResourceNotFoundException", "No cluster found for name: \(name).", status: 404)
        }
        return ["cluster": cluster]
    }

    private func autoScalingInstances(_ input: JSONValue) throws(RehearsalRefusal) -> JSONValue {
        let wanted = input["InstanceIds"]?.array?.compactMap(\.string)
        var instances: [JSONValue] = []
        for group in groups {
            for instance in group["Instances"]?.array ?? [] {
                guard var members = instance.object, let id = members["InstanceId"]?.string,
                    wanted?.contains(id) ?? true
                else { continue }
                members["AutoScalingGroupName"] = group["AutoScalingGroupName"]
                instances.append(.object(members))
            }
        }
        let limit = input["MaxRecords"]?.integer ?? 50
        guard (1...50).contains(limit) else {
            throw RehearsalRefusal("ValidationError", "MaxRecords must be between 1 and 50")
        }
        return try RehearsalPage(instances, limit: Int(limit), token: input["NextToken"]?.string)
            .output(as: "AutoScalingInstances")
    }
}
