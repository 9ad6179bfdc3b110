#!/usr/bin/python3 -I
"""Draws study.csv: what was measured, with its interval, against what the model predicts.

usage: figure.py STUDY.csv FIGURE.svg
"""
import csv
import html
import sys

# As loadgen/report/html/drawing.cpp has them: colours as attributes, and a style sheet for dark screens.
LIGHT = {"text": "#1c2128", "muted": "#57606a", "grid": "#d5dae0", "reset": "#b42318", "data": "#1f5fbf",
         "ground": "#ffffff"}
DARK = {"text": "#e6e9ed", "muted": "#a3adb8", "grid": "#39414b", "reset": "#ff9389", "data": "#82b4ff",
        "ground": "#14181d"}
WIDTH, HEIGHT = 460, 330
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 34, 44


class Panel:
    """One set of axes; y is a reset rate from 0 to `top`."""

    def __init__(self, corner, title, below, x_range, x_ticks, top=0.65):
        self.x0, self.y0 = corner
        self.x_range, self.top = x_range, top
        self.parts = []
        self.text(LEFT, 18, title, "text", "start", "bold")
        for tick in [i / 10 for i in range(int(top * 10) + 1)]:
            y = self.y(tick)
            self.line(LEFT, y, WIDTH - RIGHT, y, "grid")
            self.text(LEFT - 6, y + 4, f"{100 * tick:.0f} %", "muted", "end")
        for value, label in x_ticks:
            self.line(self.x(value), self.y(0), self.x(value), self.y(0) + 4, "muted")
            self.text(self.x(value), HEIGHT - BOTTOM + 18, label, "muted", "middle")
        self.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, below, "muted", "middle")

    def x(self, value):
        low, high = self.x_range
        return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(self, rate):
        return HEIGHT - BOTTOM - rate / self.top * (HEIGHT - TOP - BOTTOM)

    def line(self, x1, y1, x2, y2, ink, dashes="", width=1):
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="s-{ink}" '
                          f'stroke="{LIGHT[ink]}" stroke-width="{width}"{dashed}/>')

    def text(self, x, y, words, ink, anchor, weight="normal"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
                          f'class="f-{ink}" fill="{LIGHT[ink]}">{html.escape(words)}</text>')

    def measured(self, x, row):
        """An interval and its middle; red where the prediction is outside; hollow where it was held out."""
        ink = "data" if row["inside"] == "yes" else "reset"
        self.line(x, self.y(float(row["low"])), x, self.y(float(row["high"])), ink, width=2)
        fill = (f'fill="none" class="s-{ink}" stroke-width="2"' if row["held_out"] == "yes"
                else f'fill="{LIGHT[ink]}" class="s-{ink} f-{ink}"')
        self.parts.append(f'<circle cx="{x:.1f}" cy="{self.y(float(row["measured"])):.1f}" r="3.5" '
                          f'stroke="{LIGHT[ink]}" {fill}/>')

    def predicted(self, xs, rows, joined):
        pairs = sorted(zip(xs, (float(row["predicted"]) for row in rows)))
        points = " ".join(f"{x:.1f},{self.y(rate):.1f}" for x, rate in pairs if joined)
        self.parts.append(f'<polyline points="{points}" fill="none" class="s-muted" stroke="{LIGHT["muted"]}" '
                          'stroke-dasharray="4 3"/>')
        for x, rate in pairs:
            self.line(x - 6, self.y(rate), x + 6, self.y(rate), "text", width=1.5)

    def series(self, rows, place, joined=True):
        xs = [self.x(place(row)) for row in rows]
        self.predicted(xs, rows, joined)
        for x, row in zip(xs, rows):
            self.measured(x, row)

    def svg(self):
        return f'<g transform="translate({self.x0} {self.y0})">' + "\n".join(self.parts) + "</g>"


def against(corner, title, below, rows, column):
    panel = Panel(corner, title, below, (0, 0.65), [(i / 10, f"{10 * i} %") for i in range(7)])
    panel.line(panel.x(0), panel.y(0), panel.x(0.65), panel.y(0.65), "muted", "4 3")
    for row in rows:
        if row[column]:
            panel.measured(panel.x(float(row[column])), row)
    return panel


def by_load(rows):
    panel = Panel((WIDTH, 50), "Load: N from 1 to 100, constant delay", "L x D / N", (0, 3.6),
                  [(i / 2, f"{i / 2:g}") for i in range(7)])
    chosen = [row for row in rows if row["sweep"] == "load"]
    for outstanding in sorted({row["outstanding"] for row in chosen}, key=int):
        series = [row for row in chosen if row["outstanding"] == outstanding]
        panel.series(series, lambda row: float(row["load"]))
        last = max(series, key=lambda row: float(row["load"]))
        panel.text(panel.x(float(last["load"])) + 8, panel.y(float(last["predicted"])) + 4, f"N={outstanding}",
                   "muted", "start")
    return panel


def over_names(corner, title, below, rows, names, joined=True):
    panel = Panel(corner, title, below, (-0.5, len(rows) - 0.5), list(enumerate(names)))
    places = {row["id"]: i for i, row in enumerate(rows)}
    panel.series(rows, lambda row: places[row["id"]], joined)
    return panel


def base(row, load):
    """Of the load sweep, what a sweep of something else begins with."""
    return row["sweep"] == "load" and row["outstanding"] == "10" and row["rate"] == load


def main():
    source, target = sys.argv[1:]
    with open(source, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        return
    linger = sorted((row for row in rows if row["sweep"] == "linger" or base(row, "100")),
                    key=lambda row: float(row["linger_ms"]))
    backlog = sorted((row for row in rows if row["sweep"] == "backlog" and row["rate"] == "133" or base(row, "133")),
                     key=lambda row: float(row["backlog"]))
    other = sorted((row for row in rows if row["sweep"] in ("shape", "closed", "left-over") or
                    row["sweep"] == "backlog" and not row["rate"]), key=lambda row: int(row["id"]))
    panels = [against((0, 50), "All points: measured against predicted", "predicted reset rate", rows, "predicted"),
              by_load(rows),
              over_names((0, 50 + HEIGHT), "Linger (N = 10, L x D = 15)", "linger in ms; the delay is 150 ms", linger,
                         [row["linger_ms"] for row in linger]),
              over_names((WIDTH, 50 + HEIGHT), "Backlog (N = 10, L x D = 20)", "backlog", backlog,
                         [row["backlog"] for row in backlog]),
              over_names((0, 50 + 2 * HEIGHT), "Other shapes, closed loops, left-over AcceptEx", "point, by its id", other,
                         [row["id"] for row in other], joined=False),
              against((WIDTH, 50 + 2 * HEIGHT), "Open loops: measured against the replay",
                      "predicted for the very arrivals and delays of the blocks", rows, "replayed")]
    inside = sum(row["inside"] == "yes" for row in rows)
    held = [row for row in rows if row["held_out"] == "yes"]
    words = (f"Of {len(rows)} points the prediction is inside the interval at {inside}; of {len(held)} held out, at "
             f"{sum(row['inside'] == 'yes' for row in held)}.")
    style = "".join(f".f-{ink}{{fill:{colour}}}.s-{ink}{{stroke:{colour}}}" for ink, colour in DARK.items())
    with open(target, "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {50 + 3 * HEIGHT}" role="img" '
                   'font-family="system-ui, sans-serif" font-size="12">\n'
                   f"<title>Reset rates, measured and predicted</title><desc>{words}</desc>\n"
                   f"<style>@media (prefers-color-scheme:dark){{{style}}}</style>\n"
                   f'<rect width="100%" height="100%" class="f-ground" fill="{LIGHT["ground"]}"/>\n'
                   f'<text x="{LEFT}" y="20" class="f-text" fill="{LIGHT["text"]}">{words}</text>\n'
                   f'<text x="{LEFT}" y="38" class="f-muted" fill="{LIGHT["muted"]}">Dots: measured, with the interval; '
                   "hollow: held out; red: the prediction is outside. Short bars: predicted.</text>\n"
                   + "\n".join(panel.svg() for panel in panels) + "\n</svg>\n")
    print(words)


if __name__ == "__main__":
    main()
