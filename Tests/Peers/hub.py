"""A Security Hub: the findings of one account in one Region and the three calls that firebreak makes.

It has no network and no clock of its own; `hub_server.py` serves it. What it does is what the API's model and the user
guide say; README.md lists what is from neither.
"""
import base64
import binascii
import copy
import datetime
import hashlib
import json
import re

from shapes import problems, service_model
from signatures import Refused

MODEL = service_model("securityhub")
OPERATIONS = {
    ("POST", "/findings/import"): "BatchImportFindings",
    ("PATCH", "/findings/batchupdate"): "BatchUpdateFindings",
    ("POST", "/findings"): "GetFindings",
}
#: Only the customer's call changes these of a finding that exists.
CUSTOMERS = ("Note", "UserDefinedFields", "VerificationState", "Workflow", "WorkflowState")
#: A provider says these in FindingProviderFields; the customer may overrule the copy at the top.
PROVIDERS = ("Confidence", "Criticality", "RelatedFindings", "Severity", "Types")
#: Limits that the model leaves to its prose.
LENGTHS = {"Title": 256, "Description": 1024, "Id": 512, "GeneratorId": 512}
COUNTS = {"Resources": 32, "Types": 50}
FINDING_BYTES = 240_000
CALL_BYTES = 6_000_000
SEVERITIES = (("INFORMATIONAL", 0), ("LOW", 1), ("MEDIUM", 40), ("HIGH", 70), ("CRITICAL", 90))
#: The filters that this peer has, and where in a finding they look.
FILTERS = {
    "Id": ("Id",),
    "ProductArn": ("ProductArn",),
    "AwsAccountId": ("AwsAccountId",),
    "GeneratorId": ("GeneratorId",),
    "Title": ("Title",),
    "RecordState": ("RecordState",),
    "WorkflowStatus": ("Workflow", "Status"),
    "SeverityLabel": ("Severity", "Label"),
}
COMPARISONS = {
    "EQUALS": lambda text, wanted: text == wanted,
    "PREFIX": lambda text, wanted: text.startswith(wanted),
    "CONTAINS": lambda text, wanted: wanted in text,
}
NEGATIVE = {"NOT_EQUALS": "EQUALS", "PREFIX_NOT_EQUALS": "PREFIX", "NOT_CONTAINS": "CONTAINS"}


def invalid(message):
    return Refused(400, "InvalidInputException", message)


def moment(text):
    """A timestamp of a finding; None when it is none."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", text or "")
    if not match:
        return None
    try:
        base = datetime.datetime.fromisoformat(match[1] + match[3].replace("Z", "+00:00"))
    except ValueError:
        return None
    # Datetimes end at microseconds.
    return base.astimezone(datetime.timezone.utc).timestamp(), (match[2] or ".0")[1:].ljust(9, "0")


def severity(value):
    """Label and Normalized follow each other."""
    value = dict(value)
    if "Label" not in value:
        number = value.get("Normalized", 0)
        value["Label"] = [label for label, least in SEVERITIES if least <= number][-1]
    value.setdefault("Normalized", dict(SEVERITIES)[value["Label"]])
    return value


class Answer:
    """What a call gives back, and the ids of the findings that it changed."""

    def __init__(self, body, changed=()):
        self.body, self.changed = body, list(changed)


class Hub:
    def __init__(self, account, region):
        self.account, self.region = account, region
        self.findings = {}
        self.overruled = {}

    @property
    def arn(self):
        return f"arn:aws:securityhub:{self.region}:{self.account}:hub/default"

    def load(self, findings):
        """Puts findings there as they are, checked like imported ones."""
        loaded = {}
        for finding in findings:
            wrong = list(problems(MODEL.shape_for("AwsSecurityFinding"), finding))
            if wrong:
                raise invalid("; ".join(wrong))
            loaded[finding["ProductArn"], finding["Id"]] = copy.deepcopy(finding)
        self.findings, self.overruled = loaded, {}

    def documents(self):
        return [copy.deepcopy(self.findings[key]) for key in sorted(self.findings)]

    def call(self, operation, document, size, now, unprocessed=lambda: None):
        """`unprocessed` says for each finding whether a fault keeps it from being processed, and with which code."""
        shape = MODEL.operation_model(operation).input_shape
        if operation == "BatchImportFindings":
            self._check_import(shape, document, size)
            return self._import(document["Findings"], now, unprocessed)
        wrong = list(problems(shape, document))
        if wrong:
            raise invalid("; ".join(wrong))
        if operation == "BatchUpdateFindings":
            return self._update(document, now, unprocessed)
        return self._get(document)

    # BatchImportFindings

    @staticmethod
    def _check_import(shape, document, size):
        if not isinstance(document, dict) or set(document) != {"Findings"}:
            raise invalid("Findings is required, and nothing else")
        if size > CALL_BYTES:
            raise invalid("the request is larger than 6 MB")
        findings, limits = document["Findings"], shape.members["Findings"].metadata
        if not isinstance(findings, list) or not all(isinstance(finding, dict) for finding in findings):
            raise invalid("Findings must be a list of objects")
        if not limits["min"] <= len(findings) <= limits["max"]:
            raise invalid(f"Findings: Size '{len(findings)}' is not from {limits['min']} to {limits['max']}")

    def _import(self, findings, now, unprocessed):
        if any(finding.get("AwsAccountId") not in (None, self.account) for finding in findings):
            raise Refused(403, "AccessDeniedException", "a finding belongs to another account")
        failed, changed = [], []
        for finding in findings:
            problem = unprocessed() or self._import_problem(finding)
            if problem:
                code, message = problem
                message = f"Finding does not adhere to Amazon Finding Format. {message}"
                failed.append({"Id": str(finding.get("Id", "")), "ErrorCode": code, "ErrorMessage": message})
            elif self._store_import(copy.deepcopy(finding), now):
                changed.append(finding["Id"])
        body = {"FailedCount": len(failed), "SuccessCount": len(findings) - len(failed), "FailedFindings": failed}
        return Answer(body, changed)

    def _import_problem(self, finding):
        wrong = list(problems(MODEL.shape_for("AwsSecurityFinding"), finding))
        for name, limit in {**LENGTHS, **COUNTS}.items():
            if name in finding and len(finding[name]) > limit:
                wrong.append(f"{name}: Size '{len(finding[name])}' is greater than maximum value: {limit}")
        if not wrong:
            wrong += [f"{name}: is no timestamp" for name in ("CreatedAt", "UpdatedAt") if not moment(finding[name])]
        if not wrong and not finding["Resources"]:
            wrong.append("Resources: must not be empty")
        if not wrong and f":{self.region}:" not in finding["ProductArn"]:
            wrong.append("ProductArn: is of another Region")
        if not wrong and len(json.dumps(finding, ensure_ascii=False).encode()) > FINDING_BYTES:
            wrong.append("the finding is larger than 240 KB")
        return ("InvalidInput", "; ".join(wrong)) if wrong else None

    def _store_import(self, finding, now):
        """False when what is stored is as new as this."""
        key = finding["ProductArn"], finding["Id"]
        before = self.findings.get(key)
        if before is not None and moment(finding["UpdatedAt"]) <= moment(before["UpdatedAt"]):
            return False
        for name in CUSTOMERS if before is not None else ():
            finding.pop(name, None)
        product = (finding.get("Severity") or {}).get("Product")
        was = (before or {}).get("FindingProviderFields", {})
        said = self._provided(finding, was, is_new=before is None)
        stored = {**(before or {}), **finding, "FindingProviderFields": {**was, **said}}
        for name, value in said.items():
            if name not in self.overruled.get(key, ()):
                stored[name] = severity(value) if name == "Severity" else value
                if name == "Severity" and product is not None:
                    stored[name]["Product"] = product
        stored.setdefault("RecordState", "ACTIVE")
        stored.setdefault("Workflow", {"Status": "NEW"})
        if before is not None and self._came_back(before, stored) and stored["Workflow"]["Status"] != "SUPPRESSED":
            stored["Workflow"] = {"Status": "NEW"}
        stored.setdefault("WorkflowState", "NEW")
        self._add_product(stored)
        stored["Region"] = self.region
        stored["ProcessedAt"] = now
        self.findings[key] = stored
        return True

    @staticmethod
    def _provided(finding, was, is_new):
        """What the provider says in this import; what it says at the top of the finding is taken from there."""
        said = dict(finding.pop("FindingProviderFields", None) or {})
        for name in PROVIDERS:
            value = finding.pop(name, None)
            if value is not None:
                said.setdefault(name, value)
        if is_new:
            said.setdefault("Severity", {"Label": "INFORMATIONAL"})
        if "Severity" in said:
            value = said["Severity"]
            if "Label" in value or "Normalized" in value:
                value = severity(value)
            elif "Label" in was.get("Severity", {}):
                value = {"Label": was["Severity"]["Label"], **value}
            said["Severity"] = {part: word for part, word in value.items() if part in ("Label", "Original")}
        return said

    @staticmethod
    def _add_product(finding):
        """What the service says about the product, by its ARN."""
        company, _, product = finding["ProductArn"].split(":")[-1].removeprefix("product/").partition("/")
        if product == "default":
            company, product = "Personal", "Default"
        finding["ProductFields"] = {
            **(finding.get("ProductFields") or {}),
            "aws/securityhub/FindingId": f"{finding['ProductArn']}/{finding['Id']}",
            "aws/securityhub/ProductName": product,
            "aws/securityhub/CompanyName": company,
        }
        finding.setdefault("ProductName", product)
        finding.setdefault("CompanyName", company)

    @staticmethod
    def _came_back(before, after):
        """Whether the problem is there again after it had gone."""
        if (before.get("RecordState"), after["RecordState"]) == ("ARCHIVED", "ACTIVE"):
            return True
        was, status = ((one.get("Compliance") or {}).get("Status") for one in (before, after))
        return was == "PASSED" and status in ("WARNING", "FAILED", "NOT_AVAILABLE")

    # BatchUpdateFindings

    def _update(self, document, now, unprocessed):
        identifiers = document["FindingIdentifiers"]
        if not 1 <= len(identifiers) <= 100:
            raise invalid(f"FindingIdentifiers: Size '{len(identifiers)}' is not from 1 to 100")
        changes = {name: value for name, value in document.items() if name != "FindingIdentifiers"}
        self._check_changes(changes)
        for identifier in identifiers:
            if identifier["ProductArn"].split(":")[4:5] not in ([""], [self.account]):
                raise Refused(403, "AccessDeniedException", "a finding belongs to another account")
        processed, failed, seen = [], [], set()
        for identifier in identifiers:
            key = identifier["ProductArn"], identifier["Id"]
            problem = unprocessed() or self._update_problem(key, seen)
            seen.add(key)
            if problem:
                code, message = problem
                failed.append({"FindingIdentifier": identifier, "ErrorCode": code, "ErrorMessage": message})
            else:
                self._apply(key, copy.deepcopy(changes), now)
                processed.append(identifier)
        body = {"ProcessedFindings": processed, "UnprocessedFindings": failed}
        return Answer(body, [identifier["Id"] for identifier in processed])

    @staticmethod
    def _check_changes(changes):
        if not changes:
            raise invalid("at least one attribute to update is required")
        note = changes.get("Note")
        if note is not None and (len(note["Text"]) > 512 or len(note["UpdatedBy"]) > 512):
            raise invalid("Note: Text and UpdatedBy have at most 512 characters")
        fields = changes.get("UserDefinedFields", {})
        if len(fields) > 50:
            raise invalid(f"UserDefinedFields: Size '{len(fields)}' is greater than maximum value: 50")
        for name, value in fields.items():
            if len(name) > 128 or len(value) > 1024:
                raise invalid(f"UserDefinedFields.{name[:128]}: names have at most 128 characters, values 1024")

    def _update_problem(self, key, seen):
        if key in seen:
            return "DuplicatedFindingIdentifier", "the finding is named twice"
        if key not in self.findings:
            return "FindingNotFound", "Finding Not Found"
        return None

    def _apply(self, key, changes, now):
        """UpdatedAt is the provider's: it stays."""
        finding = self.findings[key]
        for name, value in changes.items():
            if name == "Note":
                value = {**value, "UpdatedAt": now}
            elif name == "Severity":
                kept = dict(finding.get("Severity") or {})
                if {"Label", "Normalized"} & value.keys():
                    kept.pop("Label", None)
                    kept.pop("Normalized", None)
                value = severity({**kept, **value})
            finding[name] = value
            if name in PROVIDERS:
                self.overruled.setdefault(key, set()).add(name)
        finding["ProcessedAt"] = now

    # GetFindings

    def _get(self, document):
        if document.get("SortCriteria"):
            raise invalid("this peer does not sort")
        filters = document.get("Filters") or {}
        if len(filters) > 10 or any(len(conditions) > 20 for conditions in filters.values()):
            raise invalid("at most 10 attributes with 20 values each")
        found = [finding for finding in self.documents() if all(self._holds(finding, *pair) for pair in filters.items())]
        limit = document.get("MaxResults", 100)
        mark = hashlib.sha256(json.dumps(filters, sort_keys=True).encode()).hexdigest()[:16]
        start = self._start(document.get("NextToken"), mark)
        body = {"Findings": found[start:start + limit]}
        if start + limit < len(found):
            body["NextToken"] = base64.b64encode(f"{mark}:{start + limit}".encode()).decode()
        return Answer(body)

    @staticmethod
    def _start(token, mark):
        if not token:
            return 0
        try:
            whose, _, start = base64.b64decode(token, validate=True).decode().partition(":")
            if whose == mark:
                return int(start)
        except (ValueError, binascii.Error):
            pass
        raise invalid("NextToken is not one of this query")

    @staticmethod
    def _holds(finding, name, conditions):
        """Positive conditions are alternatives, negative ones hold all."""
        if name not in FILTERS:
            raise invalid(f"this peer does not filter by {name}")
        value = finding
        for part in FILTERS[name]:
            value = (value or {}).get(part)
        text = value or ""
        wanted, unwanted = [], []
        for condition in conditions:
            comparison = condition.get("Comparison")
            if comparison in COMPARISONS:
                wanted.append(COMPARISONS[comparison](text, condition.get("Value", "")))
            elif comparison in NEGATIVE:
                unwanted.append(COMPARISONS[NEGATIVE[comparison]](text, condition.get("Value", "")))
            else:
                raise invalid(f"this peer does not compare by {comparison}")
        return (not wanted or any(wanted)) and not any(unwanted)
