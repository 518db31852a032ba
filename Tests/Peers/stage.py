#!/usr/bin/env python3
"""Starts the AWS servers of the end-to-end tests and sets worlds up in them.

usage: stage.py --account 444455556666 --region eu-central-1 [--peer FOLDER]

    moto            EC2, EKS, Auto Scaling (and STS and IAM where a right is to be missing)
    ministack       STS and IAM, with signatures and policies checked
    hub_server.py   Security Hub, with signatures checked

With --peer the AWS peer of the corpora stands in for the last two. All listen on 127.0.0.1 alone. When all answer, one
line of JSON is printed: {"control": ORIGIN, "endpoints": {SERVICE: ORIGIN}, "key": {"id", "secret"}}. They end when
nobody reads this program's output any more, however its reader ended.

    PUT  /world      a world.aws.json: everything begins anew with it; answers {ID THERE: ID HERE}
    GET  /state      what the servers hold: instances, volumes, snapshots, findings, calls to Security Hub
    PUT  /denied     ["ec2:CreateSnapshots"]: answers {"endpoints", "key"} of a user who may do everything but this;
                     for other services than Security Hub, moto checks signatures and rights until the next world
    PUT  /faults     of Security Hub, as hub_server.py takes them
    PUT  /role       {"name"}: a role in IAM that the key may assume; answers {"arn"}
"""
import argparse
import ctypes
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import account
import hub_server

#: For a server to come up on a machine that is busy with a build.
PATIENCE = 60


def ask(method, url, document=None, raw=None):
    body = json.dumps(document).encode() if raw is None else raw
    request = urllib.request.Request(url, data=None if method == "GET" else body, method=method)
    request.add_header("Content-Type", "application/json" if raw is None else "text/plain")
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read()
    return json.loads(text) if text.startswith((b"{", b"[")) else None


def die_with_parent():
    """The kernel ends this child when the thread that started it ends: let that be the main one."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Gateway:
    """ministack, or the peer that has ministack inside: STS and IAM (and Security Hub)."""

    def __init__(self, account, command):
        self._command = command
        self._environment = dict(
            os.environ, BIND_HOST="127.0.0.1", MINISTACK_HOST="127.0.0.1", MINISTACK_ACCOUNT_ID=account, AUTH="true",
            LOG_LEVEL="ERROR", PYTHONDONTWRITEBYTECODE="1",
        )
        self._start()

    def _start(self):
        port = free_port()
        self.origin = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            self._command, env={**self._environment, "GATEWAY_PORT": str(port)}, stdin=subprocess.DEVNULL,
            stdout=sys.stderr, preexec_fn=die_with_parent,
        )

    def wait(self):
        """Somebody else may take a port that was free a moment ago: then another one is tried."""
        for _ in range(3):
            if self._is_ready():
                return
            self.process.kill()
            self._start()
        self.process.kill()
        sys.exit(f"{self._command} does not listen")

    def _is_ready(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                ask("GET", self.origin + "/_ministack/ready")
                return True
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        return False


class Stage:
    def __init__(self, number, region, peer):
        self.account, self.region = number, region
        self.checks_after, self.users = "inf", 0
        command = [sys.executable, os.path.join(peer, "aws_peer.py")] if peer else [sys.executable, "-m", "ministack.app"]
        self.gateway = Gateway(number, command)
        self._start_moto()
        self.gateway.wait()
        self._hub = self._peer_hub() if peer else self._own_hub()
        checked = {"sts": self.gateway.origin, "iam": self.gateway.origin, "securityhub": self._hub.origin}
        self.endpoints = {**dict.fromkeys(("ec2", "eks", "autoscaling"), self.moto), **checked}
        self.owner = self._account(self.endpoints)
        self.key = self.make_user(self.owner, "responder")
        self._hub.allow({self.key["id"]: {"secret": self.key["secret"]}})

    def _account(self, endpoints, key="test", secret="test"):
        return account.Account(self.region, endpoints, key, secret)

    def _start_moto(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as images:
            json.dump(account.IMAGES, images)
            images.flush()
            # Both are read when moto is imported.
            os.environ.update(MOTO_ACCOUNT_ID=self.account, MOTO_AMIS_PATH=images.name)
            import moto.ec2.models  # noqa: F401
        from moto.moto_server.threaded_moto_server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
        self.moto = "http://127.0.0.1:%d" % server.get_host_and_port()[1]

    def _own_hub(self):
        return OwnHub(self.account, self.region)

    def _peer_hub(self):
        return PeerHub(self)

    @staticmethod
    def make_user(owner, name, denied=()):
        iam = owner.client("iam")
        iam.create_user(UserName=name)
        actions = ["ec2:*", "sts:*", "securityhub:*", "autoscaling:*", "eks:*"]
        document = json.dumps(account.allow(actions, denied))
        iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}

    # What tests ask for

    def set_world(self, world):
        self._check(after="inf")
        ask("POST", self.moto + "/moto-api/reset", {})
        self._hub.load(world["securityhub"]["findings"])
        return self.owner.build(world)

    def set_denied(self, denied):
        owner, endpoints = self.owner, self.endpoints
        is_about_moto = any(not action.startswith("securityhub:") for action in denied)
        if is_about_moto:
            on_moto = dict.fromkeys(("ec2", "eks", "autoscaling", "sts", "iam"), self.moto)
            owner, endpoints = self._account(on_moto), {**self.endpoints, **on_moto}
        self.users += 1
        key = self.make_user(owner, f"limited-{self.users}", denied)
        self._hub.allow({
            self.key["id"]: {"secret": self.key["secret"]}, key["id"]: {"secret": key["secret"], "denied": denied},
        })
        if is_about_moto:
            self._check(after="0")
        return {"endpoints": endpoints, "key": key}

    def _check(self, after):
        self.checks_after = after
        self._check_moto(after)

    def _check_moto(self, after):
        """From how many calls on moto checks signatures and rights; it takes the number as plain text only."""
        ask("POST", self.moto + "/moto-api/reset-auth", raw=after.encode())

    def set_role(self, role):
        iam = self.owner.client("iam")
        trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{self.account}:root"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        return {"arn": iam.create_role(RoleName=role["name"], AssumeRolePolicyDocument=document)["Role"]["Arn"]}

    def set_faults(self, faults):
        self._hub.set_faults(faults)
        return {}

    def state(self):
        # The owner reads, whom moto's IAM does not know.
        self._check_moto("inf")
        content = self.owner.content()
        self._check_moto(self.checks_after)
        return {**content, "findings": self._hub.findings(), "calls": self._hub.calls()}


class OwnHub:
    """Our own Security Hub, in this process."""

    def __init__(self, account, region):
        server = hub_server.start(hub_server.Service(account, region))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.origin = "http://127.0.0.1:%d" % server.server_address[1]

    def _ask(self, method, name, document=None):
        return ask(method, f"{self.origin}/_peer/{name}", document)

    def allow(self, keys):
        self._ask("PUT", "keys", keys)

    def load(self, findings):
        self._ask("PUT", "findings", findings)

    def set_faults(self, faults):
        self._ask("PUT", "faults", faults)

    def findings(self):
        return self._ask("GET", "findings")

    def calls(self):
        return self._ask("GET", "journal")


class PeerHub:
    """The Security Hub of the corpora's AWS peer, in the gateway's process."""

    OUTCOMES = {"ok": "done", "dropped": "dropped", "refused": "refused", "fault": "fault", "error": "invalid"}

    def __init__(self, stage):
        self._stage = stage
        self.origin = stage.gateway.origin
        self._owner = stage._account({"securityhub": self.origin})
        self._owner.client("securityhub").enable_security_hub(EnableDefaultStandards=False)
        self._old = {}

    def allow(self, keys):
        """IAM in the same process already knows the key; of moto's keys it can know nothing."""

    def load(self, findings):
        """Imports what the world has under the ids of the world; a finding cannot be deleted, so it is put back."""
        hub = self._owner.client("securityhub")
        ask("DELETE", self.origin + "/_peer/faults")
        hub.disable_security_hub()
        hub.enable_security_hub(EnableDefaultStandards=False)
        answer = hub.batch_import_findings(Findings=findings)
        if answer["FailedCount"]:
            raise ValueError(answer["FailedFindings"])
        ask("DELETE", self.origin + "/_peer/journal")

    def set_faults(self, faults):
        ask("POST", self.origin + "/_peer/faults", faults)

    def findings(self):
        found = self._owner.client("securityhub").get_findings()["Findings"]
        return sorted(found, key=lambda finding: finding["Id"])

    def calls(self):
        calls = []
        for call in ask("GET", self.origin + "/_peer/journal")["calls"]:
            if call["access_key_id"] == self._stage.key["id"] or call["outcome"] == "refused":
                calls.append(self._entry(call, len(calls) + 1))
        return calls

    def _entry(self, call, number):
        is_write = call["operation"] in ("BatchUpdateFindings", "BatchImportFindings")
        has_effect = is_write and call["outcome"] in ("ok", "dropped") and call["succeeded"]
        return {
            "number": number,
            "operation": call["operation"],
            "key": call["access_key_id"],
            "status": call["status"],
            "code": call["code"],
            "outcome": self.OUTCOMES.get(call["outcome"], call["outcome"]),
            "changed": call["ids"][: call["succeeded"]] if has_effect else [],
        }


def control(stage):
    routes = {
        ("PUT", "/world"): stage.set_world,
        ("PUT", "/denied"): stage.set_denied,
        ("PUT", "/faults"): stage.set_faults,
        ("PUT", "/role"): stage.set_role,
        ("GET", "/state"): lambda _: stage.state(),
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def handle_call(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                status, answer = 200, routes[self.command, self.path](json.loads(body) if body else None)
            except Exception as error:  # whatever it is, the test that asked must hear of it
                status, answer = 500, {"error": f"{type(error).__name__}: {error}"}
            text = json.dumps(answer, default=str).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_PUT = handle_call

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return "http://127.0.0.1:%d" % server.server_address[1]


def wait_for_the_reader_to_go():
    """Nothing more is written: the only news of a pipe that nobody reads is an error."""
    poll = select.poll()
    poll.register(sys.stdout, 0)
    poll.poll()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--account", required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--peer", metavar="FOLDER")
    options = parser.parse_args()
    # Nothing that this machine is set up for may lead these programs elsewhere.
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(NO_PROXY="127.0.0.1", no_proxy="127.0.0.1", AWS_EC2_METADATA_DISABLED="true")
    stage = Stage(options.account, options.region, options.peer)
    ready = {"control": control(stage), "endpoints": stage.endpoints, "key": stage.key}
    print(json.dumps(ready), flush=True)
    wait_for_the_reader_to_go()
    stage.gateway.process.kill()
    os._exit(0)


if __name__ == "__main__":
    main()
