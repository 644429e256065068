"""Latency against load, load against connections and threads, and what happens beyond the capacity. Asked for by name."""

import os
import resource
import time
from pathlib import Path

from harness import LOAD_CORE, SERVER_CORE, BenchError, WrkRun, run_tool
from production import Production, descendants
from rows import load_client, make_requests, start_gateway, wait_until
from table import Row

RATES = (500, 5_000, 20_000)
CONNECTIONS = (10, 100, 1_000, 10_000)
OVERLOAD = 3
MAX_IN_FLIGHT = 2_000  # as shipped
CLIENTS = 5_000
NICENESS_OF_OTHERS = 10  # a weight of a tenth: deploy/systemd gives the gateway ten times the usual one
PLAYERS = 100_000


def curve(plan):
    """Single events at fixed rates on an open schedule, what is late counting from when it was due; server and client on a core each."""
    rows = []
    for bus in ("inmem", "local"):
        server, port = start_gateway(plan, f"curve-{bus}", bus)
        with server:
            load_client(LOAD_CORE, port, "warm-", events=5_000, players=PLAYERS)
            rates = [*RATES, knee(plan, port)]
            for place, rate in enumerate(rates):
                rows.append(at_rate(plan, bus, port, rate, place == len(RATES)))
    return rows


def knee(plan, port):
    """Nine tenths of what 64 clients get who wait for each answer."""
    closed = load_client(LOAD_CORE, port, "closed-", events=20_000 if plan.quick else 100_000, players=PLAYERS, connections=64)
    return round(0.9 * closed["accepted"] / closed["seconds"], -2)


def at_rate(plan, bus, port, rate, is_knee):
    runs = []
    for turn in range(plan.rounds):
        run = load_client(LOAD_CORE, port, f"r{rate:.0f}-{turn}-", events=int(rate * plan.seconds), players=PLAYERS, rate=rate, connections=256)
        runs.append(run)
    middle = {name: sorted(run[f"{name}_ms"] for run in runs)[len(runs) // 2] for name in ("p50", "p99", "p999")}
    kept = sum(run["accepted"] / run["seconds"] for run in runs) / len(runs) / rate
    return Row(f"{bus} bus, {rate:,.0f} single requests/s{' (the knee)' if is_knee else ''}: p99", "ms", [run["p99_ms"] for run in runs],
               None, None, True, f"p50 {middle['p50']:.2f} ms, p99.9 {middle['p999']:.2f} ms; {100 * kept:.0f} % of the rate kept", {"runs": runs})


def raise_open_files(needed):
    """For this process and those that it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise BenchError(f"needs {needed} open files, the limit is {hard} (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, needed), hard))


def connections(plan):
    """The same requests over few connections and over many, each of which waits for its answer."""
    needed = max(CONNECTIONS) + 1_000  # of each process
    raise_open_files(needed)
    requests = make_requests(plan, "connections-requests", PLAYERS)
    server, port = start_gateway(plan, "connections", "inmem", MAX_CONNECTIONS=str(needed), MAX_IN_FLIGHT=str(needed))
    rates = {count: [] for count in CONNECTIONS}
    memory = {}
    with server:
        for turn in range(plan.rounds):
            for count in CONNECTIONS:
                run = WrkRun(server, f"http://127.0.0.1:{port}", plan.seconds, count, [requests, f"c{count}-{turn}-", 0])
                rates[count].append(run.rate)
                memory[count] = server.resident_mib()
    return [Row(f"{count:,} connections, inmem bus", "requests/s", rates[count], None, None,
                measured=f"memory afterwards {memory[count]:.0f} MiB") for count in CONNECTIONS]


def overload(plan):
    """The whole production form on one core, offered three times what it takes: what still gets done, how soon it refuses.

    What counts is what was accepted, applied and ranked, from the first request to the last of that work. The capacity is what clients
    get done who wait for their answers, as many as are worked on at once. Then more clients keep to a schedule of three times what was
    accepted of those: once waiting as Retry-After says, once asking again at once.
    """
    seconds = 5 if plan.quick else 20
    raise_open_files(CLIENTS + 1_000)
    with Production(plan.directory / "overload") as stack:
        gateway = share_one_core(stack)
        stream = WholeWay(stack)
        stream.send("warm-", MAX_IN_FLIGHT, events=PLAYERS // 2)
        peaks = [stream.send(f"peak{turn}-", MAX_IN_FLIGHT, events=5_000 * seconds) for turn in range(3)]
        peak, accepted = (sorted(run[name] for run in peaks)[1] for name in ("done_rate", "accepted_rate"))
        offered = {"events": int(OVERLOAD * accepted * seconds), "rate": OVERLOAD * accepted}
        stream.send("more-", CLIENTS, "--refusals", "--wait-as-told", events=2 * CLIENTS, rate=accepted)  # their connections take memory
        before = gateway.resident_mib()
        told = stream.send("told-", CLIENTS, "--refusals", "--wait-as-told", **offered)
        deaf = stream.send("deaf-", CLIENTS, "--refusals", **offered)
        after = gateway.resident_mib()
    details = {"peaks": peaks, "told": told, "deaf": deaf}
    what = f"production on one core, {CLIENTS:,} clients, three times its capacity offered"
    return [Row(f"{what}: done", "x peak", [told["done_rate"] / peak], 0.90, None,
                measured=f"peak {peak:,.0f}/s ({accepted:,.0f}/s accepted), now {told['done_rate']:,.0f}/s ({told['accepted_rate']:,.0f}/s); "
                         f"the gateway's memory {before:.0f} -> {after:.0f} MiB", details=details),
            Row("the same: p99 of a refusal", "ms", [told["refusal_p99_ms"]], 10, None, True,
                f"{told['refused_requests']:,} refused, {told['failed_requests']:,} of them without an answer; {told['held_back']:,} held back as told; "
                f"an accepted one p50 {told['p50_ms']:.0f} ms, p99 {told['p99_ms']:.0f} ms", details),
            Row("the same, clients who do not wait as they are told: done", "x peak", [deaf["done_rate"] / peak], None, None,
                measured=f"refused after p99 {deaf['refusal_p99_ms']:,.0f} ms, {deaf['failed_requests']:,} without an answer", details=details)]


def share_one_core(stack):
    """Puts all processes on one core; the gateway goes first, as in deploy/systemd. The gateway's process."""
    gateway = next(server for service, server in stack.services if service == "gateway")
    others = descendants(stack.postgres.pid) + descendants(stack.redis.pid) + [server.pid for _, server in stack.services if server is not gateway]
    for pid in [gateway.pid, *others]:
        run_tool(None, ["taskset", "-a", "-c", "-p", SERVER_CORE, pid])
    for pid in others:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            os.setpriority(os.PRIO_PROCESS, int(thread.name), NICENESS_OF_OTHERS)
    return gateway


class WholeWay:
    """Sends to a production stack and waits until what was accepted is applied and ranked."""

    def __init__(self, stack):
        self.stack = stack
        self.accepted = 0

    def send(self, run, clients, *flags, **options):
        begun = time.monotonic()
        score = load_client(LOAD_CORE, self.stack.ports["gateway"][0], run, *flags, failures_too=True, players=PLAYERS, connections=clients, **options)
        self.accepted += score["accepted"]
        wait_until(lambda: min(self.stack.consumed(service) for service in ("progression", "leaderboard")) >= self.accepted, "the backlog stays")
        return {**score, "accepted_rate": score["accepted"] / score["seconds"], "done_rate": score["accepted"] / (time.monotonic() - begun)}


def threads(plan):
    """The gateway on one thread and on two, with both cores for it and for the load generator."""
    requests = make_requests(plan, "threads-requests", 100_000)
    rows = []
    for bus in ("inmem", "local"):
        made = {count: start_gateway(plan, f"threads-{bus}-{count}", bus, core=None, IO_THREADS=str(count)) for count in (1, 2)}
        try:
            rates, costs = {1: [], 2: []}, {1: [], 2: []}
            for turn in range(plan.rounds):
                for count, (server, port) in made.items():
                    before = server.cpu_seconds()
                    run = WrkRun(server, f"http://127.0.0.1:{port}", plan.seconds, 64, [requests, f"t{turn}-", 0], core=None)
                    costs[count].append((server.cpu_seconds() - before) / run.requests * 1e6)
                    rates[count].append(run.rate)
        finally:
            for server, _ in made.values():
                server.stop()
        for count in made:
            cost = sorted(costs[count])[len(costs[count]) // 2]
            rows.append(Row(f"{bus} bus, {count} thread{'s' * (count > 1)}, load generator on the same two cores", "requests/s", rates[count], None,
                            None, measured=f"{cost:.1f} us of CPU a request"))
    return rows
