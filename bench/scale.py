"""How the production form grows: more players in the tables, more consumers; and the ranks of a million made again."""

import hashlib
import json
import subprocess
import time
import urllib.request

from harness import BenchError
from production import Production
from rows import BATCH, load_client, outcomes, wait_until
from table import Row


def apply_events(stack, run, events, players):
    """Sends in batches and waits until both consumers have all; gives seconds."""
    before = {service: stack.consumed(service) for service in ("progression", "leaderboard")}
    start = time.monotonic()
    sent = load_client(None, stack.ports["gateway"][0], run, events=events, players=players, batch=BATCH, connections=4)
    if sent["accepted"] != events:
        raise BenchError(f"{events} events sent: {sent}; {outcomes(stack.ports['gateway'][0])}")
    wait_until(lambda: all(stack.consumed(service) - before[service] >= events for service in before),
               f"not all of {events} events were applied", 900)
    return time.monotonic() - start


def cost(stack, run, events, players):
    """Events a second, and microseconds of CPU an event by process."""
    before = stack.cpu()
    seconds = apply_events(stack, run, events, players)
    after = stack.cpu()
    return events / seconds, {name: (after[name] - before[name]) / events * 1e6 for name in after}


def text_of(parts):
    return ", ".join(f"{name} {value:.0f}" for name, value in parts.items())


PAGE = 20_000  # members asked for at once: Redis serves nobody else meanwhile


def redis_ranks(port):
    """A digest of every ranking in Redis, in order, with scores, and how many members they have."""
    def ask(*words):
        return subprocess.run(["redis-cli", "-p", str(port), *map(str, words)], capture_output=True, text=True, check=True).stdout

    digest, members = hashlib.sha256(), 0
    for key in sorted(key for key in ask("--scan", "--pattern", "lb*").split("\n") if key):
        if ask("TYPE", key).strip() != "zset":
            continue
        digest.update(key.encode())
        first, rows = 0, "start"
        while rows.strip():
            rows = ask("ZRANGE", key, first, first + PAGE - 1, "WITHSCORES")
            digest.update(rows.encode())
            members += rows.count("\n") // 2
            first += PAGE
    return digest.hexdigest(), members


def rebuild(stack):
    """Seconds of POST /leaderboard/rebuild, and the digests of the ranks before and after."""
    before = redis_ranks(stack.redis_port)
    request = urllib.request.Request(f"http://127.0.0.1:{stack.ports['leaderboard'][0]}/leaderboard/rebuild", method="POST",
                                     headers={"Authorization": f"Bearer {stack.environment['ADMIN_TOKEN']}"})
    start = time.monotonic()
    report = json.loads(urllib.request.urlopen(request, timeout=900).read())
    return time.monotonic() - start, report, before, redis_ranks(stack.redis_port)


def by_players(plan):
    """The cost of an event with ever more players in the tables; at the last, a rebuild of the ranks."""
    events = 20_000 if plan.quick else 60_000
    rows = []
    sizes = (10_000, 100_000) if plan.quick else (10_000, 100_000, 1_000_000)
    for players in sizes:
        with Production(plan.directory / f"players-{players}") as stack:
            apply_events(stack, "fill-", players, players)
            rate, parts = cost(stack, "more-", events, players)
            size = int(stack.postgres.query("SELECT pg_database_size('liveops')")) / 2**20
            rows.append(Row(f"{players:,} players: CPU of all processes", "us an event", [sum(parts.values())], None, None, True,
                            f"{text_of(parts)}; {rate:,.0f} events/s; PostgreSQL {size:.0f} MiB",
                            {"parts": parts, "events_s": rate, "postgres_mib": size}))
            if players == sizes[-1]:
                seconds, report, before, after = rebuild(stack)
                if before != after:
                    raise BenchError(f"the ranks differ after the rebuild: {before} {after}")
                rows.append(Row(f"ranks of {players:,} players made again from PostgreSQL", "s", [seconds], None, None, True,
                                f"{report['standings']:,} entries in {report['tables']} tables; equal before and after",
                                {"report": report, "sha256": before[0]}))
    return rows


def by_consumers(plan):
    """The same load with more replicas of progression and leaderboard."""
    events = 20_000 if plan.quick else 60_000
    rows = []
    for replicas in (1, 2, 4):
        with Production(plan.directory / f"consumers-{replicas}", replicas) as stack:
            apply_events(stack, "warm-", 20_000, 20_000)
            rate, parts = cost(stack, "more-", events, 20_000)
            rows.append(Row(f"{replicas} of progression, {replicas} of leaderboard: accepted to ranked", "events/s", [rate], None, None,
                            measured=f"us an event: {text_of(parts)}", details={"parts": parts}))
    return rows


def scale(plan):
    return [*by_players(plan), *by_consumers(plan)]
