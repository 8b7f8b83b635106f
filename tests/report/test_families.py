"""Families of factors by the names in use, from what JASPAR calls them."""

import pytest

from deeplift_genomics.report.families import family_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tryptophan cluster factors: Ets-related", "ETS"),
        ("Tryptophan cluster factors: Interferon-regulatory factors", "IRF"),
        ("Basic leucine zipper factors (bZIP): Fos-related, Jun-related", "AP-1"),
        ("Basic leucine zipper factors (bZIP): Jun-related, Maf-related", "AP-1 + MAF"),
        ("Basic leucine zipper factors (bZIP): CEBP-related", "C/EBP"),
        ("Basic leucine zipper factors (bZIP)", "bZIP"),
        ("Basic leucine zipper factors (bZIP): Group A", "bZIP group A"),
        ("C2H2 zinc finger factors: More than 3 adjacent zinc fingers", "C2H2 zinc finger"),
        ("C2H2 zinc finger factors", "C2H2 zinc finger"),
        ("C2H2 zinc finger factors: Three-zinc finger Kruppel-related", "KLF/SP"),
        ("Fork head/winged helix factors: FOX", "Forkhead"),
        ("Fork head/winged helix factors, Tryptophan cluster factors: FOX, Ets-related",
         "Forkhead + ETS"),
        ("Nuclear receptors with C4 zinc fingers: RXR-related receptors (NR2)",
         "Nuclear receptor NR2"),
        ("Homeo domain factors, High-mobility group (HMG) domain factors: POU domain factors, "
         "SOX-related factors", "POU + SOX"),
        ("Rel homology region (RHR) factors: NF-kappaB-related factors", "NF-κB"),
        ("Uncharacterized: NRF", "NRF1"),
        ("Heat shock factors: HSF factors", "HSF"),
        ("FLYWCH1", "FLYWCH1"),
        ("A new class: Unheard-of-related factors", "Unheard-of"),
        ("", ""),
    ],
)  # fmt: skip
def test_family_by_the_name_in_use(text, name):
    assert family_of(text).name == name


def test_zinc_fingers_are_alone_and_kruppel_like_ones_are_not():
    assert family_of("C2H2 zinc finger factors: More than 3 adjacent zinc fingers").alone
    assert not family_of("C2H2 zinc finger factors: Three-zinc finger Kruppel-related").alone
    assert not family_of("Tryptophan cluster factors: Ets-related").alone
