"""The list of dropped regions: read as it was written, with the meaning of every reason."""

import re
from pathlib import Path

import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.windows.dropped import (
    REASONS,
    Dropped,
    DroppedRegion,
    read_dropped,
    write_dropped,
)


def test_dropped_tsv(tmp_path: Path) -> None:
    path = tmp_path / "dropped.tsv"
    heading = "chrom\tstart\tend\tname\treason\tdetail\tline\n"
    write_dropped(path, Dropped([]))
    assert path.read_text() == heading
    assert read_dropped(path) == Dropped([])
    assert read_dropped(path).counts() == {}
    dropped = Dropped(
        [
            DroppedRegion("chr1", 4, 6, "two words \u2028 \u00e9", "leaves the contig", "w", 1),
            DroppedRegion("chr1", 5, 7, "b", "repeats an earlier window", "as line 1", 12),
        ]
    )
    write_dropped(path, dropped)
    assert path.read_bytes().decode() == (
        heading
        + "chr1\t4\t6\ttwo words \u2028 \u00e9\tleaves the contig\tw\t1\n"
        + "chr1\t5\t7\tb\trepeats an earlier window\tas line 1\t12\n"
    )
    assert read_dropped(path) == dropped


def test_every_reason_has_a_meaning() -> None:
    """A region cannot be dropped for a reason that is not in the table of meanings."""
    for reason, meaning in REASONS.items():
        assert Dropped([DroppedRegion("c", 4, 6, "n", reason, "d", 7)]).counts() == {reason: 1}
        assert re.fullmatch(r"[A-Z].{20,}\.", meaning)
    with pytest.raises(ValueError, match="the reason 'free text' is not known"):
        Dropped([DroppedRegion("c", 4, 6, "n", "free text", "d", 7)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no list of dropped regions"),
        ("chrom\tstart\n", "no list of dropped regions"),
        ("chrom\tstart\tend\tname\treason\tdetail\tline\nchr1\t4\t6\n", "after 0 records"),
        (
            "chrom\tstart\tend\tname\treason\tdetail\tline\n"
            + "c\t4\t6\tn\tr\td\t7\n" * 2
            + "c\t4",
            "after 2 records: the last line has no end",
        ),
        ("chrom\tstart\tend\tname\treason\tdetail\tline\nc\tx\t6\tn\tr\td\t7\n", "after 0 records"),
        (
            "chrom\tstart\tend\tname\treason\tdetail\tline\nc\t4\t6\tn\tr\td\t7\n",
            "the reason 'r' is not known",
        ),
    ],
)
def test_dropped_tsv_that_is_none(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "dropped.tsv").write_text(text)
    with pytest.raises(InputError, match=said):
        read_dropped(tmp_path / "dropped.tsv")


def test_a_missing_dropped_tsv(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not found"):
        read_dropped(tmp_path / "dropped.tsv")


def test_a_list_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="Cannot write"):
        write_dropped(tmp_path / "file" / "dropped.tsv", Dropped([]))
