"""What each kind of bus takes and hands out, against a server of its own on this machine; SQS and Service Bus against the
stand-ins of the tests, which say what the adapters cost and nothing about the clouds."""

import json
import shutil
import statistics

from harness import BIN, LOAD_CORE, ROOT, BenchError, Server, free_port, run_tool
from table import Row

STANDINS = ROOT / "tests/standins"
SECRET = "bench-secret-0123456789abcdefghijkl"
KEY = "a key of the bench="


def need(*tools):
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        raise BenchError(f"missing {', '.join(missing)}: ./dev setup test installs it")


def no_server(_directory):
    return None, {}


def redis(directory):
    need("redis-server")
    port = free_port()
    command = ["redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", directory, "--save", "", "--appendonly", "yes",
               "--appendfsync", "always", "--maxmemory-policy", "noeviction"]
    return Server(command, directory / "redis.log").wait_for_port(port), {"REDIS_URL": f"redis://127.0.0.1:{port}"}


def nats(directory):
    need("nats-server")
    port = free_port()
    file = directory / "nats.conf"
    file.write_text(f"host: 127.0.0.1\nport: {port}\njetstream {{ store_dir: \"{directory}/jetstream\" }}\n")
    server = Server(["nats-server", "-c", file], directory / "nats.log").wait_for_port(port)
    return server, {"NATS_URL": f"nats://127.0.0.1:{port}"}


def standin(name):
    need("node")
    if not (STANDINS / name / "node_modules").exists():
        raise BenchError(f"run `npm ci` in tests/standins/{name}: ./dev test does")
    return STANDINS / name


def sqs(directory):
    port = free_port()
    options = json.dumps({"port": port, "journal": str(directory / "journal")})
    server = Server(["node", standin("sqs") / "server.mjs", options], directory / "sqs.log").wait_for_port(port)
    return server, {"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "SQS_CREATE_QUEUES": "true",
                    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example-secret"}


def servicebus(directory):
    port = free_port()
    config = directory / "config.json"
    config.write_text(json.dumps({
        "port": port, "adminPort": free_port(), "keys": {"root": KEY}, "journal": str(directory / "journal"), "maxDelivery": 100,
        "topics": {"liveops-events": ["progression", "leaderboard", "fairness", "gateway"],
                   "liveops-verdicts": ["leaderboard", "progression"]}}))
    program = standin("servicebus") / "src/standin.mjs"
    server = Server(["node", program, config], directory / "servicebus.log").wait_for_port(port)
    return server, {"SERVICEBUS_CONNECTION_STRING": f"Endpoint=sb://localhost:{port}/;SharedAccessKeyName=root;"
                                                    f"SharedAccessKey={KEY};UseDevelopmentEmulator=true"}


KINDS = {"inmem": (no_server, "in this process"), "local": (no_server, "fsync before each answer"),
         "redis": (redis, "Redis, appendfsync always"), "nats": (nats, "JetStream, one server"),
         "sqs": (sqs, "stand-in; four queues"), "servicebus": (servicebus, "stand-in; a topic, four subscriptions")}


def measure(directory, kind, events):
    """One run with an empty server of its own."""
    directory.mkdir(parents=True)
    server, environment = KINDS[kind][0](directory)
    environment = {"DATA_DIR": directory / "data", "HMAC_KEYS": f"k0:{SECRET}", "LOG_LEVEL": "warn", "IO_THREADS": "1",
                   "BUS_KIND": kind, "HOME": directory, **environment}
    (directory / "data").mkdir()
    command = ["env", *(f"{name}={value}" for name, value in environment.items()), BIN / "bus_rate", "--events", events]
    try:
        return json.loads(run_tool(LOAD_CORE, command))
    finally:
        if server:
            server.stop()


def buses(plan):
    """300 bytes a message, 64 publishes in flight, each of one message; then one consumer takes them all."""
    events = 5_000 if plan.quick else 20_000
    rows = []
    for kind, (_, against) in KINDS.items():
        runs = [measure(plan.directory / f"bus-{kind}-{turn}", kind, events) for turn in range(plan.rounds)]
        middle = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
        rows.append(Row(f"bus {kind}: publish, 64 in flight ({against})", "messages/s", [run["publish_s"] for run in runs],
                        None, None,
                        measured=f"p50 {middle['p50_ms']:.3g} ms, p99 {middle['p99_ms']:.3g} ms; "
                                 f"consumed {middle['consume_s']:,.0f}/s",
                        details={"runs": runs, "command": f"BUS_KIND={kind} bus_rate --events {events}"}))
    return rows
