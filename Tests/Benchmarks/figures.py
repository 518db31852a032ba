"""Prints whole-process figures of a firebreak binary: medians of interleaved runs beside /bin/true."""
import os
import statistics
import subprocess
import sys
import time

binary = sys.argv[1]
folder = "playbooks/contain-pod"
plan = [binary, "run", f"{folder}/playbook.yaml", "--finding", f"{folder}/finding.json",
        "--world", f"{folder}/world.yaml", f"{folder}/world.aws.json", "--output", "json"]


def measure(command):
    """Wall milliseconds and peak resident megabytes of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = (time.perf_counter() - start) * 1000
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return wall, usage.ru_maxrss / 1024


rows = {"/bin/true": ["/bin/true"], "firebreak --version": [binary, "--version"], "plan of contain-pod": plan}
figures = {name: [] for name in rows}
for _ in range(21):
    for name, command in rows.items():
        figures[name].append(measure(command))
print(f"stripped binary: {os.path.getsize(binary) / 1e6:.1f} MB")
for name, runs in figures.items():
    walls, sizes = zip(*runs)
    print(f"{name}: {statistics.median(walls):.1f} ms (min {min(walls):.1f}, max {max(walls):.1f}), "
          f"peak {statistics.median(sizes):.1f} MB")
