"""Loci as people write them."""

import pytest

from deeplift_genomics.dna.locus import Locus, parse_locus

WRITTEN = [
    ("chr22:17,398,490-17,398,511", Locus("chr22", 17398489, 17398511)),  # UCSC, IGV
    ("chr22:17398490-17398511", Locus("chr22", 17398489, 17398511)),
    ("22:17398490..17398511", Locus("22", 17398489, 17398511)),  # JBrowse
    (" chr22: 17,398,490 – 17,398,511 ", Locus("chr22", 17398489, 17398511)),
    ("chr22:17'398'490", Locus("chr22", 17398489, 17398490)),
    ("HLA-A*01:01:01:5", Locus("HLA-A*01:01:01", 4, 5)),  # contigs of hg38 have colons
    ("chr1:0", Locus("chr1", -1, 0)),
    ("chr1:9-5", Locus("chr1", 8, 5)),
]


@pytest.mark.parametrize(("text", "locus"), WRITTEN)
def test_a_locus_is_read_as_browsers_write_it(text, locus):
    assert parse_locus(text) == locus


@pytest.mark.parametrize(
    "text", ["peak_12", "chr22", "chr22:", ":5", "chr22:x", "chr22:,", "", "a b:5"]
)
def test_other_texts_are_no_loci(text):
    assert parse_locus(text) is None


@pytest.mark.parametrize("locus", [Locus("chr22", 17398489, 17398511), Locus("chrM", 4, 5)])
def test_a_locus_is_written_as_it_is_read(locus):
    assert parse_locus(str(locus)) == locus
