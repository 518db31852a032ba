"""Holds Detection Findings, one a line on standard input, against models of OCSF that others wrote (py-ocsf-models)."""
import json
import sys

from py_ocsf_models.events.findings.detection_finding import DetectionFinding


def known(finding):
    """The model wants a name for every technique; the schema is content with its uid."""
    for attack in finding["finding_info"].get("attacks", []):
        if "technique" in attack:
            attack["technique"].setdefault("name", attack["technique"]["uid"])
    return finding


def unknown_members(value, model, path=""):
    """Members that the model does not have: it ignores them, we do not."""
    fields = type(model).model_fields
    for key in value:
        if key not in fields and path + key not in OUTSIDE_THE_MODEL:
            yield path + key
        member = getattr(model, key, None)
        if hasattr(type(member), "model_fields") and isinstance(value[key], dict):
            yield from unknown_members(value[key], member, f"{path}{key}.")


# In the schema of version 1.5.0, but not in the models.
OUTSIDE_THE_MODEL = {"is_alert"}

count = 0
for line in sys.stdin:
    document = json.loads(line)
    finding = DetectionFinding.model_validate(known(document), strict=False)
    strange = list(unknown_members(document, finding))
    if strange:
        sys.exit(f"members that OCSF does not have: {strange}")
    if document["type_uid"] != document["class_uid"] * 100 + document["activity_id"]:
        sys.exit("type_uid is not class_uid * 100 + activity_id")
    count += 1
print(count)
