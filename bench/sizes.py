"""How memory and time grow with what is kept: ranks in this process and in Redis, a day of idempotency keys. And half an hour of load."""

import json
import subprocess
import time

from harness import BIN, BenchError, Server, free_port, micro, run_tool
from rows import base_environment, load_client, start_stack, wait_until_applied
from table import Row

MEMBERS = (10_000, 100_000, 1_000_000, 10_000_000)
DAY_OF_KEYS = 24 * 3600 * 500


def ranks(plan):
    """One table of ever more members: in memory by the micro benchmarks, in Redis by way of the adapter."""
    sizes = MEMBERS[:3] if plan.quick else MEMBERS
    found = micro(f"^rank_(put|of|top_100)/({'|'.join(map(str, sizes))})$")
    rows = []
    for members in sizes:
        put, rank, top = (found[f"rank_{what}/{members}"] for what in ("put", "of", "top_100"))
        rows.append(Row(f"rank index in memory, {members:,} members", "B a member", [put["bytes_per_member"]], None, None, True,
                        f"us, p50 and p99: put {text_of(put)}, rank of one {text_of(rank)}, top 100 {text_of(top)}"))
    return rows + [redis_ranks(plan, members) for members in sizes]


def text_of(entry):
    return f"{entry['p50_ns'] / 1000:.2f} {entry['p99_ns'] / 1000:.2f}"


def redis_ranks(plan, members):
    port = free_port()
    directory = plan.directory / f"ranks-{members}"
    directory.mkdir()
    command = ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", directory]
    with Server(command, plan.directory / f"ranks-{members}.log", core=None).wait_for_port(port):
        before = redis_memory(port)
        env = base_environment(directory / "data", REDIS_URL=f"redis://127.0.0.1:{port}")
        done = subprocess.run([BIN / "rank_rate", "--members", str(members)], capture_output=True, text=True, env=env)
        if done.returncode != 0:
            raise BenchError(f"rank_rate: {done.stderr[-800:]}")
        run = json.loads(done.stdout)
        per_member = (redis_memory(port) - before) / members
    return Row(f"rank index in Redis, {members:,} members", "B a member", [per_member], None, None, True,
               f"us, p50 and p99, one at a time: put {redis_text(run, 'put')}, rank of one {redis_text(run, 'rank')}, top 100 {redis_text(run, 'top')}; "
               f"filled with {members / run['fill_s']:,.0f} a second", {"run": run})


def redis_text(run, what):
    return f"{run[what + '_p50_ms'] * 1000:.0f} {run[what + '_p99_ms'] * 1000:.0f}"


def redis_memory(port):
    info = run_tool(None, ["redis-cli", "-p", port, "INFO", "memory"])
    return int(next(line for line in info.splitlines() if line.startswith("used_memory:")).split(":")[1])


def keys(plan):
    """A day of idempotency keys at 500 events a second, kept in memory."""
    count = DAY_OF_KEYS // 10 if plan.quick else DAY_OF_KEYS
    (found,) = micro(f"^idempotency_key/{count}/").values()
    return [Row(f"{count:,} idempotency keys in memory", "MiB", [found["bytes_per_key"] * count / 2**20], None, None, True,
                f"{found['bytes_per_key']:.1f} B a key; a new one p50 {found['p50_ns']:.0f}, p99 {found['p99_ns']:.0f} ns")]


def soak(plan):
    """The whole embedded form at half of what it accepts, for half an hour: memory and latency at the beginning and at the end."""
    minutes, players = (3, 20_000) if plan.quick else (30, 100_000)
    server, ports = start_stack(plan, "soak", None)
    with server:
        closed = load_client(None, ports["gateway"], "closed-", events=40_000, players=players, connections=64)
        wait_until_applied(ports, closed["accepted"])
        rate = round(closed["accepted"] / closed["seconds"] / 2, -2)
        applied, runs, memory = closed["accepted"], [], []
        for minute in range(minutes):
            run = load_client(None, ports["gateway"], f"m{minute}-", events=int(60 * rate), players=players, rate=rate, connections=64)
            applied += run["accepted"]
            if run["accepted"] != run["events"]:
                raise BenchError(f"minute {minute}: {run}")
            runs.append(run)
            memory.append(server.resident_mib())
        start = time.monotonic()
        wait_until_applied(ports, applied)
        behind = time.monotonic() - start
    part = max(1, minutes // 6)

    def ends(values):
        return f"{sum(values[:part]) / part:.2f} -> {sum(values[-part:]) / part:.2f}"

    return [Row(f"soak: {minutes} minutes of {rate:,.0f} single requests/s, local bus: p99 of each minute", "ms", [run["p99_ms"] for run in runs], None,
                None, True, f"first and last {part} minutes: p50 {ends([run['p50_ms'] for run in runs])} ms, p99 {ends([run['p99_ms'] for run in runs])} ms; "
                f"{applied:,} events, all applied {behind:.1f} s after the last", {"runs": runs}),
            Row("soak: memory after each minute", "MiB", memory, None, None, True,
                f"first, after {part} minutes, last: {memory[0]:.0f}, {memory[part - 1]:.0f}, {memory[-1]:.0f}")]
