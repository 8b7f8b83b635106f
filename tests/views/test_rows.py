"""What a user writes in brackets, the windows that it names, and the part of one that is shown."""

import re

import numpy as np
import pandas
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.views.rows import NoWindowError, View, rows_of, view_of
from deeplift_genomics.windows.loci import Places

# windows of 100 bases: two that overlap, one far away, and one whose region's name is a place
PLACES = Places(
    chrom=np.array(["chr1", "chr1", "chr1", "chr2", "chr2"], object),
    start=np.array([1000, 1040, 9000, 0, 500]),
    end=np.array([1100, 1140, 9100, 100, 600]),
    name=np.array(["peak_1", "peak_2", "peak_3", "chr1:9,001-9,100", "peak_1"], object),
    contigs={"chr1": 10_000, "chr2": 600},
)


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        (0, [0]),
        (-1, [4]),
        (np.int64(2), [2]),
        (slice(1, 3), [1, 2]),
        ([3, 0], [3, 0]),
        ([], []),
        (np.array([True, False, False, False, True]), [0, 4]),
        (pandas.Series([False, True, False, False, False]), [1]),
        ("peak_2", [1]),
        ("peak_1", [0, 4]),  # a name may be given twice
        (["peak_3", "peak_2"], [2, 1]),
        (pandas.Series(["peak_3", "peak_2"]), [2, 1]),
        (np.array(["peak_3"]), [2]),
        # as browsers write places: from 1, the end included, with what parts thousands
        ("chr1:1,001-1,100", [0, 1]),
        ("chr1:1041-1140", [0, 1]),  # in the order of the rows, whichever has most of its bases
        ("1:1100-1101", [0, 1]),
        (" chr1:1'101..1'140 ", [1]),
        ("chr1:1,070", [0, 1]),
        # as BED writes them: from 0, the end excluded
        (("chr1", 1100, 1140), [1]),
        (("chr1", 1000, 1001), [0]),
        ("chr1:9,001-9,100", [3]),  # the name of a region comes first
        (("chr1", 9000, 9100), [2]),
        ([("chr1", 9000, 9100), "peak_2"], [2, 1]),
    ],
)
def test_a_key_names_windows(key: object, rows: list[int]) -> None:
    assert rows_of(key, 5, PLACES).tolist() == rows


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (5, "There is no window 5: there are 5 windows, numbered from 0 to 4."),
        ("peak_9", "'peak_9' was not found: it is neither a region with a window (names like it: "),
        ("chr1:1,200-1,300", "'chr1:1,200-1,300' was not found: no window holds it. The nearest "),
        ("chr9:5", "the genome has no contig 'chr9', but chr1, chr2."),
        ("chr2:601", "it is outside the genome: chr2 has 600 bases."),
        ("chr1:9-5", "positions count from 1, and the end is not before the start."),
        (("chr1", 5, 5), "the end is not before the start."),
        (["peak_2", "peak"], "'peak' was not found"),
        (np.array([True]), "does not fit: there are 5 windows"),
        (True, "names no windows"),
        (None, "names no windows"),
    ],
)
def test_what_no_window_has_is_said_with_what_was_written(key: object, message: str) -> None:
    with pytest.raises(NoWindowError, match=re.escape(message)) as caught:
        rows_of(key, 5, PLACES)
    assert isinstance(caught.value, LookupError) and isinstance(caught.value, InputError)


def test_windows_of_arrays_have_numbers_only() -> None:
    assert rows_of(1, 2, None).tolist() == [1]
    for key in ("peak_1", ("chr1", 0, 5)):
        with pytest.raises(NoWindowError, match=r"no coordinates.*such as scores\[0\]"):
            rows_of(key, 2, None)


def view(region: object = "peak_1", zoom: object = None) -> View:
    return view_of(region, zoom, length=100, n=5, places=PLACES)[0]


@pytest.mark.parametrize(
    ("region", "zoom", "expected"),
    [
        ("peak_2", None, View(1, 0, 100)),
        (2, None, View(2, 0, 100)),
        ("chr1:1,051-1,060", None, View(0, 50, 60)),  # peak_1's centre is nearer than peak_2's
        ("chr1:1,131-1,200", None, View(1, 90, 100)),  # as far as the window goes
        ("chr1:1,140", None, View(1, 0, 100)),  # one base stands for its window
        (2, 20, View(2, 40, 60)),
        (2, 500, View(2, 0, 100)),
        ("chr1:1,131-1,140", 40, View(1, 60, 100)),  # around the place, but within the window
        (2, "chr1:9,011-9,020", View(2, 10, 20)),
        (2, ("chr1", 9010, 9020), View(2, 10, 20)),
        (2, (10, 20), View(2, 10, 20)),
    ],
)
def test_the_part_that_is_shown(region: object, zoom: object, expected: View) -> None:
    assert view(region, zoom) == expected


@pytest.mark.parametrize(
    ("region", "zoom", "message"),
    [
        (
            None,
            None,
            r"There are 5 windows \(peak_1, peak_2, peak_3 and 2 more\); name one",
        ),
        (2, "chr1:1,001-1,100", r"chr1:1,001-1,100 is not within the window chr1:9,001-9,100"),
        (2, "somewhere", "zoom='somewhere': it is neither"),
        (2, 0, "zoom is 0; expected a number of bases"),
        (2, True, "zoom is True; expected"),
        (2, (90, 101), "not within the window, whose bases are 0 to 100"),
        (slice(0, 2), None, "names 2 windows; one can be drawn at a time"),
    ],
)
def test_what_cannot_be_shown_is_said(region: object, zoom: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        view(region, zoom)
