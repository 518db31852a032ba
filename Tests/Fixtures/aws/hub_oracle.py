"""Plays calls on the Security Hub of the AWS peer and prints what it answers.

    python3 hub_oracle.py PEER_FOLDER < CALLS > ANSWERS

CALLS is a JSON list of {"operation", "body"}; an answer is {"output": …} or {"error": CODE}. The peer stands beside the
corpora; it is an implementation that is not ours.
"""
import json
import sys

sys.path.insert(0, sys.argv[1])

import faults  # noqa: E402
import security_hub  # noqa: E402


def play(calls):
    hub = security_hub.SecurityHub(lambda *event: None, faults.Faults(security_hub.OPERATIONS))
    caller = security_hub.Caller("111122223333", "eu-central-1")
    hub.call("EnableSecurityHub", caller, {})
    for call in calls:
        body = call["body"]
        try:
            yield {"output": hub.call(call["operation"], caller, body, None, len(json.dumps(body)))}
        except faults.ServiceError as error:
            yield {"error": error.code}


print(json.dumps(list(play(json.load(sys.stdin)))))
