"""Inserts that cannot be made: each is refused with its reason."""

import numpy as np
import pytest

from deeplift_genomics.design.loci import Locus
from deeplift_genomics.design.matches import Core, Matcher
from deeplift_genomics.design.variants import Designer, Refused
from deeplift_genomics.dna.sequence import encode, one_hot, reverse_complement
from deeplift_genomics.effects.ablation import Site
from deeplift_genomics.settings.oligo_section import Oligos

WINDOW = "TTCATTGCCTAATGCATCAGTGACTCAGCTTAGCAATCGTAATTCCGATTCAAC"
AT = 20  # TGACTCAGC


def core(motif: str, sequence: str, cutoff: float = 1.0, rare: float = 0.0) -> Core:
    """Return a motif that matches where a share of its bases does, and a rare share."""
    strands = [one_hot(encode(text), float) for text in (sequence, reverse_complement(sequence))]
    scores = np.zeros((2, len(sequence), 5))
    scores[:, :, :4] = np.stack(strands) / len(sequence)
    return Core(motif, scores, cutoff, max(cutoff, rare))


def variants(window: str, *cores: Core, **settings: object) -> list[str]:
    """Return the inserts of an instance at bases 20 to 29 of a window."""
    site = Site(0, AT, AT + 9)
    locus = Locus("A", "chr1", AT, AT + 9, "+", ".", site, 5, 0, True)
    designer = Designer(Oligos(**settings), Matcher(cores), 40)  # type: ignore[arg-type]
    found = designer.variants(locus, encode(window))
    return ["".join("ACGTN"[code] for code in variant.codes) for variant in found]


MOTIF = core("A", "TGACTCAGC", 0.7)


def test_all_inserts_of_a_place() -> None:
    wild, *others = variants(WINDOW, MOTIF, scrambles=3)
    assert wild == WINDOW[5:45]
    assert len({wild, *others}) == 5
    for other in others:
        assert other[:15] == wild[:15] and other[24:] == wild[24:]
    assert variants(WINDOW, MOTIF, scrambles=3) == [wild, *others]
    assert variants(WINDOW, MOTIF, scrambles=3, seed=2) != [wild, *others]
    assert len(variants(WINDOW, MOTIF, scrambles=0)) == 2


@pytest.mark.parametrize(
    ("window", "cores", "settings", "reason"),
    [
        (WINDOW[:10] + "N" + WINDOW[11:], [MOTIF], {}, "the genome has unknown bases"),
        (
            WINDOW,
            [MOTIF],
            {"avoid": ["ATGCAT"]},
            "a site of ATGCAT is in the insert or across its ends",
        ),
        (WINDOW, [MOTIF], {"left_end": "GAT", "avoid": ["ATTGCC"]}, "a site of ATTGCC"),
        # the insert begins with TGCC
        (WINDOW, [MOTIF], {"left_end": "GGA", "avoid": ["GATGC"]}, "a site of GATGC"),
        (
            WINDOW,
            [MOTIF, core("B", "GATGC")],
            {"left_end": "GGA"},
            "B would match across a constant end",
        ),
        (WINDOW, [core("A", "TGACTCAGC", 0.0)], {}, "replaced without it matching still"),
        (WINDOW, [MOTIF, *(core(f"B{x}", x) for x in "ACGT")], {}, "replaced without making BA"),
        (WINDOW, [MOTIF], {"avoid": ["HWBNHH"], "scrambles": 1}, "a site of HWBNHH"),
        (
            "ACGT" * 5 + "A" * 9 + "ACGT" * 7,
            [core("C", "GGGG")],
            {},
            "scrambled without using the same bases again",
        ),
    ],
)
def test_places_that_cannot_be_used(
    window: str, cores: list[Core], settings: dict[str, object], reason: str
) -> None:
    with pytest.raises(Refused) as caught:
        variants(window, *cores, **settings)
    assert reason in str(caught.value)


def test_a_match_that_was_there_before_is_not_made() -> None:
    """It shares a base with the instance, in the genome as in the variants."""
    assert len(variants(WINDOW, MOTIF, core("B", WINDOW[14:21]))) == 4


def test_matches_that_every_sequence_has_are_no_obstacle() -> None:
    """But the motif's own must be gone from where it was."""
    weak = core("B", "TGCATTTGC", 0.2, rare=0.8)
    own = core("A", "TGACTCAGC", 0.3, rare=0.8)
    wild, *others = variants(WINDOW, own, weak, scrambles=3)
    for other in others:
        shared = sum(a == b for a, b in zip(other[15:24], "TGACTCAGC", strict=True))
        assert shared / 9 < 0.3 < 1 and other != wild
