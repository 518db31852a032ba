"""Prints what a signature costs: ours and botocore's on the same request, rounds of each in turn.

With valgrind on PATH also how many instructions one of ours takes, which no busy machine changes.
"""
import re
import shutil
import statistics
import subprocess
import sys
import time

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

binary = sys.argv[1]
COUNT = 2_000
KEYS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "t" * 400)


def theirs():
    """Nanoseconds of processor for each of botocore's signatures."""
    signer = SigV4Auth(KEYS, "securityhub", "eu-central-1")
    start = time.process_time_ns()
    for _ in range(COUNT):
        request = AWSRequest("POST", "https://securityhub.eu-central-1.amazonaws.com/findings", data=b"x" * 600, headers={
            "Content-Type": "application/json", "amz-sdk-request": "attempt=1; max=3",
            "amz-sdk-invocation-id": "00000000-0000-4000-8000-000000000001"})
        signer.add_auth(request)
        assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 ")
    return (time.process_time_ns() - start) / COUNT


def ours():
    return int(subprocess.run([binary, str(COUNT)], capture_output=True, text=True, check=True).stdout)


def instructions(count):
    """Of the whole program."""
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", binary, str(count)],
                         capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])


rounds = [(ours(), theirs()) for _ in range(9)]
mine, botocore = (statistics.median(column) for column in zip(*rounds))
ratio = statistics.median(other / own for own, other in rounds)
print(f"SigV4/600 B with a session token: {1e9 / mine:.0f} a second of processor ({mine / 1000:.1f} µs each), "
      f"botocore {1e9 / botocore:.0f} ({botocore / 1000:.1f} µs): {ratio:.1f} times as many")
if shutil.which("valgrind"):
    few, many = instructions(100), instructions(1_100)
    print(f"SigV4/instructions: {(many - few) // 1_000} for each signature")
else:
    print("SigV4/instructions: not counted, valgrind is absent")
if ratio < 1:
    sys.exit("signing takes longer than botocore's")
