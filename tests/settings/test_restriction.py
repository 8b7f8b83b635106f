"""Restriction sites: enzymes by name, and where sequences have sites."""

import itertools

import pytest

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.settings.restriction import IUPAC, find_sites, parse_avoided


@pytest.mark.parametrize(
    ("written", "name", "sites"),
    [
        ("EcoRI", "EcoRI", ("GAATTC",)),
        ("ecori", "EcoRI", ("GAATTC",)),
        ("BsaI-HFv2", "BsaI", ("GGTCTC",)),
        ("EcoRI-HF\u00ae", "EcoRI", ("GAATTC",)),
        ("BsmBI-v2", "BsmBI", ("CGTCTC",)),
        (" NotI ", "NotI", ("GCGGCCGC",)),
        ("SfiI", "SfiI", ("GGCCNNNNNGGCC",)),
        ("DrdV", "DrdV", ("CATGNAC",)),  # a name of IUPAC letters
        ("gaattc", "GAATTC", ("GAATTC",)),
        ("rccggy", "RCCGGY", ("RCCGGY",)),
    ],
)
def test_enzymes_and_sites(written: str, name: str, sites: tuple[str, ...]) -> None:
    assert parse_avoided(written) == (name, sites)


@pytest.mark.parametrize("text", ["", " ", "N", "NNNN", "Bsa I", "GGTCTC(1/5)", "x" * 5000])
def test_what_is_no_site(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_avoided(text)
    assert len(str(caught.value)) < 300


def by_hand(sequence: str, site: str) -> set[tuple[int, int]]:
    """Return the places of a site on both strands, base by base."""
    turned = sequence[::-1].translate(str.maketrans("ACGT", "TGCA"))
    found = set()
    for at in range(len(sequence) - len(site) + 1):
        for strand in (sequence, turned):
            if all(b in IUPAC[s] for b, s in zip(strand[at:], site, strict=False)):
                here = at if strand is sequence else len(sequence) - at - len(site)
                found.add((here, here + len(site)))
    return found


@pytest.mark.parametrize("name", ["GGTCTC", "RCCGGY", "ACY", "BsaI", "HaeIII", "GANTC"])
def test_sites_are_found_on_both_strands(name: str) -> None:
    avoided = parse_avoided(name)
    parts = ("GGTCTC", "AGAGACC", "GCCGGC", "ACCGGT", "GGCC", "GACTC", "T")
    for order in itertools.islice(itertools.permutations(parts), 0, None, 97):
        sequence = "".join(order)
        found = {(one.start, one.end) for one in find_sites(sequence, [avoided])}
        assert found == by_hand(sequence, avoided.sites[0])
