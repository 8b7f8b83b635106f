"""Known motifs under patterns, letter under letter."""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deeplift_genomics.dna.sequence import encode, one_hot
from deeplift_genomics.motifs.matches import Match
from deeplift_genomics.motifs.names import Label
from deeplift_genomics.motifs.patterns import Pattern
from deeplift_genomics.report.drawn import PFM, matrix_of
from deeplift_genomics.report.matched import matches_of
from deeplift_genomics.report.sample_run import Member, ReportMotif

KNOWN = one_hot(encode("GATTACA"), np.float64)
FLANK = 5


class Target:
    """A target of a sample: its name is all that is asked for."""

    text = "counts"


def member(turned: bool, strand: str, name: str = "pos_0") -> Member:
    """Return a pattern that holds the known motif between flanks that contribute nothing."""
    inside = KNOWN if strand == "+" else KNOWN[::-1, ::-1]
    flank = np.full((FLANK, 4), 0.25)
    ppm = np.concatenate([flank, inside, flank, flank])
    cwm = np.where(ppm == 1, 1.0, 0.0)
    none = np.zeros(1, np.int64)
    pattern = Pattern(
        name, 1, ppm, cwm, cwm, none, none, none + len(ppm), none > 0, ppm[None].astype(np.int8),
        none + 1.0,
    )  # fmt: skip
    target: Any = Target()
    return Member(target, pattern, Label("X", "counts", name, 1, turned, 0, 1, "GATTACA", "M1"))


def match(strand: str = "+", part: str = "", motif_id: str = "M1", **cells: Any) -> Match:
    own = {"source": "PFM", "name": f"factor {motif_id}", "q_value": 0.01, "offset": FLANK}
    return Match("pos_0", part, motif_id=motif_id, strand=strand, **(own | {"overlap": 7} | cells))


@pytest.mark.parametrize(("turned", "strand"), list(product([False, True], "+-")))
def test_letters_stand_under_their_like(turned: bool, strand: str) -> None:
    one = member(turned, strand)
    motif = ReportMotif("X", one.label, [one])
    (part,) = matches_of(motif, {("counts", "pos_0"): [match(strand)]}, {"M1": KNOWN})
    (found,) = part.best
    drawn = matrix_of(one, PFM)
    under = KNOWN[::-1, ::-1] if found.reverse else KNOWN
    assert drawn[found.offset : found.offset + len(under)].tolist() == under.tolist()
    assert found.offset == 2  # the flank that `trimmed` leaves


def test_the_best_matches_of_all_patterns_each_once() -> None:
    one, other = member(False, "+"), member(False, "+", "pos_1")
    motif = ReportMotif("X", one.label, [one, other])
    rows = [match(motif_id=f"M{i}", q_value=i / 100) for i in (2, 3, 4, 5)]
    matches = {
        ("counts", "pos_0"): [match(q_value=0.05), *rows],
        ("counts", "pos_1"): [match(motif_id="M3", q_value=0.001), match(motif_id="M6")],
    }
    (part,) = matches_of(motif, matches, {})
    # its own match first, whatever its q-value; then by q-value
    assert [item.match.motif_id for item in part.best] == ["M1", "M3", "M6"]
    assert part.best[1].match.q_value == 0.001 and part.best[1].member is other
    assert part.others == ["factor M2", "factor M4", "factor M5"]
    assert part.names == ["factor M1", "factor M3", "factor M6", *part.others]


def test_no_match_is_no_match() -> None:
    one = member(False, "+")
    motif = ReportMotif("X", one.label, [one])
    (part,) = matches_of(motif, {("counts", "pos_0"): [Match("pos_0", "")]}, {"M1": KNOWN})
    assert part.best == [] and part.others == []


@pytest.mark.parametrize("turned", [False, True])
def test_parts_are_in_the_order_in_which_the_motif_reads(turned: bool) -> None:
    one = member(turned, "+")
    motif = ReportMotif("X", one.label, [one])
    rows = [Match("pos_0", ""), match(part="left"), match(part="right", motif_id="M2")]
    found = list(matches_of(motif, {("counts", "pos_0"): rows}, {}))
    ids = [[item.match.motif_id for item in part.best] for part in found]
    assert ids == ([[], ["M2"], ["M1"]] if turned else [[], ["M1"], ["M2"]])


def test_a_repeat_has_one_part(tmp_path: Path) -> None:
    one = member(False, "+")
    motif = ReportMotif("X", one.label, [one])
    rows = [Match("pos_0", ""), match(part="repeat")]
    found = list(matches_of(motif, {("counts", "pos_0"): rows}, {}))
    assert [part.part for part in found] == ["", "repeat"]
