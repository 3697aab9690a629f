#!/usr/bin/env python3
"""Measures the platform beside pgbench and nginx in one run on one machine, and prints a table.

Each figure is the median of several short rounds in which peer and platform take turns, so that a noisy machine hurts both. What is
compared does the same work on the same PostgreSQL cluster with durable commits. See docs/performance.md.
"""

import argparse
import json
import os
import pathlib
import platform as machine
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import cascade, day, events, footprint, holds, mail, reads, search, stack, streams, web  # noqa: E402
from bench.stage import Stage  # noqa: E402

SUITES = {"holds": holds.run, "reads": reads.run, "search": search.run, "events": events.run, "cascade": cascade.run, "mail": mail.run,
          "streams": streams.run, "day": day.run, "stack": stack.run, "web": web.run, "footprint": footprint.run}


def describe_machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    return {"cpu": model, "cores": os.cpu_count(), "kernel": machine.release(),
            "date": time.strftime("%Y-%m-%d"), "load_before": os.getloadavg()[0]}


def print_table(rows):
    columns = ("what", "platform", "peer", "ratio", "goal", "")
    cells = [columns] + [(row["what"], row["platform"], row.get("peer", ""), row.get("ratio", ""), row["goal"],
                          ("kept" if row["kept"] else "MISSED") if row["goal"] else "") for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("suites", nargs="*", metavar="suite", help=f"{', '.join(SUITES)}; all by default")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of which the median is taken (3)")
    parser.add_argument("--seconds", type=int, default=5, help="length of a round (5)")
    parser.add_argument("--json", type=pathlib.Path, default=ROOT / "var/bench/results.json", help="where the figures go")
    options = parser.parse_args()
    unknown = set(options.suites) - set(SUITES)
    if unknown:
        parser.error(f"there is no suite {', '.join(sorted(unknown))}; there are {', '.join(SUITES)}")

    results = {"machine": describe_machine(), "rows": []}
    with Stage(ROOT) as stage:
        for name in options.suites or SUITES:
            print(f"-- {name}", file=sys.stderr, flush=True)
            results["rows"] += SUITES[name](stage, options)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(results, indent=2) + "\n")
    print_table(results["rows"])
    print(f"\n{options.json.relative_to(ROOT) if options.json.is_relative_to(ROOT) else options.json} has the figures.")


if __name__ == "__main__":
    main()
