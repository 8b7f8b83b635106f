"""Names of contigs: which of two files are the same."""

import pytest

from deeplift_genomics.dna.contigs import match_contigs, match_some_contigs
from deeplift_genomics.errors import InputError


@pytest.mark.parametrize(
    ("names", "contigs", "expected"),
    [
        (["chr22", "chr1"], ["22", "1", "X"], {"chr22": "22", "chr1": "1"}),
        (["22"], ["chr22", "chr2"], {"22": "chr22"}),
        (["Chr1", "1"], ["chr1"], {"Chr1": "chr1", "1": "chr1"}),
        (["chrM"], ["MT"], {"chrM": "MT"}),
        (["MT"], ["M"], {"MT": "M"}),
        (["M"], ["chrM"], {"M": "chrM"}),
        (["chrM"], ["I", "Mito"], {"chrM": "Mito"}),
        (["chrIV"], ["IV"], {"chrIV": "IV"}),
        # its own name comes first, and what could be two is none
        (["chr1", "1"], ["1", "chr1"], {"chr1": "chr1", "1": "1"}),
        (["Chr1"], ["1", "chr1"], {}),
        (["chr2", "chr", ""], ["chr22", "22", "a"], {}),
    ],
)
def test_contig_names(names: list[str], contigs: list[str], expected: dict[str, str]) -> None:
    assert match_contigs(names, contigs) == expected


def test_files_without_a_common_contig() -> None:
    assert match_some_contigs(["chr1", "7"], ["1"], source="A", target="B") == {"chr1": "1"}
    assert match_some_contigs([], ["1"], source="A", target="B") == {}
    names = [f"scaffold_{number}" for number in range(7)]
    with pytest.raises(InputError) as error:
        match_some_contigs(names, {"I": 9, "II": 7}, source="File a.bed", target="file a.fa")
    assert str(error.value) == (
        "File a.bed and file a.fa have no contig in common. The first has the contigs scaffold_0, "
        "scaffold_1, scaffold_2, scaffold_3, scaffold_4 and 2 more; the second has I, II. Are they "
        "of the same genome assembly? If only the names differ, give a table of names, such as "
        "UCSC's chromAlias.txt, as contig_aliases."
    )
