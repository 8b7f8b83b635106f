"""Shards of a list of windows: sealed HDF5 files that are joined when all are there.

The root of a shard has the attributes `shard` (from 0), `n_shards`, `first_row`, `n_rows` and
`n_windows`, and what the shard was made from, in which all shards of a run agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Any

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.hdf5 import Attributes, open_typed, read_attributes, whole_number
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.files.same_run import require_same_run
from deeplift_genomics.files.sealed import check_seal

OF_THE_SHARD = {"shard", "first_row", "n_rows"}  # attributes in which the shards of a run differ
PLACE = ("shard", "n_shards", "first_row", "n_rows", "n_windows")


def checked_shards(
    paths: Sequence[str | Path], kind: str, what: str
) -> tuple[list[Path], dict[str, Any]]:
    """Check that shards are whole, of one run and complete.

    Parameters
    ----------
    kind, what
        Their type, and what they hold, for messages.

    Returns
    -------
    tuple
        The shards in their order, and the attributes that they share.

    Raises
    ------
    InputError
        If a shard is missing, damaged, or of another run, or if they are not complete.
    """
    progress = Progress(paths, what="check", unit="shard")
    found = [(_attributes_of(Path(path), kind, what), Path(path)) for path in progress]
    found.sort(key=lambda item: item[0]["shard"])
    ordered, attributes = [path for _, path in found], [own for own, _ in found]
    _check_complete(ordered, attributes, what)
    return ordered, {k: v for k, v in attributes[0].items() if k not in OF_THE_SHARD}


def remake_shard(path: Path) -> str:
    """Return the advice on how to remake a shard."""
    return (
        f"To remake it, and only what depends on it: rm {quote(str(path))} && snakemake --cores all"
    )


def _attributes_of(path: Path, kind: str, what: str) -> dict[str, Any]:
    """Check that a shard is whole, and return its attributes."""
    require_file(path, f"Shard of {what}")
    try:
        check_seal(path)
    except InputError as error:
        raise InputError(f"{error} {remake_shard(path)}") from error
    with open_typed(path, kind) as file:
        for key in PLACE:
            whole_number(file, key)
        return read_attributes(file)


def _check_complete(paths: Sequence[Path], attributes: Sequence[Attributes], what: str) -> None:
    """Raise InputError unless the shards are all those of one run."""
    found = [one["shard"] for one in attributes]
    needed = attributes[0]["n_shards"] if attributes else 0
    if not attributes or found != list(range(int(needed))):
        given = ", ".join(str(int(number) + 1) for number in found)
        raise InputError(
            f"The shards of {what} are not complete: given {given or 'none'} of {needed}. Give "
            "every shard once, of one run."
        )
    first, row = attributes[0], 0
    for path, own in zip(paths, attributes, strict=True):
        require_same_run(
            path,
            own,
            other=paths[0],
            other_attributes=first,
            keys=sorted((first.keys() | own.keys()) - OF_THE_SHARD),
            advice=remake_shard(path),
        )
        if own["first_row"] != row:
            raise InputError(
                f"{path} starts at window {own['first_row']}, but the shards before it end at "
                f"{row}. {remake_shard(path)}"
            )
        row += int(own["n_rows"])
    if row != first["n_windows"]:
        raise InputError(
            f"The shards of {what} end at window {row} of {first['n_windows']}. "
            f"{remake_shard(paths[-1])}"
        )
