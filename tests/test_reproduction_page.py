"""The page docs/reproduction.md: it and its figures are made from the stored numbers."""

import re
from copy import deepcopy

import numpy as np
import pytest

from benchmarks.reproduction.claims import (
    GENOMICS,
    GUIDED,
    GXI,
    IG,
    RESCALE,
    REVEAL,
    claims,
    row_of,
)
from benchmarks.reproduction.figures import FOLDER, data_of, digest
from benchmarks.reproduction.measures import area_at_sites, area_of_bases, share_on_sites
from benchmarks.reproduction.methods import COMPARED
from benchmarks.reproduction.page import PAGE, STORED, render
from benchmarks.reproduction.simulated import Simulated, best_matches
from benchmarks.stored import load
from deeplift_genomics.dna.sequence import encode


@pytest.fixture(scope="module")
def results() -> dict:
    return load(STORED)


def test_page_is_made_from_the_stored_numbers(results: dict) -> None:
    assert PAGE.read_text("utf-8") == render(results)


def test_figures_are_drawn_from_the_stored_numbers(results: dict) -> None:
    page = PAGE.read_text("utf-8")
    for name, data in data_of(results).items():
        assert f"(figures/reproduction_{name}.svg)" in page
        assert digest(data) in (FOLDER / f"reproduction_{name}.svg").read_text("utf-8")


def test_every_method_is_in_every_part(results: dict) -> None:
    rows = [(compared.title, kind) for compared in COMPARED for kind in compared.kinds]
    for part in ("simulation", "demo", "deletion"):
        found = [(row["method"], row["references"]) for row in results[part]["methods"]]
        assert found[: len(rows)] == rows
        assert len(found) == len(rows) + (2 if part == "deletion" else 0)


def test_the_verdict_follows_the_numbers(results: dict) -> None:
    """A missed match of RevealCancel turns its claim, and only that."""
    before = [claim.verdict for claim in claims(results)]
    changed = deepcopy(results)
    row_of(changed["simulation"], REVEAL)["missed"]["TAL1"] = 1
    after = [claim.verdict for claim in claims(changed)]
    (place,) = (i for i, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1])
    assert (before[place], after[place]) == ("confirmed", "confirmed in part")
    assert "RevealCancel 1" in claims(changed)[place].measured


def test_what_the_page_says_of_reasons_is_in_the_numbers(results: dict) -> None:
    flat = row_of(results["simulation"], RESCALE)
    missed = flat["missed"]["TAL1"]
    assert flat["missed_falling"] < missed / 2  # "can spare"
    assert flat["missed_alone"] < missed / 2  # "with further TAL1 motifs"
    strength = {  # "gradient × input follows it least", if times the input less the reference
        (row["method"], row["references"]): row["follows_strength"]["TAL1"]
        for row in results["simulation"]["methods"]
        if row["references"] != "shuffled"
    }
    assert min(strength, key=strength.__getitem__) == (GXI, "flat")
    assert strength[IG, "flat"] < strength[GUIDED, "flat"] < strength[RESCALE, "flat"]
    assert min(strength[name, "none"] for name in (GXI, GUIDED)) > strength[RESCALE, "flat"]
    references = results["simulation"]["with_references"]
    assert [row["missed"] for row in references] == [missed, 1, 0]
    at = [row["at_references"] for row in references]
    assert abs(at[0]) < 0.5  # "a probability near one half"
    assert max(at[1:]) < -5
    for row in results["demo"]["methods"]:  # "This truth is easy"
        assert all(row[name]["missed"] == 0 for name in ("counts", "profile"))
        assert all(row[name]["sites"][0] > 0.99 for name in ("counts", "profile"))
    for part in ("demo", "deletion"):  # "Genomics-default equals Rescale"
        for kind in ("flat", "shuffled"):
            same, rescale = (
                {k: v for k, v in row_of(results[part], name, kind).items() if k != "seconds"}
                for name in (GENOMICS, RESCALE)
            )
            assert same | {"method": RESCALE} == rescale
    assert not re.search("nan|inf[^aol-]", PAGE.read_text("utf-8"))


# --- what is measured ----------------------------------------------------------------------------


def test_areas_at_sites_and_of_bases() -> None:
    values = np.array([[0, 0, 3, 3, 0, 0, 9, 9], [0, 4, 4, 0, 0, 0, 0, 0]], float)
    sites, others = [[(2, 4)], [(1, 3)]], [[(6, 8)], []]
    # all that counts is the site: 9 at (6, 8) counts neither way
    assert area_at_sites(values, sites, others) == [1, 1, 1]
    assert area_of_bases(values, sites, others) == 1
    # the other way round, the 3 at (2, 4) is above nothing but zeros
    middle, *_ = area_at_sites(-values, sites, others)
    assert middle == 0
    share, *_ = share_on_sites(values, sites)
    assert share == pytest.approx(14 / 32)


def test_best_matches_are_ranked_by_log_odds() -> None:
    weights = np.log(np.array([[0.9, 0.04, 0.03, 0.03], [0.1, 0.7, 0.1, 0.1]]) / 0.25)
    codes = np.stack([encode("TTACTGGATTCC")])
    found = best_matches(Simulated(codes, np.zeros((1, 3)), [{}], {"TAL1": weights}), "TAL1")
    assert found.start[0, :2].tolist() == [2, 7]  # AC, AT
    assert found.log_odds[0, 0] == pytest.approx(np.log(0.9 * 0.7 / 0.25**2))
