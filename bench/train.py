#!/usr/bin/env python3
"""Records what release builds are optimized by: runs instrumented programs under load, merges what they wrote.

The load: single events and batches with reads of the leaderboard, on the `inmem` and the `local` bus and on PostgreSQL with
Redis; then the micro benchmarks of what runs once an event. Writes cmake/release.profdata.tar.xz; see ADR 0018.
"""

import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

os.environ["BENCH_PRESET"] = "train"
sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import BIN, ROOT, BenchError, run_tool  # noqa: E402
from production import Production  # noqa: E402
from rows import Plan, load_client, start_stack, wait_until, wait_until_applied  # noqa: E402

EVENTS, PLAYERS, READS = 60_000, 20_000, 300
PARTS = "backtest|fairness_check_batch/events:16/players:20000|parse|signature|encode|decode|derive|idempotency_key/1000000|rank_.*/1000000$"
ARCHIVE = ROOT / "cmake" / "release.profdata.tar.xz"


def recording(raw, name):
    return {"LLVM_PROFILE_FILE": f"{raw}/{name}-%p.profraw"}


def send(port, run, **how):
    sent = load_client(None, port, run, events=EVENTS, players=PLAYERS, **how)
    if sent["accepted"] != EVENTS:
        raise BenchError(f"{EVENTS} events sent: {sent}")


def read_boards(port):
    for _ in range(READS):
        for query in ("window=seasonal&board=score&limit=100", "window=daily&board=score&limit=10"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/leaderboard?{query}", timeout=30).read()


def train_embedded(plan, raw, bus):
    server, ports = start_stack(plan, bus, None, BUS_KIND=bus, **recording(raw, bus))
    with server:
        send(ports["gateway"], "single-", connections=64)
        send(ports["gateway"], "batch-", batch=500, connections=4)
        wait_until_applied(ports, 2 * EVENTS)
        read_boards(ports["leaderboard"])


def train_production(plan, raw):
    with Production(plan.directory / "production", **recording(raw, "production")) as stack:
        send(stack.ports["gateway"][0], "single-", connections=64)
        send(stack.ports["gateway"][0], "batch-", batch=500, connections=4)
        wait_until(lambda: all(stack.consumed(service) >= 2 * EVENTS for service in ("progression", "leaderboard")),
                   "not all events were applied")
        read_boards(stack.ports["leaderboard"][0])


def train_parts(raw):
    done = subprocess.run([BIN / "micro", "--benchmark_min_time=0.05", f"--benchmark_filter={PARTS}"], capture_output=True, text=True,
                          env={**os.environ, **recording(raw, "micro")})
    if done.returncode != 0:
        raise BenchError(f"micro: {done.stderr[-1000:]}")


def main():
    with tempfile.TemporaryDirectory(prefix="liveops-train-") as directory:
        plan, raw = Plan(Path(directory), True), Path(directory) / "raw"
        raw.mkdir()
        for bus in ("inmem", "local"):
            train_embedded(plan, raw, bus)
        train_production(plan, raw)
        train_parts(raw)
        # Sparse: what never ran is left out, and built as usual instead of as cold.
        run_tool(None, ["llvm-profdata-19", "merge", "--sparse", "-o", Path(directory) / "release.profdata", *sorted(raw.glob("*.profraw"))])
        run_tool(None, ["tar", "-C", directory, "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "-cJf", ARCHIVE, "release.profdata"])
    print(f"{ARCHIVE.relative_to(ROOT)}: {ARCHIVE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as failure:
        sys.exit(f"train: {failure}")
