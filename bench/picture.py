"""The rows that have a bar, as a picture: how far each is beyond its bar, or short of it."""

from html import escape

WIDTH, LEFT, RIGHT, ROW, TOP = 960, 430, 110, 24, 70
MOST = 4.0  # times the bar; what is beyond is cut off
REACHED, MISSED = "#2e8b57", "#d1495b"


def times_the_bar(row, value):
    if row.less_is_better:
        return row.bar / max(value, 1e-9)
    return value / row.bar


def text(x, y, content, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(str(content))}</text>'


def line(x, top, bottom, colour, more=""):
    return f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{bottom}" stroke="{colour}" {more}/>'


def place(times):
    return LEFT + min(times, MOST) / MOST * (WIDTH - LEFT - RIGHT)


def picture(about, rows):
    """SVG: what ends right of the line reaches its budget. The thin line is the spread of the samples."""
    shown = [row for row in rows if row.bar is not None and row.samples]
    height = TOP + ROW * len(shown) + 30
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
           text(12, 20, "Budgets: measured against the bar", 'font-size="14" font-weight="bold"'),
           text(12, 38, f"{about['cpu']}, {about['cores']} cores, Linux {about['kernel']}, {about['compiler']}, commit {about['commit']}", 'fill="#555"')]
    for times in range(int(MOST) + 1):
        out += [line(place(times), TOP - 8, height - 24, "#555" if times == 1 else "#ddd"),
                text(place(times), TOP - 12, f"{times}x", 'text-anchor="middle" fill="#555"')]
    for number, row in enumerate(shown):
        middle = TOP + ROW * number + ROW / 2
        times = times_the_bar(row, row.value)
        ends = sorted(place(times_the_bar(row, sample)) for sample in (min(row.samples), max(row.samples)))
        out += [text(LEFT - 8, middle + 4, row.what, 'text-anchor="end"'),
                f'<rect x="{LEFT}" y="{middle - 7:.1f}" width="{place(times) - LEFT:.1f}" height="14" fill="{REACHED if times >= 1 else MISSED}"/>',
                f'<line x1="{ends[0]:.1f}" y1="{middle:.1f}" x2="{ends[1]:.1f}" y2="{middle:.1f}" stroke="black"/>',
                text(WIDTH - RIGHT + 8, middle + 4, f"{times:.2f}x")]
    return "\n".join([*out, "</svg>", ""])
