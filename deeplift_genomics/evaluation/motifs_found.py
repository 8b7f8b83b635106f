"""The known motifs that TF-MoDISco finds in the scores of each method.

Scores are the hypothetical contributions in the central bases of the evaluated windows. Patterns
and their matches are found as in a run, with fewer seqlets, since there are fewer windows. Each
pattern, or half of a composite one, counts for its best match.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.hdf5 import (
    Layout,
    atomic_hdf5,
    check_layout,
    open_typed,
    stamp,
    subgroup,
)
from deeplift_genomics.motifs.annotation import find_matches
from deeplift_genomics.motifs.discovery import find_motifs
from deeplift_genomics.motifs.known import read_database
from deeplift_genomics.motifs.matches import Match
from deeplift_genomics.motifs.patterns import Pattern, read_motifs
from deeplift_genomics.scores.evaluations import EVALUATION
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sections import SHORTEST_MOTIF_WINDOW

log = logging.getLogger(__name__)
GROUP = "scores"  # of a shard: TARGET NUMBER/METHOD -> hypothetical contributions
SEQUENCES = "sequences"
FEWEST_SEQLETS = 20  # clustered, of one sign; in a run, motifs.min_seqlets
_LAYOUT: Layout = {SEQUENCES: ("number", "NW4")}
NAN = float("nan")
# target -> method -> hypothetical contributions (N, W, 4)
Hypothetical = dict[str, dict[str, NDArray[np.float32]]]


def write_scores(
    file: h5py.File, sequences: NDArray, scores: Mapping[str, Mapping[str, NDArray]]
) -> None:
    """Write the central bases (N, W, 4) of a shard's windows, and target -> method -> scores."""
    file.create_dataset(SEQUENCES, data=sequences.astype(np.int8), compression=1)
    for number, (text, by_method) in enumerate(scores.items()):
        group = file.require_group(f"{GROUP}/{number}")
        group.attrs["target"] = text
        for name, values in by_method.items():
            group.create_dataset(name, data=values.astype(np.float32), compression=1)


def read_all_scores(paths: Sequence[Path], kind: str) -> tuple[NDArray, Hypothetical]:
    """Read the central bases and the scores of all shards, in their order."""
    sequences, found = [], dict[str, dict[str, list[NDArray]]]()
    for path in paths:
        with open_typed(path, kind, _LAYOUT) as file:
            sequences.append(file[SEQUENCES][:])
            for number in file.get(GROUP, ()):
                group = subgroup(file, f"{GROUP}/{number}")
                check_layout(group, dict.fromkeys(group, ("number", "NW4")))
                by_method = found.setdefault(str(group.attrs["target"]), {})
                for name in group:
                    by_method.setdefault(name, []).append(group[name][:])
    together = {
        text: {name: np.concatenate(parts) for name, parts in by_method.items()}
        for text, by_method in found.items()
    }
    return np.concatenate([part for part in sequences if len(part)] or sequences), together


def motif_rows(
    sequences: NDArray, scores: Hypothetical, config: Config
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the evaluation that tell the known motifs of each target and method.

    Methods whose scores are not known in all central bases have none, nor have windows that are
    too short for TF-MoDISco.

    Parameters
    ----------
    sequences
        Central bases of the evaluated windows, (N, W, 4).
    config
        The settings: `motifs` and `annotation` count.
    """
    n, width = sequences.shape[:2]
    if width < SHORTEST_MOTIF_WINDOW:
        log.info("windows of %d bp are too short for TF-MoDISco, so there are no motifs", width)
        return
    database = read_database(config.annotation)
    for text, by_method in scores.items():
        for name, hypothetical in by_method.items():
            if not np.isfinite(hypothetical).all():
                log.info("%s has no scores in some central bases, so no motifs", name)
                continue
            patterns = _patterns(sequences, hypothetical, config)
            matches = find_matches(patterns, database, config.annotation)
            found = known_motifs({item.name: item.n_seqlets for item in patterns}, matches)
            log.info("%s, %s: %d known motifs", text, name, len(found))
            yield _row((text, name, "known_motifs"), "", n, float(len(found)))
            for motif, seqlets in found.most_common():
                yield _row((text, name, "motif_seqlets"), motif, n, float(seqlets))


def _row(place: tuple[str, str, str], level: str, n: int, value: float) -> tuple[Any, ...]:
    """Return a row without interval: the motifs are of all windows together."""
    return *place, NAN, level, n, value, *(NAN,) * (len(EVALUATION.columns) - 7)


def known_motifs(seqlets: Mapping[str, int], matches: Iterable[Match]) -> Counter[str]:
    """Return the name of each known motif that patterns match best -> their seqlets.

    Parameters
    ----------
    seqlets
        Name of each pattern -> its seqlets.
    matches
        The matches of patterns and of halves of composite ones, best first.
    """
    best: dict[tuple[str, str], str] = {}
    for match in matches:
        if match.motif_id:
            best.setdefault((match.pattern, match.part), match.name)
    found: Counter[str] = Counter()
    for pattern, motif in dict.fromkeys((pattern, name) for (pattern, _), name in best.items()):
        found[motif] += seqlets[pattern]
    return found


def _patterns(sequences: NDArray, hypothetical: NDArray, config: Config) -> list[Pattern]:
    """Run TF-MoDISco on scores (N, W, 4)."""
    update = {"min_seqlets": FEWEST_SEQLETS, "window": sequences.shape[1]}
    with TemporaryDirectory() as folder:
        scores, motifs = Path(folder, "scores.h5"), Path(folder, "motifs.h5")
        _write_score_file(scores, sequences, hypothetical)
        find_motifs(scores, motifs, config.motifs.model_copy(update=update))
        return read_motifs(motifs)


def _write_score_file(path: Path, sequences: NDArray, hypothetical: NDArray) -> None:
    """Write scores as a score file, with as much as TF-MoDISco reads; windows have no places."""
    n, width = sequences.shape[:2]
    with atomic_hdf5(path) as file:
        stamp(file, "scores", {}, version=2)
        file.create_dataset("hyp_scores", data=hypothetical)
        file.create_dataset("input_seqs", data=sequences)
        for name in ("coords_chrom", "name", "strand"):
            texts = [str(row) for row in range(n)]
            file.create_dataset(name, data=texts, dtype=h5py.string_dtype())
        for name, value in (("coords_start", 0), ("coords_end", width), ("summit", width // 2)):
            file.create_dataset(name, data=np.full(n, value))
        file.create_dataset("target", data=np.zeros(n, np.float32))
