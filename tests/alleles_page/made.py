"""A file of variants, made up: a substitution, an insertion, a deletion, and two left out."""

import math
from pathlib import Path

import h5py
import numpy as np

from deeplift_genomics.files.hdf5 import atomic_hdf5, stamp
from deeplift_genomics.scores.allele_tables import KIND, Alleles, MotifChange
from deeplift_genomics.scores.alleles import TARGETS, write_columns
from deeplift_genomics.windows.edits import Edit, changed

LENGTH = 200
EDITS = [Edit(100, 1, 1), Edit(100, 0, 4), Edit(98, 5, 0), Edit(100, 1, 1)]
EFFECTS = [[-1.0, 0.3, 0.4], [0.05, 0.01, 0.02], [1.0, 0.2, 0.3], [math.nan, math.nan, math.nan]]
NAMES = ("counts", "profile")


def motif(variant: int, status: str, target: str = "counts", name: str = "CTCF") -> MotifChange:
    """Return a change of a motif over the variant."""
    allele = "alternative" if status == "made" else "reference"
    return MotifChange(
        variant, target, name, "pos_0", status, "+", 94, 109, allele, 1.5, 0.2, 0.98, 0.61
    )


MOTIFS = [
    motif(0, "broken"),
    motif(0, "broken", "profile"),
    motif(0, "weakened", name="a motif of a long name, longer than its bases"),
    motif(2, "made", name="<b>&amp;"),
]


def alleles() -> Alleles:
    """Return the columns."""
    n = len(EDITS)
    columns: dict[str, list] = {
        "line": [3, 4, 5, 6],
        "chrom": ["chr1"] * n,
        "position": [1_001, 2_001, 3_000, 4_001],
        "id": ["rs1", "", "<i>id</i>", ""],
        "ref": ["A", "C", "ACGTAC", "A"],
        "alt": ["T", "CACGT", "A", "G"],
        "window_start": [900, 1900, 2900, 3900],
        "window_end": [1100, 2100, 3100, 4100],
        "effect_of": ["log2_fold:counts"] * 3 + [""],
        "effect": [row[0] for row in EFFECTS],
        "random_share": [0.0, 0.9, 0.05, math.nan],
        "motifs": ["CTCF broken", "", "<b>&amp; made", ""],
        "edit_start": [edit.at for edit in EDITS],
        "removed": [edit.removed for edit in EDITS],
        "added": [edit.added for edit in EDITS],
    }
    left_out = [
        {"line": 7, "chrom": "chr1", "position": 9, "id": "sv1", "ref": "N", "alt": "<DEL>",
         "left_out": "an allele is no sequence", "detail": "REF is 'N'"},
        {"line": 8, "chrom": "chr1", "position": 2, "id": "", "ref": "A", "alt": "C" * 90,
         "left_out": "leaves the contig", "detail": "window -99-101; contig chr1 has 5000 bases"},
    ]  # fmt: skip
    outcomes = ["log2_fold:counts", "shape:profile", "jsd:profile"]
    return Alleles(columns, outcomes, np.array(EFFECTS), left_out, MOTIFS, list(NAMES), {})


def write_made(path: Path, found: Alleles | None = None, *, motif_files: str = "a.h5") -> Path:
    """Write the file."""
    found = found or alleles()
    rng, n = np.random.default_rng(4), len(found)
    with atomic_hdf5(path) as file:
        attributes: dict = {
            "variants": "a.vcf",
            "window_length": LENGTH,
            "motif_files": motif_files,
        }
        attributes["random_changes"] = 20
        stamp(file, KIND, attributes)
        codes = np.empty((n, 2, LENGTH), np.int8)
        for i in range(n):
            edit = EDITS[i % len(EDITS)]
            bases = rng.integers(0, 4, LENGTH + 5).astype(np.int8)
            added = ((bases[edit.at : edit.at + edit.added] + 1) % 4).astype(np.int8)
            codes[i] = bases[:LENGTH], changed(bases, edit, added, LENGTH)
        file["codes"] = codes
        for number, target in enumerate(found.targets):
            group: h5py.Group = file.create_group(f"{TARGETS}/{number}")
            group.attrs["target"] = target
            shape = (n, 2, LENGTH)
            group["contributions"] = rng.normal(0, 0.1, shape).astype(np.float32)
            group["standard_error"] = rng.uniform(0, 0.05, shape).astype(np.float32)
            group["target"] = rng.normal(5, 1, (n, 2)).astype(np.float32)
        write_columns(file, found)
    return path
