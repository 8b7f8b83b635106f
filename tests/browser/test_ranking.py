"""The page that ranks methods, in Chromium."""

import json
from pathlib import Path

import pytest

from deeplift_genomics.ranking.page import write_ranking
from deeplift_genomics.scores.evaluations import write_evaluation
from tests.browser.checks import dead_links, faults, nameless, prepare, texts_outside, unreached
from tests.browser.visit import DESK, PHONE, is_wider_than_the_screen, undrawn, until, visit
from tests.evaluation.made import ATTRIBUTES, METHODS, write_made
from tests.evaluation.made import rows as rows_of


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    """Write the page of the made-up evaluation."""
    folder = tmp_path_factory.mktemp("evaluation")
    write_ranking(write_made(folder), folder / "page.html")
    return folder / "page.html"


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """Write the page of a few metrics, because axe takes long for large tables."""
    folder = tmp_path_factory.mktemp("small")
    rows = [row for row in rows_of() if row[2] in ("aopc", "cascading", "motif_seqlets")]
    rows = [row for row in rows if row[1] != "gradient"]
    attributes = {name: value for name, value in ATTRIBUTES.items() if name != "truth"}
    attributes |= {"methods": json.dumps({n: {"title": a["title"]} for n, a in METHODS.items()})}
    write_evaluation(folder / "evaluation.h5", folder / "evaluation.tsv", attributes, rows)
    write_ranking(folder / "evaluation.h5", folder / "page.html")
    return folder / "page.html"


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "dark"), (PHONE, "light")], ids=str)
def test_nothing_is_wrong(browser, small, size, scheme):
    with visit(browser, small, viewport=size, color_scheme=scheme) as found:
        prepare(found.page)
        assert faults(found.page) == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=str)
def test_everything_is_drawn_inside_its_place(browser, path, size):
    with visit(browser, path, viewport=size) as found:
        page = found.page
        prepare(page)
        assert nameless(page) == [] and texts_outside(page) == [] and dead_links(page) == []
        assert not is_wider_than_the_screen(page) and undrawn(page) == 0


def test_everything_is_reached_by_the_keyboard(browser, small):
    with visit(browser, small) as found:
        assert unreached(found.page) == []


SHOWN = """
  [...new Set([...document.querySelectorAll('[data-part]')].filter((e) => e.checkVisibility())
    .map((e) => e.dataset.part))].join()
"""


def test_a_switch_shows_one_target_at_a_time(browser, path):
    with visit(browser, path) as found:
        page = found.page
        assert page.evaluate(SHOWN) == "counts"
        page.locator("select[data-switch=part]").select_option("profile")
        assert page.evaluate(SHOWN) == "profile"
        page.locator("[data-part=profile] svg.curve").first.scroll_into_view_if_needed()
        until(page, "document.querySelector('[data-part=profile] svg.curve').children.length")
        page.emulate_media(media="print")
        assert page.evaluate(SHOWN) == "counts,profile"


def test_the_table_is_sorted_by_a_metric(browser, path):
    names = (
        "[...document.querySelectorAll('[data-part=counts] table.ranking tbody th')]"
        ".map((th) => th.firstChild.data)"
    )
    with visit(browser, path) as found:
        page = found.page
        table = page.locator("[data-part=counts] table.ranking")
        table.get_by_role("button", name="Seconds for a region").click()
        assert page.evaluate(names)[0] == "in-silico mutagenesis"
        table.get_by_role("button", name="Seconds for a region").click()
        assert page.evaluate(names)[0] == "Grad-CAM"


def test_dots_stand_at_their_values(browser, path):
    script = """() => {
      const svg = document.querySelector('[data-part=counts] svg.dots');
      const data = numbers[svg.dataset.plot];
      draw(svg);
      const dots = [...svg.querySelectorAll('.dot')].map((dot) => dot.getBBox());
      const at = dots.map((box) => box.x + box.width / 2);
      const bars = [...svg.querySelectorAll('.interval')];
      const per = (at[1] - at[0]) / (data.values[1] - data.values[0]);
      return {
        expected: data.values.map((value) => at[0] + per * (value - data.values[0])), at,
        low: data.low.map((value) => at[0] + per * (value - data.values[0])),
        bars: bars.map((bar) => Number(bar.getAttribute('x1'))),
        best: svg.querySelectorAll('.dot.best').length,
        own: svg.querySelectorAll('.dot.unranked').length,
      };
    }"""
    with visit(browser, path) as found:
        drawn = found.page.evaluate(script)
    assert drawn["at"] == pytest.approx(drawn["expected"], abs=0.5)
    assert drawn["bars"] == pytest.approx(drawn["low"], abs=0.5)
    assert (drawn["best"], drawn["own"]) == (1, 2)  # the method that is barred, and random order


def test_a_curve_stands_before_its_bounds_with_its_band(browser, path):
    script = """() => {
      const svg = document.querySelector('[data-part=counts] svg.curve');
      draw(svg);
      return [...svg.querySelectorAll('path')].map((path) => path.getAttribute('class'));
    }"""
    with visit(browser, path) as found:
        classes = found.page.evaluate(script)
    assert classes[0] == "band" and classes[-2:] == ["series own", "places"]
    assert classes.count("series other") == 4
    assert sorted(classes[-4:-2]) == ["series random", "series upper"]


def test_print_has_no_table_of_all_numbers(browser, path):
    with visit(browser, path) as found:
        page = found.page
        assert page.locator("details.numbers").first.is_visible()
        page.emulate_media(media="print")
        assert not page.locator("details.numbers").first.is_visible()
        # Chromium repeats the head of a table on the next page, but without buttons in it
        buttons = (
            "[...document.querySelectorAll('button.sort')].map((b) => getComputedStyle(b).display)"
        )
        assert set(page.evaluate(buttons)) == {"contents"}
        assert page.pdf().startswith(b"%PDF")
        assert undrawn(page) == 0
