"""Line plots as SVG, without any library."""
import math

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 30, 50
COLOURS = ["#1b6ca8", "#d1495b", "#2e8b57", "#8a5a9e", "#b8860b", "#555555"]


class Axis:
    """Maps values to pixels, evenly or in the logarithm."""

    def __init__(self, low, high, begin, end, log):
        self.low, self.high, self.begin, self.end, self.log = low, high, begin, end, log

    def at(self, value):
        if self.log:
            value = min(max(value, self.low), self.high)
            share = math.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return self.begin + share * (self.end - self.begin)

    def ticks(self):
        if self.log:
            first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            step = max(1, (last - first) // 8)
            return [10.0 ** n for n in range(first, last + 1, step)]
        raw = (self.high - self.low) / 6
        size = 10 ** math.floor(math.log10(raw))
        step = min((m * size for m in (1, 2, 2.5, 5, 10)), key=lambda s: abs(s - raw))
        count = int((self.high - self.low) / step + 1e-9)
        return [self.low + i * step for i in range(count + 1)]


def number(value, log):
    if log and value > 0:
        return f"1e{round(math.log10(value))}"
    return f"{value:g}"


def plot(title, x_label, y_label, lines, x_range, y_range, x_log=False, y_log=False, rules=(), steps=False):
    """`lines`: [(name, [(x, y), ...])]; `rules`: [(name, y)] as dashed lines."""
    x = Axis(*x_range, LEFT, WIDTH - RIGHT, x_log)
    y = Axis(*y_range, HEIGHT - BOTTOM, TOP, y_log)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="18" font-size="14" font-weight="bold">{title}</text>']
    for tick in x.ticks():
        at = x.at(tick)
        out.append(f'<line x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        out.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{number(tick, x_log)}</text>')
    for tick in y.ticks():
        at = y.at(tick)
        out.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}" stroke="#ddd"/>')
        out.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{number(tick, y_log)}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{x_label}</text>')
    out.append(f'<text transform="translate(16 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">{y_label}</text>')
    for name, value in rules:
        at = y.at(value)
        out.append(f'<line x1="{LEFT}" y1="{at:.1f}" x2="{WIDTH - RIGHT}" y2="{at:.1f}" stroke="#999" stroke-dasharray="5 4"/>')
        out.append(f'<text x="{WIDTH - RIGHT + 6}" y="{at + 4:.1f}" fill="#777">{name}</text>')
    for index, (name, points) in enumerate(lines):
        colour = COLOURS[index % len(COLOURS)]
        path, before = [], None
        for px, py in points:
            at = (x.at(px), y.at(py))
            if before is None:
                path.append(f"M{at[0]:.1f} {at[1]:.1f}")
            else:
                path.append(f"H{at[0]:.1f}V{at[1]:.1f}" if steps else f"L{at[0]:.1f} {at[1]:.1f}")
            before = at
        out.append(f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="1.8"/>')
        if len(points) <= 40:
            out += [f'<circle cx="{x.at(px):.1f}" cy="{y.at(py):.1f}" r="3" fill="{colour}"/>' for px, py in points]
        row = TOP + 12 + 18 * index + (90 if rules else 0)
        out.append(f'<line x1="{WIDTH - RIGHT + 6}" y1="{row - 4}" x2="{WIDTH - RIGHT + 26}" y2="{row - 4}" stroke="{colour}" stroke-width="2.5"/>')
        out.append(f'<text x="{WIDTH - RIGHT + 32}" y="{row}">{name}</text>')
    return "\n".join(out + ["</svg>", ""])


def bars(title, x_label, rows, x_range):
    """`rows`: [(name, low, high)] as horizontal bars on a logarithmic axis; high None: never."""
    height = TOP + BOTTOM + 20 * len(rows)
    x = Axis(*x_range, 150, WIDTH - 60, True)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
           f'<text x="10" y="18" font-size="14" font-weight="bold">{title}</text>']
    for tick in x.ticks():
        at = x.at(tick)
        out.append(f'<line x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{height - BOTTOM}" stroke="#ddd"/>')
        out.append(f'<text x="{at:.1f}" y="{height - BOTTOM + 16}" text-anchor="middle">{number(tick, True)}</text>')
    out.append(f'<text x="{WIDTH / 2}" y="{height - 12}" text-anchor="middle">{x_label}</text>')
    for index, (name, low, high) in enumerate(rows):
        row = TOP + 20 * index
        out.append(f'<text x="142" y="{row + 14}" text-anchor="end">{name}</text>')
        if low is None:
            out.append(f'<text x="{x.begin + 4}" y="{row + 14}" fill="#d1495b">most are not found</text>')
            continue
        end = x_range[1] if high is None else high
        colour = COLOURS[1] if high is None else COLOURS[0]
        out.append(f'<rect x="{x.at(low):.1f}" y="{row + 8}" width="{max(1, x.at(end) - x.at(low)):.1f}" height="4" fill="{colour}" opacity="0.5"/>')
        out.append(f'<circle cx="{x.at(low):.1f}" cy="{row + 10}" r="5" fill="{COLOURS[0]}"/>')
    return "\n".join(out + ["</svg>", ""])
