#!/usr/bin/env python3
"""Measures the budgets of the embedded form and prints one table; JSON in bench/results/latest.json.

Servers run on core 0, load generators on core 1 (`./dev bench` builds what is run here). Where there is a reference,
both are measured in turn in the same run and only their ratio counts. Exit code 1: a measurement failed; a missed bar is
shown, but no failure, since other machines are slower or busier.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import buses as bus_kinds  # noqa: E402
import curve as load_curve  # noqa: E402
import floors as stores  # noqa: E402
import rows as measurements  # noqa: E402
import scale as scaling  # noqa: E402
import sizes  # noqa: E402
from harness import BIN, ROOT, BenchError  # noqa: E402
from picture import picture  # noqa: E402
from table import Row, machine, render  # noqa: E402

MEASUREMENTS = {"singles": measurements.single_events, "batches": measurements.batches, "latency": measurements.latency,
                "end_to_end": measurements.end_to_end, "production": measurements.production, "top": measurements.top,
                "checks": measurements.checks, "memory": measurements.memory, "micro": measurements.parts}
ON_DEMAND = {"scale": scaling.scale, "buses": bus_kinds.buses, "curve": load_curve.curve, "connections": load_curve.connections,
             "overload": load_curve.overload, "threads": load_curve.threads, "floors": stores.floors, "ranks": sizes.ranks, "keys": sizes.keys,
             "soak": sizes.soak}  # only when asked for: long, or they need more


def check_tools():
    missing = [tool for tool in ("wrk", "nginx", "taskset", "redis-server", "redis-benchmark", "psql", "setpriv") if not shutil.which(tool)]
    missing += [str(BIN / name) for name in ("gateway_server", "service_alone", "liveops", "gateway", "fairness", "progression",
                                              "leaderboard", "make_requests", "load_client", "micro", "bus_rate", "beast_server", "rank_rate")
                if not (BIN / name).exists()]
    if missing:
        sys.exit(f"bench: missing {', '.join(missing)}: start this with ./dev bench, which installs and builds them")
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("bench: needs two cores, one for the server and one for the load generator")


def measure(plan, names):
    found = []
    for name in names:
        print(f"bench: {name} ...", file=sys.stderr, flush=True)
        start = time.monotonic()
        try:
            found += (MEASUREMENTS | ON_DEMAND)[name](plan)
        except (BenchError, OSError, KeyError, AttributeError, ValueError) as failure:
            print(f"bench: {name} failed: {type(failure).__name__}: {failure}", file=sys.stderr)
            found.append(Row(name, "", [], None, None, error=str(failure)))
        print(f"bench: {name} took {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
    return found


def main():
    parser = argparse.ArgumentParser(description="measure the performance budgets")
    parser.add_argument("--quick", action="store_true", help="one round of shorter runs, smaller tables")
    parser.add_argument("--only", action="append", choices=MEASUREMENTS | ON_DEMAND, help="only this measurement (repeatable)")
    options = parser.parse_args()
    check_tools()
    with tempfile.TemporaryDirectory(prefix="liveops-bench-") as directory:
        about = machine(directory)
        plan = measurements.Plan(Path(directory), options.quick)
        found = measure(plan, options.only or MEASUREMENTS)
    about["command"] = " ".join(["./dev bench", *sys.argv[1:]])
    print("\n".join(f"{key:14} {value}" for key, value in about.items()), render(found), sep="\n")
    results = ROOT / "bench" / "results"
    results.mkdir(exist_ok=True)
    name = "latest" if not options.only else "latest-" + "-".join(options.only)
    (results / f"{name}.json").write_text(json.dumps({"about": about, "rows": [row.as_dict() for row in found]}, indent=2))
    (results / f"{name}.svg").write_text(picture(about, found))
    return 1 if any(row.error for row in found) else 0


if __name__ == "__main__":
    sys.exit(main())
