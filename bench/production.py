"""The production form: PostgreSQL, Redis and the four executables as processes of their own, and what they cost."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

from harness import BIN, CLOCK_TICKS, BenchError, Server, free_port, metric

SERVICES = ("fairness", "progression", "leaderboard", "gateway")
SECRET = "bench-secret-0123456789abcdefghijkl"


def descendants(pid):
    """The process and all below it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += descendants(int(child))
    return found


def cpu_seconds(pid):
    """User and system time of a process and all below it, of those that ended too."""
    ticks = 0
    for each in descendants(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue  # a worker that has just ended
        ticks += int(fields[11]) + int(fields[12])
        if each == pid:
            ticks += int(fields[13]) + int(fields[14])
    return ticks / CLOCK_TICKS


def postgres_bin():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise BenchError("PostgreSQL is missing: apt-get install postgresql")
    return found[-1].parent


class Postgres:
    """A server of its own on the loopback; as the user postgres where this runs as root, which PostgreSQL refuses."""

    def __init__(self, directory):
        self.port = free_port()
        directory.mkdir(parents=True)
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(directory, "postgres")
            for parent in directory.parents:
                if parent != Path("/tmp") and parent.stat().st_uid == 0 and str(parent).startswith("/tmp/"):
                    parent.chmod(0o755)
        data = directory / "data"
        tools = postgres_bin()
        subprocess.run(self.command([tools / "initdb", "-D", data, "-A", "trust", "-U", "liveops", "-E", "UTF8", "--locale=C"]),
                       check=True, capture_output=True, cwd=directory)
        with open(directory.parent / f"{directory.name}.log", "wb") as log:
            self.process = subprocess.Popen(
                self.command([tools / "postgres", "-D", data, "-p", self.port, "-k", directory, "-c", "listen_addresses=127.0.0.1",
                              "-c", "max_connections=60", "-c", "shared_buffers=256MB"]),
                stdout=log, stderr=subprocess.STDOUT, cwd=directory)
        self.url = f"postgresql://liveops@127.0.0.1:{self.port}/liveops"
        self.wait()

    def command(self, words):
        words = list(map(str, words))
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *words] if os.geteuid() == 0 else words

    def wait(self):
        for _ in range(200):
            made = subprocess.run(["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "liveops", "-d", "postgres", "-qc",
                                   "CREATE DATABASE liveops"], capture_output=True)
            if made.returncode == 0:
                return
            time.sleep(0.1)
        raise BenchError(f"PostgreSQL does not answer: {made.stderr.decode()[-500:]}")

    def query(self, sql):
        done = subprocess.run(["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "liveops", "-d", "liveops", "-Atqc", sql],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise BenchError(f"{sql}: {done.stderr}")
        return done.stdout.strip()

    @property
    def pid(self):
        return self.process.pid

    def stop(self):
        self.process.send_signal(signal.SIGINT)  # a fast shutdown
        self.process.wait(60)


def start_redis(directory):
    port = free_port()
    directory.mkdir(parents=True)
    return Server(["redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", directory, "--save", "", "--appendonly", "yes",
                   "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"], directory.parent / f"{directory.name}.log",
                  core=None).wait_for_port(port), port


class Production:
    """All of it, on Redis Streams; `replicas` of progression and of leaderboard each."""

    def __init__(self, directory, replicas=1, **more):
        directory.mkdir(parents=True)
        self.directory = directory
        self.postgres = Postgres(directory / "postgres")
        self.redis, self.redis_port = start_redis(directory / "redis")
        self.ports = {service: [free_port() for _ in range(replicas if service in ("progression", "leaderboard") else 1)]
                      for service in SERVICES}
        self.environment = {
            "HMAC_KEYS": f"k0:{SECRET}", "REQUIRE_TIMESTAMP": "false", "LOG_LEVEL": "warn", "IO_THREADS": "1",
            "RATE_LIMIT_PER_SECOND": "100000000", "RATE_LIMIT_BURST": "1000000", "BUS_KIND": "redis",
            "DB_URL": self.postgres.url, "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}", "FAIRNESS_DEADLINE_MS": "1000",
            "FAIRNESS_URL": f"http://127.0.0.1:{self.ports['fairness'][0]}", "ADMIN_TOKEN": "bench-admin-0123456789", **more}
        self.services = []
        for service in SERVICES:
            for port in self.ports[service]:
                self.start(service, port)

    def start(self, service, port):
        data = self.directory / f"{service}-{port}"
        data.mkdir(exist_ok=True)
        env = {**self.environment, "DATA_DIR": str(data), f"{service.upper()}_LISTEN": f"127.0.0.1:{port}"}
        server = Server([BIN / service], self.directory / f"{service}-{port}.log", core=None, env=env).wait_for_port(port)
        self.services.append((service, server))
        return server

    def cpu(self):
        """CPU seconds so far, by process."""
        spent = {"postgres": cpu_seconds(self.postgres.pid), "redis": cpu_seconds(self.redis.pid)}
        for service, server in self.services:
            spent[service] = spent.get(service, 0.0) + cpu_seconds(server.pid)
        return spent

    def consumed(self, service):
        return sum(metric(port, "liveops_bus_consumed_total", f'{{group="{service}"}}') for port in self.ports[service])

    def stop(self):
        for _, server in reversed(self.services):
            server.stop()
        self.redis.stop()
        self.postgres.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
