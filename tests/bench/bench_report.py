#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes table, results.json and cpu.svg of what bench.sh measured.

    bench_report.py RESULTS FOLDER

RESULTS has lines "metric contender channels value"; values of the same
metric, contender and channels are of different rounds: the median counts.
Prints the table, and each budget beside what was measured.  Exit status 0
also when a budget is missed: what that means is for people to say.
"""

import json
import math
import os
import platform
import statistics
import sys

COLOURS = {
    "ours": "#c0392b",
    "bare": "#7f8c8d",
    "multicat": "#2980b9",
    "gstreamer": "#27ae60",
    "ffmpeg": "#8e44ad",
}
NAMES = {
    "ours": "Ketang",
    "bare": "bare sender",
    "loop": "bare clock_nanosleep loop",
    "multicat": "multicat",
    "gstreamer": "GStreamer",
    "ffmpeg": "ffmpeg -re -c copy",
    "tape": "Ketang's tape, from memory",
    "muxer": "libavformat's muxer, from memory",
}
METRICS = {
    "cpu_percent": "processor, % of a core a channel",
    "memory_mb": "memory, MB a channel",
    "lateness_p99_us": "lateness p99, µs",
    "lateness_ratio": "lateness p99 / bare loop beside it",
    "pcr_p50_us": "PCR against arrival, p50, µs",
    "pcr_p99_us": "PCR against arrival, p99, µs",
    "pcr_peak_us": "PCR against arrival, peak to peak, µs",
    "pcr_drift_ppm": "PCR against arrival, drift, ppm",
    "render_gbps": "rendering, Gb/s a core",
    "start_ms": "start to first datagram, ms",
    "resume_ms": "kill -9 to first datagram, ms",
    "compile_s": "compiling a week, s",
    "compile_year_s": "compiling a year, s",
    "compile_mb": "  memory, MB",
    "ingest_cpu_s": "ingest of 50 s of film, s of CPU",
    "ingest_copy_times": "taking an asset as it is, times real time",
}


def read_results(path):
    """{(metric, contender, channels): [value of each round]}"""
    values = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if len(words) == 4:
                key = (words[0], words[1], int(words[2]))
                values.setdefault(key, []).append(float(words[3]))
    return values


def machine():
    """What a reader must know about the machine."""
    model = platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}"


def number(value):
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def print_table(values, medians):
    for metric, title in METRICS.items():
        keys = [key for key in medians if key[0] == metric]
        if not keys:
            continue
        print(f"\n{title}")
        for key in sorted(keys, key=lambda k: (k[2], list(NAMES).index(k[1]))):
            rounds = values[key]
            ours = medians.get((metric, "ours", key[2]))
            ratio = ""
            if ours and key[1] != "ours" and medians[key]:
                ratio = f"  ours is {number(ours / medians[key])} x"
            print(
                f"  {key[2]:4d} x {NAMES[key[1]]:34s} {number(medians[key]):>8s}"
                f"  ({number(min(rounds))} to {number(max(rounds))}, {len(rounds)} rounds){ratio}"
            )


def budgets(medians):
    """(what, measured, limit, is it kept) for those that were measured."""
    rows = []

    def get(metric, contender, channels):
        return medians.get((metric, contender, channels))

    def at_most(what, value, limit):
        if value is not None and limit is not None:
            rows.append((what, value, f"≤ {number(limit)}", value <= limit))

    def at_least(what, value, limit):
        if value is not None:
            rows.append((what, value, f"≥ {number(limit)}", value >= limit))

    def quotient(a, b):
        return a / b if a is not None and b else None

    cpu = get("cpu_percent", "ours", 100)
    at_most("processor at 100 channels, % of a core a channel", cpu, 0.2)
    at_most("  of the bare sender's", quotient(cpu, get("cpu_percent", "bare", 100)), 1.5)
    at_most("lateness p99 at 1 channel, of a bare loop's", get("lateness_ratio", "ours", 1), 1.5)
    at_most("lateness p99 at 100 channels, of a bare loop's", get("lateness_ratio", "ours", 100), 3)
    p99 = get("pcr_p99_us", "ours", 1)
    at_most("PCR against arrival p99, of multicat's", quotient(p99, get("pcr_p99_us", "multicat", 1)), 1)
    at_most("PCR against arrival p99 at 100 channels, µs", get("pcr_p99_us", "ours", 100), 500)
    drift = get("pcr_drift_ppm", "ours", 1)
    at_most("PCR against arrival, drift, ppm", abs(drift) if drift is not None else None, 1)
    render = get("render_gbps", "ours", 1)
    at_least("rendering, Gb/s a core", render, 20)
    ratio = quotient(render, get("render_gbps", "ffmpeg", 1))
    at_least("  of ffmpeg -c copy", ratio, 2)
    alone = quotient(get("render_gbps", "tape", 1), get("render_gbps", "muxer", 1))
    at_least("  from memory, of libavformat's muxer from memory", alone, 2)
    at_most("memory at 100 channels, MB a channel", get("memory_mb", "ours", 100), 4)
    at_most("kill -9 to the air, ms", get("resume_ms", "ours", 5), 1000)
    at_most("compiling a week of 100 channels, s", get("compile_s", "ours", 100), 1)
    at_most("compiling a year of one, s", get("compile_year_s", "ours", 1), 1)
    at_most("  memory, MB", get("compile_mb", "ours", 100), 200)
    ingest = quotient(get("ingest_cpu_s", "ours", 1), get("ingest_cpu_s", "ffmpeg", 1))
    at_most("ingest, processor time of ffmpeg's", ingest, 1.05)
    at_least("taking an asset as it is, times real time", get("ingest_copy_times", "ours", 1), 50)
    return rows


def print_budgets(rows):
    print("\nbudgets (DESIGN: medians of this run)")
    for what, value, limit, is_kept in rows:
        print(f"  {what:52s} {number(value):>8s} {limit:>8s}  {'ok' if is_kept else 'MISSED'}")


def write_json(path, about, values, medians, rows):
    results = [
        {"metric": m, "contender": c, "channels": n, "median": medians[m, c, n], "rounds": values[m, c, n]}
        for m, c, n in sorted(values)
    ]
    limits = [{"what": w.strip(), "measured": v, "limit": l, "kept": k} for w, v, l, k in rows]
    with open(path, "w", encoding="utf-8") as out:
        json.dump({"machine": about, "results": results, "budgets": limits}, out, indent=1, ensure_ascii=False)
        out.write("\n")


class Chart:
    """Two logarithmic axes."""

    WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 460, 70, 170, 40, 60

    def __init__(self, x_range, y_range):
        self.x_range = [math.log10(v) for v in x_range]
        self.y_range = [math.log10(v) for v in y_range]
        self.parts = []

    def x(self, value):
        low, high = self.x_range
        span = self.WIDTH - self.LEFT - self.RIGHT
        return self.LEFT + span * (math.log10(value) - low) / (high - low)

    def y(self, value):
        low, high = self.y_range
        span = self.HEIGHT - self.TOP - self.BOTTOM
        return self.HEIGHT - self.BOTTOM - span * (math.log10(value) - low) / (high - low)

    def line(self, x1, y1, x2, y2, style):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {style}/>')

    def text(self, x, y, text, style=""):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" {style}>{text}</text>')

    def curve(self, points, colour, name):
        path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y in points:
            self.parts.append(f'<circle cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="3" fill="{colour}"/>')
        x, y = points[-1]
        self.text(self.x(x) + 8, self.y(y) + 4, name, f'fill="{colour}"')

    def grid(self, ticks):
        right = self.WIDTH - self.RIGHT
        bottom = self.HEIGHT - self.BOTTOM
        for value in ticks:
            self.line(self.x(value), self.TOP, self.x(value), bottom, 'stroke="#e5e5e5"')
            self.text(self.x(value), bottom + 18, value, 'text-anchor="middle"')
        for power in range(math.ceil(self.y_range[0]), math.floor(self.y_range[1]) + 1):
            value = 10.0**power
            self.line(self.LEFT, self.y(value), right, self.y(value), 'stroke="#e5e5e5"')
            self.text(self.LEFT - 8, self.y(value) + 4, f"{value:g} %", 'text-anchor="end"')

    def svg(self):
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.WIDTH}" height="{self.HEIGHT}" '
            f'viewBox="0 0 {self.WIDTH} {self.HEIGHT}" font-family="sans-serif" font-size="12">\n'
            f'<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(self.parts) + "\n</svg>\n"
        )


def write_chart(path, about, medians):
    curves = {}
    for (metric, contender, channels), value in sorted(medians.items()):
        if metric == "cpu_percent" and value > 0:
            curves.setdefault(contender, []).append((channels, value * channels))
    if not curves:
        return
    points = [point for curve in curves.values() for point in curve]
    ticks = sorted({x for x, _ in points})
    low = 10 ** math.floor(math.log10(min(y for _, y in points)))
    high = 10 ** math.ceil(math.log10(max(y for _, y in points)))
    chart = Chart((ticks[0], max(ticks[-1], ticks[0] * 10)), (low, max(high, low * 10)))
    chart.text(chart.LEFT, 22, "Processor time against channels of 4 Mb/s to UDP, % of one core", 'font-size="15"')
    chart.grid(ticks)
    for contender, curve in curves.items():
        chart.curve(curve, COLOURS[contender], NAMES[contender])
    chart.text(chart.LEFT, chart.HEIGHT - 22, "channels")
    chart.text(chart.LEFT, chart.HEIGHT - 6, about, 'fill="#666" font-size="11"')
    with open(path, "w", encoding="utf-8") as out:
        out.write(chart.svg())


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: bench_report.py RESULTS FOLDER")
    values = read_results(sys.argv[1])
    medians = {key: statistics.median(rounds) for key, rounds in values.items()}
    rows = budgets(medians)
    about = machine()
    print(about)
    print_table(values, medians)
    print_budgets(rows)
    write_json(os.path.join(sys.argv[2], "results.json"), about, values, medians, rows)
    write_chart(os.path.join(sys.argv[2], "cpu.svg"), about, medians)
    print(f"\n{sys.argv[2]}/results.json, {sys.argv[2]}/cpu.svg")


if __name__ == "__main__":
    main()
