"""Configurations and commands without absolute paths, so that they hold in any folder.

Paths count from the folder in which Snakemake was started. An absolute path inside this folder
becomes relative; a relative path stays as its user wrote it. An absolute path to another place is
shortened to its file name below ``outside/``: to repeat the run, put the file or a link there.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deeplift_genomics.settings.choices import TILE, known_motifs_file
from deeplift_genomics.settings.given_scores import given_as_text, parse_given
from deeplift_genomics.settings.input_forms import inputs_as_text, parse_inputs
from deeplift_genomics.settings.model_names import model_paths, parse_lambdas, split_list

OUTSIDE = "outside"
# columns of the sheet that hold one path, and several
_ONE_PATH = ("fasta", "exclude", "contig_aliases", "genes", "known_sites", "variants")
_PATHS = ("model", "controls", "signal")
# an absolute path in an argument: at its start, or after an option's letter or a sign
_ABSOLUTE = re.compile(r"(^-\w|^|[=,:;\s'\"])(/(?!/)[^=,:;\s'\"]*)")

Plain = dict[str, Any]
Rename = Callable[[str | Path], str]


@dataclass(frozen=True)
class Portable:
    """A configuration and its samples by name, as plain values in which no path is absolute."""

    config: Plain
    samples: dict[str, Plain]
    names: Mapping[Path, str]

    def name_of(self, path: str | Path) -> str:
        """Return the portable name of a configured path, or of a model's pair of paths."""
        return "+".join(self.names.get(part, str(part)) for part in model_paths(path))


def portable(config: Plain, samples: Mapping[str, Plain]) -> Portable:
    """Take absolute paths out of a configuration and its samples, given as by `as_plain`.

    Two files of one name from other places become ``outside/NAME`` and ``outside/2/NAME``, in the
    order of the sheet. Portable paths stay as they are.
    """
    paths: list[Path] = []

    def collect(path: str | Path) -> str:
        paths.append(Path(path))
        return str(path)

    def rewrite(rename: Rename) -> tuple[Plain, dict[str, Plain]]:
        own: Plain = {key: rename(config[key]) for key in ("samples", "results")}
        if config["genes"]:
            own["genes"] = rename(config["genes"])
        if file := known_motifs_file(config["annotation"]["database"]):
            own["annotation"] = config["annotation"] | {"database": rename(file)}
        return config | own, {name: renamed(row, rename) for name, row in samples.items()}

    rewrite(collect)
    names = _names(paths)
    return Portable(*rewrite(lambda path: names[Path(path)]), names)


def portable_command(arguments: Sequence[str]) -> str:
    """Return a command line without absolute paths, for reading and not for running.

    Paths outside the current folder, and the program, are shortened to their last part.
    """
    folder = Path.cwd()

    def shorten(found: re.Match[str]) -> str:
        return found[1] + (_inside(found[2], folder) or Path(found[2]).name)

    program, *rest = arguments
    name = Path(program).name
    if name == "__main__.py":  # python -m snakemake
        name = Path(program).parent.name
    return shlex.join([name, *(_ABSOLUTE.sub(shorten, argument) for argument in rest)])


def renamed(row: Plain, rename: Rename) -> Plain:
    """Return a row of the sheet, given as by `as_plain`, with other names of its paths."""

    def functions(text: str) -> str:
        module, _, name = text.rpartition(":")
        return f"{rename(module)}:{name}" if module.endswith(".py") else text

    def listed(text: str) -> str:
        models = split_list(text) if text else ()
        return ",".join("+".join(map(rename, model_paths(m))) for m in models)

    lambdas = parse_lambdas(row["lambdas"]) if row["lambdas"] else {}
    inputs = parse_inputs(row["inputs"]) if row["inputs"] else {}
    return row | {
        **{name: rename(row[name]) if row[name] else "" for name in _ONE_PATH},
        **{name: listed(row[name]) for name in _PATHS},
        "regions": row["regions"] if row["regions"] == TILE else rename(row["regions"]),
        "lambdas": ",".join(f"{layer}={functions(text)}" for layer, text in lambdas.items()),
        "custom_objects": functions(row["custom_objects"]),
        "inputs": inputs_as_text(inputs, rename),
        "scores": given_as_text(parse_given(row["scores"]), rename),
    }


def _names(paths: Iterable[Path]) -> dict[Path, str]:
    """Return a name for each path; no two paths share one."""
    folder = Path.cwd()
    names: dict[Path, str] = {}
    outside: list[Path] = []
    for path in dict.fromkeys(paths):
        inside = _inside(path, folder) if path.is_absolute() else str(path)
        if inside is None:
            outside.append(path)
        else:
            names[path] = inside
    for path in outside:
        name, number = f"{OUTSIDE}/{path.name}", 1
        while name in names.values():
            number += 1
            name = f"{OUTSIDE}/{number}/{path.name}"
        names[path] = name
    return names


def _inside(path: str | Path, folder: Path) -> str | None:
    """Return an absolute path relative to the folder, or None if it is outside."""
    relative = Path(os.path.relpath(path, folder))
    return None if os.pardir in relative.parts else str(relative)
