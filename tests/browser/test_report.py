"""The page of a sample in Chromium: a small one with hostile names, and one with sixty motifs."""

import time

import pytest

from tests.browser import checks
from tests.browser.large import enlarge
from tests.browser.visit import DESK, PHONE, is_wider_than_the_screen, undrawn, visit
from tests.report.sample import MadeSample, make_sample

SIZES = {"desk": DESK, "phone": PHONE}
MOST_BYTES = 5_000_000  # of a page with 60 motifs and 30 loci, which is sent by mail
SECONDS = 5  # until its first table is there; one on an idle machine
HOSTILE = "</title></script><script>alert('x')</script>\"'&\u202egnp" + "A" * 300


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> MadeSample:
    folder = tmp_path_factory.mktemp("browser")
    cells = {"title": HOSTILE, "assay": "=1+1", "cell_type": "<b>K562</b>"}
    made = make_sample(folder / "results", **cells)
    made.page()
    return made


@pytest.fixture(scope="module")
def page_path(sample):
    return sample.folder / "report.html"


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_a_report_is_accessible(browser, page_path, size, scheme):
    with visit(browser, page_path, viewport=SIZES[size], color_scheme=scheme) as found:
        checks.prepare(found.page)
        assert checks.faults(found.page) == []


@pytest.mark.parametrize("size", SIZES)
def test_a_report_fits_its_screen(browser, page_path, size):
    with visit(browser, page_path, viewport=SIZES[size]) as found:
        assert not is_wider_than_the_screen(found.page)
        checks.prepare(found.page)
        assert not is_wider_than_the_screen(found.page)
        assert checks.texts_outside(found.page) == []


def test_a_report_is_whole(browser, page_path):
    with visit(browser, page_path) as found:
        page = found.page
        assert page.locator("h1").text_content() == HOSTILE
        assert checks.nameless(page) == []
        assert checks.dead_links(page) == []
        assert checks.unreached(page) == []


def test_a_report_with_sixty_motifs(browser, sample, tmp_path):
    """It is small enough for a mail, its table is there at once, and print draws all of it."""
    large = enlarge(sample, tmp_path / "large")
    large.config["report"]["most_loci"] = 30
    large.page()
    path = large.folder / "report.html"
    assert path.stat().st_size < MOST_BYTES
    start = time.monotonic()
    with visit(browser, path) as found:
        page = found.page
        table = page.locator("table.data[data-searchable]").first
        table.wait_for()
        assert time.monotonic() - start < SECONDS
        assert table.locator("tbody th[scope=row]").count() >= 60
        assert undrawn(page) > 200
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert undrawn(page) == 0
        assert not is_wider_than_the_screen(page)
