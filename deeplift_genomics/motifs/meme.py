"""Motif files in the text format of the MEME suite, as matrices.

The format is described at https://meme-suite.org/meme/doc/meme-format.html; MEME's, DREME's and
STREME's own text output has the same lines between others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.atomic import atomic_path
from deeplift_genomics.motifs.meme_lines import MATRIX
from deeplift_genomics.motifs.meme_text import USUAL_SITES, read_motif_texts

_ACCESSION = re.compile(r"[A-Z]{2}\d{4}\.\d+", re.ASCII)  # of JASPAR


class MemeMotif(NamedTuple):
    """A motif of a MEME file.

    Attributes
    ----------
    id
        Its identifier, unique in the file.
    alternate
        Its second name, ``""`` if it has none.
    matrix
        Probabilities (W, 4) of A, C, G, T; each row sums to 1.
    nsites
        Number of sites that it was made from.
    """

    id: str
    alternate: str
    matrix: NDArray[np.float64]
    nsites: int = USUAL_SITES

    @property
    def name(self) -> str:
        """The name for people: the second one, unless it is missing or an accession of JASPAR.

        JASPAR writes ``MA0139.2 MA0139.2.CTCF``, where the repeated accession is left out.
        """
        name = self.alternate.removeprefix(f"{self.id}.")
        return self.id if not name or _ACCESSION.fullmatch(name) else name


def read_meme(path: str | Path) -> list[MemeMotif]:
    """Read the motifs of a MEME file, plain or gzipped, in the order of the file.

    Rows that sum to 1 within rounding are made to sum to 1.

    Raises
    ------
    InputError
        As `meme_text.read_motif_texts`.
    """
    found = []
    for motif in read_motif_texts(path):
        rows = np.array(motif.rows)
        rows /= rows.sum(axis=1, keepdims=True)
        found.append(MemeMotif(motif.id, motif.alternate, rows, motif.nsites))
    return found


def write_meme(path: str | Path, motifs: Iterable[MemeMotif]) -> int:
    """Write motifs as a MEME file and return their number.

    Raises
    ------
    ValueError
        If a name is missing or holds a space, which the format does not allow.
    """
    number = 0
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as out:
        out.write("MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\n")
        out.write("Background letter frequencies\nA 0.25 C 0.25 G 0.25 T 0.25\n")
        for motif in motifs:
            names = [motif.id, *([motif.alternate] if motif.alternate else [])]
            if any(name.split() != [name] for name in names):
                raise ValueError(f"a motif of a MEME file cannot be named {names}")
            out.write(f"\nMOTIF {' '.join(names)}\n{MATRIX} alength= 4 ")
            out.write(f"w= {len(motif.matrix)} nsites= {motif.nsites} E= 0\n")
            for row in motif.matrix:
                out.write(" ".join(f"{value:.6f}" for value in row) + "\n")
            number += 1
    return number
