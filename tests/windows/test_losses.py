"""Regions that were lost: when a run warns, and when it stops."""

from pathlib import Path

import pytest

from deeplift_genomics.windows.dropped import (
    REASONS,
    Dropped,
    DroppedRegion,
    TooManyDroppedError,
    read_dropped,
)
from deeplift_genomics.windows.from_regions import make_windows
from deeplift_genomics.windows.losses import check_losses, losses, warning_of_losses
from tests.windows.test_from_regions import GENOME


def dropped(*numbers: tuple[str, int]) -> Dropped:
    return Dropped(
        [
            DroppedRegion("chr1", 5, 50, f"r{i}", reason, "the detail", i + 1)
            for reason, n in numbers
            for i in range(n)
        ]
    )


NOT_LOST = ("repeats an earlier window", "too near to another region")
LOST = [reason for reason in REASONS if reason not in NOT_LOST]


@pytest.mark.parametrize("reason", LOST)
@pytest.mark.parametrize(("n", "stops"), [(0, False), (25, False), (26, True), (50, True)])
def test_more_than_half_stops_a_run(reason: str, n: int, stops: bool) -> None:
    lost = dropped((reason, n))
    if not stops:
        check_losses(lost, 50, 0.5, "regions of a.bed")
        return
    with pytest.raises(TooManyDroppedError) as caught:
        check_losses(lost, 50, 0.5, "regions of a.bed")
    message = str(caught.value)
    assert f"{n} of 50 regions of a.bed were dropped" in message
    assert f"{reason}: {n} (as in line 1, chr1:5-50: the detail)" in message
    assert "regions.max_dropped = 0.5" in message
    assert ("assembly" in message) == (reason != "not of the model's length")
    check_losses(lost, 50, n / 50, "regions of a.bed")  # the advice: raise the limit


@pytest.mark.parametrize("reason", NOT_LOST)
def test_what_is_in_the_results_all_the_same_is_not_lost(reason: str) -> None:
    check_losses(dropped((reason, 49)), 50, 0, "regions")
    assert warning_of_losses(losses(dropped((reason, 49))), 50) is None


@pytest.mark.parametrize(("n", "warns"), [(0, False), (5, False), (6, True)])
def test_more_than_a_tenth_is_warned_of(n: int, warns: bool) -> None:
    found = warning_of_losses(losses(dropped((LOST[0], n), (NOT_LOST[0], 3))), 50)
    assert (found is not None) == warns
    if found is not None:
        assert f"{n} of 50 regions were dropped ({LOST[0]}: {n})" in found
        assert "assembly" in found


def test_the_list_is_written_and_no_windows(tmp_path: Path) -> None:
    (tmp_path / "a.fa").write_text(GENOME)
    (tmp_path / "a.bed").write_text("chr1\t4\t6\nchr1\t900\t902\tfar\nchr1\t0\t1\n")
    out = tmp_path / "results"

    def run(max_dropped: float) -> None:
        make_windows(
            tmp_path / "a.bed",
            tmp_path / "a.fa",
            4,
            out / "w.h5",
            dropped_path=out / "dropped.tsv",
            max_unknown=0.05,
            max_dropped=max_dropped,
        )

    with pytest.raises(TooManyDroppedError, match=r"2 of 3 regions of .*line 2, chr1:900-902: "):
        run(0.5)
    assert [path.name for path in out.iterdir()] == ["dropped.tsv"]
    assert len(read_dropped(out / "dropped.tsv")) == 2
    run(0.7)
    assert (out / "w.h5").exists()
