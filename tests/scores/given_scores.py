"""Score files as ChromBPNet and bpnet-refactor write them, by no code of this package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import hdf5plugin
import numpy as np

from deeplift_genomics.scores.file import ScoreFile


def write_chrombpnet(path: Path, scores: ScoreFile, packed: bool = True, **edited: Any) -> Path:
    """Write ChromBPNet's file: groups of deepdish, channels first, 16 bits, Blosc.

    `edited` replaces datasets by their group: `raw`, `shap`, `projected_shap`; None leaves one out.
    """
    sequences = np.transpose(scores.sequences, (0, 2, 1)).astype(np.int8)
    shap = np.transpose(scores.hypothetical, (0, 2, 1)).astype(np.float16)
    data = {"raw": sequences, "shap": shap, "projected_shap": (shap * sequences).astype(np.float16)}
    data |= edited
    options: dict[str, Any] = dict(hdf5plugin.Blosc()) if packed else {}
    with h5py.File(path, "w") as file:
        file.attrs["CLASS"] = np.bytes_("GROUP")
        file.attrs["DEEPDISH_IO_VERSION"] = 12
        for name, values in data.items():
            if values is not None:
                group = file.create_group(name)
                group.attrs["CLASS"] = np.bytes_("GROUP")
                dataset = group.create_dataset("seq", data=values, chunks=True, **options)
                dataset.attrs["CLASS"] = np.bytes_("CARRAY")
    return path


def write_bpnet(path: Path, scores: ScoreFile, order: np.ndarray) -> Path:
    """Write bpnet-refactor's file, its rows in this order: contigs are cut to eight letters."""
    with h5py.File(path, "w") as file:
        names = file.create_dataset("coords_chrom", (len(order),), h5py.string_dtype("ascii"))
        names[:] = scores.chrom[order].astype("U8")
        for name, values, dtype in (
            ("coords_start", scores.start, "i4"),
            ("coords_end", scores.end, "i4"),
            ("hyp_scores", scores.hypothetical, "f2"),
            ("input_seqs", scores.sequences, "i1"),
        ):
            file.create_dataset(name, data=values[order].astype(dtype), **hdf5plugin.Blosc())
    return path


def write_regions(path: Path, scores: ScoreFile, rows: Any = slice(None)) -> Path:
    """Write some windows' regions as narrowPeak: 60 bp, the summit 21 bases after the start."""
    lines = [
        f"{chrom}\t{summit - 21}\t{summit + 39}\t{name}\t0\t{strand}\t9.5\t-1\t-1\t21\n"
        for chrom, summit, name, strand in zip(
            scores.chrom[rows],
            scores.summit[rows],
            scores.name[rows],
            scores.strand[rows],
            strict=True,
        )
    ]
    path.write_text("".join(lines))
    return path
