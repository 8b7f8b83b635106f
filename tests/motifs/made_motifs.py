"""Motif files and tables of matches with made-up patterns, of which it is known what they are."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import encode, one_hot
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.motifs.matches import MATCHES

WIDTH = 40  # bases of a pattern, as TF-MoDISco writes it
CTCF = "TGGCCACCAGGGGGCGCTA"
GATA = "AGATAAGA"
NRF1 = "TGCGCATGCGCA"
SPI1 = "AAAGAGGAAGTG"


class Made(NamedTuple):
    """A pattern to make: its consensus, where it begins, and how it is written.

    `sharp` is the frequency of the consensus base: 0.25 is nothing, 1 a fixed base. `used` are the
    bases of the consensus to which the model gives contributions; None for all of them.
    """

    consensus: str
    start: int = 10
    turned: bool = False
    sign: int = 1
    n_seqlets: int = 100
    sharp: float = 0.9
    used: slice | None = None


class Hit(NamedTuple):
    """A row of a table of matches."""

    name: str
    turned: bool = False
    q_value: float = 1e-6
    part: str = ""

    def row(self, pattern: str) -> tuple[Any, ...]:
        """Return the cells; a match without a name is none."""
        if not self.name:
            return (
                pattern,
                self.part,
                "",
                "",
                "no significant match",
                "",
                None,
                None,
                None,
                None,
                "",
            )
        cells = (f"ID.{self.name}", self.name, f"family of {self.name}", 1e-8, self.q_value, 0, 9)
        return (pattern, self.part, "PFM", *cells, "-" if self.turned else "+")


def write_motif_file(
    path: Path, made: Sequence[Made], target: str = "counts", seed: int = 1
) -> Path:
    """Write a motif file of these patterns, with seqlets drawn from them."""
    rng = np.random.default_rng(seed)
    numbers = {1: 0, -1: 0}
    with h5py.File(path, "w") as file:
        file.attrs.update(
            deeplift_genomics_type="motifs",
            format_version=1,
            target=target,
            window=400,
            window_offset=50,
            note="",
        )
        for one in made:
            name = f"{'pos' if one.sign > 0 else 'neg'}_patterns/pattern_{numbers[one.sign]}"
            numbers[one.sign] += 1
            _write_pattern(file.create_group(name), one, rng)
    return path


def write_match_file(path: Path, hits: Mapping[str, Sequence[Hit]]) -> Path:
    """Write a table of matches: pattern -> its rows."""
    write_table(path, MATCHES, [hit.row(name) for name, rows in hits.items() for hit in rows])
    return path


def _write_pattern(group: h5py.Group, made: Made, rng: np.random.Generator) -> None:
    ppm = np.full((WIDTH, 4), 0.25)
    size = np.full(WIDTH, 0.01)
    core = slice(made.start, made.start + len(made.consensus))
    bases = one_hot(encode(made.consensus), np.float64)
    ppm[core] = made.sharp * bases + (1 - made.sharp) / 3 * (1 - bases)
    ppm[core][bases.sum(axis=1) == 0] = 0.25  # N
    used = np.zeros(len(bases))
    used[made.used or slice(None)] = 1
    size[core] += used * bases.sum(axis=1)
    if made.turned:
        ppm, size = ppm[::-1, ::-1], size[::-1]
    n = made.n_seqlets
    drawn = np.stack([_draw(row, n, rng) for row in ppm], axis=1)
    contributions = drawn * size[:, None] * made.sign * rng.normal(1, 0.1, (n, WIDTH, 1))
    group["sequence"] = drawn.mean(axis=0)
    group["contrib_scores"] = contributions.mean(axis=0)
    group["hypothetical_contribs"] = contributions.mean(axis=0)
    group["seqlets/sequence"] = drawn
    group["seqlets/contrib_scores"] = contributions
    group["seqlets/example_idx"] = np.arange(n)
    group["seqlets/start"] = np.full(n, 100)
    group["seqlets/end"] = np.full(n, 100 + WIDTH)
    group["seqlets/is_revcomp"] = np.zeros(n, dtype=bool)


def _draw(
    frequencies: NDArray[np.float64], n: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    return np.eye(4)[rng.choice(4, size=n, p=frequencies / frequencies.sum())]
