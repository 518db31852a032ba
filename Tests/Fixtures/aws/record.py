"""Records what botocore makes of our operations: request bodies, parsed answers, parsed errors.

    python3 record.py > codecs.json      writes the recording that the tests compare with
    python3 record.py --parse < FILE     parses answers: a JSON list of {service, operation, status, headers, body}

botocore is an implementation of the protocols that is not ours. Only its serializers and parsers are used; nothing is
sent.
"""
import datetime
import json
import sys

import botocore.session
from botocore import parsers, serialize
from botocore.awsrequest import HeadersDict

SESSION = botocore.session.get_session()

TAGS = [{"Key": "firebreak:incident", "Value": "é & <ü> +/=~"}, {"Key": "empty", "Value": ""}]
INPUTS = [
    ("ec2", "DescribeInstances", {"InstanceIds": ["i-0123456789abcdef0", "i-00000000"]}),
    ("ec2", "DescribeInstances", {"Filters": [
        {"Name": "private-dns-name", "Values": ["ip-10-0-0-1.ec2.internal", "a b"]},
        {"Name": "tag:Name", "Values": ["*"]}], "MaxResults": 5, "NextToken": "a+b/c=="}),
    ("ec2", "DescribeVolumes", {"VolumeIds": ["vol-0123456789abcdef0"], "DryRun": True}),
    ("ec2", "DescribeVolumes", {"Filters": [{"Name": "attachment.instance-id", "Values": ["i-0123456789abcdef0"]}]}),
    ("ec2", "DescribeSnapshots", {"OwnerIds": ["self"], "SnapshotIds": ["snap-0123456789abcdef0"],
                                  "Filters": [{"Name": "tag:firebreak:incident", "Values": ["x"]}]}),
    ("ec2", "CreateSnapshots", {
        "Description": "two words", "DryRun": False, "CopyTagsFromSource": "volume",
        "InstanceSpecification": {"InstanceId": "i-0123456789abcdef0", "ExcludeBootVolume": True,
                                  "ExcludeDataVolumeIds": ["vol-0123456789abcdef0", "vol-0123456789abcdef1"]},
        "TagSpecifications": [{"ResourceType": "snapshot", "Tags": TAGS}]}),
    ("sts", "GetCallerIdentity", {}),
    ("iam", "SimulatePrincipalPolicy", {
        "PolicySourceArn": "arn:aws:iam::111122223333:role/a", "ActionNames": ["ec2:CreateSnapshots", "ec2:CreateTags"],
        "ContextEntries": [{"ContextKeyName": "ec2:CreateAction", "ContextKeyValues": ["CreateSnapshots"],
                            "ContextKeyType": "string"}], "MaxItems": 1000}),
    ("autoscaling", "DescribeAutoScalingInstances", {"InstanceIds": ["i-0123456789abcdef0"], "MaxRecords": 50}),
    ("eks", "DescribeCluster", {"name": "prod-1"}),
    ("securityhub", "GetFindings", {"Filters": {"Id": [{"Value": "é", "Comparison": "EQUALS"}]}, "MaxResults": 1}),
    ("securityhub", "BatchUpdateFindings", {
        "FindingIdentifiers": [{"Id": "x", "ProductArn": "arn:aws:securityhub:us-east-1::product/a/b"}],
        "Workflow": {"Status": "NOTIFIED"}, "Note": {"Text": "line\nline", "UpdatedBy": "firebreak"},
        "UserDefinedFields": {"k": "v"}}),
]

ANSWERS = [
    ("ec2", "DescribeInstances", 200, {}, """<?xml version="1.0" encoding="UTF-8"?>
<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><reservationSet>
<item><reservationId>r-1</reservationId><ownerId>111122223333</ownerId><instancesSet><item>
<instanceId>i-0123456789abcdef0</instanceId><instanceState><code>16</code><name>running</name></instanceState>
<privateDnsName>ip-10-0-0-1.ec2.internal</privateDnsName><dnsName/><instanceType>i3.xlarge</instanceType>
<launchTime>2026-11-20T09:00:00.000Z</launchTime><placement><availabilityZone>us-east-1a</availabilityZone></placement>
<rootDeviceName>/dev/xvda</rootDeviceName><blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs>
<volumeId>vol-0123456789abcdef0</volumeId><status>attached</status><attachTime>2026-11-20T09:00:00.000Z</attachTime>
<deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping><somethingNew><a>1</a></somethingNew>
<tagSet><item><key>Name</key><value>a &amp; b &lt;c&gt; &#233;&#x1F525; <![CDATA[<raw>&]]></value></item>
<item><key>empty</key><value/></item></tagSet></item></instancesSet></item></reservationSet><nextToken>abc==</nextToken>
</DescribeInstancesResponse>"""),
    ("ec2", "DescribeVolumes", 200, {}, """<DescribeVolumesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
<!-- a comment --><volumeSet><item><volumeId>vol-0123456789abcdef0</volumeId><size>20</size><status>in-use</status>
<encrypted>false</encrypted><multiAttachEnabled>true</multiAttachEnabled><createTime>2026-11-20T09:00:00.000Z</createTime>
<attachmentSet><item><volumeId>vol-0123456789abcdef0</volumeId><instanceId>i-0123456789abcdef0</instanceId>
<device>/dev/xvda</device><status>attached</status><deleteOnTermination>false</deleteOnTermination></item></attachmentSet>
</item></volumeSet></DescribeVolumesResponse>"""),
    ("ec2", "DescribeSnapshots", 200, {}, """<DescribeSnapshotsResponse><snapshotSet/></DescribeSnapshotsResponse>"""),
    ("ec2", "CreateSnapshots", 200, {}, """<CreateSnapshotsResponse><requestId>r</requestId><snapshotSet><item>
<description>d</description><tagSet><item><key>k</key><value>v</value></item></tagSet><encrypted>true</encrypted>
<volumeId>vol-0123456789abcdef0</volumeId><state>pending</state><volumeSize>20</volumeSize><progress/>
<startTime>2026-11-23T15:30:39.034Z</startTime><ownerId>111122223333</ownerId>
<snapshotId>snap-0123456789abcdef0</snapshotId></item></snapshotSet></CreateSnapshotsResponse>"""),
    ("sts", "GetCallerIdentity", 200, {}, """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/a</Arn><UserId>AIDA</UserId><Account>111122223333</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""),
    ("iam", "SimulatePrincipalPolicy", 200, {}, """<SimulatePrincipalPolicyResponse
xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated>
<EvaluationResults><member><EvalActionName>ec2:CreateTags</EvalActionName><EvalResourceName>*</EvalResourceName>
<EvalDecision>implicitDeny</EvalDecision><MissingContextValues><member>ec2:CreateAction</member></MissingContextValues></member></EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"""),
    ("iam", "SimulatePrincipalPolicy", 403, {}, """<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>
<Message>not authorized to perform: iam:SimulatePrincipalPolicy</Message></Error><RequestId>r</RequestId>
</ErrorResponse>"""),
    ("autoscaling", "DescribeAutoScalingInstances", 200, {}, """<DescribeAutoScalingInstancesResponse>
<DescribeAutoScalingInstancesResult><AutoScalingInstances><member><InstanceId>i-0123456789abcdef0</InstanceId>
<AutoScalingGroupName>g</AutoScalingGroupName><ProtectedFromScaleIn>false</ProtectedFromScaleIn>
<LifecycleState>InService</LifecycleState></member></AutoScalingInstances></DescribeAutoScalingInstancesResult>
</DescribeAutoScalingInstancesResponse>"""),
    ("securityhub", "BatchUpdateFindings", 200, {}, """{"ProcessedFindings":[{"Id":"x","ProductArn":"y"}],
"UnprocessedFindings":[{"FindingIdentifier":{"Id":"z","ProductArn":"y"},"ErrorCode":"FindingNotFound",
"ErrorMessage":"Finding Not Found"}]}"""),
    ("ec2", "DescribeInstances", 400, {}, """<?xml version="1.0"?><Response><Errors><Error>
<Code>InvalidInstanceID.NotFound</Code><Message>The instance ID 'i-1' does not exist</Message></Error></Errors>
<RequestID>r</RequestID></Response>"""),
    ("ec2", "CreateSnapshots", 412, {}, """<Response><Errors><Error><Code>DryRunOperation</Code>
<Message>Request would have succeeded, but DryRun flag is set.</Message></Error></Errors><RequestID>r</RequestID></Response>"""),
    ("sts", "GetCallerIdentity", 403, {}, """<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code>
<Message>The security token is expired</Message></Error><RequestId>r</RequestId></ErrorResponse>"""),
    ("securityhub", "GetFindings", 429, {"x-amzn-ErrorType": "TooManyRequestsException:http://x.y/"},
     """{"message":"slow down"}"""),
    ("securityhub", "GetFindings", 403, {}, """{"__type":"com.amazonaws#AccessDeniedException","Message":"no"}"""),
    ("eks", "DescribeCluster", 404, {"x-amzn-errortype": "ResourceNotFoundException"},
     """{"clusterName":"x","message":"No cluster found for name: x."}"""),
    ("securityhub", "GetFindings", 400, {}, """{"Message":"bad","Code":"InvalidInputException"}"""),
]


def model(service, operation):
    return SESSION.get_service_model(service).operation_model(operation)


def request(service, operation, params):
    service_model = SESSION.get_service_model(service)
    serializer = serialize.create_serializer(service_model.metadata["protocol"], include_validation=False)
    made = serializer.serialize_to_request(params, model(service, operation))
    body = made["body"]
    if isinstance(body, bytes):
        body = body.decode() or None
    return {"service": service, "operation": operation, "input": params, "method": made["method"],
            "path": made["url_path"], "body": body}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        moment = value.astimezone(datetime.timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (moment.microsecond // 1000)
    return value


def parse(service, operation, status, headers, body):
    protocol = SESSION.get_service_model(service).metadata["protocol"]
    parser = parsers.ResponseParserFactory().create_parser(protocol)
    response = {"status_code": status, "headers": HeadersDict(headers),
                "body": body.encode(), "context": {"operation_name": operation}}
    return plain(parser.parse(response, model(service, operation).output_shape))


def answer(service, operation, status, headers, body):
    parsed = parse(service, operation, status, headers, body)
    row = {"service": service, "operation": operation, "status": status, "headers": headers, "body": body}
    if status >= 300:
        row["error"] = {"code": parsed["Error"]["Code"], "message": parsed["Error"]["Message"]}
    else:
        row["output"] = parsed
    return row


if __name__ == "__main__":
    if "--parse" in sys.argv:
        rows = json.load(sys.stdin)
        print(json.dumps([answer(*(row[name] for name in ("service", "operation", "status", "headers", "body")))
                          for row in rows]))
    else:
        print(json.dumps({"requests": [request(*row) for row in INPUTS], "answers": [answer(*row) for row in ANSWERS]},
                         indent=1, ensure_ascii=False))
