#!/usr/bin/env python3
"""Serves a Security Hub on 127.0.0.1 that checks signatures and keeps a journal.

usage: hub_server.py --account 444455556666 --region eu-central-1 [--key ID:SECRET]...

It prints the port in the first line. What is below /_peer/ is for tests and needs no signature:

    PUT  /_peer/keys      {ID: {"secret", "token"?, "account"?, "denied"?: ["securityhub:GetFindings"]}}
    PUT  /_peer/findings  [FINDING, …]       all findings that there are from now on; the journal begins anew
    GET  /_peer/findings
    PUT  /_peer/faults    {OPERATION: {"fail"?: {"times", "code", "status"?}, "drop"?: N, "delay"?: SECONDS,
                           "unprocessed"?: {"times", "code"}}}
    GET  /_peer/journal   [{"number", "operation", "key", "status", "code", "outcome", "changed"}, …]

`outcome` is done, refused (signature or right), invalid, fault (before any work) or dropped (after the work).
"""
import argparse
import datetime
import json
import threading
import time
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import signatures
from hub import OPERATIONS, Hub, invalid
from signatures import Key, Refused

Request = namedtuple("Request", "method target headers body")


class Dropped(Exception):
    """The work is done and nobody is told."""


class Faults:
    """What goes wrong, and how often it still does."""

    KINDS = {"fail", "drop", "delay", "unprocessed"}

    def __init__(self):
        self.plan = {}

    def set(self, plan):
        for operation, faults in plan.items():
            if operation not in OPERATIONS.values() or not faults.keys() <= self.KINDS:
                raise invalid(f"no such operation or fault: {operation} {sorted(faults)}")
        self.plan = plan

    def _take(self, operation, kind):
        fault = self.plan.get(operation, {}).get(kind)
        if not fault or fault["times"] <= 0:
            return None
        fault["times"] -= 1
        return fault

    def delay(self, operation):
        return self.plan.get(operation, {}).get("delay", 0)

    def before(self, operation):
        fault = self._take(operation, "fail")
        if fault:
            raise Refused(fault.get("status", 500), fault["code"], "a fault that a test asked for")

    def unprocessed(self, operation):
        fault = self._take(operation, "unprocessed")
        return (fault["code"], "a fault that a test asked for") if fault else None

    def drops(self, operation):
        left = self.plan.get(operation, {}).get("drop", 0)
        if left > 0:
            self.plan[operation]["drop"] = left - 1
        return left > 0


class Service:
    """The hub behind its door: who may come in, what goes wrong, what is written down."""

    def __init__(self, account, region, keys=None):
        self.hub, self.keys, self.faults = Hub(account, region), keys or {}, Faults()
        self.journal, self.lock = [], threading.Lock()

    def serve(self, request):
        operation = OPERATIONS.get((request.method, request.target.partition("?")[0]))
        delay = self.faults.delay(operation)
        if delay:
            time.sleep(delay)
        with self.lock:
            entry = {"number": len(self.journal) + 1, "operation": operation, "key": None, "changed": []}
            self.journal.append(entry)
            try:
                body = self._work(request, operation, entry)
            except Refused as error:
                entry.update(status=error.status, code=error.code)
                entry.setdefault("outcome", "invalid")
                raise
            entry.update(status=200, code=None, outcome="dropped" if self.faults.drops(operation) else "done")
            if entry["outcome"] == "dropped":
                raise Dropped
            return body

    def _work(self, request, operation, entry):
        now = datetime.datetime.now(datetime.timezone.utc)
        entry["outcome"] = "refused"
        entry["key"], key = signatures.check(request, self.keys, "securityhub", self.hub.region, now)
        if operation is None:
            raise Refused(404, "UnknownOperationException", f"{request.method} {request.target}")
        if f"securityhub:{operation}" in key.denied:
            message = f"not authorized to perform: securityhub:{operation} on resource: {self.hub.arn}"
            raise Refused(403, "AccessDeniedException", f"User: {entry['key']} is {message}")
        entry["outcome"] = "fault"
        self.faults.before(operation)
        entry["outcome"] = "invalid"
        try:
            document = json.loads(request.body)
        except ValueError:
            raise invalid("the body is no JSON") from None
        stamp = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        unprocessed = lambda: self.faults.unprocessed(operation)
        answer = self.hub.call(operation, document, len(request.body), stamp, unprocessed)
        entry["changed"] = answer.changed
        return answer.body

    def configure(self, method, name, document):
        with self.lock:
            if (method, name) == ("GET", "journal"):
                return self.journal
            if (method, name) == ("GET", "findings"):
                return self.hub.documents()
            if (method, name) == ("PUT", "findings"):
                self.hub.load(document)
                self.journal, self.faults = [], Faults()
            elif (method, name) == ("PUT", "faults"):
                self.faults.set(document)
            elif (method, name) == ("PUT", "keys"):
                self.keys = {one: Key(**{"account": self.hub.account, **key}) for one, key in document.items()}
            else:
                raise Refused(404, "NotFound", f"{method} /_peer/{name}")
            return {}


def handler(service):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def handle_call(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, self.path, list(self.headers.items()), body)
            try:
                if self.path.startswith("/_peer/"):
                    document = json.loads(body) if body else None
                    self.answer(200, service.configure(self.command, self.path.removeprefix("/_peer/"), document))
                else:
                    self.answer(200, service.serve(request))
            except Refused as error:
                self.answer(error.status, {"Code": error.code, "Message": error.message}, error.code)
            except Dropped:
                self.close_connection = True

        def answer(self, status, document, code=None):
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if code:
                self.send_header("x-amzn-ErrorType", code)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_call

    return Handler


def start(service, port=0):
    """A server that is listening; its caller runs `serve_forever`."""
    return ThreadingHTTPServer(("127.0.0.1", port), handler(service))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--account", required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--key", action="append", default=[], metavar="ID:SECRET")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    pairs = (pair.partition(":")[::2] for pair in options.key)
    keys = {name: Key(secret, options.account) for name, secret in pairs}
    server = start(Service(options.account, options.region, keys), options.port)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
