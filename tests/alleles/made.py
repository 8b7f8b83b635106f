"""A genome with a motif, a model that sees it, and variants that change it, all made."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from deeplift_genomics.cli import main
from deeplift_genomics.dna.sequence import decode
from tests.effects.models import detector, labels_file
from tests.motifs.made_motifs import Made, write_motif_file

LENGTH = 120
MOTIF, WEAK = "TGACTCAGC", "TGAGGCAGC"  # of the second, two bases differ
SITE, WEAK_SITE = 300, 700  # 0-based
TARGETS = ("counts", "profile")


def genome() -> str:
    """Return a contig with one motif, and another place that lacks two bases of it."""
    codes = np.random.default_rng(11).integers(0, 4, 1000)
    text = decode(codes.astype(np.int8))
    for at, site in ((SITE, MOTIF), (WEAK_SITE, WEAK)):
        text = text[:at] + site + text[at + len(site) :]
    return text


GENOME = genome()


def row(at: int, alt: str, number: int = 1, name: str = ".") -> str:
    """Return the VCF line of a change at a 0-based place."""
    return f"chr1\t{at + 1}\t{name}\t{GENOME[at : at + number]}\t{alt}\n"


ROWS = {
    "one base": row(SITE + 4, "G", name="rs1"),
    "breaks": row(SITE + 1, "CTG", 3),
    "makes": row(WEAK_SITE + 3, "CT", 2),
    "inserts": row(SITE - 30, GENOME[SITE - 30] + "ACG"),
    "deletes": row(SITE - 31, GENOME[SITE - 31], 5),
    "cuts": row(SITE + 2, GENOME[SITE + 2], 5),
}
LOST = "chr1\t500\tsv1\tN\t<DEL>\nchr1\t2\t.\t" + GENOME[1] + "\t" + "ACGT"["CGTA".index(GENOME[1])]


def write_inputs(folder: Path) -> Path:
    """Write genome, model, motif files and variants into a folder, and return it."""
    (folder / "genome.fa").write_text(f">chr1\n{GENOME}\n")
    detector(LENGTH, [(MOTIF, 10.0)]).save(folder / "model.keras")
    for target in TARGETS:
        write_motif_file(folder / f"{target}.h5", [Made(MOTIF, n_seqlets=60)], target)
    tables = [
        labels_file(folder / "t.tsv", folder / f"{t}.h5", target=t).read_text() for t in TARGETS
    ]
    (folder / "motifs.tsv").write_text(tables[0] + "".join(tables[1].splitlines(True)[2:]))
    (folder / "a.vcf").write_text("".join(ROWS.values()) + LOST + "\n")
    return folder


def explain(folder: Path, output: Path, *more: str, vcf: str = "a.vcf") -> Path:
    """Run the step on the files of a folder, and return its output."""
    arguments = ["alleles", "--model", str(folder / "model.keras"), "--output", str(output)]
    arguments += ["--fasta", str(folder / "genome.fa"), "--vcf", str(folder / vcf)]
    main([*arguments, "--references.number=5", *more])
    return output


def with_motifs(folder: Path, targets: Sequence[str] = TARGETS) -> list[str]:
    """Return the options that give the motifs."""
    files = [str(folder / f"{target}.h5") for target in targets]
    return ["--motifs", *files, "--motif-table", str(folder / "motifs.tsv")]
