"""Wrong regions and genomes are found in seconds, before a model is loaded."""

import gzip
from pathlib import Path

import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.planning.genome import check_regions_and_genome
from deeplift_genomics.settings.sample_sheet import Sample


def sample(folder: Path, regions: str, genome: bytes, name: str = "g.fa") -> Sample:
    (folder / "r.bed").write_text(regions)
    (folder / name).write_bytes(genome)
    cells = {"sample": "a", "model": "m.keras", "heads": "counts"}
    return Sample.model_validate(
        cells | {"regions": str(folder / "r.bed"), "fasta": str(folder / name)}
    )


GOOD = "chr1\t5\t9\n"


@pytest.mark.parametrize(
    ("regions", "genome", "said"),
    [
        (GOOD, b"", r"FASTA file .*g\.fa is empty\. Expected the genome"),
        (GOOD, b"\n\x89HDF\r\n", r"g\.fa begins with '\S+HDF'\. Expected the genome"),
        (GOOD, b">chrI\nACGT\n>chrII\nACGT\n", "no contig in common.* chr1; .* chrI, chrII"),
        ("not a bed\n", b">chr1\nACGT\n", r"r\.bed, line 1"),
    ],
)
def test_what_cannot_be_used_is_named(
    tmp_path: Path, regions: str, genome: bytes, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        check_regions_and_genome(sample(tmp_path, regions, genome))


def test_what_can_be_used_passes(tmp_path: Path) -> None:
    check_regions_and_genome(sample(tmp_path, GOOD, b"\xef\xbb\xbf>1 first\nACGT\n"))
    check_regions_and_genome(sample(tmp_path, GOOD, gzip.compress(b">chr1\nACGT\n"), "g.fa.gz"))
    # of a large genome without an index, the contigs are not read, here because there are none
    check_regions_and_genome(sample(tmp_path, GOOD, b">\nACGT\n"))
    tiled = sample(tmp_path, "", b">chr1\nACGT\n").model_copy(update={"regions": "tile"})
    check_regions_and_genome(tiled)
