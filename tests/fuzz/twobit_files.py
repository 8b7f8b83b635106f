"""The target of genomes in 2bit files, which are read by a library in C."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from deeplift_genomics.dna.fasta import open_genome
from tests.dna.twobit_files import write_twobit
from tests.fuzz.mutations import BINARY, mutate
from tests.fuzz.runner import Target


def genomes() -> Target:
    rng = random.Random(0)
    contigs = {name: "".join(rng.choices("ACGTacgtN", k=300)) for name in ("chr1", "chr2")}
    with tempfile.TemporaryDirectory() as folder:
        write_twobit(Path(folder, "a.2bit"), contigs)
        content = Path(folder, "a.2bit").read_bytes()

    def make(rng: random.Random, folder: Path) -> None:
        (folder / "a.2bit").write_bytes(mutate(rng, content, BINARY))

    def read(folder: Path) -> None:
        with open_genome(folder / "a.2bit") as genome:
            for name, length in genome.lengths.items():
                assert len(genome.contig(name).codes) == length

    return Target(make, read)
