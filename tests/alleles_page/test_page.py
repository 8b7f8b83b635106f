"""The page of variants says what its file says; drawings have the letters of the file."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deeplift_genomics.alleles_page.drawn import MOST_CHANGED, drawing, edit_of
from deeplift_genomics.alleles_page.page import shown_effects, strongest_first, write_page
from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.scores.alleles import Letters, read_alleles, read_letters
from deeplift_genomics.settings.allele_section import Alleles as Settings
from tests.alleles_page.made import EDITS, LENGTH, alleles, write_made
from tests.report.example import Page


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_made(tmp_path_factory.mktemp("alleles") / "alleles.h5")


@pytest.fixture(scope="module")
def page(path: Path) -> Page:
    write_page(path, path.with_suffix(".html"), title="K562")
    return Page(path.with_suffix(".html"))


def test_numbers_of_the_page(page: Page) -> None:
    assert page.value("n-variants") == 4 and page.value("n-left-out") == 2
    # of three that were compared, two are as rare as 5%
    assert page.value("n-rare") == 2
    assert page.value("n-broken") == 1 and page.value("n-made") == 1


def test_the_table_has_the_largest_effect_first(path: Path, page: Page) -> None:
    found = read_alleles(path)
    assert strongest_first(found) == [0, 2, 1, 3]
    assert [outcome.column for _, outcome in shown_effects(found)] == [
        "log2_fold:counts", "shape:profile",
    ]  # fmt: skip
    text = path.with_suffix(".html").read_text()
    rows = re.findall(r'<th scope="row" data-label="">(.*?)</th>', text)
    assert [re.search(r"chr1:[\d,]+", row)[0] for row in rows] == [  # type: ignore[index]
        "chr1:1,001", "chr1:3,000", "chr1:2,001", "chr1:4,001", "chr1:9", "chr1:2",
    ]  # fmt: skip
    assert "falls by 50%" in text and "30% moves" in text and "rises 2.00-fold" in text
    assert ">1</data> has as large an effect" in text
    assert "predicted signal (counts) <strong>falls by 50%</strong>" in text
    assert "<i>id</i>" not in text and "&lt;i&gt;id" in text


def test_only_the_strongest_are_drawn(path: Path, tmp_path: Path) -> None:
    for drawn, expected in ((2, [0, 2]), (0, [])):
        write_page(path, tmp_path / "a.html", settings=Settings(drawn=drawn))
        text = (tmp_path / "a.html").read_text()
        ids = [int(one) for one in re.findall(r'<h3 id="variant-(\d+)"', text)]
        assert ids == expected
        assert text.count('class="plot alleles"') == 2 * drawn


def drawn(path: Path, row: int, target: str = "counts", flank: int = 10) -> dict[str, Any]:
    found = read_alleles(path)
    return drawing(found, row, read_letters(path, row, target), target=target, flank=flank)


@pytest.mark.parametrize("row", [0, 1, 2])
def test_letters_stand_above_each_other(path: Path, row: int) -> None:
    found, shown = letters_of(path, row), drawn(path, row)
    edit = EDITS[row]
    gap = "-" * abs(edit.removed - edit.added)
    before, after = slice(edit.at - 10, edit.at), 10
    whole = [decode(codes) for codes in found.codes]
    for allele, (own, more) in enumerate(((edit.removed, edit.added), (edit.added, edit.removed))):
        text = whole[allele]
        rest = text[edit.at : edit.at + own] + (gap if more > own else "")
        end = edit.at + own
        assert shown["letters"][allele] == text[before] + rest + text[end : end + after]
    assert shown["changed"] == [10, 10 + max(edit.removed, edit.added)]
    difference = np.subtract(shown["values"][1], shown["values"][0])
    np.testing.assert_allclose(shown["difference"], difference, atol=2e-3)
    gaps = [text == "-" for text in shown["letters"][0]]
    assert [place is None for place in shown["places"]] == gaps
    assert shown["places"][0] == 900 + 1000 * row + edit.at - 10 + 1


def letters_of(path: Path, row: int) -> Letters:
    return read_letters(path, row, "counts")


def test_motifs_are_over_their_letters(path: Path) -> None:
    marks = drawn(path, 0)["marks"]
    assert [(mark["text"], mark["allele"], mark["level"]) for mark in marks] == [
        ("CTCF broken", 0, 0),
        ("a motif of a long name, long...", 0, 1),
    ]
    assert (marks[0]["first"], marks[0]["last"]) == (4, 19)
    assert drawn(path, 0)["levels"] == [2, 0]
    (made,) = drawn(path, 2)["marks"]
    assert made["allele"] == 1 and drawn(path, 1)["marks"] == []
    # the allele's bases 94 to 108 are around the five that it lacks; 25 columns are shown
    assert (made["first"], made["last"]) == (6, 25)


def test_a_long_variant_is_drawn_in_part(path: Path) -> None:
    found = alleles()
    found.columns["removed"][0] = LENGTH // 2
    found.columns["added"][0] = 0
    assert edit_of(found, 0).removed == LENGTH // 2
    found.columns["removed"][0] = MOST_CHANGED + 30
    found.columns["edit_start"][0] = 20
    shown = drawing(found, 0, letters_of(path, 0), target="counts", flank=10)
    assert len(shown["letters"][0]) == 10 + MOST_CHANGED
    assert json.dumps(shown, allow_nan=False)


def test_what_a_method_does_not_compute_is_drawn_as_nothing(path: Path) -> None:
    one = letters_of(path, 0)
    blank = np.full_like(one.contributions, np.nan)
    without = Letters(one.codes, blank, None, one.target)
    shown = drawing(read_alleles(path), 0, without, target="counts", flank=5)
    assert shown["error"] is None and set(shown["difference"]) == {0.0}


def test_a_page_without_motifs_says_how_to_get_them(tmp_path: Path) -> None:
    found = replace(alleles(), motifs=[], left_out=[])
    write_page(write_made(tmp_path / "a.h5", found, motif_files=""), tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text()
    assert "<code>--motifs</code>" in text and 'id="left-out"' not in text
