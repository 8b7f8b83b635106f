"""The whole reproduction, as described in the package."""

import argparse
import sys
import time
from collections.abc import Collection

from benchmarks.reproduction import deletion, demo, simulation, toys
from benchmarks.reproduction.figures import draw
from benchmarks.reproduction.page import PAGE, STORED, render
from benchmarks.reproduction.simulated import require_data
from benchmarks.stored import Results, load, save, with_versions

PARTS = {"toys": toys, "simulation": simulation, "demo": demo, "deletion": deletion}
QUICK = {"simulation": 40, "demo": 8, "deletion": 4}  # sequences of a trial run


def measure(quick: bool, only: Collection[str]) -> Results:
    """Measure some parts; the others are those of the last run."""
    require_data()
    stored, parts = load(STORED), Results()
    if len(only) < len(PARTS) and stored["versions"] != with_versions({})["versions"]:
        sys.exit("other versions made the stored numbers; measure all parts")
    for name, part in PARTS.items():
        if name not in only:
            parts[name] = stored[name]
            continue
        start = time.perf_counter()
        parts[name] = part.measure(QUICK[name]) if quick and name in QUICK else part.measure()
        print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)
    return with_versions(parts)


def main() -> None:
    """Measure, store the numbers and write the page with its figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.reproduction", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a trial run that writes nothing")
    parser.add_argument(
        "--page-only", action="store_true", help="write the page from the numbers of the last run"
    )
    parser.add_argument(
        "--part",
        choices=list(PARTS),
        action="append",
        help="measure this part alone, and keep the stored numbers of the others",
    )
    options = parser.parse_args()
    only = options.part or PARTS
    results = load(STORED) if options.page_only else measure(options.quick, only)
    page = render(results)
    if options.quick:
        print(page)
        return
    if not options.page_only:
        save(STORED, results)
    draw(results)
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
