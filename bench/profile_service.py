#!/usr/bin/env python3
"""Where the time of a service goes: runs it under load, samples it with perf, and prints shares by library and by function.

gateway [--bus local]: single signed events as fast as 64 connections send them; progression, leaderboard: a million events,
one of each player, off the bus. The samples stay in bench/results/profile-SERVICE.data for `perf report`.
"""

import argparse
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import BIN, ROOT, BenchError, Server, WrkRun, free_port  # noqa: E402
from rows import Plan, base_environment, group_consumed, make_requests, start_gateway  # noqa: E402

SERVICES = ("gateway", "progression", "leaderboard")
EVENTS = 1_000_000


class Sampler:
    """perf on a process, from entering to leaving."""

    def __init__(self, pid, file):
        self.command = ["perf", "record", "-q", "-F", "999", "-g", "-p", str(pid), "-o", str(file)]

    def __enter__(self):
        self.perf = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(0.3)
        if self.perf.poll() is not None:
            raise BenchError(f"perf does not run: {self.perf.stderr.read().decode()[-800:]}")
        return self

    def __exit__(self, *_):
        self.perf.send_signal(signal.SIGINT)
        self.perf.wait(60)


def report(file, sort, most):
    done = subprocess.run(["perf", "report", "-i", str(file), "--stdio", "--no-children", "-g", "none", "--sort", sort, "--percent-limit", "0.5"],
                          capture_output=True, text=True)
    lines = [re.sub(r"\s{3,}", "  ", line.strip()).removesuffix("  -  -")[:160] for line in done.stdout.splitlines() if re.match(r"\s+\d", line)]
    if not lines:
        raise BenchError(f"perf has no samples: {done.stderr[-800:]}")
    return lines[:most]


def profile_gateway(plan, bus, file):
    requests = make_requests(plan, "singles", 100_000)
    server, port = start_gateway(plan, "gateway", bus)
    with server:
        WrkRun(server, f"http://127.0.0.1:{port}", 1, script_arguments=[requests, "warm-", 0])
        with Sampler(server.pid, file):
            cpu = server.cpu_seconds()
            run = WrkRun(server, f"http://127.0.0.1:{port}", plan.seconds, script_arguments=[requests, "p-", 0])
            cpu = server.cpu_seconds() - cpu
    return cpu, run.requests, "single request"


def profile_consumer(plan, service, file):
    """What it takes to apply the events; to put them on the bus is in it, too."""
    port = free_port()
    env = base_environment(plan.directory / service, **{f"{service.upper()}_LISTEN": f"127.0.0.1:{port}"})
    log = plan.directory / f"{service}.log"
    with Server([BIN / "service_alone", service, EVENTS], log, core=None, env=env).wait_for_port(port) as server:
        with Sampler(server.pid, file):
            cpu = server.cpu_seconds()
            server.process.send_signal(signal.SIGHUP)
            deadline = time.monotonic() + 300
            while group_consumed(port, service) < EVENTS:
                if time.monotonic() > deadline:
                    raise BenchError(f"{service} has not applied all events: {log.read_text()[-500:]}")
                time.sleep(0.2)
            cpu = server.cpu_seconds() - cpu
    return cpu, EVENTS, "event, the bus included"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("service", choices=SERVICES)
    parser.add_argument("--bus", choices=("inmem", "local"), default="inmem", help="of the gateway")
    parser.add_argument("--seconds", type=int, default=10, help="of load on the gateway")
    options = parser.parse_args()
    results = ROOT / "bench" / "results"
    results.mkdir(exist_ok=True)
    file = results / f"profile-{options.service}.data"
    with tempfile.TemporaryDirectory(prefix="liveops-profile-") as directory:
        plan = Plan(Path(directory), False)
        plan.seconds = options.seconds
        if options.service == "gateway":
            cpu, count, unit = profile_gateway(plan, options.bus, file)
        else:
            cpu, count, unit = profile_consumer(plan, options.service, file)
    print(f"{options.service}: {count:,} in {cpu:.2f} s of CPU: {cpu / count * 1e6:.2f} us a {unit}\n\nby library")
    print("\n".join(report(file, "dso", 12)), "\nby thread", *report(file, "comm", 12), "\nby function", *report(file, "dso,symbol", 60), sep="\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as failure:
        sys.exit(f"profile: {failure}")
