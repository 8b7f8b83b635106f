"""Score files in Python: described, listed, taken apart and drawn; letters, bands and seqlets."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes

from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.errors import InputError
from deeplift_genomics.motifs.seqlets import write_seqlets
from deeplift_genomics.scores.file import ScoreFile, read_scores
from deeplift_genomics.views.scored import ScoredWindows
from tests.motif_runs import MotifRun


@pytest.fixture(autouse=True)
def closed_figures() -> Any:
    yield
    pyplot.close("all")


@dataclass(frozen=True, repr=False)
class Made(ScoredWindows):
    """Two windows of arrays, whose contributions are known."""

    sequences: np.ndarray
    heights: np.ndarray
    target: np.ndarray = field(default_factory=lambda: np.array([1.0, 2.0]))
    reference_target: np.ndarray | None = None
    residual: np.ndarray | None = None
    standard_error: np.ndarray | None = None
    chrom: Any = None
    start: Any = None
    end: Any = None
    name: Any = None
    attributes: dict = field(default_factory=dict)

    @property
    def contributions(self) -> np.ndarray:
        return self.heights[..., None] * self.sequences


def made(length: int = 12, **fields: Any) -> Made:
    rng = np.random.default_rng(0)
    sequences = one_hot(rng.integers(0, 4, (2, length)), np.float32)
    return Made(sequences, rng.normal(size=(2, length)), **fields)


def boxes(ax: Axes) -> np.ndarray:
    """Return the extents of the letters: (base, [x0, x1, y0, y1]) of all subpaths."""
    found = []
    for patch in ax.patches:
        path = patch.get_path()
        for polygon in path.to_polygons(closed_only=False):
            found.append([*polygon[:, 0][[polygon[:, 0].argmin(), polygon[:, 0].argmax()]],
                          polygon[:, 1].min(), polygon[:, 1].max()])  # fmt: skip
    return np.array(found)


def test_letters_are_as_high_as_contributions_and_stand_at_their_bases() -> None:
    scores = made()
    ax = scores.plot(0)
    found = boxes(ax)
    for base, height in enumerate(scores.heights[0]):
        own = found[(found[:, 0] > base - 0.51) & (found[:, 1] < base + 0.51)]
        assert own[:, 2].min() == pytest.approx(min(height, 0), abs=0.02)
        assert own[:, 3].max() == pytest.approx(max(height, 0), abs=0.02)
    assert ax.get_xlim() == (-0.5, 11.5)
    assert ax.get_title("left") == "window 0"
    assert ax.get_xlabel() == (
        "base of the window, from 0; how much references differ is not known"
    )
    assert scores.plot(0, spread=False).get_xlabel() == "base of the window, from 0"


def test_many_bases_are_bars() -> None:
    ax = made(300).plot(1)
    assert not ax.patches and sum(len(item.get_segments()) for item in ax.collections) == 300
    assert len(made(300).plot(1, zoom=150).patches) == 4  # a path for each base


def test_the_band_is_one_standard_deviation_over_references() -> None:
    error = np.full((2, 12), 0.25)
    scores = made(standard_error=error, reference_target=np.zeros((2, 16)))
    ax = scores.plot(0, zoom=(3, 4))
    (band,) = ax.collections
    low, high = band.get_paths()[0].get_extents().intervaly
    assert (low + high) / 2 == pytest.approx(scores.heights[0, 3])
    assert high - low == pytest.approx(2 * 0.25 * np.sqrt(16))
    assert "± 1 standard deviation over 16 references" in ax.get_xlabel()
    assert not scores.plot(0, spread=False).collections
    # with one reference there is no spread, which the axis says
    one = made(standard_error=np.full((2, 12), np.nan), reference_target=np.zeros((2, 1)))
    ax = one.plot(0)
    assert not ax.collections and "deviation" not in ax.get_xlabel()


def test_axes_of_the_user_are_drawn_on() -> None:
    _, axes = pyplot.subplots(2)
    assert made().plot(0, ax=axes[1]) is axes[1]
    assert not axes[0].patches


def test_axes_that_share_heights_keep_room_for_each_other() -> None:
    scores = made()
    for order in ((0, 1), (1, 0)):
        _, axes = pyplot.subplots(2, sharey=True)
        for ax, row in zip(axes, order, strict=True):
            scores.plot(row, ax=ax)
        low, high = axes[0].get_ylim()
        assert low < scores.heights.min() and high > scores.heights.max()


def test_windows_without_numbers_are_drawn_flat() -> None:
    flat = Made(made().sequences, np.full((2, 12), np.nan))  # as of bases without scores
    low, high = flat.plot(0).get_ylim()
    assert low < 0 < high


# --- score files ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scores(motif_run: MotifRun) -> ScoreFile:
    return read_scores(motif_run.scores)


def test_a_score_file_is_taken_apart_by_windows(scores: ScoreFile) -> None:
    assert len(scores) == 200
    one = scores["peak_7"]
    assert isinstance(one, ScoreFile) and len(one) == 1 and one.name[0] == "peak_7"
    np.testing.assert_array_equal(one.hypothetical[0], scores.hypothetical[7])
    np.testing.assert_array_equal(one.contributions[0], scores.contributions[7])
    assert one.residual is not None and one.residual.shape == (1, 2)
    assert one.attributes == scores.attributes and len(scores) == 200
    place = f"{one.chrom[0]}:{one.start[0] + 1:,}-{one.end[0]:,}"
    assert scores[place].name.tolist() == ["peak_7"]
    assert scores[1:4].name.tolist() == ["peak_1", "peak_2", "peak_3"]
    assert [each.name[0] for each in scores[:2]] == ["peak_0", "peak_1"]
    assert "peak_7" in scores and place in scores and "peak_700" not in scores
    assert scores[scores.regions.target > scores.target.mean()].target.min() > scores.target.mean()


def test_regions_are_a_table(scores: ScoreFile) -> None:
    table = scores.regions
    assert list(table.columns) == [
        "name", "chrom", "start", "end", "strand", "target", "reference_target", "residual",
    ]  # fmt: skip
    assert len(table) == 200 and table.end[0] - table.start[0] == 500
    np.testing.assert_allclose(table.reference_target, scores.reference_target.mean(axis=1))
    np.testing.assert_array_equal(table.residual, np.abs(scores.residual).max(axis=1))
    assert list(made().regions.columns) == ["target"]


def test_scores_describe_themselves(scores: ScoreFile) -> None:
    text = repr(scores)
    assert text.splitlines()[0] == ("ScoreFile: contributions of counts, 200 windows of 500 bases")
    for part in ("synthetic.keras", "deeplift (rescale)", "2 for each window", "chr1:101-600"):
        assert part in text
    assert len(text) < 700 and "array" not in text
    html = scores._repr_html_()
    assert html.startswith("<p><b>ScoreFile</b>") and "peak_0" in html and len(html) < 2500
    assert repr(made()).startswith("Made: contributions, 2 windows of 12 bases")
    assert "0 windows" in repr(scores[:0])
    assert "<script>" not in made(attributes={"model": "<script>"})._repr_html_()


def test_a_window_is_drawn_at_its_place(scores: ScoreFile) -> None:
    ax = scores.plot("chr1:201-260")
    assert ax.get_xlim() == (200.5, 260.5)
    assert ax.get_title("left") == "peak_0, chr1:201-260"
    assert ax.get_ylabel() == "contribution\nto counts"
    assert ax.get_xlabel().startswith("position on chr1; grey: ")


def test_seqlets_are_marked_with_their_names(
    motif_run: MotifRun, scores: ScoreFile, tmp_path: Path
) -> None:
    bed = tmp_path / "counts.seqlets.bed"
    write_seqlets(motif_run.motifs, motif_run.scores, bed)
    chrom, start, end, pattern, *_ = bed.read_text().splitlines()[1].split("\t")
    place = (chrom, int(start) - 5, int(end) + 5)
    (label,) = scores.plot(place, seqlets=bed).texts
    assert label.get_text()[:-2] == pattern and label.get_text()[-1] in "→←"
    # motifs.tsv beside the file has the motifs' names
    (tmp_path / "motifs.tsv").write_text(
        "# motifs version 1\nmotif\ttarget\tpattern\tturned\n"
        f"GATA1\tprofile\t{pattern}\tfalse\nTAL1\tcounts\t{pattern}\ttrue\n"
    )
    (turned,) = scores.plot(place, seqlets=str(bed)).texts
    other = {"→": "←", "←": "→"}[label.get_text()[-1]]  # the strand on which the motif reads
    assert turned.get_text() == f"TAL1 {other}"
    # beside a score file they are found, and a file of patterns stands for the list beside it
    beside = tmp_path / "counts.scores.h5"
    beside.symlink_to(motif_run.scores)
    assert len(read_scores(beside).plot(place).texts) == 1
    assert not read_scores(beside).plot(place, seqlets=False).texts
    patterns = tmp_path / "counts.modisco.h5"
    patterns.symlink_to(motif_run.motifs)
    assert len(scores.plot(place, seqlets=patterns).texts) == 1
    bed.unlink()
    with pytest.raises(InputError, match=r"Make it: deeplift-genomics seqlets --motifs"):
        scores.plot(place, seqlets=patterns)


def test_marks_come_from_tables_and_any_bed(scores: ScoreFile, tmp_path: Path) -> None:
    import pandas

    table = pandas.DataFrame(
        {"chrom": ["1", "chr1", "chr2"], "start": [210, 215, 210], "end": [220, 225, 220]}
    )
    table["motif"] = ["CTCF", "SP1", "SP1"]
    ax = scores.plot("chr1:201-260", seqlets=table)
    assert sorted(text.get_text() for text in ax.texts) == ["CTCF", "SP1"]
    heights = {text.get_position()[1] for text in ax.texts}
    assert len(heights) == 2  # they overlap
    bed = tmp_path / "any.bed"
    bed.write_text("track name=x\nchr1\t210\t220\tsite\t5\t-\nchr1\t900\t950\n")
    assert [t.get_text() for t in scores.plot("chr1:201-260", seqlets=bed).texts] == ["site ←"]
    bed.write_text("chr1 210 220\n")
    with pytest.raises(InputError, match=r"any.bed, line 1, has no start and end in columns 2"):
        scores.plot("chr1:201-260", seqlets=bed)
    with pytest.raises(InputError, match="seqlets is DataFrame without end; expected a file"):
        scores.plot("chr1:201-260", seqlets=table.drop(columns="end"))
