"""The table of the results, and what they were measured on."""

import platform
import re
import statistics
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from harness import ROOT


@dataclass
class Row:
    """One budget. `samples` are what is compared with bar and aim; more is better unless `less_is_better`."""
    what: str
    unit: str
    samples: list
    bar: float
    aim: float
    less_is_better: bool = False
    measured: str = ""  # beside a ratio: the absolute numbers
    details: dict = field(default_factory=dict)
    error: str = ""

    @property
    def value(self):
        return statistics.median(self.samples) if self.samples else None

    def reaches(self, limit):
        if self.value is None or limit is None:
            return None
        return self.value <= limit if self.less_is_better else self.value >= limit

    def verdict(self):
        if self.error:
            return "FAILED"
        if self.bar is None:
            return "-"
        if not self.reaches(self.bar):
            return "missed"
        return "aim" if self.reaches(self.aim) else "bar"

    def as_dict(self):
        return {"what": self.what, "unit": self.unit, "median": self.value, "samples": self.samples, "bar": self.bar,
                "aim": self.aim, "less_is_better": self.less_is_better, "reached": self.verdict(),
                "measured": self.measured, "details": self.details, "error": self.error}


def number(value):
    if value is None:
        return "-"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 10 else f"{value:.2f}"


def limit_text(row, limit):
    return "-" if limit is None else f"{'<=' if row.less_is_better else '>='} {number(limit)}"


def render(rows):
    lines = [["what", "median", "spread", "unit", "bar", "aim", "reached", "measured"]]
    for row in rows:
        spread = f"{number(min(row.samples))}..{number(max(row.samples))}" if len(row.samples) > 1 else "-"
        lines.append([row.what, number(row.value), spread, row.unit, limit_text(row, row.bar), limit_text(row, row.aim),
                      row.verdict(), row.measured])
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines)


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.strip()
    except OSError:
        return "unknown"


def machine(directory):
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    cores = len(re.findall(r"^processor", Path("/proc/cpuinfo").read_text(), re.MULTILINE))
    return {
        "cpu": model.group(1) if model else "unknown",
        "cores": cores,
        "kernel": platform.release(),
        "compiler": output_of("clang++-19", "--version").splitlines()[0],
        "nginx": subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr.strip(),
        "file_system": output_of("findmnt", "-n", "-o", "FSTYPE", "-T", str(directory)),
        "commit": output_of("git", "describe", "--always", "--dirty"),
        "load_at_start": Path("/proc/loadavg").read_text().split()[0],
    }
