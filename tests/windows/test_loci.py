"""Loci that a user names, among the windows of a sample."""

import re

import numpy as np
import pytest

from deeplift_genomics.dna.contigs import Aliases
from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.errors import InputError
from deeplift_genomics.windows.file import Windows, write_windows
from deeplift_genomics.windows.loci import (
    Found,
    Places,
    check_loci,
    find_locus,
    read_window_places,
)

PLACES = Places(
    chrom=np.array(["chr1", "chr1", "chr1", "chr2"], object),
    start=np.array([100, 140, 900, 0]),
    end=np.array([200, 240, 1000, 100]),
    name=np.array(["a", "b", "c", "chr1:950-960"], object),
    contigs={"chr1": 1000, "chr2": 500, "chr3": 50},
)
WHOLE = Locus("chr1", 100, 200)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a", Found(0, WHOLE)),
        ("chr1:120", Found(0, Locus("chr1", 119, 120))),
        ("1:120", Found(0, Locus("chr1", 119, 120))),
        ("CM1.1:120", Found(0, Locus("chr1", 119, 120))),
        ("chr1:171", Found(1, Locus("chr1", 170, 171))),  # in two windows, nearer to b's centre
        ("chr1:195-300", Found(1, Locus("chr1", 194, 300))),  # most of its bases
        ("chr1:950-960", Found(3, Locus("chr2", 0, 100))),  # the name of a region comes first
    ],
)
def test_the_window_of_a_locus_is_found(text, found):
    aliases = Aliases([(1, ["chr1", "CM1.1"])])
    assert find_locus(text, PLACES, aliases) == found


REFUSED = [
    ("chr1:1,001", "'chr1:1,001' cannot be shown: it is outside the genome: chr1 has 1,000 bases."),
    ("chr9:5", "the genome has no contig 'chr9', but chr1, chr2, chr3."),
    ("chr3:5", "no window holds it. There is none on chr3."),
    ("chr1:600", "no window holds it. The nearest one, of c, is chr1:901-1,000, 301 bp away."),
    ("chr1:0", "positions count from 1, and the end is not before the start."),
    ("chr1:9-5", "positions count from 1, and the end is not before the start."),
    ("peak_9", "it is neither a region with a window (a, b and 2 more) nor a place such as chr22:"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_a_locus_that_cannot_be_shown_is_refused_with_the_reason(text, message):
    advice = "Correct the config key 'report.loci', or leave it out there."
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        find_locus(text, PLACES)
    assert str(caught.value).endswith(advice)


def test_one_message_names_all_loci():
    check_loci(["a", "chr1:120"], PLACES)
    with pytest.raises(InputError) as caught:
        check_loci(["a", "chr9:5", "chr1:600"], PLACES)
    assert [line.split("'")[1] for line in str(caught.value).splitlines()] == ["chr9:5", "chr1:600"]


def test_contigs_of_unknown_length_are_those_of_the_regions():
    unknown = PLACES._replace(contigs={})
    assert find_locus("chr1:120", unknown).row == 0
    with pytest.raises(InputError, match="the regions are on no contig 'chr3', but chr1, chr2"):
        find_locus("chr3:5", unknown)


def test_places_are_read_from_a_windows_file(tmp_path):
    n, length = 3, 10
    start = np.arange(n) * 20
    names = np.array(["x", "y", "z"], object)
    contig = np.full(n, "chr1", object)
    windows = Windows(
        chrom=contig, start=start, end=start + length, summit=start + 5, name=names,
        strand=np.full(n, ".", object), codes=np.zeros((n, length), np.int8),
        attributes={"contig_lengths": '{"chr1": 99}'},
    )  # fmt: skip
    write_windows(tmp_path / "w.h5", windows)
    found = read_window_places(tmp_path / "w.h5")
    assert found.name.tolist() == ["x", "y", "z"] and found.contigs == {"chr1": 99}
    assert find_locus("chr1:45", found) == Found(2, Locus("chr1", 44, 45))
