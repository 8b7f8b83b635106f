"""The model of ZNF143 and its peaks on chromosome 22, of the data that benchmarks share."""

from __future__ import annotations

from pathlib import Path

from benchmarks.reproduction.simulated import DATA

MODEL = DATA / "models" / "znf143_bpnet.h5"
GENOME = DATA / "genome" / "hg19_chr22_1-22000000.fa.gz"


def write_peaks(path: Path) -> None:
    """Write the peaks of ZNF143 and those of CTCF into one file."""
    parts = [DATA / "regions" / f"{name}_hg19_chr22.narrowPeak" for name in ("znf143", "ctcf")]
    path.write_text("".join(part.read_text("utf-8") for part in parts), "utf-8")
