"""A process with one contestant: it loads the contestant, then answers requests in JSON lines.

Run as ``python -m benchmarks.attribution.worker CONTESTANT FOLDER THREADS``.
"""

import importlib.metadata
import json
import os
import re
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.attribution.contestants import KINDS, PACKAGES


def versions(packages: tuple[str, ...]) -> dict[str, str]:
    """Return the versions of the packages that are installed."""
    found = {}
    for name in packages:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def peak_memory() -> int:
    """Return the largest resident memory of this process so far (bytes)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024  # type: ignore[index]


def answer(contestant: Any, question: dict[str, Any]) -> dict[str, Any]:
    """Answer one request."""
    if question["do"] == "set":
        for name, value in question["values"].items():
            setattr(contestant, name, value)
        return {}
    if question["do"] == "scores":
        np.savez(question["file"], **contestant.explain_rows(np.arange(question["windows"])))
        return {}
    start, cpu = time.perf_counter(), time.process_time()
    found = contestant.explain(question["windows"])
    times = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    return {**times, "peak": peak_memory(), "rate": found.get("rate")}


def main() -> None:
    """Load and answer until the input ends."""
    # libraries may print: their output goes to the other stream
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    kind, folder, threads = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    contestant = KINDS[kind](folder, threads)
    print(json.dumps({"versions": versions(PACKAGES[kind])}), file=replies)
    for line in sys.stdin:
        print(json.dumps(answer(contestant, json.loads(line))), file=replies)


if __name__ == "__main__":
    main()
