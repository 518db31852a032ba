"""Signs requests with botocore, as the oracle of our own signer.

    python3 sign.py < FILE

FILE is a JSON list of {method, url, headers: [[name, value]], body, service, region, key, secret, token, time} or of
{cluster, url, region, key, secret, token, time} for a token of an EKS cluster. Prints a JSON list of {canonical,
toSign, authorization} or {token}. Nothing is sent.
"""
import base64
import json
import sys

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def credentials(row):
    return Credentials(row["key"], row["secret"], row.get("token"))


def sign(row):
    request = AWSRequest(method=row["method"], url=row["url"], data=row["body"].encode())
    for name, value in row["headers"]:
        request.headers.add_header(name, value)
    request.context["timestamp"] = row["time"]
    auth = SigV4Auth(credentials(row), row["service"], row["region"])
    auth._modify_request_before_signing(request)
    canonical = auth.canonical_request(request)
    to_sign = auth.string_to_sign(request, canonical)
    auth._inject_signature_to_request(request, auth.signature(to_sign, request))
    return {"canonical": canonical, "toSign": to_sign, "authorization": request.headers["Authorization"]}


def eks_token(row):
    request = AWSRequest(method="GET", url=row["url"])
    request.headers["x-k8s-aws-id"] = row["cluster"]
    request.context["timestamp"] = row["time"]
    auth = SigV4QueryAuth(credentials(row), "sts", row["region"], expires=60)
    auth._modify_request_before_signing(request)
    to_sign = auth.string_to_sign(request, auth.canonical_request(request))
    auth._inject_signature_to_request(request, auth.signature(to_sign, request))
    return {"token": "k8s-aws-v1." + base64.urlsafe_b64encode(request.url.encode()).decode().rstrip("=")}


json.dump([eks_token(row) if "cluster" in row else sign(row) for row in json.load(sys.stdin)], sys.stdout)
