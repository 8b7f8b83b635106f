"""Results in the folder that the present configuration does not make: of other samples or targets.

They stay when a sample or a target is taken out of the sheet, and look like results of this run.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

from deeplift_genomics.settings.results import RESULTS, results_of

_KEPT = [item.path for item in RESULTS.values() if item.kept and "{sample}" in item.path]
_OURS = re.compile("|".join(
    re.escape(path).replace(r"\{sample\}", "[^/]+").replace(r"\{target\}", "[A-Za-z0-9_.-]+")
    for path in _KEPT
))  # fmt: skip
_SHOWN = 3  # names in the warning


def leftovers(results: Path, rows: Iterable[Mapping[str, str]]) -> list[Path]:
    """Return the files and folders that a run made and that the samples, by their rows, do not.

    Files of another kind, which a user put there, are none.
    """
    expected = {item.path for row in rows for item in results_of(row)}
    found = []
    for sample in sorted(path for path in results.glob("*") if path.is_dir()):
        for path in sorted(sample.iterdir()):
            name = path.relative_to(results).as_posix()
            if name not in expected and _OURS.fullmatch(name):
                found.append(path)
    return found


def warning_of_leftovers(found: list[Path], results: Path) -> str | None:
    """Return a warning that names results of another configuration, else None."""
    if not found:
        return None
    names = [path.relative_to(results).as_posix() for path in found]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    folder = shlex.quote(str(results))
    return (
        f"{results} holds {len(names)} results of samples or targets that this configuration does "
        f"not have: {', '.join(names[:_SHOWN])}{more}. If nobody needs them: "
        f"(cd {folder} && {remedy(names)})"
    )


def remedy(names: list[str]) -> str:
    """Return the command that removes these files and folders, named below the results folder."""
    return "rm -r " + " ".join(map(shlex.quote, names))
