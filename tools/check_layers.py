#!/usr/bin/env python3
"""Checks who includes whom (ARCHITECTURE.md, "Layers"). Prints one line a breach; exit 1 if there is any."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SERVICES = {"gateway", "fairness", "progression", "leaderboard"}
CLIENT_LIBRARIES = {"sqlite", "postgres", "redis", "asio", "http_client", "aws"}  # under adapters/, for several of them
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
OWN_TEST = re.compile(r"_test\.cpp$|/test_[^/]*\.hpp$")  # tests and what they share stand beside their source


def room(path: str) -> tuple[str, str]:
    """The layer and the unit within it: ("adapters", "bus_local"), ("service", "gateway"), ("core", "core")."""
    parts = path.split("/")
    if parts[0] == "adapters":
        return "adapters", parts[1]
    if parts[0] in SERVICES:
        return "service", parts[0]
    return parts[0], parts[0]


def allowed(source: tuple[str, str], target: tuple[str, str]) -> bool:
    layer, unit = source
    if source == target:
        return True
    below = {"core": set(), "ports": {"core"}, "runtime": {"core", "ports"}, "service": {"core", "ports", "runtime"},
             "audit": {"core", "ports", "runtime", "service"}, "simulation": {"core"},
             "backtest": {"core", "ports", "runtime", "service", "simulation"},
             "adapters": {"core", "ports", "runtime", "simulation"}}[layer]
    if target[0] in below:
        return True
    return layer == "adapters" and target[0] == "adapters" and target[1] in CLIENT_LIBRARIES


def main() -> int:
    breaches = []
    src = ROOT / "src"
    for path in sorted(src.rglob("*.[ch]pp")):
        name = path.relative_to(src).as_posix()
        for include in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if include.startswith("tests/"):
                if not OWN_TEST.search(name):
                    breaches.append(f"src/{name}: includes {include}, but is not a test")
                continue
            if not (src / include).exists():
                breaches.append(f'src/{name}: "{include}" is not a path below src/')
            elif not allowed(room(name), room(include)):
                breaches.append(f"src/{name}: {room(name)[1]} must not include {include}")
    for breach in breaches:
        print(breach)
    print(f"{len(breaches)} breaches of the layers")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
