"""Checks AWS Signature Version 4 as a service does that keeps the secrets of its callers.

Written from the description of the signature's steps; it shares nothing with the signer that it judges.
"""
import datetime
import hashlib
import hmac
import re
from urllib.parse import quote, unquote

ALGORITHM = "AWS4-HMAC-SHA256"
#: How far the caller's clock may be off.
TOLERANCE = datetime.timedelta(minutes=5)
UNRESERVED = "-_.~"


class Refused(Exception):
    """A call that must not be served, as the error that its caller is to see."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Key:
    """An access key: whose it is, what it must not do."""

    def __init__(self, secret, account, token=None, denied=()):
        self.secret, self.account, self.token, self.denied = secret, account, token, frozenset(denied)


def check(request, keys, service, region, now):
    """The id and the key that signed a request; raises Refused when nobody did whom we know.

    `request` has method, target, headers (a list of pairs) and body.
    """
    headers = {}
    for name, value in request.headers:
        headers.setdefault(name.lower(), []).append(value)
    fields = _authorization(headers)
    key_id, date, scope_region, scope_service, terminator = _scope(fields["Credential"])
    key = keys.get(key_id)
    token = headers.get("x-amz-security-token", [None])[0]
    if key is None or token != key.token:
        raise Refused(403, "UnrecognizedClientException", "The security token included in the request is invalid.")
    if (scope_region, scope_service, terminator) != (region, service, "aws4_request"):
        raise _invalid(f"Credential should be scoped to a valid region and to {service}.")
    moment = _moment(headers, date, now)
    signed = fields["SignedHeaders"].split(";")
    _check_coverage(signed, headers)
    canonical = _canonical(request, headers, signed)
    scope = "/".join((date, region, service, "aws4_request"))
    text = "\n".join((ALGORITHM, moment, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    expected = hmac.new(_signing_key(key.secret, date, region, service), text.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, fields["Signature"]):
        raise _invalid(
            "The request signature we calculated does not match the signature you provided. "
            "Check your AWS Secret Access Key and signing method."
        )
    return key_id, key


def _invalid(message):
    return Refused(403, "InvalidSignatureException", message)


def _authorization(headers):
    lines = headers.get("authorization", [])
    if len(lines) != 1 or not lines[0].strip():
        raise Refused(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
    algorithm, _, rest = lines[0].partition(" ")
    fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if algorithm != ALGORITHM or not {"Credential", "SignedHeaders", "Signature"} <= fields.keys():
        raise Refused(403, "IncompleteSignatureException", "Authorization header is incomplete or of another algorithm.")
    return fields


def _scope(credential):
    parts = credential.split("/")
    if len(parts) != 5:
        raise Refused(403, "IncompleteSignatureException", "Credential must have five elements.")
    return parts


def _moment(headers, date, now):
    text = headers.get("x-amz-date", [""])[0]
    if not re.fullmatch(r"\d{8}T\d{6}Z", text) or not text.startswith(date):
        raise _invalid("X-Amz-Date is missing, or of another day than the credential's scope.")
    moment = datetime.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    if abs(moment - now) > TOLERANCE:
        raise _invalid(f"Signature expired or not yet current: {text} is not near {now:%Y%m%dT%H%M%SZ}")
    return text


def _check_coverage(signed, headers):
    """Whoever could change a header that means something must not be able to."""
    if signed != sorted(signed):
        raise _invalid("SignedHeaders are not sorted.")
    needed = {"host"} | {name for name in headers if name.startswith("x-amz-")}
    missing = needed - set(signed)
    absent = set(signed) - headers.keys()
    if missing or absent:
        raise _invalid(f"headers that must be signed and are not: {sorted(missing)}; signed and absent: {sorted(absent)}")


def _canonical(request, headers, signed):
    path, _, query = request.target.partition("?")
    lines = [request.method, _canonical_path(path), _canonical_query(query)]
    for name in signed:
        values = ",".join(re.sub(r"\s+", " ", value.strip()) for value in headers[name])
        lines.append(f"{name}:{values}")
    lines += ["", ";".join(signed), hashlib.sha256(request.body).hexdigest()]
    return "\n".join(lines)


def _canonical_path(path):
    """Every service but one signs the path encoded once more than it is on the wire."""
    kept = []
    for segment in path.split("/"):
        if segment == "..":
            kept[-1:] = []
        elif segment not in ("", "."):
            kept.append(quote(segment, safe=UNRESERVED))
    end = "/" if path.endswith("/") and kept else ""
    return "/" + "/".join(kept) + end


def _canonical_query(query):
    pairs = (part.partition("=")[::2] for part in query.split("&") if part)
    encoded = sorted(tuple(quote(unquote(word), safe=UNRESERVED) for word in pair) for pair in pairs)
    return "&".join("=".join(pair) for pair in encoded)


def _signing_key(secret, date, region, service):
    key = ("AWS4" + secret).encode()
    for word in (date, region, service, "aws4_request"):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    return key
