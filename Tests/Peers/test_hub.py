#!/usr/bin/env python3
"""Proves that our Security Hub takes what botocore signs, refuses what was tampered with, and says what went wrong.

usage: test_hub.py [FOLDER OF THE CORPORA'S AWS PEER]

With the folder, thousands of random calls must also end there as they end here.
"""
import datetime
import json
import random
import sys
import threading
import unittest

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

import hub_server
import signatures
from hub import Hub
from hub_server import Request
from signatures import Key, Refused

ACCOUNT, REGION = "111122223333", "eu-central-1"
PRODUCT = f"arn:aws:securityhub:{REGION}:{ACCOUNT}:product/{ACCOUNT}/default"
KEYS = {"AKID": Key("secret", ACCOUNT), "ASIA": Key("secret", ACCOUNT, token="token")}
OTHER = sys.argv.pop(1) if len(sys.argv) > 1 else None


def finding(name="a", **more):
    return {
        "SchemaVersion": "2018-10-08", "Id": name, "ProductArn": PRODUCT, "GeneratorId": "g", "AwsAccountId": ACCOUNT,
        "CreatedAt": "2026-01-01T00:00:00Z", "UpdatedAt": "2026-01-02T00:00:00Z", "Title": "t", "Description": "d",
        "Resources": [{"Type": "Container", "Id": "x"}], **more,
    }


class Signatures(unittest.TestCase):
    """botocore signs, we check."""

    def signed(self, key="AKID", token=None, region=REGION, target="/findings?b=2&a=%20%2F", body=b"{}"):
        request = AWSRequest("POST", "http://127.0.0.1:1" + target, headers={"Host": "127.0.0.1:1"}, data=body)
        SigV4Auth(Credentials(key, "secret", token), "securityhub", region).add_auth(request)
        return Request("POST", target, list(request.headers.items()), body)

    def check(self, request, later=0):
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=later)
        return signatures.check(request, KEYS, "securityhub", REGION, now)[0]

    def refused(self, request, code, later=0):
        with self.assertRaises(Refused) as caught:
            self.check(request, later)
        self.assertEqual((caught.exception.status, caught.exception.code), (403, code))

    def test_whatever_botocore_signs_is_taken(self):
        for target in ("/", "/findings", "/a%3Ab/c+d?x=&y=%C3%A9&x=1", "/findings?b=2&a=1&a=0"):
            self.assertEqual(self.check(self.signed(target=target)), "AKID")
        self.assertEqual(self.check(self.signed(key="ASIA", token="token")), "ASIA")

    def test_what_was_changed_on_the_way_is_refused(self):
        good = self.signed()
        self.refused(good._replace(body=b"{ }"), "InvalidSignatureException")
        self.refused(good._replace(method="PATCH"), "InvalidSignatureException")
        self.refused(good._replace(target="/findings?b=2&a=1"), "InvalidSignatureException")
        self.refused(good._replace(headers=good.headers + [("X-Amz-Extra", "1")]), "InvalidSignatureException")

    def test_strangers_and_old_signatures_are_refused(self):
        self.refused(self.signed(key="NOBODY"), "UnrecognizedClientException")
        self.refused(self.signed(key="ASIA"), "UnrecognizedClientException")
        self.refused(self.signed(key="ASIA", token="other"), "UnrecognizedClientException")
        self.refused(self.signed(region="us-east-1"), "InvalidSignatureException")
        self.refused(self.signed(), "InvalidSignatureException", later=400)
        self.refused(self.signed(), "InvalidSignatureException", later=-400)
        self.refused(Request("POST", "/findings", [("Host", "x")], b"{}"), "MissingAuthenticationTokenException")


class Served(unittest.TestCase):
    """boto3 calls the server over the network."""

    def setUp(self):
        self.service = hub_server.Service(ACCOUNT, REGION, KEYS)
        server = hub_server.start(self.service)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = "http://127.0.0.1:%d" % server.server_address[1]

    def client(self, secret="secret"):
        return boto3.client(
            "securityhub", region_name=REGION, endpoint_url=self.url, aws_access_key_id="AKID",
            aws_secret_access_key=secret, config=Config(retries={"total_max_attempts": 1}, proxies={}),
        )

    def test_a_finding_is_imported_updated_and_found(self):
        client = self.client()
        self.assertEqual(client.batch_import_findings(Findings=[finding()])["SuccessCount"], 1)
        one = {"Id": "a", "ProductArn": PRODUCT}
        client.batch_update_findings(FindingIdentifiers=[one], Note={"Text": "n", "UpdatedBy": "me"})
        client.batch_import_findings(Findings=[finding(UpdatedAt="2026-01-03T00:00:00Z", Title="new")])
        found = client.get_findings(Filters={"Id": [{"Value": "a", "Comparison": "EQUALS"}]})["Findings"]
        self.assertEqual([(one["Title"], one["Note"]["Text"]) for one in found], [("new", "n")])
        self.assertEqual([call["changed"] for call in self.service.journal], [["a"], ["a"], ["a"], []])

    def test_pages_end_and_tokens_belong_to_their_query(self):
        client = self.client()
        client.batch_import_findings(Findings=[finding(str(number)) for number in range(5)])
        pages = list(client.get_paginator("get_findings").paginate(PaginationConfig={"PageSize": 2}))
        self.assertEqual([len(page["Findings"]) for page in pages], [2, 2, 1])
        with self.assertRaisesRegex(ClientError, "InvalidInputException"):
            client.get_findings(
                NextToken=pages[0]["NextToken"], Filters={"Id": [{"Value": "1", "Comparison": "EQUALS"}]}
            )

    def test_errors_reach_botocore_with_their_codes(self):
        with self.assertRaisesRegex(ClientError, "InvalidSignatureException"):
            self.client("wrong").get_findings()
        with self.assertRaisesRegex(ClientError, "InvalidInputException.*512"):
            note = {"Text": "n" * 513, "UpdatedBy": "me"}
            self.client().batch_update_findings(FindingIdentifiers=[{"Id": "a", "ProductArn": PRODUCT}], Note=note)
        self.service.keys = {"AKID": Key("secret", ACCOUNT, denied=["securityhub:GetFindings"])}
        with self.assertRaisesRegex(ClientError, "AccessDeniedException.*securityhub:GetFindings"):
            self.client().get_findings()
        self.assertEqual([call["outcome"] for call in self.service.journal], ["refused", "invalid", "refused"])


class Agreement(unittest.TestCase):
    """The same random calls here and at a Security Hub that was written elsewhere."""

    @unittest.skipIf(OTHER is None, "the corpora's AWS peer is absent")
    def test_random_calls_end_alike(self):
        sys.path.append(OTHER)
        import faults
        import security_hub

        for seed in range(20):
            chance = random.Random(seed)
            there = security_hub.SecurityHub(lambda *event: None, faults.Faults(security_hub.OPERATIONS))
            caller, here = security_hub.Caller(ACCOUNT, REGION), Hub(ACCOUNT, REGION)
            there.call("EnableSecurityHub", caller, {})
            for place in range(200):
                operation, body = random_call(chance)
                size = len(json.dumps(body))
                theirs = outcome(lambda: there.call(operation, caller, json.loads(json.dumps(body)), None, size))
                ours = outcome(lambda: here.call(operation, body, size, "2026-01-01T00:00:00Z").body)
                where = f"seed {seed}, call {place}: {operation} {body}"
                self.assertEqual(comparable(ours), comparable(theirs), where)
                held = there.call("GetFindings", caller, {})["Findings"]
                held.sort(key=lambda one: one["Id"])
                self.assertEqual(comparable(here.documents()), comparable(held), where)


def outcome(call):
    try:
        return call()
    except Exception as error:  # both sides have an error class of their own, with a code
        return error.code


def comparable(value):
    """Without moments and without the words of messages."""
    if isinstance(value, list):
        return [comparable(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    kept = {name: comparable(inner) for name, inner in value.items() if name not in ("ProcessedAt", "ErrorMessage")}
    if isinstance(kept.get("Note"), dict):
        kept["Note"].pop("UpdatedAt", None)
    return kept


def random_call(chance):
    return random_import(chance) if chance.random() < 0.45 else random_update(chance)


def random_import(chance):
    times = (
        "2026-01-01T00:00:00Z", "2026-01-02T00:00:00.5Z", "2026-01-02T02:00:00.500+02:00",
        "2026-01-03T00:00:00.123456789Z", "2026-01-04T00:00:00Z", "2026-01-05T00:00:00Z",
    )
    made = finding(chance.choice("ab"), UpdatedAt=chance.choice(times), Title=chance.choice(("one", "two")))
    optional = {
        "RecordState": ("ACTIVE", "ARCHIVED"),
        "Severity": (
            {"Label": "LOW"}, {"Label": "HIGH", "Original": "e"}, {"Normalized": 45}, {"Label": "MEDIUM", "Product": 3},
        ),
        "Types": (["TTPs/Execution"], ["Effects/Data Exposure"]),
        "Confidence": (0, 55, 100),
        "Compliance": ({"Status": "PASSED"}, {"Status": "FAILED"}, {"Status": "WARNING"}),
        "Workflow": ({"Status": "SUPPRESSED"}, {"Status": "NOTIFIED"}),
        "Note": ({"Text": "t", "UpdatedBy": "a", "UpdatedAt": "2026-01-01T00:00:00Z"},),
        "FindingProviderFields": (
            {"Severity": {"Label": "HIGH", "Original": "x"}}, {"Severity": {"Original": "only"}},
            {"Types": ["Unusual Behaviors/Process"]}, {"Confidence": 7, "Criticality": 8},
        ),
    }
    for name, values in optional.items():
        if chance.random() < 0.35:
            made[name] = chance.choice(values)
    if chance.random() < 0.12:
        wrong = {
            "Title": " ", "Description": "d" * 1025, "Severity": {"Label": "BAD"}, "UpdatedAt": "soon",
            "Resources": [], "AwsAccountId": "9" * 12, "ProductArn": PRODUCT.replace(REGION, "us-east-1"),
        }
        name = chance.choice(list(wrong))
        made[name] = wrong[name]
    return "BatchImportFindings", {"Findings": [made]}


def random_update(chance):
    names = [chance.choice("abc") for _ in range(chance.randint(1, 3))]
    body = {"FindingIdentifiers": [{"Id": name, "ProductArn": PRODUCT} for name in names]}
    changes = [("Workflow", {"Status": status}) for status in ("NEW", "NOTIFIED", "RESOLVED", "SUPPRESSED", "DONE")]
    changes += [
        ("Note", {"Text": "n", "UpdatedBy": "f"}), ("Note", {"Text": "n"}), ("Note", {"Text": "", "UpdatedBy": "a"}),
        ("Note", {"Text": "n" * 513, "UpdatedBy": "a"}), ("UserDefinedFields", {"k": "v"}), ("Colour", "red"),
        ("UserDefinedFields", {"j": "w"}), ("UserDefinedFields", {"k": ""}), ("Severity", {"Label": "LOW"}),
        ("Severity", {"Normalized": 80}), ("Severity", {"Product": 5}), ("Confidence", 50), ("Confidence", 101),
        ("Types", ["TTPs/Discovery"]), ("VerificationState", "TRUE_POSITIVE"),
    ]
    body.update(chance.choice(changes) for _ in range(chance.randrange(3)))
    return "BatchUpdateFindings", body


if __name__ == "__main__":
    unittest.main()
