"""The page of variants, in Chromium."""

from pathlib import Path

import pytest

from deeplift_genomics.alleles_page.page import write_page
from tests.alleles_page.made import write_made
from tests.browser.checks import dead_links, faults, nameless, prepare, texts_outside, unreached
from tests.browser.visit import DESK, PHONE, is_wider_than_the_screen, undrawn, until, visit


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("alleles")
    write_page(write_made(folder / "alleles.h5"), folder / "alleles.html", title="K562")
    return folder / "alleles.html"


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "dark"), (PHONE, "light")], ids=str)
def test_nothing_is_wrong(browser, path, size, scheme):
    with visit(browser, path, viewport=size, color_scheme=scheme) as found:
        page = found.page
        prepare(page)
        assert faults(page) == []
        assert nameless(page) == [] and texts_outside(page) == []
        # the files that the page names beside it are not there
        assert [link for link in dead_links(page) if "alleles." not in link] == []
        assert not is_wider_than_the_screen(page) and undrawn(page) == 0


def test_everything_is_reached_by_the_keyboard(browser, path):
    with visit(browser, path) as found:
        assert unreached(found.page) == []


def test_letters_are_as_high_as_their_contributions(browser, path):
    script = """() => {
      const svg = document.querySelector('[data-part=counts] svg.alleles');
      const data = numbers[svg.dataset.plot];
      draw(svg);
      const bars = [...svg.querySelectorAll('rect.fill')].map((bar) => bar.getBBox().height);
      const kept = data.difference.filter((value) => value).map(Math.abs);
      return {
        bars: Math.max(...bars), smaller: bars.indexOf(Math.max(...bars)),
        largest: kept.indexOf(Math.max(...kept)), marks: svg.querySelectorAll('text.motif').length,
        gaps: document.querySelectorAll('[data-part=counts] text.gap').length,
        shaded: svg.querySelector('rect.variant').getBBox().x,
      };
    }"""
    with visit(browser, path) as found:
        prepare(found.page)
        drawn = found.page.evaluate(script)
    assert drawn["marks"] == 2 and drawn["smaller"] == drawn["largest"]
    assert drawn["gaps"] == 4 + 5
    assert drawn["shaded"] == pytest.approx(64 + 40 * 11, abs=0.2)


def test_a_switch_shows_one_target_at_a_time(browser, path):
    shown = (
        "[...document.querySelectorAll('svg.alleles')].filter((e) => e.checkVisibility()).length"
    )
    with visit(browser, path) as found:
        page = found.page
        assert page.evaluate(shown) == 4
        page.locator("select[data-switch=part]").select_option("profile")
        until(page, f"{shown} === 4")
        page.emulate_media(media="print")
        assert page.evaluate(shown) == 8
