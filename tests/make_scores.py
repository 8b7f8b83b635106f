"""Synthetic but valid score files: random background with motifs planted at known places.

The hypothetical scores are high at the planted bases and noise elsewhere, as in a model that reads
only these motifs. The tests of motifs, instances, logos and the report use them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from deeplift_genomics.dna.sequence import decode, encode, one_hot, reverse_complement
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.scores.file import OF_DEEPLIFT, rows_of_shard
from deeplift_genomics.scores.merge import merge_shards
from deeplift_genomics.scores.writer import write_shard

CHROMOSOMES = ("chr1", "chr2", "chr10")
N_REFERENCES = 2
FIRST_START = 100  # bases of each contig before its first window
GAP = 50  # bases of a contig between two windows

Truth = list[tuple[int, int, int, str, str]]  # row; start and end in the window; strand; name


def make_score_file(
    path: str | Path,
    n: int = 200,
    length: int = 500,
    planted: Sequence[tuple[str, str]] = (("GATA", "AGATAAGA"),),
    seed: int = 0,
    fasta: str | Path | None = None,
    effects: Sequence[float] = (1.0,),
    within: int = 300,
) -> Truth:
    """Write a score file of `n` windows in genome order, through two shards, and return the truth.

    Every window gets each motif of `planted` once, on a random strand and within the central
    `within` bases, with the total contribution `effects[i % len(effects)]` for motif i
    (negative for a repressor). With `fasta`, a FASTA that holds exactly these windows is written.
    """
    path = Path(path)
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, (n, length)).astype(np.int8)
    hypothetical = rng.normal(0, 0.004, (n, length, 4))
    truth: Truth = []
    for row in range(n):
        taken = np.zeros(length, dtype=bool)
        for index, (name, motif) in enumerate(planted):
            strand = "+-"[rng.integers(2)]
            site = encode(motif if strand == "+" else reverse_complement(motif))
            start = _free_place(rng, taken, len(site), within)
            stop = start + len(site)
            codes[row, start:stop] = site
            effect = effects[index % len(effects)] * rng.uniform(0.8, 1.2) / len(site)
            # a base that does not fit the motif counts against it, as with a trained model
            hypothetical[row, start:stop] += effect * (one_hot(site, np.float64) * 1.3 - 0.3)
            truth.append((row, start, stop, strand, name))
    chrom, starts = _places(n, length)
    if fasta is not None:
        _write_fasta(Path(fasta), rng, codes, chrom, starts)
    rows = _rows(codes, hypothetical, chrom, starts, rng)
    _write(path, rows, _attributes(n, length, seed, fasta))
    return truth


def _free_place(rng: np.random.Generator, taken: np.ndarray, size: int, within: int) -> int:
    """Return a start in the central bases, 25 bp or more from earlier sites; mark it as taken."""
    length = len(taken)
    within = min(within, length)
    low = (length - within) // 2
    for _ in range(1000):
        start = int(rng.integers(low, low + within - size + 1))
        if not taken[start : start + size].any():
            taken[max(0, start - 25) : start + size + 25] = True
            return start
    raise ValueError(f"no room for another motif of {size} bp within {within} bp")


def _places(n: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the chromosome and start of every window: a third on each chromosome, in order."""
    which = np.arange(n) * len(CHROMOSOMES) // max(n, 1)
    within = np.arange(n) - np.searchsorted(which, which)
    return np.array(CHROMOSOMES, dtype=object)[which], FIRST_START + within * (length + GAP)


def _write_fasta(
    path: Path, rng: np.random.Generator, codes: np.ndarray, chrom: np.ndarray, starts: np.ndarray
) -> None:
    with path.open("w") as handle:
        for name in CHROMOSOMES:
            mine = np.flatnonzero(chrom == name)
            size = int(starts[mine].max(initial=0)) + codes.shape[1] + GAP
            contig = rng.integers(0, 4, size).astype(np.int8)
            for row in mine:
                contig[starts[row] : starts[row] + codes.shape[1]] = codes[row]
            text = decode(contig)
            lines = (text[at : at + 60] for at in range(0, len(text), 60))
            handle.write(f">{name}\n" + "\n".join(lines) + "\n")


def _rows(
    codes: np.ndarray,
    hypothetical: np.ndarray,
    chrom: np.ndarray,
    starts: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    n, length = codes.shape
    sequences = one_hot(codes)
    total = (hypothetical * sequences).sum(axis=(1, 2))
    reference_target = rng.normal(0, 0.01, (n, N_REFERENCES))
    return {
        "hyp_scores": hypothetical.astype(np.float32),
        "input_seqs": sequences,
        "coords_chrom": chrom,
        "coords_start": starts,
        "coords_end": starts + length,
        "name": np.array([f"peak_{row}" for row in range(n)], dtype=object),
        "strand": np.array(["+-."[row % 3] for row in range(n)], dtype=object),
        "summit": starts + length // 2,
        # complete by construction, up to a residual far below any tolerance
        "target": (total + reference_target.mean(axis=1)).astype(np.float32),
        "reference_target": reference_target.astype(np.float32),
        "residual": rng.normal(0, 1e-6, (n, N_REFERENCES)).astype(np.float32),
        "standard_error": np.full((n, length), 0.001, dtype=np.float32),
    }


def _attributes(
    n: int, length: int, seed: int, fasta: str | Path | None
) -> dict[str, str | int | float]:
    return {
        "model": "synthetic.keras",
        "model_digest": "0" * 64,
        "head": "counts_head",
        "target": "counts",
        "method": "deeplift",
        "rules": "rescale",
        "reference_kind": "dinucleotide_shuffle",
        "reference_number": N_REFERENCES,
        "seed": seed,
        "fasta": "genome.fa" if fasta is None else Path(fasta).name,
        "fasta_digest": "0" * 64 if fasta is None else digest(fasta),
        "regions": "peaks.bed",
        "regions_digest": "0" * 64,
        "window_length": length,
        "tolerance": 1e-3,
        "package_version": "0.1.0",
        "tensorflow_version": "2.21.0",
        "keras_version": "3.15.1",
        "n_regions": n,
        "n_dropped": 0,
    }


def _write(path: Path, rows: dict[str, np.ndarray], attributes: dict[str, Any]) -> None:
    """Write the file through two shards and a merge, as the workflow does; remove the shards."""
    n, length = rows["hyp_scores"].shape[:2]
    shards = [path.with_name(f"{path.stem}.shard{index}.h5") for index in range(2)]
    for index in range(2):
        part = rows_of_shard(n, index, 2)
        place = {"shard": index, "n_shards": 2, "first_row": part.start}
        size = len(rows["target"][part])
        with write_shard(
            shards[index],
            size,
            length,
            N_REFERENCES,
            attributes={"counts": attributes},
            place=place,
            optional=OF_DEEPLIFT,
        ) as writers:
            writers["counts"].append({name: values[part] for name, values in rows.items()})
    merge_shards(shards, "counts", path)
    for shard in shards:
        shard.unlink()
