"""The whole reproduction, as described in the package."""

import argparse
import sys
import time

from benchmarks.reproduction import deletion, demo, simulation, toys
from benchmarks.reproduction.figures import draw
from benchmarks.reproduction.page import PAGE, STORED, render
from benchmarks.reproduction.simulated import DATA
from benchmarks.stored import Results, load, save, with_versions

QUICK = {"simulation": 40, "demo": 8, "deletion": 4}  # sequences of a trial run


def measure(quick: bool) -> Results:
    """Measure all parts."""
    if not DATA.is_dir():
        sys.exit(f"{DATA} not found; set DEEPLIFT_GENOMICS_TEST_DATA to the folder of the data")
    parts: Results = {"toys": toys.measure()}
    for name, part in (("simulation", simulation), ("demo", demo), ("deletion", deletion)):
        start = time.perf_counter()
        parts[name] = part.measure(QUICK[name] if quick else None)
        print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)
    return with_versions(parts)


def main() -> None:
    """Measure, store the numbers and write the page with its figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.reproduction", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a trial run that writes nothing")
    parser.add_argument(
        "--page-only", action="store_true", help="write the page from the numbers of the last run"
    )
    options = parser.parse_args()
    results = load(STORED) if options.page_only else measure(options.quick)
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
