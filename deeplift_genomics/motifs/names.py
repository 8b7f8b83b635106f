"""Motifs of a sample, and which pattern of which target is which: SAMPLE/motifs.tsv.

A pattern is what TF-MoDISco found in one target. A motif is a group of patterns that are one motif;
its label is unique in its sample and used in every later file and page.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import Kind, iterate_table
from deeplift_genomics.files.words import first_few

MOTIFS = Kind(
    "motifs",
    1,
    {
        "motif": str,
        "target": str,
        "pattern": str,
        "sign": int,
        "turned": bool,
        "shift": int,
        "n_seqlets": int,
        "consensus": str,
        "match_id": str,
        "match_name": str,
        "family": str,
        "q_value": float,
        "kind": str,
        "parts": str,
    },
)
SINGLE, COMPOSITE, REPEAT = "single", "composite", "repeat"  # kinds of motif
BETWEEN_PARTS = " + "


class Label(NamedTuple):
    """The motif that a pattern is: a row of SAMPLE/motifs.tsv.

    Attributes
    ----------
    motif
        The motif's label, such as ``CTCF``, ``CTCF_2`` or ``unnamed_1``.
    target
        The target, as written in the sample sheet.
    pattern
        ``pos_0``, ``neg_0``, ...
    sign
        1 for a pattern that raises the target, -1 for one that lowers it.
    turned
        Whether the pattern must be reverse-complemented to read as its motif does.
    shift
        Where the first base of the pattern, turned if need be, is from the motif's first base (bp;
        negative: to the left of it).
    n_seqlets
        Number of the pattern's seqlets.
    consensus
        Consensus of the pattern's core, as the motif reads.
    match_id, match_name, family, q_value
        The motif's best match in the database; empty texts and None without a significant one.
    kind
        ``single``, ``composite`` or ``repeat``.
    parts
        The parts of a composite or repeat, such as ``ZNF143 + CTCF``; ``""`` for a single motif.
    """

    motif: str
    target: str
    pattern: str
    sign: int
    turned: bool
    shift: int
    n_seqlets: int
    consensus: str
    match_id: str = ""
    match_name: str = ""
    family: str = ""
    q_value: float | None = None
    kind: str = SINGLE
    parts: str = ""


def read_motif_table(path: str | Path) -> list[Label]:
    """Read SAMPLE/motifs.tsv: the patterns of a motif are together, as they are in the file.

    Raises
    ------
    InputError
        If the file is missing or damaged, or is no such table.
    """
    found: dict[tuple[str, str], Label] = {}
    for row in iterate_table(path, MOTIFS):
        label = Label(*row)
        _check(path, label)
        if (label.target, label.pattern) in found:
            raise _damaged(path, f"it has {label.pattern} of {label.target} twice")
        found[label.target, label.pattern] = label
    return list(found.values())


def labels_of(path: str | Path, target: str, patterns: Iterable[str] = ()) -> dict[str, Label]:
    """Return the label of each pattern of a target.

    Parameters
    ----------
    path
        SAMPLE/motifs.tsv.
    target
        The target, as written in the sample sheet: the attribute ``target`` of a motif file.
    patterns
        Patterns that must have a label, such as those of the motif file.

    Raises
    ------
    InputError
        As `read_motif_table`; or if one of `patterns` has no label.
    """
    found = {label.pattern: label for label in read_motif_table(path) if label.target == target}
    if missing := [name for name in patterns if name not in found]:
        raise InputError(
            f"{path} has no {first_few(missing, 3)} of the target {target}: it was made from other "
            "patterns. Give the files of one run, or make the motif table again."
        )
    return found


def _check(path: str | Path, label: Label) -> None:
    """Raise InputError if a row lacks a value that every pattern has."""
    empty = [
        name
        for name in ("motif", "target", "pattern", "sign", "turned", "shift", "n_seqlets", "kind")
        if getattr(label, name) in ("", None)
    ]
    if empty:
        raise _damaged(path, f"{label.pattern or 'a pattern'} has no {', '.join(empty)}")
    if label.sign not in (1, -1) or label.n_seqlets < 1:
        raise _damaged(path, f"{label.pattern} has sign {label.sign} and {label.n_seqlets} seqlets")


def _damaged(path: str | Path, what: str) -> InputError:
    """Return the error for a motif table that is not as it was written."""
    return InputError(f"{path} is damaged: {what}. Delete it and run again.")
