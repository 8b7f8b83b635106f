"""Motifs that a variant changes, from contributions that are given."""

import numpy as np
import pytest

from deeplift_genomics.alleles.motifs import MotifFinder
from deeplift_genomics.dna.sequence import encode, reverse_complement
from deeplift_genomics.scores.allele_tables import MotifChange
from deeplift_genomics.settings.motif_sections import Instances
from deeplift_genomics.windows.edits import Edit
from tests.motifs.made_motifs import Made, write_motif_file

MOTIF, OTHER = "TGACTCAGC", "CCGGAAGTA"
LENGTH, AT = 80, 30
BACKGROUND = np.random.default_rng(8).integers(0, 4, LENGTH + 9).astype(np.int8)
SAME = Edit(AT + 20, 1, 1)


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> MotifFinder:
    path = tmp_path_factory.mktemp("motifs") / "counts.h5"
    write_motif_file(path, [Made(MOTIF), Made(OTHER, sign=-1)])
    return MotifFinder(path, None, Instances())


def allele(*sites: tuple[int, str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return a window with sites at places, whose bases have these contributions."""
    codes, values = BACKGROUND[:LENGTH].copy(), np.zeros(LENGTH, np.float32)
    for at, site, each in sites:
        codes[at : at + len(site)] = encode(site)
        values[at : at + len(site)] = each
    return codes, values


def changes(
    finder: MotifFinder,
    before: tuple[np.ndarray, np.ndarray],
    after: tuple[np.ndarray, np.ndarray],
    edit: Edit = SAME,
) -> list[MotifChange]:
    codes, values = (np.stack(both)[None] for both in zip(before, after, strict=True))
    return finder(codes, values, [edit], first_row=7)


@pytest.mark.parametrize(
    ("factor", "status"),
    [(1.0, None), (0.95, None), (0.8, "weakened"), (1.3, "strengthened"), (0.0, "broken")],
)
@pytest.mark.parametrize(("site", "sign"), [(MOTIF, 1), (OTHER, -1)])
def test_a_motif_is_told_if_its_contribution_changes(
    finder: MotifFinder, site: str, sign: int, factor: float, status: str | None
) -> None:
    found = changes(finder, allele((AT, site, sign)), allele((AT, site, sign * factor)))
    assert [one.status for one in found] == ([status] if status else [])
    for one in found:
        assert (one.variant, one.start, one.end, one.allele) == (7, AT, AT + 9, "reference")
        assert one.reference_contribution == pytest.approx(9 * sign)
        assert one.alternative_contribution == pytest.approx(9 * sign * factor)
        assert one.pattern == ("pos_0" if sign > 0 else "neg_0")


def test_a_site_that_becomes_another_is_broken_and_made(finder: MotifFinder) -> None:
    before, after = allele((AT, MOTIF, 1)), allele((AT, OTHER, -1))
    found = {(one.pattern, one.status, one.allele) for one in changes(finder, before, after)}
    assert found == {("pos_0", "broken", "reference"), ("neg_0", "made", "alternative")}


@pytest.mark.parametrize("edit", [Edit(AT - 6, 0, 4), Edit(AT - 9, 4, 0), Edit(AT + 15, 0, 3)])
def test_a_site_that_shifts_is_the_same(finder: MotifFinder, edit: Edit) -> None:
    shift = edit.added - edit.removed if edit.at < AT else 0
    before, after = allele((AT, MOTIF, 1)), allele((AT + shift, MOTIF, 1))
    assert changes(finder, before, after, edit) == []
    (weaker,) = changes(finder, before, allele((AT + shift, MOTIF, 0.7)), edit)
    assert weaker.status == "weakened" and weaker.alternative_contribution == pytest.approx(6.3)


def test_the_other_strand_is_no_other_place(finder: MotifFinder) -> None:
    before = allele((AT, MOTIF, 1))
    after = allele((AT, reverse_complement(MOTIF), 0.7))
    (found,) = changes(finder, before, after)
    assert found.status == "weakened" and found.strand == "+"
    assert found.alternative_match > 0.9


def test_bases_that_are_not_computed_count_as_nothing(finder: MotifFinder) -> None:
    before, after = allele((AT, MOTIF, 1)), allele((AT, MOTIF, np.nan))
    (found,) = changes(finder, before, after)
    assert (found.status, found.alternative_contribution) == ("broken", 0)
    assert finder(np.empty((0, 2, LENGTH), np.int8), np.empty((0, 2, LENGTH)), []) == []
