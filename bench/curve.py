"""Latency against load, load against connections and threads, and what happens beyond the capacity. Asked for by name."""

import resource

from harness import LOAD_CORE, SERVER_CORE, BenchError, WrkRun, run_tool
from production import Production, descendants
from rows import load_client, make_requests, start_gateway
from table import Row

RATES = (500, 5_000, 20_000)
CONNECTIONS = (10, 100, 1_000, 10_000)
OVERLOAD = 3
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


def connections(plan):
    """The same requests over few connections and over many, each of which waits for its answer."""
    needed = max(CONNECTIONS) + 1_000  # of each process
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise BenchError(f"needs {needed} open files, the limit is {hard} (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, needed), hard))
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
    """The whole production form on one core, offered three times what it takes: what it still accepts, how soon it refuses."""
    seconds = 5 if plan.quick else 20
    with Production(plan.directory / "overload") as stack:
        pids = descendants(stack.postgres.pid) + descendants(stack.redis.pid) + [server.pid for _, server in stack.services]
        for pid in pids:
            run_tool(None, ["taskset", "-a", "-c", "-p", SERVER_CORE, pid])
        port = stack.ports["gateway"][0]
        gateway = next(server for service, server in stack.services if service == "gateway")
        load_client(LOAD_CORE, port, "warm-", events=2_000, players=PLAYERS)
        peaks = [load_client(LOAD_CORE, port, f"peak{turn}-", events=3_000 * plan.rounds, players=PLAYERS, connections=256) for turn in range(3)]
        peak = sorted(run["accepted"] / run["seconds"] for run in peaks)[1]
        before = gateway.resident_mib()
        run = load_client(LOAD_CORE, port, "over-", "--refusals", failures_too=True, events=int(OVERLOAD * peak * seconds), players=PLAYERS,
                          rate=OVERLOAD * peak, connections=5_000)
        after = gateway.resident_mib()
    details = {"run": run, "peaks": peaks}
    offered = run["events"] / run["seconds"]
    return [Row("production on one core, three times its capacity offered: accepted", "x peak", [run["accepted"] / run["seconds"] / peak], 0.90, None,
                measured=f"peak {peak:,.0f}/s, offered {offered:,.0f}/s; the gateway's memory {before:.0f} -> {after:.0f} MiB", details=details),
            Row("the same: p99 of a refusal", "ms", [run["refusal_p99_ms"]], 10, None, True,
                f"{run['refused_requests']:,} refused, {run['failed_requests']:,} of them without an answer, or with another than 429 and 503", details)]


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
