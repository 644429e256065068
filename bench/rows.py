"""The measurements: one function a budget of docs/performance.md, each gives rows."""

import http.client
import json
import re
import signal
import time

from harness import (BIN, LOAD_CORE, ROOT, SERVER_CORE, BenchError, Server, WrkRun, answer_bytes, free_port, metric, micro,
                     run_tool, start_nginx)
from production import Production
from table import Row

SECRET = "bench-secret-0123456789abcdefghijkl"
KEY = f"k0:{SECRET}"
BATCH = 500
BATCH_PLAYERS = 100_000
BATCH_KEYS = 160  # together more events than any run gets through, each of them new
SERVICES = ("gateway", "fairness", "progression", "leaderboard")


class Plan:
    """How long and how often to measure."""

    def __init__(self, directory, quick):
        self.directory = directory
        self.quick = quick
        self.rounds = 1 if quick else 5
        self.seconds = 2 if quick else 4


def base_environment(data, keys=KEY, **more):
    data.mkdir(parents=True, exist_ok=True)
    return {"DATA_DIR": str(data), "HMAC_KEYS": keys, "REQUIRE_TIMESTAMP": "false", "LOG_LEVEL": "warn",
            "RATE_LIMIT_PER_SECOND": "100000000", "RATE_LIMIT_BURST": "1000000", **more}


def start_gateway(plan, name, bus, keys=KEY, core=SERVER_CORE, arguments=(), **more):
    """The gateway with fairness beside it, on one thread and one core; gives the server and its port."""
    port = free_port()
    env = base_environment(plan.directory / name, keys, **{"BUS_KIND": bus, "IO_THREADS": "1", "GATEWAY_LISTEN": f"127.0.0.1:{port}",
                                                           "FAIRNESS_LISTEN": "127.0.0.1:0", **more})
    return Server([BIN / "gateway_server", *arguments], plan.directory / f"{name}.log", core=core, env=env).wait_for_port(port), port


def start_stack(plan, name, core, **more):
    """`liveops serve`; gives the server and its ports by service."""
    ports = {service: free_port() for service in SERVICES}
    env = base_environment(plan.directory / name, **more,
                           **{f"{service.upper()}_LISTEN": f"127.0.0.1:{port}" for service, port in ports.items()})
    server = Server([BIN / "liveops", "serve"], plan.directory / f"{name}.log", core=core, env=env)
    for port in ports.values():
        server.wait_for_port(port)
    return server, ports


def make_requests(plan, name, players, batch=1, keys=KEY):
    file = plan.directory / name
    run_tool(None, [BIN / "make_requests", file, "--keys", keys, "--players", players, "--batch", batch])
    return file


def first_request(file):
    with open(file, "rb") as records:
        before, after = int(records.read(8)), int(records.read(8))
        return records.read(before) + b"probe" + records.read(after)


def start_bare(plan, body_bytes):
    port = free_port()
    return Server([BIN / "beast_server", "--port", port, "--body", body_bytes], plan.directory / "bare.log").wait_for_port(port), port


def mean_text(name, values):
    return f"{name} {sum(values) / len(values):,.0f}"


def single_events(plan):
    """nginx, a bare server, inmem, local, nginx, ...: the same requests to each."""
    requests = make_requests(plan, "singles", 100_000)
    inmem, inmem_port = start_gateway(plan, "inmem", "inmem")
    local, local_port = start_gateway(plan, "local", "local")
    nginx_port = free_port()
    with inmem, local:
        head, body = answer_bytes(inmem_port, first_request(requests))
        if b" 202 " not in head[:20]:
            raise BenchError(f"the gateway answers {head!r} {body!r}")
        with start_nginx(plan.directory / "nginx", nginx_port, 202, body.decode(), 0):
            short = len(head) - len(answer_bytes(nginx_port, first_request(requests))[0])
        with start_nginx(plan.directory / "nginx-padded", nginx_port, 202, body.decode(), short) as nginx:
            bare, bare_port = start_bare(plan, len(body))
            targets = {"nginx": (nginx, nginx_port), "bare": (bare, bare_port), "inmem": (inmem, inmem_port), "local": (local, local_port)}
            runs = {name: [] for name in targets}
            with bare:
                for turn in range(plan.rounds):
                    for name, (server, port) in targets.items():
                        runs[name].append(WrkRun(server, f"http://127.0.0.1:{port}", plan.seconds,
                                                 script_arguments=[requests, f"s{turn}-", 0]))
    rows = [Row("a bare Beast server, the same requests", "x nginx 202",
                [ours.rate / reference.rate for ours, reference in zip(runs["bare"], runs["nginx"])], None, None,
                measured=mean_text("req/s:", [run.rate for run in runs["bare"]]))]
    for name, what, bar, aim in (("inmem", "single signed events, inmem bus", 0.60, 0.75),
                                 ("local", "single signed events, local bus (fsync)", 0.45, 0.60)):
        ratios = [ours.rate / reference.rate for ours, reference in zip(runs[name], runs["nginx"])]
        rows.append(Row(what, "x nginx 202", ratios, bar, aim,
                        measured=mean_text("req/s:", [run.rate for run in runs[name]]) +
                        mean_text("; nginx", [run.rate for run in runs["nginx"]]),
                        details={"command": runs[name][0].command, "req_s": [run.rate for run in runs[name]],
                                 "nginx_req_s": [run.rate for run in runs["nginx"]],
                                 "server_cpu": [run.server_cpu for run in runs[name]],
                                 "nginx_cpu": [run.server_cpu for run in runs["nginx"]],
                                 "answer_bytes": len(head) + len(body)}))
    return rows


def batches(plan):
    """Batches of 500 events; only what the gateway's own counter calls accepted is counted."""
    keys = ",".join(f"k{i}:{SECRET}" for i in range(BATCH_KEYS))
    requests = make_requests(plan, "batches", BATCH_PLAYERS, BATCH, keys)
    rates, refused, runs = batch_rates(plan, "batch", requests, keys)
    if max(refused) > 0.02:
        raise BenchError(f"the bus was full: {refused} of the events of each run were refused")
    with_tier, tier_refused, _ = batch_rates(plan, "batch-tier", requests, keys, arguments=["--slower-tier"])
    measured = mean_text("with fairness' slower tier, which reads the bus, on the same core:", with_tier)
    if max(tier_refused) > 0:
        measured += f" accepted, up to {100 * max(tier_refused):.0f} % of a run refused as the bus was full (`retry`)"
    return [Row("batches of 500 events of 200 B, inmem bus", "events/s", rates, 300_000, 500_000, measured=measured,
                details={"command": runs[0].command, "server_cpu": [run.server_cpu for run in runs], "with_slower_tier": with_tier,
                         "refused_with_slower_tier": tier_refused})]


def batch_rates(plan, name, requests, keys, **more):
    """Accepted events a second, and the share that was refused for a bus that was full, of each run; and the runs."""
    per_run = BATCH_KEYS * BATCH_PLAYERS // BATCH // plan.rounds
    server, port = start_gateway(plan, name, "inmem", keys, **more)
    rates, refused, runs = [], [], []
    with server:
        for turn in range(plan.rounds):
            before = outcomes(port)
            run = WrkRun(server, f"http://127.0.0.1:{port}", plan.seconds, 8, [requests, f"b{turn}-", turn * per_run])
            accepted, retry = (outcomes(port)[result] - before[result] for result in ("accepted", "retry"))
            sent = run.requests * BATCH
            if accepted + retry < 0.98 * sent:
                raise BenchError(f"{sent} events sent, {accepted:.0f} accepted, {retry:.0f} to be tried again: {outcomes(port)}")
            rates.append(accepted / run.requests * run.rate)
            refused.append(retry / sent)
            runs.append(run)
    return rates, refused, runs


def outcomes(port):
    return {result: metric(port, "liveops_events_total", f'{{result="{result}"}}')
            for result in ("accepted", "duplicate", "rejected", "retry", "rate_limited", "throttled", "blocked")}


def load_client(core, port, run, *flags, failures_too=False, **options):
    command = [BIN / "load_client", "--url", f"http://127.0.0.1:{port}", "--key", KEY, "--run", run, *flags]
    for name, value in options.items():
        command += [f"--{name}", value]
    return json.loads(run_tool(core, command, (0, 1) if failures_too else (0,)))


def latency(plan):
    """500 single requests a second on an open-loop schedule, the whole stack and the client on two cores."""
    seconds = 4 if plan.quick else 10
    server, ports = start_stack(plan, "latency", None)
    with server:
        load_client(None, ports["gateway"], "warm-", events=500, players=10_000, rate=500)
        runs = [load_client(None, ports["gateway"], f"l{turn}-", events=500 * seconds, players=10_000, rate=500)
                for turn in range(plan.rounds)]
    measured = ", ".join(f"{name} {sorted(run[name + '_ms'] for run in runs)[len(runs) // 2]:.2f} ms"
                         for name in ("p50", "p95", "max"))
    return [Row("p99 at 500 single requests/s, whole stack, 2 cores", "ms", [run["p99_ms"] for run in runs], 5, 2, True,
                measured, {"runs": runs, "command": f"load_client --rate 500 --events {500 * seconds}"})]


def group_consumed(port, group):
    return metric(port, "liveops_bus_consumed_total", f'{{group="{group}"}}')


def consumed(ports):
    return min(group_consumed(ports[service], service) for service in ("progression", "leaderboard"))


def wait_until(reached, trouble, seconds=300):
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            raise BenchError(f"{trouble}, after {seconds} s")
        time.sleep(0.05)


def wait_until_applied(ports, events):
    wait_until(lambda: consumed(ports) >= events, f"not all of {events} events were applied")


def end_to_end(plan):
    """Batches as fast as they are accepted, then until progression and leaderboard have applied all; one core."""
    events = 50_000 if plan.quick else 200_000
    server, ports = start_stack(plan, "end-to-end", SERVER_CORE)
    rates, details, applied = [], [], 0
    with server:
        for turn in range(plan.rounds):
            start = time.monotonic()
            sent = load_client(LOAD_CORE, ports["gateway"], f"e{turn}-", events=events, players=50_000, batch=BATCH,
                               connections=4)
            if sent["accepted"] != events:
                raise BenchError(f"{events} events sent: {sent}")
            applied += events
            wait_until_applied(ports, applied)
            rates.append(events / (time.monotonic() - start))
            details.append(sent)
    return [Row("accepted to ranked, local bus, SQLite", "events/s", rates, 10_000, 25_000,
                details={"sent": details, "command": f"load_client --batch {BATCH} --events {events}"})]


def production(plan):
    """PostgreSQL, Redis and the four executables: the budget is for an event that counts in three windows, so one board;
    the shipped rules, by which these events count on two boards, beside it."""
    one_board = plan.directory / "one_board.toml"
    one_board.write_text(only_board("score", (ROOT / "config/liveops.toml").read_text()))
    budget, rate = production_with(plan, "one board, 3 windows", one_board, 150, 80)
    shipped, _ = production_with(plan, "shipped rules, 2 boards, 6 windows", ROOT / "config/liveops.toml", None, None)
    return [budget, rate, shipped]


def only_board(board, rules):
    """The rules with this board alone."""
    head, *boards = rules.split("[[boards]]\n")
    last, rest = re.split(r"\n(?=\n|#)", boards[-1], maxsplit=1)
    kept = [text for text in [*boards[:-1], last + "\n"] if text.startswith(f'id = "{board}"\n')]
    return head + "".join("[[boards]]\n" + text for text in kept) + "\n" + rest


def production_with(plan, name, rules, bar, aim):
    """Events in batches through gateway, Redis Streams, progression and leaderboard, until PostgreSQL and the ranks have all."""
    events = 40_000 if plan.quick else 100_000
    costs, rates, parts = [], [], []
    with Production(plan.directory / name.split(",")[0].replace(" ", "-"), RULES_FILE=str(rules)) as stack:
        gateway = stack.ports["gateway"][0]
        send_and_apply(stack, gateway, "warm-", 10_000)
        for turn in range(plan.rounds):
            before, start = stack.cpu(), time.monotonic()
            send_and_apply(stack, gateway, f"p{turn}-", events)
            rates.append(events / (time.monotonic() - start))
            after = stack.cpu()
            parts.append({name: round((after[name] - before[name]) / events * 1e6, 1) for name in after})
            costs.append(sum(parts[-1].values()))
    middle = parts[costs.index(sorted(costs)[len(costs) // 2])]
    return (Row(f"PostgreSQL and Redis, {name}: CPU of all processes", "us an event", costs, bar, aim, True,
                ", ".join(f"{name} {value:.0f}" for name, value in middle.items()),
                {"parts": parts, "events_s": rates, "command": f"load_client --batch {BATCH} --events {events}"}),
            Row("the same: accepted to ranked, load on the same two cores", "events/s", rates, None, None))


def send_and_apply(stack, gateway, run, events):
    before = {service: stack.consumed(service) for service in ("progression", "leaderboard")}
    sent = load_client(None, gateway, run, events=events, players=50_000, batch=BATCH, connections=4)
    if sent["accepted"] != events:
        raise BenchError(f"{events} events sent: {sent}; {outcomes(gateway)}")
    wait_until(lambda: all(stack.consumed(service) - before[service] >= events for service in before),
               f"not all of {events} events were applied")


def top(plan):
    """Top 100 of many players against nginx serving the same bytes; memory of the whole process beside it."""
    players = 100_000 if plan.quick else 1_000_000
    server, ports = start_stack(plan, "top", None, IO_THREADS="1")
    with server:
        time.sleep(1)
        idle = server.resident_mib()
        sent = load_client(None, ports["gateway"], "t-", events=players, players=players, batch=BATCH, connections=4)
        if sent["accepted"] != players:
            raise BenchError(f"{players} players sent: {sent}")
        wait_until_applied(ports, players)
        full = server.resident_mib()
        server.pin(SERVER_CORE)
        runs, ours, reference = top_against_nginx(plan, server, ports["leaderboard"], players)
    ratios = [a.rate / b.rate for a, b in zip(ours, reference)]
    rows = [Row(f"top 100 over HTTP, {players:,} members", "x nginx file", ratios, 0.35, 0.60,
                measured=mean_text("req/s:", [run.rate for run in ours]) +
                mean_text("; nginx", [run.rate for run in reference]),
                details={**runs, "server_cpu": [run.server_cpu for run in ours],
                         "nginx_cpu": [run.server_cpu for run in reference]}),
            Row("memory idle, four services in one process", "MiB", [idle], 64, None, True)]
    if not plan.quick:
        rows.append(Row(f"memory at {players:,} players, four services", "MiB", [full], 4 * 300, None, True,
                        "bar: 300 MiB a service"))
    return rows


def memory(plan):
    """Each service by itself, with a bus beside it, before and after each of a million players has sent an event."""
    players = 100_000 if plan.quick else 1_000_000
    rows = []
    for service in SERVICES:
        idle, full = memory_alone(plan, service, players)
        rows.append(Row(f"memory at {players:,} players, {service}", "MiB", [full], 300, None, True,
                        f"idle {idle:.0f} MiB", {"idle_mib": idle, "command": f"service_alone {service} {players}"}))
    return rows


def memory_alone(plan, service, players):
    port = free_port()
    env = base_environment(plan.directory / f"alone-{service}", **{f"{service.upper()}_LISTEN": f"127.0.0.1:{port}"})
    log = plan.directory / f"alone-{service}.log"
    with Server([BIN / "service_alone", service, players], log, core=None, env=env).wait_for_port(port) as server:
        time.sleep(1)
        idle = server.resident_mib()
        if service == "gateway":
            sent = load_client(None, port, "m-", events=players, players=players, batch=BATCH, connections=4)
            if sent["accepted"] != players:
                raise BenchError(f"{players} players sent: {sent}")
        else:
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: "fed" in log.read_text(), f"{service} was not fed: {log.read_text()[-500:]}")
        if service in ("progression", "leaderboard"):
            wait_until(lambda: group_consumed(port, service) >= players, f"{service} has not applied all events")
        time.sleep(1)
        return idle, server.resident_mib()


def top_against_nginx(plan, server, port, players):
    target = "/leaderboard?window=seasonal&board=score&limit=100"
    request = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    head, body = answer_bytes(port, request)
    answer = json.loads(body)
    if len(answer["entries"]) != 100 or answer["total"] != players:
        raise BenchError(f"the leaderboard has {answer['total']} players and shows {len(answer['entries'])}")
    site = plan.directory / "site"
    site.mkdir()
    (site / "top").write_bytes(body)
    nginx_port = free_port()
    with start_nginx(plan.directory / "nginx-file", nginx_port, 200, "", 0, site / "top"):
        short = len(head) - len(answer_bytes(nginx_port, request)[0])
    ours, reference = [], []
    with start_nginx(plan.directory / "nginx-file-padded", nginx_port, 200, "", short, site / "top") as nginx:
        for _ in range(plan.rounds):
            reference.append(WrkRun(nginx, f"http://127.0.0.1:{nginx_port}{target}", plan.seconds))
            ours.append(WrkRun(server, f"http://127.0.0.1:{port}{target}", plan.seconds))
    return {"command": ours[0].command, "answer_bytes": len(head) + len(body)}, ours, reference


def checks(plan):
    """Batches of 100 checks over one connection to a fairness service that knows 100,000 players, one after the other."""
    size, token = 100, "bench-api-token-0123456789"
    server, ports = start_stack(plan, "checks", SERVER_CORE, BUS_KIND="inmem", API_TOKEN=token)
    link = http.client.HTTPConnection("127.0.0.1", ports["fairness"], timeout=10)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(first, turn):
        events = [{"type": "progression", "player_id": f"p-{(first + i) * 7919 % 100_000}", "seq": turn,
                   "payload": {"xp": 40 + i, "score": 1000 + 7 * i}} for i in range(size)]
        body = json.dumps(events).encode()
        start = time.perf_counter()
        link.request("POST", "/check/batch", body, headers)
        answer = link.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise BenchError(f"a batch of checks is answered {answer.status}: {text[:200]}")
        return (time.perf_counter() - start) * 1000

    with server:
        for first in range(0, 100_000, size):
            ask(first, 1)
        times = sorted(ask(n * size, 2 + n) for n in range(500 if plan.quick else 2000))
    p99 = times[int(0.99 * len(times))]
    return [Row("fairness check over HTTP, batches of 100: p50", "ms a batch", [times[len(times) // 2]], None, None, True,
                f"p99 {p99:.2f} ms; what the client takes is part of it")]


def fairness_batch(found, events):
    batch = found[f"fairness_check_batch/events:{events}/players:1000000"]
    return Row(f"fairness check, 1 M players: p50, {events} events a call", "ns an event", [batch["p50_ns"]], 150, 100, True,
               f"p99 {batch['p99_ns']:.0f} ns; the time of a call shared out among its events")


def parts(plan):
    """What the micro benchmarks say: the fairness check, the rank index, and the steps of a request."""
    members = 1_000_000 if plan.quick else 10_000_000
    found = micro(f"^(fairness_check|cold_read|backtest|rank_of/{members}$|parse|signature|encode|decode|derive|period|sign_receipt"
                  f"{'' if plan.quick else '|idempotency_key/1000000$'})")
    check = found["fairness_check/1000000"]
    rank = found[f"rank_of/{members}"]
    rows = [Row("fairness check, 1 M players: p50, single calls", "ns", [check["p50_ns"]], 150, 100, True,
                f"mean {check['cpu_time']:.0f} ns; 20,000 players {found['fairness_check/20000']['p50_ns']:.0f} ns, one hot player "
                f"{found['fairness_check/1']['cpu_time']:.0f} ns; one cold read {found['cold_read/players:1000000']['cpu_time']:.0f} ns"),
            Row("fairness check, 1 M players: p99, single calls", "ns", [check["p99_ns"]], 1000, None, True),
            *(fairness_batch(found, events) for events in (16, 64)),
            Row("fairness check: memory", "B a player", [check["bytes_per_player"]], 128, None, True),
            Row("backtest, inline tier alone", "events/s", [found["backtest/slower_tier:0"]["items_per_second"]], 1_000_000, None,
                measured=f"with the slower tier {found['backtest/slower_tier:1']['items_per_second']:,.0f}"),
            Row(f"rank of one player, {members:,} members: p99", "us", [rank["p99_ns"] / 1000], 2000, 1000, True,
                f"p50 {rank['p50_ns'] / 1000:.2f} us")]
    rows[0].details = {name: {key: entry[key] for key in entry if key in ("cpu_time", "p50_ns", "p99_ns", "items_per_second",
                                                                          "bytes_per_player", "bytes_per_member", "allocs", "alloc_bytes")}
                       for name, entry in found.items()}
    return rows
