"""Prints what a Falco alert costs on its way from a CloudWatch Logs subscription to the text of a finding, in processor
time of one thread: ours, Python's on the same steps, and zlib's share of it, rounds of each in turn.

Both must make the same findings. With valgrind on PATH also how many instructions one event takes, which no busy machine
changes.
"""
import base64
import gzip
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

# The import below would leave a folder beside the sources.
sys.dont_write_bytecode = True
from ingestion_python import findings

binary = sys.argv[1]
# Holds what is reached; the aim is 5.
LEAST_RATIO = 2
ROUNDS = 9
EVENTS_EACH_ROUND = 6_000
OUTPUT = {
    "Contact K8S API Server From Container": ("Notice", ["T1565", "container", "k8s", "mitre_discovery", "network"]),
    "Known Cryptominer Process Executed": ("Critical", ["T1496", "container", "host", "mitre_impact", "process"]),
    "Terminal shell in container": ("Notice", ["T1059", "container", "mitre_execution", "shell"]),
    "Read sensitive file untrusted": ("Warning", ["T1555", "container", "filesystem", "mitre_credential_access"]),
    "Database client with a password": ("Error", ["container", "mitre_execution", "mitre_lateral_movement", "T1021"]),
}
COMMANDS = ["curl -sk https://kubernetes.default.svc/api/v1/namespaces/shop/secrets?limit=500",
            "xmrig -o stratum+tcp://pool.example:3333 --threads 4 --donate-level 1", "bash -c clear; (bash || ash || sh)",
            "cat /etc/shadow /home/app/.ssh/authorized_keys", "psql --host=db.shop.svc --password=hunter2 -c SELECT_1"]
PROGRAMS = ["/usr/bin/curl", "/tmp/xmrig", "/bin/bash", "/bin/cat", "/usr/bin/psql"]


def alert(number):
    """An alert as Falco 0.41 and later write it, some 1.2 KB, unlike its neighbours in what differs between incidents."""
    kind = number % len(COMMANDS)
    rule = list(OUTPUT)[kind]
    priority, tags = OUTPUT[rule]
    nanoseconds = 1_772_438_659_008_642_592 + number * 1_731_947
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(nanoseconds // 10**9)) + f".{nanoseconds % 10**9:09}"
    program, command = PROGRAMS[kind], COMMANDS[kind]
    fields = {
        "container.id": f"{number * 7_919 % 16**12:012x}", "container.image.tag": "1.42.0", "container.name": "web",
        "container.image.repository": "111122223333.dkr.ecr.us-west-2.amazonaws.com/shop/web",
        "evt.time": nanoseconds, "evt.type": "connect" if kind == 0 else "execve", "k8s.ns.name": "shop",
        "k8s.pod.name": f"web-6c9f7d5b8-{number % 9973:05}", "proc.cmdline": command, "proc.exepath": program,
        "proc.name": program.rpartition("/")[2], "proc.pname": "containerd-shim", "proc.tty": 34816 if kind == 2 else 0,
        "user.loginuid": -1, "user.name": "root", "user.uid": 0,
    }
    if kind == 0:
        port = 32_768 + number % 28_000
        fields |= {"fd.l4proto": "tcp", "fd.lport": port, "fd.name": f"10.0.12.99:{port}->172.20.0.1:443", "fd.rport": 443,
                   "fd.type": "ipv4"}
    told = " ".join(f"{name.replace('.', '_')}={value}" for name, value in fields.items())
    return json.dumps({
        "hostname": f"ip-10-0-12-{number % 250}.us-west-2.compute.internal",
        "output": f"{moment[11:]}: {priority} {rule} | {told}", "output_fields": dict(sorted(fields.items())),
        "priority": priority, "rule": rule, "source": "syscall", "tags": tags, "time": moment + "Z"}, separators=(",", ":"))


def record(number):
    """The alert as Fluent Bit ships a line that it did not look into."""
    return json.dumps({"time": "2026-03-02T08:04:19.008864210Z", "stream": "stdout", "_p": "F", "log": alert(number)})


def batch(count):
    """What a subscription delivers for `count` events: base64 of a gzip member."""
    events = [{"id": f"{number:056}", "timestamp": 1_772_438_659_008 + number, "message": record(number)}
              for number in range(count)]
    document = {"messageType": "DATA_MESSAGE", "owner": "111122223333", "logGroup": "/aws/containerinsights/blue/application",
                "logStream": "falco-xczjd", "subscriptionFilters": ["falco"], "logEvents": events}
    return base64.b64encode(gzip.compress(json.dumps(document, separators=(",", ":")).encode(), 6))


def ours(step, file, count):
    """Nanoseconds of processor for each event."""
    return int(subprocess.run([binary, step, file, str(count)], capture_output=True, text=True, check=True).stdout)


def theirs(body, count, events):
    start = time.process_time_ns()
    for _ in range(count):
        assert len(findings(body)) > 500 * events
    return (time.process_time_ns() - start) / (count * events)


def instructions(file, count):
    """Of the whole program."""
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", binary, "all", file, str(count)],
                         capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])


def agree(file, body):
    """Fails unless both make the same findings."""
    made = subprocess.run([binary, "findings", file], capture_output=True, text=True, check=True).stdout
    for mine, other in zip(made.strip().split("\n"), findings(body).decode().strip().split("\n"), strict=True):
        if json.loads(mine) != json.loads(other):
            sys.exit(f"ours and Python's findings differ:\n{mine}\n{other}")


def measure(events, folder):
    """One line of figures; the ratio."""
    body, file = batch(events), str(folder / f"batch-{events}")
    pathlib.Path(file).write_bytes(b"%d\n%s\n" % (events, body))
    agree(file, body)
    count = max(1, EVENTS_EACH_ROUND // events)
    rounds = [(ours("all", file, count), theirs(body, count, events), ours("inflate", file, count)) for _ in range(ROUNDS)]
    mine, python, floor = (statistics.median(column) for column in zip(*rounds))
    ratio = statistics.median(other / own for own, other, _ in rounds)
    print(f"Ingestion/{events} events: {1e9 / mine:.0f} a second of processor ({mine / 1000:.1f} µs each), Python "
          f"{1e9 / python:.0f} ({python / 1000:.1f} µs): {ratio:.1f} times as many; zlib alone {floor / 1000:.1f} µs, "
          f"{100 * floor / mine:.0f} % of ours")
    if shutil.which("valgrind"):
        few, many = max(1, 100 // events), max(2, 1_100 // events)
        spent = (instructions(file, many) - instructions(file, few)) / ((many - few) * events)
        print(f"Ingestion/{events} events/instructions: {spent:.0f} for each event")
    else:
        print(f"Ingestion/{events} events/instructions: not counted, valgrind is absent")
    return ratio


with tempfile.TemporaryDirectory() as name:
    ratios = [measure(events, pathlib.Path(name)) for events in (5, 100, 1_000)]
if min(ratios) < LEAST_RATIO:
    sys.exit(f"ingestion is less than {LEAST_RATIO} times as fast as Python's")
