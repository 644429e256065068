"""What the parts underneath give by themselves: the disk's commit, Redis, PostgreSQL. Nothing of ours runs here."""

import os
import re
import subprocess
import time

from harness import LOAD_CORE, BenchError, on_core, run_tool
from production import Production, postgres_bin
from table import Row


def floors(plan):
    return [commits(plan), *servers(plan)]


def commits(plan):
    """4 KiB appended and made durable, again and again."""
    rates = []
    for turn in range(plan.rounds):
        file = plan.directory / f"floor-{turn}"
        descriptor = os.open(file, os.O_CREAT | os.O_WRONLY)
        try:
            block, count, start = b"x" * 4096, 0, time.monotonic()
            while time.monotonic() - start < plan.seconds / 2:
                os.write(descriptor, block)
                os.fdatasync(descriptor)
                count += 1
            rates.append(count / (time.monotonic() - start))
        finally:
            os.close(descriptor)
            file.unlink()
    middle = sorted(rates)[len(rates) // 2]
    return Row("floor: fdatasync after 4 KiB, one after the other", "commits/s", rates, None, None, measured=f"{1000 / middle:.2f} ms each")


REDIS = (("SET of a new key, one a request", ["-P", "1", "-r", "100000000", "SET", "key:__rand_int__", "1"]),
         ("SET of a new key, 32 a round trip", ["-P", "32", "-r", "100000000", "SET", "key:__rand_int__", "1"]),
         ("ZADD to 1,000,000 members, 32 a round trip", ["-P", "32", "-r", "1000000", "ZADD", "z", "__rand_int__", "m:__rand_int__"]),
         ("XADD of 300 B, 32 a round trip", ["-P", "32", "XADD", "s", "*", "e", "x" * 300]))


def servers(plan):
    rows = []
    with Production(plan.directory / "floors") as stack:
        for what, command in REDIS:
            rates = [redis(stack.redis_port, command, 50_000 if plan.quick else 300_000) for _ in range(plan.rounds)]
            rows.append(Row(f"floor: Redis, {what}, 50 connections", "requests/s", rates, None, None))
        stack.postgres.query("CREATE TABLE floor (id bigserial PRIMARY KEY, body text NOT NULL)")
        for clients in (1, 8):
            rates = [pgbench(plan, stack, clients) for _ in range(plan.rounds)]
            rows.append(Row(f"floor: PostgreSQL, insert of 300 B and commit, {clients} connections", "transactions/s", rates, None, None))
    return rows


def redis(port, command, requests):
    output = run_tool(LOAD_CORE, ["redis-benchmark", "-p", port, "-c", "50", "-n", requests, "-q", *command])
    found = re.findall(r"([\d.]+) requests per second", output)
    if not found:
        raise BenchError(f"redis-benchmark: {output[-500:]}")
    return float(found[-1])


def pgbench(plan, stack, clients):
    script = plan.directory / "floor.sql"
    script.write_text("INSERT INTO floor (body) VALUES (repeat('x', 300));\n")
    command = [postgres_bin() / "pgbench", "-n", "-M", "prepared", "-f", script, "-c", clients, "-j", "1", "-T", max(2, plan.seconds // 2),
               "-h", "127.0.0.1", "-p", stack.postgres.port, "-U", "liveops", "liveops"]
    done = subprocess.run(on_core(LOAD_CORE, command), capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode != 0 or not found:
        raise BenchError(f"pgbench: {done.stdout[-300:]}{done.stderr[-500:]}")
    return float(found.group(1))
