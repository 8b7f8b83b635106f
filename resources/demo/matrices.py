"""The demo's four factors: their matrices from JASPAR, scores of a sequence, and the MEME file."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import ALPHABET, UNKNOWN, decode
from deeplift_genomics.files.atomic import atomic_path

RELEASE = "JASPAR2026"
# factor as the demo names it -> matrix, chosen to be clearly distinct from each other
MATRIX_IDS = {
    "CTCF": "MA0139.2",
    "SPI1": "MA0080.7",
    "FOS::JUN": "MA0099.4",
    "NRF1": "MA0506.3",
}
DIGITS = (
    6  # digits kept, so that the last bit of a logarithm, which CPUs differ in, decides nothing
)
PSEUDOCOUNT = 0.01


@dataclass(frozen=True)
class Motif:
    """A factor's PFM.

    Attributes
    ----------
    sites : int
        Binding sites that the matrix was counted from.
    pfm : float64 (W, 4)
        Probability of each base at each position; rows add up to 1 within 1e-6.
    """

    factor: str
    matrix_id: str
    sites: int
    pfm: NDArray[np.float64]

    @property
    def width(self) -> int:
        """Length of the motif (bp)."""
        return len(self.pfm)

    @property
    def consensus(self) -> str:
        """The most probable base at each position."""
        return decode(self.pfm.argmax(axis=1))

    @property
    def log_odds(self) -> NDArray[np.float64]:
        """Log2 odds against equal bases (W, 4)."""
        smooth = (self.pfm + PSEUDOCOUNT / 4) / (1 + PSEUDOCOUNT)
        odds: NDArray[np.float64] = np.log2(smooth / 0.25)
        return odds.round(DIGITS)

    def relative_scores(self, codes: NDArray[np.int8], strand: str) -> NDArray[np.float64]:
        """Score of a site starting at each base, as a share of the best score: (L - W + 1,).

        The score is the sum of log odds on `strand`; a site with an N has minus infinity.
        """
        table = self.log_odds if strand == "+" else self.log_odds[::-1, ::-1]
        table = np.hstack([table, np.full((self.width, UNKNOWN + 1 - 4), -np.inf)])
        number = len(codes) - self.width + 1
        scores = np.zeros(number)
        for offset, row in enumerate(table):
            scores += row[codes[offset : offset + number]]
        return np.round(scores / self.log_odds.max(axis=1).sum(), DIGITS)

    def sample(self, rng: np.random.Generator, least: float) -> tuple[NDArray[np.int8], float]:
        """Draw a site from the PFM until its relative score is at least `least`; return both."""
        steps = self.pfm.cumsum(axis=1)
        steps[:, -1] = 1
        while True:
            codes = (rng.random((self.width, 1)) >= steps).sum(axis=1).astype(np.int8)
            score = float(self.relative_scores(codes, "+")[0])
            if score >= least:
                return codes, score


def fetch_motifs() -> list[Motif]:
    """The demo's motifs, from the JASPAR release that pyjaspar carries (no network)."""
    from pyjaspar import jaspardb

    database = jaspardb(release=RELEASE)
    motifs = []
    for factor, matrix_id in MATRIX_IDS.items():
        record = database.fetch_motif_by_id(matrix_id)
        counts = np.array([record.counts[base] for base in ALPHABET]).T
        pfm = np.round(counts / counts.sum(axis=1, keepdims=True), DIGITS)
        motifs.append(Motif(factor, matrix_id, int(counts.sum(axis=1).max()), pfm))
    return motifs


def write_meme(path: Path, motifs: Iterable[Motif]) -> None:
    """Write motifs in MEME's minimal format, version 4."""
    lines = ["MEME version 4", "", f"ALPHABET= {ALPHABET}", "", "strands: + -", ""]
    lines += ["Background letter frequencies", "A 0.25 C 0.25 G 0.25 T 0.25"]
    for motif in motifs:
        lines += ["", f"MOTIF {motif.factor} {motif.matrix_id}"]
        lines.append(
            f"letter-probability matrix: alength= 4 w= {motif.width} nsites= {motif.sites} E= 0"
        )
        lines += [" ".join(f"{value:.{DIGITS}f}" for value in row) for row in motif.pfm]
    with atomic_path(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="ascii")
