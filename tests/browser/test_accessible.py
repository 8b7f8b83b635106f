"""What axe-core, the checker of accessibility, says of a page; names of drawings."""

import re

import pytest

from tests.browser.checks import ask, faults, nameless, prepare
from tests.browser.visit import DESK, PHONE, visit


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, gallery, size, scheme):
    with visit(browser, gallery, viewport=size, color_scheme=scheme) as found:
        prepare(found.page)
        assert faults(found.page) == []


def test_axe_finds_nothing_in_what_is_opened(browser, gallery):
    with visit(browser, gallery) as found:
        found.page.locator(".display summary").click()
        found.page.locator("a.term").click()
        covered = [line for line in faults(found.page) if "color-contrast" not in line]
        assert covered == []


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour such as "rgb(1, 2, 3)" (WCAG 2.1)."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_of_drawings_stand_out(browser, gallery, scheme):
    """Texts have the contrast of texts (4.5), on the page and on the cells of a heat map."""
    with visit(browser, gallery, color_scheme=scheme) as found:
        prepare(found.page)
        colours = ask(found.page, "colours")
        texts, paper, cells = colours["texts"], colours["paper"], colours["cells"]
        ink = max(texts, key=lambda colour: contrast(colour, paper))
        assert len(texts) >= 4
        assert all(contrast(colour, paper) >= 4.5 for colour in texts), (texts, paper)
        assert len(cells) == 4
        for colour, opacity in cells:
            parts = zip(
                *(map(int, re.findall(r"\d+", item)) for item in (colour, paper)), strict=True
            )
            mixed = [round(over * opacity + under * (1 - opacity)) for over, under in parts]
            assert contrast(f"rgb{tuple(mixed)}", ink) >= 4.5, (mixed, ink)


def test_axe_finds_what_is_wrong(browser, tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<!DOCTYPE html><title>x</title><main><svg role='img'></svg></main>")
    with visit(browser, path) as found:
        rules = {line.split(": ")[1] for line in faults(found.page)}
    assert {"html-has-lang", "svg-img-alt"} <= rules


def test_every_drawing_has_a_name(browser, gallery, tmp_path):
    with visit(browser, gallery) as found:
        assert nameless(found.page) == []
    (tmp_path / "page.html").write_text("<!DOCTYPE html><svg class='plot' aria-label=' '></svg>")
    with visit(browser, tmp_path / "page.html") as found:
        assert len(nameless(found.page)) == 1
