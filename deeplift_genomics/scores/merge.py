"""The merge of the shards of a run, of one fold or several, into the score file of a target.

Compressed chunks are copied unchanged, one at a time: a run of 300,000 windows does not fit into
memory, and need not be unpacked. All shards are checked completely before anything is written.
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
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.files.same_run import require_same_run
from deeplift_genomics.files.sealed import check_seal
from deeplift_genomics.scores.file import (
    DATASETS,
    OPTIONAL,
    ROWS_PER_CHUNK,
    SCORE_LAYOUT,
    count_references,
    format_version,
    read_dataset,
)
from deeplift_genomics.scores.folds import average_folds
from deeplift_genomics.scores.second_path import (
    SecondPath,
    join_second_paths,
    read_second_path,
    write_second_path,
)
from deeplift_genomics.scores.writer import ScoreWriter

log = logging.getLogger(__name__)

# the attributes in which folds differ; the last one only folds of Keras 2 have
OF_THE_FOLD = ("model", "model_digest", "tf_keras_version")


@dataclass(frozen=True)
class _Shard:
    """The attributes and sizes of a shard, whose file is closed until its rows are needed.

    A large run has more shards than a process may have open files. `optional` are those of the
    optional datasets that the shard has.
    """

    path: Path
    attributes: dict[str, Any]
    optional: tuple[str, ...]
    size: int
    length: int
    n_references: int
    position: int
    n_shards: int
    first_row: int
    fold: int
    n_folds: int
    second_path: SecondPath | None


def _read_shard(path: Path, slug: str) -> _Shard:
    """Check a shard, and return its description."""
    require_file(path, "Shard")
    try:
        check_seal(path)
    except InputError as error:
        raise InputError(f"{error} {_remake(path)}") from error
    with open_typed(path, "shard") as file:
        return _describe(path, file, slug)


def _describe(path: Path, file: h5py.File, slug: str) -> _Shard:
    """Return the description of an open shard, for one target."""
    if slug not in file:
        raise InputError(f"{path} holds no target {slug!r}; it holds {', '.join(file) or 'none'}.")
    group = subgroup(file, slug)
    sizes = check_layout(group, SCORE_LAYOUT)
    return _Shard(
        path=path,
        attributes=read_attributes(group),
        optional=tuple(name for name in OPTIONAL if name in group),
        size=sizes["N"],
        length=sizes["L"],
        n_references=count_references(group),
        position=whole_number(file, "shard"),
        n_shards=whole_number(file, "n_shards"),
        first_row=whole_number(file, "first_row"),
        fold=whole_number(file, "fold", 0),
        n_folds=whole_number(file, "n_folds", 1),
        second_path=read_second_path(group),
    )


def merge_shards(paths: Sequence[str | Path], slug: str, output: str | Path) -> int:
    """Join the group `slug` of all shards into one score file and return the number of windows.

    The compressed chunks of a single fold are copied; of several folds the mean is written, see
    `deeplift_genomics.scores.folds.average_folds`.

    Raises
    ------
    InputError
        If a shard is missing, damaged, of another run, or lacks the target; the message names the
        file and the difference, and says how to remake the file.
    """
    progress = Progress(paths, what="check", unit="shard")
    folds = _by_fold([_read_shard(Path(path), slug) for path in progress])
    attributes, optional = _common_attributes(folds), _common_datasets(folds)
    n, first = sum(shard.size for shard in folds[0]), folds[0][0]
    with atomic_hdf5(output) as file:
        stamp(file, "scores", {}, format_version(optional))
        writer = ScoreWriter(
            file,
            n,
            first.length,
            first.n_references,
            attributes=attributes,
            optional=optional,
            n_folds=len(folds),
        )
        places = list(zip(*folds, strict=True))
        for of_one_place in Progress(places, what="merge", unit="shard"):
            _add_shard(writer, of_one_place, slug)
        writer.close()
        shards = [shard for fold in folds for shard in fold]
        found = join_second_paths((item.second_path, item.first_row, item.fold) for item in shards)
        if found is not None:
            write_second_path(file, found)
    log.info("%s: %d windows from %d shards", output, n, len(paths))
    return n


def _add_shard(writer: ScoreWriter, of_one_place: Sequence[_Shard], slug: str) -> None:
    """Add the rows of a shard, or the means of all folds' shards, a chunk at a time."""
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
                        {
                            name: read_dataset(group[name], rows)
                            for name in DATASETS
                            if name in group
                        }
                        for group in groups
                    ]
                )
            )


def _by_fold(shards: Sequence[_Shard]) -> list[list[_Shard]]:
    """Return the shards of each fold, in order; raise InputError if one is missing."""
    needed = {shard.n_folds for shard in shards}
    found = sorted({shard.fold for shard in shards})
    if len(needed) != 1 or found != list(range(next(iter(needed)))):
        raise InputError(
            f"The folds are not complete: given {', '.join(str(i + 1) for i in found)} "
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
                f"Folds 1 and {fold + 1} do not have the same windows in their shards. Give both "
                "the same windows, in equally many shards."
            )
        folds.append(of_fold)
    return folds


def _check_complete(shards: Sequence[_Shard], of_fold: str) -> None:
    """Raise InputError unless the shards of a fold make up all windows."""
    found = [shard.position for shard in shards]
    needed = {shard.n_shards for shard in shards}
    if len(needed) != 1 or found != list(range(next(iter(needed)))):
        raise InputError(
            f"The shards{of_fold} are not complete: given "
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
                f"{shard.path} starts at window {row}, which is not a multiple of "
                f"{ROWS_PER_CHUNK}: another release made it. Delete the shards and run again."
            )
        row += shard.size


def _common_attributes(folds: Sequence[Sequence[_Shard]]) -> dict[str, Any]:
    """Return the attributes of the score file; all shards must share them, except the fold's model.

    The majority is taken as right, so that the message names the shard that is wrong.
    """
    common = _usual([shard for fold in folds for shard in fold], without=OF_THE_FOLD)
    shared = {key: value for key, value in common.attributes.items() if key not in OF_THE_FOLD}
    found: dict[str, list[str]] = {key: [] for key in OF_THE_FOLD}
    for fold in folds:
        attributes = _usual(fold).attributes
        own = {key: attributes[key] for key in OF_THE_FOLD if key in attributes}
        for shard in fold:
            _check_alike(shard, shared | own, common.path)
        for key, value in own.items():
            if key != "tf_keras_version" or value not in found[key]:
                found[key].append(str(value))
    joined = {key: ", ".join(values) for key, values in found.items() if values}
    return {**common.attributes, **joined, "n_folds": len(folds)}


def _usual(shards: Sequence[_Shard], without: Sequence[str] = ()) -> _Shard:
    """Return the first shard whose attributes agree with the majority."""
    given = [
        tuple(
            sorted(
                (key, str(value)) for key, value in shard.attributes.items() if key not in without
            )
        )
        for shard in shards
    ]
    return shards[given.index(Counter(given).most_common(1)[0][0])]


def _common_datasets(folds: Sequence[Sequence[_Shard]]) -> tuple[str, ...]:
    """Return the optional datasets that all shards have; raise InputError if shards differ."""
    shards = [shard for fold in folds for shard in fold]
    (usual, _), *_ = Counter(shard.optional for shard in shards).most_common(1)
    for shard in shards:
        if shard.optional != usual:
            raise InputError(
                f"{shard.path} has {', '.join(shard.optional) or 'none'} of the optional datasets, "
                f"but the others have {', '.join(usual) or 'none'}. {_remake(shard.path)}"
            )
    return usual


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
    """Return the advice on how to remake a shard."""
    name = quote(str(path))
    return f"To remake it, and only what depends on it: rm {name} && snakemake --cores all"
