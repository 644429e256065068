"""What the measurements stand on: processes that are ended by their id, wrk, nginx, and numbers about both."""

import itertools
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / "build" / os.environ.get("BENCH_PRESET", "bench") / "bin"
SERVER_CORE, LOAD_CORE = "0", "1"
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """A measurement that means nothing: the server failed, or refused what it was to take."""


def on_core(core, command):
    return ["taskset", "-c", core, *map(str, command)] if core is not None else list(map(str, command))


FIRST_PORT, PORTS = 10_000, 22_000  # below those that the kernel gives to outgoing connections
_ports = itertools.count(os.getpid() * 32)


def free_port():
    """A port of 127.0.0.1 that nobody listens on, and that this process was not given before."""
    for _ in range(PORTS):
        port = FIRST_PORT + next(_ports) % PORTS
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise BenchError(f"no port is free from {FIRST_PORT} to {FIRST_PORT + PORTS - 1}")


class Server:
    """A process on one core (or all, with None), ended by its id."""

    def __init__(self, command, log, core=SERVER_CORE, env=None):
        self.command = on_core(core, command)
        self.log = log
        environment = {"PATH": os.environ["PATH"], **(env or {})}
        with open(log, "wb") as output:
            self.process = subprocess.Popen(self.command, stdout=output, stderr=subprocess.STDOUT, env=environment,
                                            cwd=os.path.dirname(log))

    @property
    def pid(self):
        return self.process.pid

    def wait_for_port(self, port, seconds=60):
        for _ in range(seconds * 50):
            if self.process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return self
            time.sleep(0.02)
        self.stop()
        raise BenchError(f"{self.command} did not open port {port}:\n{Path(self.log).read_text()[-2000:]}")

    def pids(self):
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, children)]

    def cpu_seconds(self):
        ticks = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / CLOCK_TICKS

    def resident_mib(self):
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        return int(found.group(1)) / 1024

    def pin(self, core):
        subprocess.run(["taskset", "-a", "-c", "-p", core, str(self.pid)], check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def run_tool(core, command, good=(0,)):
    done = subprocess.run(on_core(core, command), capture_output=True, text=True)
    if done.returncode not in good:
        raise BenchError(f"{' '.join(map(str, command))} failed:\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout


class WrkRun:
    """One run of wrk against a server: requests a second, and how much of its core the server used."""

    def __init__(self, server, url, seconds, connections=64, script_arguments=None, core=LOAD_CORE):
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"]
        if script_arguments:
            command += ["-s", ROOT / "bench/wrk/replay.lua", url, "--", *script_arguments]
        else:
            command.append(url)
        self.command = " ".join(map(str, command))
        cpu, start = server.cpu_seconds(), time.monotonic()
        output = run_tool(core, command)
        self.server_cpu = (server.cpu_seconds() - cpu) / min(time.monotonic() - start, seconds)
        self.requests = int(re.search(r"(\d+) requests in", output).group(1))
        self.rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1))
        for trouble in ("Non-2xx", "Socket errors"):
            if trouble in output:
                raise BenchError(f"{self.command}:\n{output}")


def start_nginx(directory, port, status, body, extra_bytes, file=None):
    """nginx, one worker; answers `status` and `body`, or with `file` that file; `extra_bytes` pad the head."""
    directory.mkdir()
    pad_length = extra_bytes - len("X-Pad: \r\n")
    pad = f'add_header X-Pad "{"x" * pad_length}" always;' if pad_length > 0 else ""
    place = f"root {file.parent}; try_files /{file.name} =404;" if file else f"return {status} '{body}';"
    temporary = " ".join(f"{name}_temp_path {directory}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (directory / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {directory}/pid; error_log {directory}/error.log crit;
{"user root;" if os.geteuid() == 0 else ""}
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; open_file_cache max=16; default_type application/json;
  keepalive_requests 1000000000; keepalive_timeout 600; client_max_body_size 2m; client_body_buffer_size 1m;
  {temporary}
  server {{ listen 127.0.0.1:{port}; location / {{ {pad} {place} }} }}
}}
""")
    return Server(["nginx", "-p", directory, "-c", directory / "nginx.conf", "-e", directory / "error.log"],
                  directory / "log").wait_for_port(port)


def answer_bytes(port, request):
    """Head and body of the answer to a raw request."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += link.recv(65536)
        head, body = data.split(b"\r\n\r\n", 1)
        length = int(re.search(rb"(?i)content-length: (\d+)", head).group(1))
        while len(body) < length:
            body += link.recv(65536)
    return head + b"\r\n\r\n", body


def metric(port, name, labels=""):
    """The value of one time series at /metrics; 0 when it is not there."""
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
    found = re.search(rf"^{re.escape(name + labels)} (\S+)", text, re.MULTILINE)
    return float(found.group(1)) if found else 0.0


def micro(pattern):
    """Results of the micro benchmarks whose name matches, by name."""
    output = run_tool(SERVER_CORE, [BIN / "micro", "--benchmark_format=json", "--benchmark_min_time=0.2",
                                    f"--benchmark_filter={pattern}"])
    return {entry["name"]: entry for entry in json.loads(output)["benchmarks"]}
