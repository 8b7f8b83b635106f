"""The merge step: the shards of a run, of one fold or several, become the score file of a target.

Compressed chunks are copied as they are, one at a time: a run of 300,000 windows does not fit into
memory, and need not be unpacked. Every shard is checked, whole, before anything is written.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

import h5py
from tqdm import tqdm

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.hdf5 import (
    Attributes,
    atomic_hdf5,
    check_layout,
    open_typed,
    read_attributes,
    stamp,
    subgroup,
    whole_number,
)
from deeplift_genomics.files.same_run import require_same_run
from deeplift_genomics.files.sealed import check_seal
from deeplift_genomics.scores.file import (
    DATASETS,
    ROWS_PER_CHUNK,
    SCORE_LAYOUT,
    ScoreWriter,
    read_dataset,
)
from deeplift_genomics.scores.folds import average_folds

log = logging.getLogger(__name__)

OF_THE_FOLD = ("model", "model_digest")  # attributes in which folds differ


@dataclass(frozen=True)
class _Shard:
    """What a shard says of itself; the file is closed until its rows are wanted.

    A large run has more shards than a process may hold open files.
    """

    path: Path
    attributes: dict[str, Any]
    size: int
    length: int
    n_references: int
    position: int
    n_shards: int
    first_row: int
    fold: int
    n_folds: int


def _read_shard(path: Path, slug: str) -> _Shard:
    require_file(path, "Shard")
    try:
        check_seal(path)
    except InputError as error:
        raise InputError(f"{error} {_remake(path)}") from error
    with open_typed(path, "shard") as file:
        return _describe(path, file, slug)


def _describe(path: Path, file: h5py.File, slug: str) -> _Shard:
    if slug not in file:
        raise InputError(f"{path} holds no target {slug!r}; it holds {', '.join(file) or 'none'}.")
    group = subgroup(file, slug)
    sizes = check_layout(group, SCORE_LAYOUT)
    return _Shard(
        path=path,
        attributes=read_attributes(group),
        size=sizes["N"],
        length=sizes["L"],
        n_references=sizes["R"],
        position=whole_number(file, "shard"),
        n_shards=whole_number(file, "n_shards"),
        first_row=whole_number(file, "first_row"),
        fold=whole_number(file, "fold", 0),
        n_folds=whole_number(file, "n_folds", 1),
    )


def merge_shards(paths: Sequence[str | Path], slug: str, output: str | Path) -> int:
    """Join the group `slug` of all shards into one score file and return the number of windows.

    Of one fold the compressed chunks are copied; of several the mean is written: see
    `deeplift_genomics.scores.folds.average_folds`.

    Raises
    ------
    InputError
        If a shard is missing, damaged, of another run, or does not hold the target; the file, the
        difference, and how to remake it are named.
    """
    progress = tqdm(paths, desc="check", unit="shard", disable=None)
    folds = _by_fold([_read_shard(Path(path), slug) for path in progress])
    attributes = _common_attributes(folds)
    n, first = sum(shard.size for shard in folds[0]), folds[0][0]
    with atomic_hdf5(output) as file:
        stamp(file, "scores", {})
        writer = ScoreWriter(file, n, first.length, first.n_references, attributes, len(folds))
        places = list(zip(*folds, strict=True))
        for of_one_place in tqdm(places, desc="merge", unit="shard", disable=None):
            _add_shard(writer, of_one_place, slug)
        writer.close()
    log.info("%s: %d windows from %d shards", output, n, len(paths))
    return n


def _add_shard(writer: ScoreWriter, of_one_place: Sequence[_Shard], slug: str) -> None:
    """Add the rows of a shard, a chunk at a time, or the means of its folds."""
    with ExitStack() as stack:
        opened = [stack.enter_context(open_typed(item.path, "shard")) for item in of_one_place]
        groups = [file[slug] for file in opened]
        for start in range(0, of_one_place[0].size, ROWS_PER_CHUNK):
            if len(groups) == 1:
                writer.copy_chunk(groups[0], start)
                continue
            rows = slice(start, start + ROWS_PER_CHUNK)
            writer.append(
                average_folds(
                    [
                        {name: read_dataset(group[name], rows) for name in DATASETS}
                        for group in groups
                    ]
                )
            )


def _by_fold(shards: Sequence[_Shard]) -> list[list[_Shard]]:
    """The shards of each fold, in order, if none is missing."""
    needed = {shard.n_folds for shard in shards}
    found = sorted({shard.fold for shard in shards})
    if len(needed) != 1 or found != list(range(next(iter(needed)))):
        raise InputError(
            f"The folds do not make one whole: given {', '.join(str(i + 1) for i in found)} "
            f"of {'/'.join(map(str, sorted(needed)))}. Give every shard of every fold once."
        )
    folds: list[list[_Shard]] = []
    for fold in found:
        of_fold = sorted(
            (shard for shard in shards if shard.fold == fold), key=lambda shard: shard.position
        )
        _check_complete(of_fold, f" of fold {fold + 1}" if len(found) > 1 else "")
        if [shard.size for shard in of_fold] != [shard.size for shard in (folds or [of_fold])[0]]:
            raise InputError(
                f"Folds 1 and {fold + 1} do not hold the same windows in their shards. Give both "
                "the same windows, in as many shards."
            )
        folds.append(of_fold)
    return folds


def _check_complete(shards: Sequence[_Shard], of_fold: str) -> None:
    found = [shard.position for shard in shards]
    needed = {shard.n_shards for shard in shards}
    if len(needed) != 1 or found != list(range(next(iter(needed)))):
        raise InputError(
            f"The shards{of_fold} do not make one whole: given "
            f"{', '.join(str(i + 1) for i in found)} of {'/'.join(map(str, sorted(needed)))}. "
            "Give every shard once, of one run."
        )
    row = 0
    for shard in shards:
        if shard.first_row != row:
            raise InputError(
                f"{shard.path} starts at window {shard.first_row}, but the shards "
                f"before it end at {row}: they come from different lists of windows. "
                "Delete the shards that are older and run again."
            )
        if row % ROWS_PER_CHUNK:
            raise InputError(
                f"{shard.path} starts at window {row}, which is no multiple of {ROWS_PER_CHUNK}: "
                "it was cut by another release. Delete the shards and run again."
            )
        row += shard.size


def _common_attributes(folds: Sequence[Sequence[_Shard]]) -> dict[str, Any]:
    """The attributes of the score file; all shards must share them, but for the fold's model.

    What most shards say is taken as right, so that the one that is wrong is named.
    """
    common = _usual([shard for fold in folds for shard in fold], without=OF_THE_FOLD)
    models = [_usual(fold) for fold in folds]
    for fold, of_fold in zip(folds, models, strict=True):
        own = {key: of_fold.attributes[key] for key in OF_THE_FOLD if key in of_fold.attributes}
        for shard in fold:
            _check_alike(shard, common.attributes | own, common.path)
    joined = {
        key: ", ".join(str(of_fold.attributes.get(key, "")) for of_fold in models)
        for key in OF_THE_FOLD
        if len(folds) > 1
    }
    return {**common.attributes, **joined, "n_folds": len(folds)}


def _usual(shards: Sequence[_Shard], without: Sequence[str] = ()) -> _Shard:
    """The first shard that has the attributes that most have."""
    said = [
        tuple(
            sorted(
                (key, str(value)) for key, value in shard.attributes.items() if key not in without
            )
        )
        for shard in shards
    ]
    return shards[said.index(Counter(said).most_common(1)[0][0])]


def _check_alike(shard: _Shard, expected: Attributes, source: Path) -> None:
    require_same_run(
        shard.path,
        shard.attributes,
        other=source,
        other_attributes=expected,
        keys=sorted(expected.keys() | shard.attributes.keys()),
        advice=_remake(shard.path),
    )


def _remake(path: Path) -> str:
    name = quote(str(path))
    return f"To remake it, and only what depends on it: rm {name} && snakemake --cores all"
