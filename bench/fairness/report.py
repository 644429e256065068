#!/usr/bin/env python3
"""Every number and plot of docs/fairness.md: runs the cells, then writes the tables between their markers.

A cell that was run with this executable and these files before is not run again (build/fairness-report).
"""
import argparse
import concurrent.futures
import datetime
import hashlib
import json
import math
import pathlib
import re
import subprocess
import sys

import svg

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "fairness.md"
PLOTS = ROOT / "docs" / "fairness"
CASUAL = ("config/simulation.toml", "config/liveops.toml")
ARENA = ("config/simulation-arena.toml", "config/arena-policy.toml")
SHARES = (0.005, 0.02, 0.05, 0.15)
MAIN_SHARE = 0.05
ABLATION_SEEDS = 2  # a dozen judges each
LEVELS = ("review", "flag", "throttle", "quarantine", "block")
BASELINES = ("fixed thresholds", "GCRA only", "personal z")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build" / "bench" / "bin" / "fairness_report")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "build" / "fairness-report")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--players", type=int, default=600)
    parser.add_argument("--days", type=float, default=10)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="small populations and two seeds; leaves the page alone")
    options = parser.parse_args()
    if options.quick:
        options.seeds, options.players, options.days = 2, 200, 2
    return options


class Cells:
    """Runs cells, each once."""

    def __init__(self, options):
        self.options = options
        self.wanted = {}
        files = [options.program, *(ROOT / name for name in CASUAL + ARENA)]
        self.version = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]

    def want(self, game, seed, share, *extras):
        params, policy = game
        flags = ["--params", params, "--policy", policy, "--seed", str(seed), "--share", str(share),
                 "--players", str(self.options.players), "--days", str(self.options.days), *(f"--{e}" for e in extras)]
        name = hashlib.sha256(" ".join(flags).encode()).hexdigest()[:12]
        self.wanted[name] = flags
        return name

    def run(self):
        folder = self.options.results / self.version
        folder.mkdir(parents=True, exist_ok=True)
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            jobs = {pool.submit(self.run_one, folder / f"{name}.json", flags): name for name, flags in self.wanted.items()}
            for done, job in enumerate(concurrent.futures.as_completed(jobs), 1):
                job.result()
                print(f"\r[{done}/{len(jobs)}] cells", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        return {name: json.loads((folder / f"{name}.json").read_text()) for name in self.wanted}

    def run_one(self, file, flags):
        if file.exists():
            return
        done = subprocess.run([self.options.program, *flags], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"fairness_report {' '.join(flags)}: {done.stderr}")
        part = file.with_suffix(".part")
        part.write_text(done.stdout)
        part.rename(file)


def poisson_bound(count):
    """The exact upper bound at 95 %, as src/backtest/poisson.cpp has it."""
    def at_most(mean):
        return sum(math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(count + 1))
    low, high = max(count, 1e-9), count + 10 * math.sqrt(count + 1) + 10
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if at_most(middle) > 0.05 else (low, middle)
    return high


class Pool:
    """The results of one judge over several seeds."""

    def __init__(self, cells, judge="policy"):
        self.results = [cell["judges"][judge] for cell in cells]
        self.days = sum(r["honest_player_days"] for r in self.results)
        self.cheaters = sum(r["all"]["cheaters"] for r in self.results)

    def found(self, level):
        return sum(r["all"]["levels"][level]["found"] for r in self.results)

    def recall(self, level="flag"):
        return self.found(level) / max(1, self.cheaters)

    def recalls(self, level="flag"):
        return [r["actions"][level]["recall"] for r in self.results]

    def precision(self, level="flag"):
        wrong = sum(r["actions"][level]["false_players"] for r in self.results)
        return self.found(level) / max(1, self.found(level) + wrong)

    def false_days(self, level):
        return sum(r["actions"][level]["false_player_days"] for r in self.results)

    def false_rate(self, level="flag"):
        return self.false_days(level) / self.days

    def false_bound(self, level="flag"):
        return poisson_bound(self.false_days(level)) / self.days

    def denied(self):
        return sum(r["honest_refused"] for r in self.results) / sum(r["honest_events"] for r in self.results)

    def leaked(self):
        score = sum(r["all"]["illicit_score"] for r in self.results)
        return sum(r["all"]["leaked"] * r["all"]["illicit_score"] for r in self.results) / max(1, score)

    def leaked_before(self, level="flag"):
        score = sum(r["all"]["illicit_score"] for r in self.results)
        return sum(r["all"]["levels"][level]["leaked_before"] * r["all"]["illicit_score"] for r in self.results) / max(1, score)

    def kinds(self):
        return sorted({kind for r in self.results for kind in r["kinds"]})

    def of_kinds(self, kinds, level):
        rows = [r["kinds"][k] for r in self.results for k in kinds if k in r["kinds"]]
        return sum(k["levels"][level]["found"] for k in rows), sum(k["cheaters"] for k in rows)

    def delay(self, kind, which, level="flag"):
        """The median over seeds of a kind's median and p95; None: never."""
        rows = [r["kinds"][kind]["levels"][level][which] for r in self.results if kind in r["kinds"]]
        def middle(values):
            values = sorted(math.inf if v is None else v for v in values)
            value = values[len(values) // 2] if values else math.inf
            return None if math.isinf(value) else value
        return middle([row[0] for row in rows]), middle([row[1] for row in rows])


def share_of(part):
    found, all_of_them = part
    return found / all_of_them if all_of_them else 0


def delay_text(value):
    return "never" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def with_spread(pool, level="flag"):
    recalls = pool.recalls(level)
    return f"{pool.recall(level):.3f} ({min(recalls):.2f}-{max(recalls):.2f})"


def false_text(pool, level):
    return f"{pool.false_rate(level):.1e} (<= {pool.false_bound(level):.1e})"


def targets_table(cells):
    pool = Pool(cells)
    overt = [k for k in pool.kinds() if k in cells[0]["overt"]]
    covert = [k for k in pool.kinds() if k not in cells[0]["overt"]]
    best = max(Pool(cells, name).recall() for name in BASELINES)
    overt_delays = [pool.delay(k, "delay_events")[0] for k in overt if k not in ("injection", "hugger")]
    award_delays = [pool.delay(k, "delay_events")[0] for k in ("injection", "hugger") if k in overt]
    worst = lambda values: delay_text(None if any(v is None for v in values) else max(values, default=None))
    flood = delay_text(pool.delay("flood", "delay_seconds")[0]) if "flood" in overt else "-"
    ratio = pool.recall() / best if best else math.inf
    rows = [
        ("all kinds: recall / precision of flags", ">= 0.90 / >= 0.95", f"{pool.recall():.3f} / {pool.precision():.3f}"),
        ("overt kinds: recall of flags", ">= 0.98", f"{share_of(pool.of_kinds(overt, 'flag')):.3f}"),
        ("overt kinds: median illicit events to a flag, worst kind", "<= 200", worst(overt_delays)),
        ("the same of injected awards", "<= 20", worst(award_delays)),
        ("floods: median seconds to a flag", "<= 2", flood),
        ("covert kinds: recall of flags", ">= 0.80", f"{share_of(pool.of_kinds(covert, 'flag')):.3f}"),
        ("covert kinds: recall of flags and reviews", "", f"{share_of(pool.of_kinds(covert, 'review')):.3f}"),
        ("false flags per honest player-day (95 % bound)", "1e-3", false_text(pool, "flag")),
        ("false throttles", "1e-4", false_text(pool, "throttle")),
        ("false blocks", "<= 1e-5", false_text(pool, "block")),
        ("honest events refused", "<= 1e-5", f"{pool.denied():.1e}"),
        ("illicit score that counted", "<= 0.05", f"{pool.leaked():.3f}"),
        ("recall against the best baseline", ">= 3.5x", f"{ratio:.1f}x"),
    ]
    return table(("", "target", "measured"), rows)


def shares_table(by_share):
    rows = []
    for share, cells in by_share.items():
        pool = Pool(cells)
        rows.append((f"{100 * share:g} %", pool.cheaters, with_spread(pool), f"{pool.precision():.3f}", with_spread(pool, "throttle"),
                     false_text(pool, "flag"), false_text(pool, "throttle"), false_text(pool, "block"), f"{pool.leaked():.3f}"))
    return table(("cheaters", "of them active", "recall, flag (seeds)", "precision", "recall, throttle", "false flags a player-day", "false throttles",
                  "false blocks", "leaked"), rows)


def baselines_table(by_share):
    rows = []
    for share, cells in by_share.items():
        for name in ("policy", *BASELINES):
            pool = Pool(cells, name)
            label = "**this engine**" if name == "policy" else name
            rows.append((f"{100 * share:g} %", label, with_spread(pool), f"{pool.precision():.3f}", f"{pool.false_rate():.1e}",
                         f"{pool.leaked_before():.3f}"))
    return table(("cheaters", "", "recall, flag (seeds)", "precision", "false flags a player-day", "illicit score before the flag"), rows)


def kinds_table(cells):
    pool = Pool(cells)
    rows = []
    for kind in pool.kinds():
        recalls = [f"{share_of(pool.of_kinds([kind], level)):.2f}" for level in LEVELS]
        delays = [" / ".join(map(delay_text, pool.delay(kind, which))) for which in ("delay_events", "delay_seconds")]
        rows.append((kind, "overt" if kind in cells[0]["overt"] else "covert", pool.of_kinds([kind], "flag")[1], *recalls, *delays))
    return table(("kind", "", "cheaters", *LEVELS, "illicit events to a flag, median / p95", "seconds to a flag, median / p95"), rows)


def ablation_table(cells):
    names = ["policy", *sorted(name for name in cells[0]["judges"] if name.startswith("without"))]
    rows = []
    for name in names:
        pool = Pool(cells, name)
        rows.append(("everything" if name == "policy" else name, f"{pool.recall():.3f}", f"{pool.recall('throttle'):.3f}",
                     f"{pool.precision():.3f}", f"{pool.false_rate():.1e}", f"{pool.leaked():.3f}"))
    return table(("", "recall, flag", "recall, throttle", "precision", "false flags a player-day", "leaked"), rows)


def cross_table(groups):
    rows = []
    for name, cells in groups.items():
        pool = Pool(cells)
        best = max(Pool(cells, baseline).recall() for baseline in BASELINES)
        rows.append((name, pool.cheaters, with_spread(pool), f"{pool.precision():.3f}", false_text(pool, "flag"),
                     false_text(pool, "throttle"), false_text(pool, "block"), f"{pool.denied():.1e}", f"{pool.leaked():.3f}", f"{best:.3f}"))
    return table(("game and seeds", "cheaters", "recall, flag (seeds)", "precision", "false flags a player-day", "false throttles", "false blocks",
                  "honest events refused", "leaked", "recall of the best baseline"), rows)


def recall_plot(cell):
    lines = []
    for name, points in cell["curve"].items():
        points = sorted((max(rate, 1e-4), recall) for rate, recall in points)
        lines.append(("this engine" if name == "policy" else name, points))
    return svg.plot("Cheaters found at a rate of false flags", "false flags per honest player-day", "recall", lines, (1e-4, 1e-1), (0, 1), x_log=True)


def evidence_plot(cell):
    examples = [e for e in cell["examples"] if e["points"]]
    lines = [(e["kind"], [(at / 86400, value) for at, value in e["points"]]) for e in examples]
    rules = [(name, examples[0][f"{name}_at"]) for name in ("flag", "throttle", "block")] if examples else []
    return svg.plot("Evidence of three players", "days", "once in so many honest events", lines, (0, cell["days"]), (1, 1e12), y_log=True, rules=rules, steps=True)


def delay_plot(cells):
    pool = Pool(cells)
    rows = []
    for kind in pool.kinds():
        median, p95 = pool.delay(kind, "delay_seconds")
        rows.append((kind, None if median is None else max(0.1, median), None if p95 is None else max(0.1, p95)))
    rows.sort(key=lambda row: math.inf if row[1] is None else row[1])
    return svg.bars("From the first illicit event to the flag: median (dot) to p95; red: some are never found", "seconds", rows, (0.1, 1e6))


def provenance(options, cells):
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True, check=True).stdout.strip()
    events = sum(cell["judges"]["policy"]["events"] for cell in cells.values())
    return (f"Made by `./dev fairness-report` at commit `{commit}` on {datetime.date.today()}: {len(cells)} populations of {options.players} players "
            f"and {options.days:g} days, {options.seeds} seeds of each, {events / 1e6:,.0f} million events.")


def put(text, name, content):
    pattern = re.compile(rf"(<!-- report:{name} -->\n).*?(<!-- /report -->)", re.S)
    text, count = pattern.subn(lambda m: f"{m[1]}{content}\n{m[2]}", text)
    if count != 1:
        raise SystemExit(f"{PAGE}: there is no single marker report:{name}")
    return text


def main():
    options = arguments()
    cells = Cells(options)
    seeds = range(1, options.seeds + 1)
    main_names = {share: [cells.want(CASUAL, seed, share, "baselines") for seed in seeds] for share in SHARES}
    ablated = [cells.want(CASUAL, seed, MAIN_SHARE, "ablation") for seed in list(seeds)[:ABLATION_SEEDS]]
    others = [cells.want(CASUAL, 100 + seed, MAIN_SHARE, "baselines") for seed in seeds]
    arena = [cells.want(ARENA, 200 + seed, MAIN_SHARE, "baselines") for seed in seeds]
    shown = cells.want(CASUAL, 1, MAIN_SHARE, "curve", "examples")
    results = cells.run()
    pick = lambda names: [results[name] for name in names]
    by_share = {share: pick(names) for share, names in main_names.items()}
    middle = by_share[MAIN_SHARE]
    groups = {"casual, seeds used in development": middle, "casual, other seeds": pick(others), "arena, other seeds, nothing tuned": pick(arena)}
    parts = {"provenance": provenance(options, results), "targets": targets_table(middle), "shares": shares_table(by_share),
             "baselines": baselines_table(by_share), "kinds": kinds_table(middle), "ablation": ablation_table(pick(ablated)), "cross": cross_table(groups)}
    plots = {"recall": recall_plot(results[shown]), "evidence": evidence_plot(results[shown]), "delay": delay_plot(middle)}
    if options.quick:
        print("\n\n".join(f"{name}\n{text}" for name, text in parts.items()))
        return
    text = PAGE.read_text()
    for name, content in parts.items():
        text = put(text, name, content)
    PAGE.write_text(text)
    PLOTS.mkdir(exist_ok=True)
    for name, content in plots.items():
        (PLOTS / f"{name}.svg").write_text(content)
    print(f"{PAGE.relative_to(ROOT)} and {len(plots)} plots are written", file=sys.stderr)


if __name__ == "__main__":
    main()
