"""A sample sheet of one row: the cells that a user gave, and what a look into the model found."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from deeplift_genomics.errors import InputError
from deeplift_genomics.models.files import code_files
from deeplift_genomics.models.info import ModelInfo
from deeplift_genomics.record.portable import renamed
from deeplift_genomics.settings.choices import TILE
from deeplift_genomics.settings.given_scores import parse_given
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.settings.strict import as_plain, in_words, refusal
from deeplift_genomics.windows.controls import files_needed

USUAL = ("sample", "model", "fasta", "regions", "heads")
_HINT = "Each option is a column of the sample sheet: deeplift-genomics init --help."
_FIRST = "# One row per sample, columns separated by tabs; README.md beside this explains them."
_UNSAID = "counts"  # any target, until the model's are known


@dataclass(frozen=True)
class Found:
    """What a look into the model found.

    Attributes
    ----------
    info
        Its windows, controls and heads.
    targets
        Of each head that can be explained: its target, or the first and the last of many.
    """

    info: ModelInfo
    targets: Sequence[tuple[str, ...]]

    @property
    def heads(self) -> str:
        """The targets to take: of a head with many, the first."""
        return ",".join(texts[0] for texts in self.targets)


def sample_of(cells: Mapping[str, str]) -> Sample:
    """Return the sample of these cells: column -> text.

    The column `heads` may be missing, and takes the targets of `scores` then, if these are given.

    Raises
    ------
    ConfigError
        If they cannot be a row of a sheet.
    """
    heads = _targets_of(cells.get("scores", "")) or _UNSAID
    cells = {"sample": _name(cells), "heads": heads} | dict(cells)
    try:
        return Sample.model_validate(cells)
    except ValidationError as error:
        raise refusal("The command line", in_words(error, Sample, "column"), _HINT) from error


def sheet(sample: Sample, found: Found, folder: str | Path) -> str:
    """Return the text of a sheet with this sample, whose paths hold from another folder.

    Raises
    ------
    InputError
        If a cell holds a sign that would end it.
    """
    row = _from_folder(as_plain(sample), Path(folder))
    cells = {name: _as_cell(row[name]) for name in Sample.model_fields}
    for name, cell in cells.items():
        if not cell.isprintable():
            raise InputError(
                f"The column {name!r} cannot hold {cell!r}, which has a character that cannot be "
                "shown."
            )
    usual = set(USUAL) - ({"model"} if sample.scores else set())
    kept = [name for name, cell in cells.items() if cell or name in usual]
    if found.info.controls and "controls" not in kept:
        kept.append("controls")
    comments = _of_scores(found) if sample.scores else _comments(found)
    lines = [_FIRST, *comments, "\t".join(kept), "\t".join(cells[name] for name in kept)]
    return "\n".join(lines) + "\n"


def _name(cells: Mapping[str, str]) -> str:
    """Return a name for a sample: that of its one model, or of its regions."""
    one_model = cells.get("model", "") and "," not in cells["model"]
    by_regions = not one_model and cells.get("regions", TILE) != TILE
    path = Path(cells.get("regions" if by_regions else "model", "").split(",")[0].split("+")[0])
    stem = path.name.removesuffix(".gz").rpartition(".")[0] or path.name
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", stem).lstrip("_.-") or "sample"


def _targets_of(scores: str) -> str:
    """Return the targets of score files, separated by commas; none if they cannot be read."""
    try:
        return ",".join(parse_given(scores))
    except InputError:  # which the sample tells of
        return ""


def _as_cell(value: object) -> str:
    return "true" if value is True else str(value or "")


def _from_folder(row: dict, folder: Path) -> dict:
    """Return a row whose relative paths count from another folder than the current one."""
    base = os.path.realpath(folder)  # `..` of a link would lead elsewhere

    def rename(path: str | Path) -> str:
        if Path(path).is_absolute():
            return str(path)
        parent, name = os.path.split(str(path))
        text = os.path.relpath(Path(os.path.realpath(parent), name), base)
        return f"./{text}" if text == TILE else text

    # a module beside the current folder's files is not found from another one
    def function(text: str) -> str:
        files = code_files([text]) if text else []
        return f"{files[0]}:{text.rpartition(':')[2]}" if files else text

    parts = [part.rpartition("=") for part in row["lambdas"].split(",") if part]
    row = row | {
        "lambdas": ",".join(f"{layer}={function(text)}" for layer, _, text in parts),
        "custom_objects": function(row["custom_objects"]),
    }
    return renamed(row, rename)


def _comments(found: Found) -> Iterator[str]:
    """Yield lines that say what was found, and what else the sheet may name."""
    info = found.info
    yield f"# The model reads {info.window_length} bp."
    heads = ", ".join(f"{head.name} {_shape(head.shape)}" for head in info.heads)
    yield f"# Its heads: {heads}."
    for texts in found.targets:
        if len(texts) > 1:
            yield f"# {texts[0]} to {texts[-1]} can be explained: name those you want in `heads`."
    if len(found.targets) < len(info.heads):
        yield "# Not every head has a target here: deeplift-genomics check MODEL tells of all."
    if info.controls:
        inputs = ", ".join(f"{name} {_shape(shape)}" for name, shape in info.controls.items())
        number = files_needed(info.controls)
        needed = "no bigWig files can fill them" if number is None else f"{number} bigWig files"
        yield f"# Its controls: {inputs}; `controls` takes {needed}, and is zero if it is empty."


def _of_scores(found: Found) -> Iterator[str]:
    """Yield a line that says what was found of score files."""
    yield f"# The scores are of windows of {found.info.window_length} bp; there is no model."


def _shape(shape: Sequence[int | None]) -> str:
    return f"({', '.join('?' if size is None else str(size) for size in shape)})"
