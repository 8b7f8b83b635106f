"""The page above all samples, and the page that compares runs."""

import pytest

from deeplift_genomics.comparison.page import compare
from deeplift_genomics.report.index_page import write_index
from tests.browser.checks import dead_links, faults, nameless, prepare, texts_outside, unreached
from tests.browser.visit import DESK, PHONE, is_wider_than_the_screen, undrawn, visit
from tests.comparison.conftest import results  # noqa: F401 (fixture)
from tests.report.made_index import make_run


@pytest.fixture(scope="module")
def pages(tmp_path_factory, results):  # noqa: F811
    """Write both pages; return their paths by name."""
    folder = tmp_path_factory.mktemp("pages")
    rows = make_run(folder)
    write_index(folder / "index.html", folder, rows)
    compare(results, folder / "compare.html")
    return {name: folder / f"{name}.html" for name in ("index", "compare")}


@pytest.mark.parametrize("name", ["index", "compare"])
@pytest.mark.parametrize(
    ("size", "scheme"), [(DESK, "light"), (DESK, "dark"), (PHONE, "light")], ids=str
)
def test_nothing_is_wrong(browser, pages, name, size, scheme):
    with visit(browser, pages[name], viewport=size, color_scheme=scheme) as found:
        page = found.page
        prepare(page)
        assert faults(page) == []
        assert nameless(page) == [] and texts_outside(page) == [] and dead_links(page) == []
        assert not is_wider_than_the_screen(page) and undrawn(page) == 0


@pytest.mark.parametrize("name", ["index", "compare"])
def test_everything_is_reached_by_the_keyboard(browser, pages, name):
    with visit(browser, pages[name]) as found:
        assert unreached(found.page) == []


CELLS = "[...document.querySelectorAll('table.matrix tbody td')].map((cell) => cell.textContent)"
ROWS = "[...document.querySelectorAll('table.matrix tbody th')].map((cell) => cell.textContent)"


def test_a_reader_chooses_what_the_matrix_shows(browser, pages):
    with visit(browser, pages["index"]) as found:
        page = found.page
        assert sorted(page.evaluate(CELLS)) == sorted("30100100")
        assert page.locator("table.matrix td.above.step-5").count() == 1
        page.get_by_label("The cells show").select_option("mean contribution")
        assert page.evaluate(CELLS).count("") == 5 and "−0.25" in page.evaluate(CELLS)
        assert page.locator("table.matrix caption").inner_text().endswith(": mean contribution.")
        assert page.locator("table.matrix td.below.step-2").count() == 1
        page.get_by_label("The cells show").select_option("effect")
        assert "0.657" in page.evaluate(CELLS)


def test_the_matrix_is_sorted_by_what_it_shows(browser, pages):
    with visit(browser, pages["index"]) as found:
        page = found.page
        column = page.locator("table.matrix").get_by_role("button", name="a profile")
        column.press("Enter")
        assert page.evaluate(ROWS) == ["GATA1", "CTCF"]
        page.get_by_label("The cells show").select_option("mean contribution")
        page.locator("table.matrix").get_by_role("button", name="a counts").click()
        assert page.evaluate(ROWS) == ["CTCF", "GATA1"]
