"""Lines of families: places once over the targets, regions, and effects in folds."""

from math import exp

import h5py
import pytest

from deeplift_genomics.files.tables import iterate_table, write_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.motifs.names import MOTIFS
from deeplift_genomics.report.found import lines_of
from deeplift_genomics.report.measured import ABLATION, measure
from deeplift_genomics.scores.effects import EFFECTS
from tests.report.sample import ABLATED, make_sample


def rewrite(path, kind, change):
    """Write the rows of a table again, each as `change` returns it, or without it (None)."""
    rows = [dict(zip(kind.columns, cells, strict=True)) for cells in iterate_table(path, kind)]
    write_table(path, kind, [tuple(new.values()) for row in rows if (new := change(dict(row)))])


def test_a_line_for_each_family(sample):
    gata, ctcf, unknown = lines_of(sample.read())
    assert gata.title == "GATA (GATA1 and 2 others)"
    assert gata.factors == ["GATA1", "GATA2", "GATA3"]  # whatever the case of their letters
    assert ctcf.title == "C2H2 zinc finger (CTCF and CTCFL)"
    assert unknown.title == unknown.name == "no significant match"
    assert (gata.sign, unknown.sign) == (1, -1)


def test_a_place_of_two_targets_counts_once(sample):
    lines = lines_of(sample.read())
    n = {name: len({p[:3] for p in sample.found if p[4] == name}) for name in ("GATA", "CTCF")}
    windows = {name: len({p[0] for p in sample.found if p[4] == name}) for name in n}
    assert [line.n_places for line in lines[:2]] == [n["GATA"], n["CTCF"]]
    assert [line.n_regions for line in lines[:2]] == [windows["GATA"], windows["CTCF"]]
    assert [line.n_shared for line in lines[:2]] == [n["GATA"], n["CTCF"]]


@pytest.mark.parametrize(
    ("shift", "more"),
    [(3, 0), (4, 40), (8, 40)],  # of a motif of 8 bases: up to half of them may be shared
)
def test_places_that_share_more_than_half_are_one(sample, tmp_path, shift, more):
    copy = sample.copy(tmp_path / "shifted")

    def change(row):
        if row["motif"] == "GATA1":
            row |= {"start": row["start"] + shift, "end": row["end"] + shift}
            row["summit_distance"] += shift
        return row

    rewrite(copy.path("instances", "profile"), INSTANCES, change)
    gata = lines_of(copy.read())[0]
    assert gata.n_places == 40 + more
    assert gata.n_shared == (0 if more else 40)
    assert gata.n_regions == 40


def test_effects_are_told_in_folds_of_a_strand(sample):
    gata = lines_of(sample.read())[0]
    assert gata.ablation.scale.fold(gata.ablation.change) == pytest.approx(exp(-0.911 / 2))
    assert gata.ablation.in_words == "the predicted signal falls by 37%"
    assert gata.ablation.interval == "30% to 43%"
    assert gata.insertion.in_words == "the predicted signal rises 1.58-fold"


def test_a_target_without_counts_tells_the_signal_of_the_counts_head(tmp_path):
    run = make_sample(tmp_path / "profile", n=20, targets="profile").read()
    found = measure(run, ["GATA1"], ABLATION)
    assert found.scale.what == "predicted signal"
    assert found.scale.fold(found.change) == pytest.approx(exp(-0.911 / 2))


def test_without_a_counts_head_it_is_the_share_of_the_profile_that_moves(sample, tmp_path):
    copy = sample.copy(tmp_path / "shape")
    for target in copy.targets:
        rewrite(
            copy.path("effects_table", target),
            EFFECTS,
            lambda row: row if row["measure"] == "shape" else None,
        )
    found = measure(copy.read(), ["GATA1"], ABLATION)
    assert found.in_words == "23% of the predicted profile moves elsewhere"


def test_motifs_of_a_family_have_their_mean(sample, tmp_path):
    """CTCF called a GATA: the mean over both, each by its number of instances."""
    copy = sample.copy(tmp_path / "family")
    rewrite(
        copy.path("labels"),
        MOTIFS,
        lambda row: row | ({"match_name": "GATA4", "family": "X: C4-GATA-related"}
                           if row["motif"] == "CTCF" else {}),
    )  # fmt: skip
    gata = lines_of(copy.read())[0]
    assert [motif.name for motif in gata.motifs] == ["GATA1", "CTCF"]
    assert gata.factors[:2] == ["GATA1", "GATA4"]
    assert gata.ablation.change == pytest.approx((ABLATED["GATA1"] + ABLATED["CTCF"]) / 2)
    assert gata.ablation.n == 60 and gata.ablation.interval == ""


def test_a_composite_without_a_match_is_a_line_of_its_own(sample, tmp_path):
    copy = sample.copy(tmp_path / "composite")
    rewrite(
        copy.path("labels"),
        MOTIFS,
        lambda row: (
            row | ({"kind": "composite", "parts": "A + B"} if not row["match_name"] else {})
        ),
    )
    assert lines_of(copy.read())[1].title == "composite: A + B"


def test_effects_that_were_not_measured_are_none(sample, tmp_path):
    copy = sample.copy(tmp_path / "none")
    for target in copy.targets:
        write_table(copy.path("effects_table", target), EFFECTS, [])
    assert [line.ablation for line in lines_of(copy.read())] == [None] * 3


def test_an_empty_table_of_instances_has_no_place(sample, tmp_path):
    copy = sample.copy(tmp_path / "empty")
    for target in copy.targets:
        write_table(copy.path("instances", target), INSTANCES, [])
    assert [line.n_places for line in lines_of(copy.read())] == [0, 0, 0]
    with h5py.File(copy.path("scores", "counts")) as file:
        assert len(file["target"]) == 40
