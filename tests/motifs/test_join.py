"""Patterns of a sample become motifs: what is joined and what is not, turned alike, named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deeplift_genomics.errors import ConfigError, InputError
from deeplift_genomics.motifs.best_matches import Candidate, common_match
from deeplift_genomics.motifs.join import join_motifs
from deeplift_genomics.motifs.names import Label, read_motif_table
from deeplift_genomics.settings.motif_sections import Clusters
from tests.motifs.made_motifs import (
    CTCF,
    GATA,
    NRF1,
    SPI1,
    Hit,
    Made,
    write_match_file,
    write_motif_file,
)

Target = list[tuple[Made, list[Hit]]]
NONE = [Hit("")]


@pytest.fixture
def joined(tmp_path: Path) -> Callable[..., list[Label]]:
    """A function that joins the patterns of targets, each with its matches."""

    def join(*targets: Target, **more: Any) -> list[Label]:
        motifs, matches = [], []
        for number, target in enumerate(targets):
            name = ("counts", "profile", "logit[1]")[number]
            path = tmp_path / f"{number}.modisco.h5"
            motifs.append(write_motif_file(path, [m for m, _ in target], name, seed=number))
            numbers = {1: 0, -1: 0}
            hits = {}
            for made, rows in target:
                sign = "pos" if made.sign > 0 else "neg"
                hits[f"{sign}_{numbers[made.sign]}"] = rows
                numbers[made.sign] += 1
            matches.append(write_match_file(tmp_path / f"{number}.matches.tsv", hits))
        order = more.pop("order", range(len(targets)))
        join_motifs(
            [motifs[i] for i in order],
            [matches[i] for i in order],
            tmp_path / "motifs.tsv",
            **{"settings": Clusters(), "sample": "k562", **more},
        )
        return read_motif_table(tmp_path / "motifs.tsv")

    return join


def groups(rows: list[Label]) -> list[set[str]]:
    """Return the motifs as sets of patterns."""
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.motif, set()).add(f"{row.target}/{row.pattern}")
    return list(found.values())


ONE = [{"counts/pos_0", "profile/pos_0"}]
LONG = CTCF + "NNGCACC"  # with more of the motif than others show
# what is one motif: a pattern of counts, one of profile
SAME = {
    "the same": (Made(CTCF), Made(CTCF)),
    "moved": (Made(CTCF), Made(CTCF, start=17)),
    "the reverse complement": (Made(CTCF), Made(CTCF, start=3, turned=True)),
    "its core, and more of it": (Made(CTCF, n_seqlets=200), Made(LONG)),
    "less sharp": (Made(NRF1, sharp=0.95), Made(NRF1, sharp=0.7)),
    "of few seqlets": (Made(SPI1, n_seqlets=21), Made(SPI1, n_seqlets=400, turned=True)),
    "a palindrome": (Made("TGCGCATGCGCA"), Made("TGCGCATGCGCA", turned=True)),
    "a poor pattern": (Made("AAAAAA", sharp=0.6), Made("AAAAAA", sharp=0.6, turned=True)),
    "of equal halves": (Made(NRF1 + "NN" + NRF1), Made(NRF1 + "NN" + NRF1, turned=True)),
}
DIFFERENT = {
    "unrelated": (Made(CTCF), Made(GATA)),
    "one of two equal halves": (Made(GATA + "NNN" + "CAGATGTT"), Made(GATA)),
    "a repeat": (Made(SPI1 + "NNNN" + SPI1), Made(SPI1)),
    "a repeat, turned": (Made(GATA + "NN" + "TCTTATCT"), Made(GATA, turned=True)),
    "halves at another distance": (Made(GATA + "CAGATGTT"), Made(GATA + "NNNNN" + "CAGATGTT")),
    "rich in A, and a motif": (Made("AAAAAAAA", sharp=0.6), Made("TGTTTACAA")),
    "rich in GC, and a motif": (Made("GGGGCGGGG", sharp=0.45), Made(NRF1)),
    "rich in A, and in G": (Made("AAAAAAAA", sharp=0.6), Made("GGGGGGGG", sharp=0.6)),
    "boxes that differ in the middle": (Made("CACGTG"), Made("CAGCTG")),
    # the sequence beside it is the same, but the model does not use it
    "half of it used": (Made(GATA + "NN" + SPI1), Made(GATA + "NN" + SPI1, used=slice(8))),
}


@pytest.mark.parametrize("name", SAME)
def test_versions_of_a_motif_are_one(name: str, joined: Callable[..., list[Label]]) -> None:
    first, second = SAME[name]
    assert groups(joined([(first, NONE)], [(second, NONE)])) == ONE


@pytest.mark.parametrize("name", DIFFERENT)
def test_different_motifs_stay_apart(name: str, joined: Callable[..., list[Label]]) -> None:
    first, second = DIFFERENT[name]
    assert len(groups(joined([(first, NONE)], [(second, NONE)]))) == 2


def test_what_the_database_knows_keeps_a_composite_apart(
    joined: Callable[..., list[Label]],
) -> None:
    """A weak half is too little for the distance alone."""
    both, one = Made(CTCF + "NNN" + "GATAA"), Made(CTCF)
    parts = [Hit("CTCF"), Hit("CTCF", part="left"), Hit("GATA1", part="right")]
    assert len(groups(joined([(both, [Hit("CTCF")])], [(one, [Hit("CTCF")])]))) == 1
    rows = joined([(both, parts)], [(one, [Hit("CTCF")])])
    assert [(row.motif, row.kind, row.parts) for row in rows] == [
        ("CTCF+GATA1", "composite", "CTCF + GATA1"),
        ("CTCF", "single", ""),
    ]


def test_a_motif_reads_as_its_best_match_does(joined: Callable[..., list[Label]]) -> None:
    """The second pattern has the better match, against which all are turned."""
    rows = joined(
        [(Made(CTCF, start=12), [Hit("CTCFL", q_value=1e-4)])],
        [(Made(CTCF, start=5, turned=True), [Hit("CTCF", turned=True, q_value=1e-9)])],
    )
    assert [(row.target, row.motif, row.turned) for row in rows] == [
        ("counts", "CTCF", False),
        ("profile", "CTCF", True),
    ]
    assert {row.consensus for row in rows} == {CTCF}
    # the second begins at base 16 of its motif, 5 before its turned end
    assert [row.shift for row in rows] == [5 - 12, 0]
    assert {(row.match_name, row.match_id, row.q_value) for row in rows} == {
        ("CTCF", "ID.CTCF", 1e-9)
    }


def test_without_a_match_a_motif_reads_as_its_largest_pattern(
    joined: Callable[..., list[Label]],
) -> None:
    rows = joined(
        [(Made(SPI1, turned=True, n_seqlets=50), NONE)], [(Made(SPI1, n_seqlets=300), NONE)]
    )
    assert [(row.motif, row.turned, row.match_name) for row in rows] == [
        ("unnamed_1", True, ""),
        ("unnamed_1", False, ""),
    ]


def test_a_motif_may_raise_one_target_and_lower_another(
    joined: Callable[..., list[Label]],
) -> None:
    rows = joined([(Made(GATA), [Hit("GATA1")])], [(Made(GATA, sign=-1), [Hit("GATA1")])])
    assert [(row.motif, row.pattern, row.sign) for row in rows] == [
        ("GATA1", "pos_0", 1),
        ("GATA1", "neg_0", -1),
    ]


def test_labels_are_unique_and_those_with_most_seqlets_come_first(
    joined: Callable[..., list[Label]],
) -> None:
    rows = joined(
        [
            (Made(CTCF, n_seqlets=50), [Hit("CTCF")]),
            (Made(GATA, n_seqlets=60), NONE),
            (Made(NRF1, n_seqlets=90), [Hit("CTCF")]),
            (Made(SPI1, n_seqlets=40), NONE),
        ]
    )
    assert [(row.motif, row.pattern) for row in rows] == [
        ("CTCF", "pos_2"),
        ("unnamed_1", "pos_1"),
        ("CTCF_2", "pos_0"),
        ("unnamed_2", "pos_3"),
    ]


def test_the_order_of_targets_changes_no_motif(joined: Callable[..., list[Label]]) -> None:
    targets: list[Target] = [
        [(Made(CTCF), NONE), (Made(NRF1, n_seqlets=80), NONE)],
        [(Made(NRF1, turned=True), NONE), (Made(LONG), NONE)],
        [(Made(CTCF, start=4), NONE)],
    ]
    rows = joined(*targets)
    assert [row.target for row in rows][:3] == ["counts", "profile", "logit[1]"]
    again = joined(*targets, order=[2, 0, 1])
    assert set(again) == set(rows) and again != rows


PARTS = [Hit("GATA1", part="left", turned=True), Hit("TAL1", part="right")]


@pytest.mark.parametrize(
    ("hits", "label", "parts", "turned"),
    [
        ([Hit("GATA1"), *PARTS], "GATA1+TAL1", "GATA1 + TAL1", False),
        ([Hit("GATA1", turned=True), *PARTS], "TAL1+GATA1", "TAL1 + GATA1", True),
        ([Hit(""), *PARTS], "TAL1+GATA1", "TAL1 + GATA1", True),
        ([Hit("TAL1"), PARTS[1]], "unnamed+TAL1", "no significant match + TAL1", False),
        ([Hit("SPI1"), Hit("SPI1", part="repeat")], "SPI1+SPI1", "SPI1 + SPI1", False),
        ([Hit("Zf(var.2)::x/y z")], "Zf(var.2)::x_y_z", "", False),
    ],
)
def test_composites_are_named_after_their_parts(
    hits: list[Hit], label: str, parts: str, turned: bool, joined: Callable[..., list[Label]]
) -> None:
    (row,) = joined([(Made(GATA + "CAGATGTT"), hits)])
    assert (row.motif, row.parts, row.turned) == (label, parts, turned)


TWO = [(Made(CTCF), [Hit("CTCF")]), (Made(GATA), NONE)]


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        ({"k562/counts/pos_0": "insulator"}, ["insulator", "unnamed_1"]),
        ({"k562/profile/pos_0": "insulator"}, ["insulator", "unnamed_1"]),
        ({"k562/counts/pos_0": "a", "k562/profile/pos_0": "a"}, ["a", "unnamed_1"]),
        ({"ID.CTCF": "Ctcf", "ID.other": "x"}, ["Ctcf", "unnamed_1"]),
        ({"ID.CTCF": "Ctcf", "k562/counts/pos_0": "mine"}, ["mine", "unnamed_1"]),
        ({"k562/counts/pos_1": "CTCF"}, ["CTCF", "CTCF_2"]),
        ({"hela/counts/pos_7": "x"}, ["CTCF", "unnamed_1"]),
    ],
)
def test_users_name_motifs(
    names: dict, labels: list[str], joined: Callable[..., list[Label]]
) -> None:
    rows = joined(TWO, TWO, names=names)
    assert list(dict.fromkeys(row.motif for row in rows)) == labels
    assert rows[0].match_name == "CTCF"


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ({"k562/counts/pos_2": "x"}, "'k562/counts/pos_2', but TF-MoDISco found pos_0, pos_1"),
        ({"k562/counts/neg_0": "x"}, "found pos_0, pos_1 in that target"),
        (
            {"k562/counts/pos_0": "a", "k562/profile/pos_0": "b"},
            "'a' for k562/counts/pos_0 and 'b' for k562/profile/pos_0",
        ),
    ],
)
def test_names_that_cannot_be_given_are_refused(
    names: dict, complaint: str, joined: Callable[..., list[Label]]
) -> None:
    with pytest.raises(ConfigError, match=complaint):
        joined(TWO, TWO, names=names)


def test_two_names_can_be_given_to_patterns_kept_apart(
    joined: Callable[..., list[Label]],
) -> None:
    """The advice of the message is followed."""
    names = {"k562/counts/pos_0": "a", "k562/profile/pos_0": "b"}
    rows = joined(TWO, TWO, names=names, settings=Clusters(within_sample=0.0))
    assert {row.motif for row in rows} >= {"a", "b"}


def test_a_sample_without_patterns_has_an_empty_table(joined: Callable[..., list[Label]]) -> None:
    assert joined([], []) == []


def test_files_of_other_patterns_are_refused(tmp_path: Path) -> None:
    motifs = write_motif_file(tmp_path / "a.h5", [Made(CTCF)])
    matches = write_match_file(tmp_path / "a.tsv", {"pos_0": NONE, "pos_1": NONE})
    for paths, complaint in (
        (([motifs], [matches]), "is of other patterns than"),
        (([motifs, motifs], [matches]), "2 motif files and 1 tables"),
    ):
        with pytest.raises(InputError, match=complaint):
            join_motifs(*paths, tmp_path / "out.tsv", settings=Clusters())


CASES = {
    # matches of each pattern: motif -> q-value; the match of all, and its q-value
    "the best of one": ([{"A": 1e-9, "B": 1e-8}], ("ID.A", 1e-9)),
    "good in both": ([{"A": 1e-9, "B": 1e-8}, {"B": 1e-7}], ("ID.B", 1e-8)),
    "best in one": ([{"A": 1e-20, "B": 1e-8}, {"B": 1e-7}], ("ID.A", 1e-20)),
    "in the larger number": ([{"A": 1e-8}, {"B": 1e-4}, {"B": 1e-4}], ("ID.B", 1e-4)),
    "first by identifier": ([{"B": 1e-5}, {"A": 1e-5}], ("ID.A", 1e-5)),
    "zero": ([{"A": 0.0}, {"B": 1e-9}], ("ID.A", 0.0)),
    "none in one": ([{}, {"B": 0.01}], ("ID.B", 0.01)),
    "none": ([{}, {}], ("", 1.0)),
}


@pytest.mark.parametrize("name", CASES)
def test_the_match_of_a_motif_is_that_of_all_its_patterns(name: str) -> None:
    found, expected = CASES[name]
    matches = [[Candidate(f"ID.{key}", key, "", q) for key, q in of.items()] for of in found]
    assert common_match(matches)[0::3][:2] == expected
    assert common_match(matches[::-1])[0::3][:2] == expected


def test_a_name_that_fits_both_heads_wins(joined: Callable[..., list[Label]]) -> None:
    both, one = Hit("FOS::JUN", q_value=1e-6), Hit("BACH1", q_value=1e-7)
    rows = joined(
        [(Made(CTCF), [one, both, Hit("x", q_value=0.01)])],
        [(Made(CTCF, turned=True), [both._replace(turned=True, q_value=1e-8)])],
    )
    assert [(row.motif, row.q_value, row.turned) for row in rows] == [
        ("FOS::JUN", 1e-8, False),
        ("FOS::JUN", 1e-8, True),
    ]


def test_parts_are_matched_in_all_patterns(joined: Callable[..., list[Label]]) -> None:
    made = Made(GATA + "CAGATGTT")
    left, right = Hit("GATA1", part="left"), Hit("TAL1", part="right", q_value=1e-3)
    best = Hit("TCF4", part="right", q_value=1e-4)
    other = [  # the same pattern the other way round, and another name for its second part
        Hit("TAL1", part="left", q_value=1e-3, turned=True),
        Hit("TCF4", part="left", q_value=1e-2),
        Hit("GATA1", part="right", turned=True),
    ]
    rows = joined(
        [(made, [Hit("GATA1", q_value=1e-9), left, best, right])],
        [(made._replace(turned=True), [Hit("GATA1", turned=True), *other])],
    )
    assert {(row.motif, row.parts, row.kind) for row in rows} == {
        ("GATA1+TAL1", "GATA1 + TAL1", "composite")
    }
