"""The pages of the demo's run, opened from disk in Chromium."""

import pytest

from tests.browser import checks
from tests.browser.visit import DESK, PHONE, is_wider_than_the_screen, undrawn, visit

PAGES = ("demo/report.html", "index.html")
SIZES = {"desk": DESK, "phone": PHONE}


@pytest.fixture(params=PAGES)
def path(request, demo):
    return demo.parent / request.param


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_a_page_is_accessible(browser, path, size, scheme):
    with visit(browser, path, viewport=SIZES[size], color_scheme=scheme) as found:
        checks.prepare(found.page)
        assert checks.faults(found.page) == []


@pytest.mark.parametrize("size", SIZES)
def test_a_page_fits_its_screen(browser, path, size):
    with visit(browser, path, viewport=SIZES[size]) as found:
        assert not is_wider_than_the_screen(found.page)
        checks.prepare(found.page)
        assert not is_wider_than_the_screen(found.page)
        assert checks.texts_outside(found.page) == []


def test_a_page_is_whole(browser, path):
    assert path.stat().st_size < 1_000_000
    with visit(browser, path) as found:
        page = found.page
        assert checks.nameless(page) == []
        assert checks.dead_links(page) == []
        assert checks.unreached(page) == []


def test_a_page_is_printed_whole(browser, path, tmp_path):
    with visit(browser, path) as found:
        found.page.pdf(path=tmp_path / "page.pdf")
        assert undrawn(found.page) == 0


@pytest.mark.parametrize("size", SIZES)
def test_a_logo_stands_on_the_first_screen(browser, demo, size):
    with visit(browser, demo / "report.html", viewport=SIZES[size]) as found:
        box = found.page.locator("svg.plot.logo").first.bounding_box()
        assert box["y"] + box["height"] < SIZES[size]["height"]
