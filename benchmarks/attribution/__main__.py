"""The whole benchmark, as described in the package."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.attribution import goals
from benchmarks.attribution.cases import BY_NAME
from benchmarks.attribution.cost import in_readme
from benchmarks.attribution.environments import PEERS, MissingPython, python_of
from benchmarks.attribution.made import Made
from benchmarks.attribution.material import LOADED, make
from benchmarks.attribution.measure import Table, measure
from benchmarks.attribution.page import render
from benchmarks.attribution.probes import PROBES
from benchmarks.attribution.stored import PARTS, Probe, Results, read, store
from benchmarks.attribution.team import ROOT, cores

PAGE, README = ROOT / "docs" / "performance.md", ROOT / "README.md"
GOALS = ROOT / "benchmarks" / "attribution" / "goals.md"


def table_of(name: str, folder: Path, quick: bool, peers: Sequence[str]) -> list[Table]:
    """Measure a case on one core and on all; none where the data of a real model are absent."""
    case, made, used = BY_NAME[name], Made.now(quick), len(cores())
    effort = case.quick if quick else case.full
    material = make(case, folder, effort.subcommand or LOADED)
    if material is None:
        return []
    beside = [peer for peer in case.peers if peer in peers]
    return [
        measure(case, material, number, effort, peers=beside, made=made)
        for number in sorted({1, used})
    ]


def run(names: Sequence[str], *, quick: bool, keep: bool, peers: Sequence[str]) -> Results:
    """Measure parts; return them among those that are stored, and store them on request."""
    results = read()
    for name in names:
        began = time.time()
        with tempfile.TemporaryDirectory(prefix="attribution-") as place:
            if name in PROBES:
                values = PROBES[name](Path(place), quick)
                probe = Probe(name, values, Made.now(quick))
                results.probes[name] = probe
                print(f"{name}: {values}", file=sys.stderr)
                part: list[Table] | Probe = probe
            else:
                part = table_of(name, Path(place), quick, peers)
                if not part:
                    continue
                results.tables[name] = part
        if keep:
            store(name, part)
        print(f"{name}: {(time.time() - began) / 60:.1f} minutes", file=sys.stderr)
    return results


def peers_of(names: Sequence[str]) -> list[str]:
    """Return the peers of the cases among these parts."""
    cases = [BY_NAME[name] for name in names if name in BY_NAME]
    return [peer for peer in PEERS if any(peer in case.peers for case in cases)]


def names_of(text: str) -> list[str]:
    """Return the parts that a list names."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if wrong := [name for name in names if name not in PARTS]:
        raise argparse.ArgumentTypeError(f"no part {wrong[0]!r}; there are {', '.join(PARTS)}")
    return names


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks.attribution", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a trial run that stores nothing")
    parser.add_argument(
        "--store", action="store_true", help="with --quick: store, and mark, the trial's results"
    )
    parser.add_argument("--only", type=names_of, metavar="PART,...", help=", ".join(PARTS))
    parser.add_argument("--without", action="append", default=[], choices=PEERS, metavar="PEER")
    parser.add_argument(
        "--page-only", action="store_true", help="write the page from the stored results"
    )
    parser.add_argument(
        "--disturbed",
        action="store_true",
        help="measure again the cases that other programs disturbed",
    )
    return parser.parse_args()


def main() -> None:
    """Measure, store the numbers and write the page."""
    options, start = arguments(), time.time()
    peers = [peer for peer in PEERS if peer not in options.without]
    keep = options.store or not options.quick
    if options.page_only:
        names: Sequence[str] = []
    elif options.disturbed:
        names = [name for name, each in read().tables.items() if any(t.disturbed for t in each)]
    else:
        names = options.only or PARTS
    try:
        for peer in peers_of(names):
            if peer in peers:
                python_of(peer)
    except MissingPython as missing:
        sys.exit(str(missing))
    results = run(names, quick=options.quick, keep=keep, peers=peers)
    page = render(results)
    print(page)
    print(f"{(time.time() - start) / 60:.0f} minutes", file=sys.stderr)
    if keep:
        PAGE.write_text(page)
        GOALS.write_text(goals.page(results))
        README.write_text(in_readme(README.read_text("utf-8"), results), "utf-8")


if __name__ == "__main__":
    main()
