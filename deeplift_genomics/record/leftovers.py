"""Results in the folder that the present configuration does not make: of other samples or targets.

They stay when a sample or a target is taken out of the sheet, and look like results of this run.
Files that a former version made under names that no step makes any more are leftovers, too.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from deeplift_genomics.settings.results import (
    BENCHMARKS,
    LOGS,
    RESULTS,
    SHARDS,
    results_of,
    results_of_run,
)

# of the seqlets, before there were instances; of each target, before a sample had one page
_FORMER = ["{sample}/{target}.instances.bed", "{sample}/{target}.report.html"]
_KEPT = [item.path for item in RESULTS.values() if item.kept and "{sample}" in item.path]
_OURS = re.compile("|".join(
    re.sub(r"\\\{(target|method)\\\}", "[A-Za-z0-9_.-]+", re.escape(path)).replace(
        r"\{sample\}", "[^/]+"
    )
    for path in _KEPT + _FORMER
))  # fmt: skip
_OF_SOME_RUNS = [item.path for item in RESULTS.values() if item.on_assembly]
_WORK = {BENCHMARKS, LOGS, SHARDS}
_SHOWN = 3  # names in the warning


def leftovers(
    results: Path, rows: Iterable[Mapping[str, str]], methods: Collection[str] = ()
) -> list[Path]:
    """Return the results of a run that the samples, by their rows, do not have.

    `methods` are the further methods of attribution of the run.

    A sample's whole folder is one of them if it holds nothing else. Files of another kind, which a
    user put there, are none.
    """
    rows = list(rows)
    expected = {item.path for row in rows for item in results_of(row, methods, on_demand=True)}
    known = {path.split("/")[0] for path in expected}
    found = []
    # a folder without the log of a first step is no sample's
    logs = [path for step in ("check", "regions") for path in results.glob(f"*/{LOGS}/{step}.log")]
    for sample in sorted({path.parents[1] for path in logs}):
        inside = {path: f"{sample.name}/{path.name}" for path in sorted(sample.iterdir())}
        ours = [path for path, name in inside.items() if _OURS.fullmatch(name)]
        others = {path.name for path in inside} - {path.name for path in ours}
        if ours and sample.name not in known and others <= _WORK:
            found.append(sample)
        else:
            found += [path for path in ours if inside[path] not in expected]
    expected_of_run = results_of_run(rows)
    for name in _OF_SOME_RUNS:
        if name not in expected_of_run and (results / name / "hub.txt").is_file():
            found.append(results / name)
    return found


def warning_of_leftovers(found: list[Path], results: Path) -> str | None:
    """Return a warning that names leftovers and the command that removes them, or None."""
    if not found:
        return None
    names = [path.relative_to(results).as_posix() for path in found]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    command = "rm -r -- " + " ".join(map(shlex.quote, names))
    return (
        f"{results} holds results that no step of this configuration makes: "
        f"{', '.join(names[:_SHOWN])}{more}. If nobody needs them: "
        f"cd {shlex.quote(str(results))} && {command}"
    )
