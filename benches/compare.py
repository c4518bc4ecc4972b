#!/usr/bin/env python3
"""dgpf beside DuckDB and Polars on one file: one run of each a round, medians, and whether all results are equal.

usage: compare.py DGPF DIRECTORY FILE [ROUNDS]
CPU is user and system time of the child. On a machine that others use, trust it and the ratios, not the wall clock.
"On disk" is wall time until the disk has taken the output, for which dgpf waits by itself.
"""
import csv
import os
import statistics
import sys
import time

DGPF, DIRECTORY, FILE = sys.argv[1:4]
ROUNDS = int(sys.argv[4]) if len(sys.argv) > 4 else 5
HERE = os.path.dirname(os.path.abspath(__file__))
out = {name: os.path.join(DIRECTORY, f"scores_{name}.csv") for name in ("dgpf", "dgpf-1-thread", "duckdb", "polars")}
peer = lambda name: [sys.executable, f"{HERE}/peers.py", name, DIRECTORY, FILE, out[name]]
own = lambda name: [DGPF, "score", FILE, "-f", f"{DIRECTORY}/framework.yaml", "--format", "csv-wide", "--depth", "2",
                    "--with", "level,rank", "-o", out[name]]
runs = {
    "dgpf": (own("dgpf"), {}),
    "dgpf-1-thread": (own("dgpf-1-thread"), {"RAYON_NUM_THREADS": "1"}),
    "duckdb": (peer("duckdb"), {}),
    "polars": (peer("polars"), {}),
}


def once(command, environment, output):
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 2)
        os.execvpe(command[0], command, os.environ | environment)
    _, status, used = os.wait4(pid, 0)
    if status:
        sys.exit(f"failed: {' '.join(command)}")
    wall = time.perf_counter() - start
    with open(output, "rb+") as file:
        os.fsync(file.fileno())
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, time.perf_counter() - start


def rows(path):
    with open(path, newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        return header, {row[0]: row[1:] for row in reader}


def difference(a, b):
    """Units, ranks and levels must be equal; scores may differ where a sixth decimal is a tie."""
    (header, own), (other_header, other) = rows(a), rows(b)
    if header != other_header or own.keys() != other.keys():
        return "columns or units differ"
    most, wrong = 0.0, 0
    for unit, cells in own.items():
        for at, (x, y) in enumerate(zip(cells, other[unit])):
            text = at < 2 or header[at + 1] == "level"
            if text or not x or not y:
                wrong += x != y
            elif header[at + 1] == "rank":
                wrong += float(x) != float(y)
            else:
                most = max(most, abs(float(x) - float(y)))
    return f"{wrong} cells differ, scores by at most {most:.1e}"


times = {name: [] for name in runs}
for round_ in range(ROUNDS):
    names = list(runs)
    for name in names[round_ % 4:] + names[:round_ % 4]:
        # Every run writes a new file.
        if os.path.exists(out[name]):
            os.remove(out[name])
        times[name].append(once(*runs[name], out[name]))
    print(f"round {round_ + 1} of {ROUNDS}, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
print("| | CPU s | wall s | on disk s | MiB | CPU of dgpf's | wall | on disk | result |\n|---|" + "---:|" * 7 + "---|")
for name, found in times.items():
    cpu, wall, memory, disk = (statistics.median(x[at] for x in found) for at in range(4))
    ratios = (statistics.median(x[at] / y[at] for x, y in zip(found, times["dgpf"])) for at in (0, 1, 3))
    ratios = " | ".join(f"{ratio:.2f}" for ratio in ratios)
    result = difference(out["dgpf"], out[name])
    print(f"| {name} | {cpu:.3f} | {wall:.3f} | {disk:.3f} | {memory:.0f} | {ratios} | {result} |")
