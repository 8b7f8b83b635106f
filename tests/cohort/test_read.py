"""Patterns as a table in Python: of a target, a sample and a run, told by their content."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.colors import to_hex

from deeplift_genomics import read_patterns
from deeplift_genomics.errors import InputError
from deeplift_genomics.motifs.names import MOTIFS
from deeplift_genomics.views.letters import LETTER_COLOURS
from tests.cohort.test_unique import make_sample, unite
from tests.motifs.made_motifs import CTCF, GATA, WIDTH, Made, write_motif_file


def test_patterns_of_a_target_have_their_names(tmp_path: Path) -> None:
    sample = make_sample(
        tmp_path, "k562", [[Made(CTCF, turned=True), Made(GATA, sign=-1)], [Made(CTCF)]]
    )
    frame = read_patterns(sample.motifs[0])
    assert list(frame.columns) == [*MOTIFS.columns, "contribution", "ppm", "cwm"]
    assert list(frame.motif) == ["CTCF", "GATA1"] and list(frame.turned) == [True, False]
    assert list(frame.pattern) == ["pos_0", "neg_0"] and list(frame.sign) == [1, -1]
    assert frame.q_value.dtype == "float64" and frame.contribution[1] < 0 < frame.contribution[0]
    assert frame.ppm[0].shape == frame.cwm[0].shape == (WIDTH, 4)
    # without a table beside it, the same patterns have no names
    alone = tmp_path / "alone.h5"
    shutil.copy(sample.motifs[0], alone)
    frame = read_patterns(alone)
    assert frame.motif.isna().all() and frame.turned.isna().all()
    assert list(frame.consensus) == [CTCF_TURNED, GATA]


CTCF_TURNED = "TAGCGCCCCCTGGTGGCCA"


def test_tables_are_told_by_their_content(tmp_path: Path) -> None:
    sample = make_sample(tmp_path, "k562", [[Made(CTCF)], [Made(CTCF, start=3)]])
    of_sample, of_run = tmp_path / "a", tmp_path / "b.h5"
    shutil.copy(sample.table, of_sample)
    shutil.copy(unite([sample], tmp_path / "run")[0], of_run)
    assert list(read_patterns(of_sample).target) == ["counts", "profile"]
    assert list(read_patterns(of_run)["sample"]) == ["k562", "k562"]
    # a version that is not known is said by the reader of that kind
    of_sample.write_text(of_sample.read_text().replace("version 1", "version 9"))
    with pytest.raises(InputError, match="'# motifs version 9'; expected '# motifs version 1'"):
        read_patterns(of_sample)


def test_what_holds_no_patterns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_text("pattern\tmotif\n")
    with pytest.raises(InputError, match=r"holds no patterns; expected a TARGET\.modisco\.h5"):
        read_patterns(path)
    with pytest.raises(InputError, match="File of patterns not found"):
        read_patterns(tmp_path / "none.h5")


def test_a_table_of_other_patterns_beside_the_file_is_refused(tmp_path: Path) -> None:
    sample = make_sample(tmp_path, "k562", [[Made(CTCF)]])
    write_motif_file(Path(sample.motifs[0]), [Made(CTCF), Made(GATA)])
    with pytest.raises(InputError, match=r"motifs\.tsv has no pos_1 of the target counts"):
        read_patterns(sample.motifs[0])


def test_a_file_without_patterns_gives_an_empty_table(tmp_path: Path) -> None:
    frame = read_patterns(write_motif_file(tmp_path / "none.h5", []))
    assert len(frame) == 0 and "motif" in frame.columns


def test_patterns_are_drawn_as_their_motifs_read(tmp_path: Path) -> None:
    sample = make_sample(
        tmp_path, "k562", [[Made(CTCF, turned=True), Made(GATA, sign=-1)], [Made(CTCF)]]
    )
    of_target = read_patterns(sample.motifs[0])
    axes = of_target.plot()
    assert [ax.get_title("left") for ax in axes] == [
        "CTCF (pos_0), 100 seqlets", "GATA1 (neg_0), 100 seqlets",
    ]  # fmt: skip
    # a repressor's letters hang; all letters have one width
    assert axes[1].get_ylim()[0] < -axes[1].get_ylim()[1]
    assert axes[0].get_xlim() == axes[1].get_xlim()
    # the table of a sample draws from the motif files beside it; CTCF's patterns read alike
    both = read_patterns(sample.table).plot("CTCF", what="pfm")
    assert all(CTCF in letters_of(ax) for ax in both)
    # parts of the table, and pandas' own figures, are as before
    assert of_target[of_target.sign < 0].plot().get_title("left").startswith("GATA1")
    assert len(of_target.plot.bar(x="pattern", y="n_seqlets").patches) == 2
    assert len(of_target.plot(kind="bar", x="pattern", y="n_seqlets").patches) == 2
    pyplot.close("all")


def letters_of(ax: pyplot.Axes) -> str:
    """Return the tallest letter of each position."""
    tallest: dict[int, tuple[float, str]] = {}
    colours = {to_hex(colour): base for base, colour in LETTER_COLOURS.items()}
    for patch in ax.patches:
        for polygon in patch.get_path().to_polygons(closed_only=False):
            place = round(polygon[:, 0].mean())
            height = float(np.ptp(polygon[:, 1]))
            base = colours[to_hex(patch.get_facecolor())]
            tallest[place] = max(tallest.get(place, (0.0, "")), (height, base))
    return "".join(base for _, (_, base) in sorted(tallest.items()))


def test_the_patterns_of_a_run_are_drawn_from_the_folders_of_its_samples(tmp_path: Path) -> None:
    sample = make_sample(tmp_path, "k562", [[Made(CTCF)], [Made(CTCF, start=3)]])
    patterns = read_patterns(unite([sample], tmp_path)[0])
    titles = [ax.get_title("left") for ax in patterns.plot()]
    assert titles[0] == "CTCF (k562 counts pos_0), 100 seqlets"
    Path(sample.motifs[0]).unlink()
    with pytest.raises(InputError, match=r"drawn from .*counts\.modisco\.h5, which is not there"):
        patterns.plot()
    with pytest.raises(InputError, match="no motif or pattern 'CTFC', but CTCF"):
        patterns.plot("CTFC")
    with pytest.raises(InputError, match="what is 'ppm'; expected 'cwm' or 'pfm'"):
        patterns.plot(what="ppm")
    pyplot.close("all")


def test_too_many_patterns_are_not_drawn_at_once(tmp_path: Path) -> None:
    sample = make_sample(tmp_path, "k562", [[Made(CTCF, n_seqlets=30)], []])
    table = read_patterns(sample.motifs[0])
    many = table.loc[[0] * 31]
    with pytest.raises(InputError, match=r"31 patterns, and at most 30.*patterns\.head\(30\)"):
        many.plot()
    with pytest.raises(InputError, match="no patterns to draw"):
        table[:0].plot()
    pyplot.close("all")
