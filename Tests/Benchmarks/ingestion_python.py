"""What a Python function behind a CloudWatch Logs subscription would do: the body to the text of ASFF findings.

Knows what the alerts of the benchmark hold, and nothing of hostile input: it does less than the product.
"""
import base64
import gzip
import hashlib
import json
import re
from datetime import datetime, timedelta

ACCOUNT, REGION, INSTANCE = "111122223333", "us-west-2", "i-0123456789abcdef0"
CLUSTER = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/blue"
SEVERITIES = {"Emergency": "CRITICAL", "Alert": "CRITICAL", "Critical": "CRITICAL", "Error": "HIGH", "Warning": "MEDIUM",
              "Notice": "LOW", "Informational": "INFORMATIONAL", "Debug": "INFORMATIONAL"}
CATEGORIES = {"mitre_initial_access": "Initial Access", "mitre_execution": "Execution", "mitre_persistence": "Persistence",
              "mitre_privilege_escalation": "Privilege Escalation", "mitre_defense_evasion": "Defense Evasion",
              "mitre_credential_access": "Credential Access", "mitre_discovery": "Discovery",
              "mitre_lateral_movement": "Lateral Movement", "mitre_collection": "Collection",
              "mitre_command_and_control": "Command and Control"}
EFFECTS = {"T1485": "Effects/Data Destruction", "T1490": "Effects/Data Destruction", "T1561": "Effects/Data Destruction",
           "T1496": "Effects/Resource Consumption", "T1498": "Effects/Denial of Service", "T1499": "Effects/Denial of Service"}
LEADING = ["container.id", "container.name", "container.image.repository", "container.image.tag", "container.image.digest",
           "k8s.ns.name", "k8s.pod.name", "k8s.pod.uid", "k8s.node.name", "proc.name", "proc.exepath", "proc.cmdline",
           "proc.pid", "proc.pname", "proc.pcmdline", "proc.ppid", "user.name", "user.uid", "user.loginuid", "fd.name",
           "fd.type", "fd.l4proto", "fd.lport", "fd.rport", "fd.sip", "evt.type", "evt.time"]
RANKS = {name: rank for rank, name in enumerate(LEADING)}
TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?$")
SECRET = re.compile(r"((?:password|secret|token)=)\S+")


def masked(text):
    # The expression is slow, and most texts have none of its words.
    return SECRET.sub(r"\1[redacted]", text) if "password=" in text or "token=" in text or "secret=" in text else text


def fitted(text, limit):
    return text if len(text) <= limit else text[:limit - 1] + "…"


def types(tags):
    techniques = sorted(tag for tag in tags if TECHNIQUE.match(tag))
    found = []
    for tactic in sorted(tag for tag in tags if tag.startswith("mitre_")):
        if tactic in CATEGORIES:
            found += [f"TTPs/{CATEGORIES[tactic]}/{technique}" for technique in techniques] or [f"TTPs/{CATEGORIES[tactic]}"]
        elif tactic == "mitre_impact":
            found += [EFFECTS[technique[:5]] for technique in techniques if technique[:5] in EFFECTS]
    return list(dict.fromkeys(found)) or ["Unusual Behaviors/Container"]


def connection(fields):
    if "->" not in fields.get("fd.name", ""):
        return None
    (client, client_port), (server, server_port) = (end.rsplit(":", 1) for end in fields["fd.name"].split("->"))
    ends = (client, int(client_port)), (server, int(server_port))
    outbound = fields.get("fd.lport") == ends[0][1]
    return (*(ends if outbound else ends[::-1]), outbound)


def resources(fields):
    namespace, pod = fields["k8s.ns.name"], fields["k8s.pod.name"]
    place = {"Partition": "aws", "Region": REGION}
    image = f"{fields['container.image.repository']}:{fields['container.image.tag']}"
    return [
        {"Type": "Container", "Id": f"containerd://{fields['container.id']}", **place, "ResourceRole": "Target", "Details": {
            "Container": {"Name": fields["container.name"], "ImageName": image},
            "Other": {"k8sNamespace": namespace, "k8sPodName": pod, "clusterArn": CLUSTER, "nodeInstanceId": INSTANCE}}},
        {"Type": "Other", "Id": f"{CLUSTER}/pod/{namespace}/{pod}", **place,
         "Details": {"Other": {"kind": "Pod", "namespace": namespace, "name": pod}}},
        {"Type": "AwsEksCluster", "Id": CLUSTER, **place, "Details": {"AwsEksCluster": {"Name": "blue", "Arn": CLUSTER}}},
        {"Type": "AwsEc2Instance", "Id": f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{INSTANCE}", **place},
    ]


def product_fields(alert, line, fields):
    kept = {
        "falco/source": alert["source"], "falco/rule": alert["rule"], "falco/priority": alert["priority"],
        "falco/eventTime": alert["time"], "falco/eventFingerprint": hashlib.sha256(line.encode()).hexdigest()[:32],
        "falco/count": "1", "ProviderName": "Falco", "falco/tags": ",".join(alert["tags"]),
        "falco/hostname": alert["hostname"]}
    for name in sorted(fields, key=lambda name: (RANKS.get(name, len(RANKS)), name)):
        if len(kept) < 50 and fields[name] is not None:
            kept["falco/field/" + name] = fitted(masked(str(fields[name])), 2048)
    return kept


def rounded_up(text):
    moment = datetime.fromisoformat(text[:23])
    if text[23:29] != "000000":
        moment += timedelta(milliseconds=1)
    return moment.isoformat(timespec="milliseconds") + "Z"


def finding(line):
    alert = json.loads(line)
    fields = alert["output_fields"]
    flow = connection(fields)
    key = [alert["source"], alert["rule"], CLUSTER, fields["k8s.ns.name"], fields["k8s.pod.name"], fields["container.id"][:12],
           fields["proc.exepath"], f"{flow[1][0]}|{flow[1][1]}" if flow else ""]
    digest = hashlib.sha256(json.dumps(key, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()[:40]
    moment = alert["time"][:23] + "Z"
    made = {
        "SchemaVersion": "2018-10-08", "Id": f"falco/{REGION}/{ACCOUNT}/{digest}",
        "ProductArn": f"arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default", "ProductName": "Falco",
        "CompanyName": "Falco", "GeneratorId": fitted(f"falco/{alert['source']}/{alert['rule']}", 512),
        "AwsAccountId": ACCOUNT, "CreatedAt": moment, "UpdatedAt": rounded_up(alert["time"]), "FirstObservedAt": moment,
        "LastObservedAt": moment, "Title": fitted(alert["rule"], 256), "Description": fitted(masked(alert["output"]), 1024),
        "FindingProviderFields": {"Severity": {"Label": SEVERITIES[alert["priority"]], "Original": alert["priority"]},
                                  "Types": types(alert["tags"])},
        "Resources": resources(fields), "ProductFields": product_fields(alert, line, fields), "RecordState": "ACTIVE",
        "Process": {"Name": fitted(fields["proc.name"], 64), "Path": fitted(fields["proc.exepath"], 512)}}
    if flow:
        made["Action"] = {"ActionType": "NETWORK_CONNECTION", "NetworkConnectionAction": {
            "ConnectionDirection": "OUTBOUND" if flow[2] else "INBOUND", "RemotePortDetails": {"Port": flow[1][1]},
            "LocalPortDetails": {"Port": flow[0][1]}, "Blocked": False, "RemoteIpDetails": {"IpAddressV4": flow[1][0]},
            "Protocol": fields["fd.l4proto"].upper()}}
    if "T1496" in alert["tags"] and "miner" in alert["rule"].lower():
        made["Malware"] = [{"Name": fields["proc.name"], "Type": "COIN_MINER", "State": "OBSERVED",
                            "Path": fields["proc.exepath"]}]
    return made


def findings(body):
    """The UTF-8 of one finding a line."""
    envelope = json.loads(gzip.decompress(base64.b64decode(body)))
    lines = []
    for event in envelope["logEvents"]:
        made = finding(json.loads(event["message"])["log"])
        lines.append(json.dumps(made, separators=(",", ":"), ensure_ascii=False))
    return ("\n".join(lines) + "\n").encode()
