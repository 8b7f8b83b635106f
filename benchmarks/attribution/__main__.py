"""The whole benchmark, as described in the package."""

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.attribution import subcommand
from benchmarks.attribution.environments import PEERS, python_of
from benchmarks.attribution.material import REFERENCES, make_real, make_yardstick
from benchmarks.attribution.measure import Effort, measure
from benchmarks.attribution.page import Results, machine, render
from benchmarks.attribution.team import ROOT

PAGE = ROOT / "docs" / "performance.md"
RESULTS = ROOT / "benchmarks" / "results" / "attribution.json"
FULL = Effort(rounds=5, ours=6, peers=2, compared=2, subcommand=200, batch_sizes=(5, 10, 20, 40))
FULL_REAL = Effort(rounds=5, ours=4, peers=1, compared=1, subcommand=0, batch_sizes=(20,))
QUICK = Effort(rounds=2, ours=4, peers=1, compared=1, subcommand=12, batch_sizes=(20,))
QUICK_REAL = Effort(rounds=2, ours=2, peers=1, compared=1, subcommand=0, batch_sizes=(20,))
STARTS = 3


def benchmark(quick: bool, last: Results | None = None) -> Results:
    """Measure all tables; with `last`, only those that other programs disturbed."""
    for peer in PEERS:
        python_of(peer)
    cores = len(os.sched_getaffinity(0))
    effort, of_real = (QUICK, QUICK_REAL) if quick else (FULL, FULL_REAL)
    kept = {(t.network, t.cores): t for t in last.tables if not t.disturbed} if last else {}
    with tempfile.TemporaryDirectory(prefix="attribution-") as name:
        folder = Path(name)
        yardstick = make_yardstick(folder / "yardstick", effort.subcommand * cores)
        starts = [subcommand.start(yardstick.model, yardstick.windows) for _ in range(STARTS)]
        tables = []
        for material in (yardstick, *make_real(folder)):
            own = effort if material is yardstick else of_real
            for used in sorted({1, cores}):
                table = kept.get((material.name, used))
                tables.append(table or measure(material, used, used, own))
        work = yardstick.network.unavoidable(REFERENCES)
    return Results(tables, starts, machine(), effort.rounds, effort.subcommand, work)


def main() -> None:
    """Measure, store the numbers and write the page."""
    parser = argparse.ArgumentParser(prog="benchmarks.attribution", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a trial run that writes no page")
    parser.add_argument(
        "--page-only", action="store_true", help="write the page from the numbers of the last run"
    )
    parser.add_argument(
        "--disturbed",
        action="store_true",
        help="measure again the tables of the last run that other programs disturbed",
    )
    options = parser.parse_args()
    start = time.time()
    old = options.page_only or options.disturbed
    last = Results.fromdict(json.loads(RESULTS.read_text())) if old else None
    results = last if last and options.page_only else benchmark(options.quick, last)
    page = render(results)
    print(page)
    if options.quick:
        return
    if not options.page_only:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(asdict(results), indent=1))
        print(f"{(time.time() - start) / 60:.0f} minutes", file=sys.stderr)
    PAGE.write_text(page)


if __name__ == "__main__":
    main()
