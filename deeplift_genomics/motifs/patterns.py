"""Patterns that TF-MoDISco found, read from a motif file.

A motif file (``deeplift_genomics_type = "motifs"``) has the layout that modisco-lite writes
(``pos_patterns/pattern_0/{sequence,contrib_scores,hypothetical_contribs,seqlets/...}``), so that
``modisco report``, ``modisco meme`` and Fi-NeMo can read it. ``example_idx`` is the row of the
score file. Seqlet starts in the file count from the first base of the central window that was
searched; `read_motifs` adds ``window_offset``, so that they count from the score file's window.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import ALPHABET
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import (
    Layout,
    check_layout,
    open_typed,
    read_attributes,
    subgroup,
    whole_number,
)
from deeplift_genomics.files.same_run import require_same_run

GROUPS = {1: "pos_patterns", -1: "neg_patterns"}  # sign -> name of the group in the file
# attributes in which a motif file, and what is made from it, agree with the score file
FROM_SCORES = (
    "model_digest",
    "fasta_digest",
    "regions_digest",
    "head",
    "target",
    "window_length",
    "n_windows",
)
_MATRICES = ("sequence", "contrib_scores", "hypothetical_contribs")
_LAYOUT: Layout = {  # W bases, n seqlets
    **dict.fromkeys(_MATRICES, ("number", "W4")),
    **{f"seqlets/{name}": ("number", "nW4") for name in ("sequence", "contrib_scores")},
    **{f"seqlets/{name}": ("integer", "n") for name in ("example_idx", "start", "end")},
    "seqlets/is_revcomp": ("truth", "n"),
}


@dataclass(frozen=True)
class Pattern:
    """A motif: n seqlets aligned over W bases.

    Attributes
    ----------
    name
        ``pos_0``, ``neg_0``, ...
    sign
        1 or -1.
    ppm
        Base frequencies (W, 4).
    cwm, hypothetical_cwm
        Mean contributions, and mean hypothetical contributions (W, 4).
    row
        Row of each seqlet in the score file.
    start, end
        Place of each seqlet within the score file's window (0-based, half-open).
    is_revcomp
        Whether the seqlet is on the minus strand when the pattern is read from left to right.
    sequence
        Bases of each seqlet, in the direction of the pattern (n, W, 4), int8, one-hot.
    contribution
        Sum of contributions over each seqlet (n,).
    """

    name: str
    sign: int
    ppm: NDArray[np.float64]
    cwm: NDArray[np.float64]
    hypothetical_cwm: NDArray[np.float64]
    row: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    is_revcomp: NDArray[np.bool_]
    sequence: NDArray[np.int8]
    contribution: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the length W of the pattern (bp)."""
        return len(self.ppm)

    @property
    def n_seqlets(self) -> int:
        """Number of seqlets."""
        return len(self.row)

    @property
    def mean_contribution(self) -> float:
        """Mean over the seqlets of the sum of contributions in the seqlet."""
        return float(self.contribution.mean())

    @property
    def consensus(self) -> str:
        """Most frequent bases of the core (see `trimmed`), without flanks.

        A base is in upper case from 1 bit, in lower case from 0.25 bit, and ``n`` below that.
        """
        inner = trimmed(self, flank=0)
        return "".join(
            "n" if bits < 0.25 else ALPHABET[base] if bits >= 1 else ALPHABET[base].lower()
            for base, bits in zip(
                inner.ppm.argmax(axis=1), inner.information_content(), strict=True
            )
        )

    def information_content(self) -> NDArray[np.float64]:
        """Return the information content of the base frequencies, (W,), in bits, from 0 to 2.

        It is 2 + sum_b p_b log2 p_b: against equal base frequencies, and without a correction for
        few sequences (Schneider and Stephens 1990). Call it on `trimmed` for the core only.
        """
        return information_of(self.ppm)


def information_of(ppm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the information content (W,) of base frequencies (W, 4), in bits."""
    logarithm = np.log2(ppm, out=np.zeros_like(ppm), where=ppm > 0)
    return 2 + (ppm * logarithm).sum(axis=1)


def trimmed(pattern: Pattern, threshold: float = 0.3, flank: int = 2) -> Pattern:
    """Return the core of a pattern by contribution, with up to `flank` bases on either side.

    The core extends from the first to the last position whose sum of \\|CWM\\| over the bases
    reaches `threshold` times the largest such sum; ``modisco report`` uses 0.3 and 2. Matrices,
    seqlet sequences and coordinates are cut; `contribution` stays that of the whole seqlets.
    """
    return cut(pattern, *core(pattern, threshold, flank))


def core(pattern: Pattern, threshold: float = 0.3, flank: int = 2) -> tuple[int, int]:
    """Return the first base of the part that `trimmed` keeps, and the one after its last."""
    return core_of(pattern.cwm, threshold, flank)


def core_of(cwm: NDArray[np.float64], threshold: float = 0.3, flank: int = 2) -> tuple[int, int]:
    """Return the part of mean contributions (W, 4) that `trimmed` keeps."""
    size = np.abs(cwm).sum(axis=1)
    inside = np.flatnonzero(size >= threshold * size.max())
    return max(int(inside[0]) - flank, 0), min(int(inside[-1]) + 1 + flank, len(size))


def cut(pattern: Pattern, first: int, last: int) -> Pattern:
    """Return the bases [first, last) of a pattern, as `trimmed` does."""
    after = len(pattern) - last  # bases cut from the pattern's right end
    return replace(
        pattern,
        ppm=pattern.ppm[first:last],
        cwm=pattern.cwm[first:last],
        hypothetical_cwm=pattern.hypothetical_cwm[first:last],
        start=pattern.start + np.where(pattern.is_revcomp, after, first),
        end=pattern.end - np.where(pattern.is_revcomp, first, after),
        sequence=pattern.sequence[:, first:last],
    )


def read_motifs(path: str | Path) -> list[Pattern]:
    """Read the patterns of a motif file: positive patterns first, each sign by number.

    Raises
    ------
    InputError
        If the file is missing, cut short, or not a motif file of a known version.
    """
    with open_typed(path, "motifs") as file:
        offset = whole_number(file, "window_offset")
        found = []
        for sign, name in GROUPS.items():
            group = subgroup(file, name) if name in file else ()
            for index in range(len(group)):
                pattern = subgroup(group, f"pattern_{index}")
                found.append(_read_pattern(pattern, f"{name[:3]}_{index}", sign, offset))
        return found


def read_seqlet_contributions(
    path: str | Path,
) -> Iterator[tuple[Pattern, NDArray[np.float64]]]:
    """Yield each pattern with the contributions (n, W) of its seqlets, in its own direction.

    Raises
    ------
    InputError
        As `read_motifs`.
    """
    patterns = read_motifs(path)
    with open_typed(path, "motifs") as file:
        for pattern in patterns:
            group = f"{GROUPS[pattern.sign]}/pattern_{pattern.name.partition('_')[2]}"
            values = file[f"{group}/seqlets/contrib_scores"].astype(np.float64)[:]
            yield pattern, values.sum(axis=2)


def count_patterns(path: str | Path) -> tuple[int, int]:
    """Return the numbers of positive and of negative patterns of a motif file.

    Raises
    ------
    InputError
        If the file is missing, cut short, or not a motif file of a known version.
    """
    with open_typed(path, "motifs") as file:
        found = {sign: len(subgroup(file, n)) if n in file else 0 for sign, n in GROUPS.items()}
        return found[1], found[-1]


def _read_pattern(group: h5py.Group, name: str, sign: int, offset: int) -> Pattern:
    """Read the pattern of a group; `offset` is added to the places of its seqlets."""
    _check_pattern(group)
    seqlets = group["seqlets"]
    frequencies = group["sequence"][:].astype(np.float64)
    total = frequencies.sum(axis=1, keepdims=True)  # below 1 where some seqlets have an N
    known = np.broadcast_to(total > 0, frequencies.shape)
    return Pattern(
        name=name,
        sign=sign,
        ppm=np.divide(frequencies, total, out=np.full_like(frequencies, 0.25), where=known),
        cwm=group["contrib_scores"][:].astype(np.float64),
        hypothetical_cwm=group["hypothetical_contribs"][:].astype(np.float64),
        row=seqlets["example_idx"][:],
        start=seqlets["start"][:] + offset,
        end=seqlets["end"][:] + offset,
        is_revcomp=seqlets["is_revcomp"][:],
        sequence=seqlets["sequence"][:].astype(np.int8),
        contribution=seqlets["contrib_scores"][:].sum(axis=(1, 2), dtype=np.float64),
    )


def _check_pattern(group: h5py.Group) -> None:
    """Raise InputError unless the matrices and seqlets are present, and of one length."""
    sizes = check_layout(group, _LAYOUT)
    starts, ends = group["seqlets/start"][:], group["seqlets/end"][:]
    whole = all(
        np.isfinite(group[name][:]).all() for name, (_, axes) in _LAYOUT.items() if "4" in axes
    )
    if not (whole and sizes["W"] and sizes["n"] and (ends - starts == sizes["W"]).all()):
        raise InputError(
            f"{group.file.filename}: {group.name} has no seqlet, or seqlets of another length than "
            "the pattern, or values that are not numbers. Delete it and run again."
        )


def read_motif_attributes(path: str | Path) -> dict[str, Any]:
    """Read the attributes of a motif file: those of its score file, settings, counts, `note`.

    Raises
    ------
    InputError
        As `read_motifs`.
    """
    with open_typed(path, "motifs") as file:
        whole_number(file, "window")
        return {"note": "", **read_attributes(file)}


def require_its_scores(
    path: str | Path, attributes: Mapping[str, Any], scores_path: str | Path, scores: h5py.File
) -> None:
    """Raise InputError unless a motif file, by its attributes, was made from this score file."""
    require_same_run(
        path,
        attributes,
        other=scores_path,
        other_attributes={**read_attributes(scores), "n_windows": len(scores["target"])},
        keys=FROM_SCORES,
        advice="Give the score file that the motifs were made from, or make the motifs again.",
    )
