"""The motifs of a page, opened, turned, saved and printed."""

import re
from pathlib import Path

import pytest

from tests.browser.checks import prepare, texts_outside
from tests.browser.visit import PHONE, is_wider_than_the_screen, undrawn, until, visit
from tests.report.sample import MadeSample, make_sample


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeSample:
    """Make the page of a sample with three motifs."""
    found = make_sample(tmp_path_factory.mktemp("motifs") / "results")
    found.page()
    return found


@pytest.fixture
def path(made: MadeSample) -> Path:
    """The page."""
    return made.folder / "report.html"


def test_a_name_in_the_table_opens_its_motif(browser, path):
    with visit(browser, path) as found:
        page = found.page
        details = page.locator("details.motif")
        assert details.evaluate_all("(all) => all.map((one) => one.open)") == [False] * 3
        page.locator("table.motifs").get_by_role("link", name="CTCF").press("Enter")
        until(page, "document.getElementById('motif-CTCF').open")
        assert details.evaluate_all("(all) => all.filter((one) => one.open).length") == 1
        until(page, "!document.querySelector('#motif-CTCF svg.logo:empty')")


def test_the_table_is_sorted_searched_and_filtered(browser, path):
    names = "[...document.querySelectorAll('table.motifs tbody tr:not(.out) a')].map((a) => a.text)"
    with visit(browser, path) as found:
        page = found.page
        assert page.evaluate(names) == ["GATA1", "CTCF", "unnamed_1"]
        page.get_by_role("button", name="Effect on the prediction").click()
        assert page.evaluate(names) == ["CTCF", "GATA1", "unnamed_1"]
        page.get_by_role("button", name="Effect on the prediction").click()
        assert page.evaluate(names) == ["unnamed_1", "GATA1", "CTCF"]
        page.get_by_label("Search motifs").fill("zinc finger MA0139")
        assert page.evaluate(names) == ["CTCF"]
        page.get_by_label("Search motifs").fill("")
        page.get_by_label("Family").select_option("GATA")
        assert page.evaluate(names) == ["GATA1"]


def test_a_known_motif_turns_with_its_pattern(browser, path):
    places = """
      (svg) => [...svg.querySelectorAll('rect.shared')].map((r) => r.getAttribute('x')).join()
    """
    with visit(browser, path) as found:
        page = found.page
        page.evaluate("document.getElementById('motif-GATA1').open = true")
        aligned = page.locator("#motif-GATA1 svg.aligned").first
        aligned.scroll_into_view_if_needed()
        until(page, "document.querySelector('#motif-GATA1 svg.aligned').children.length")
        before = aligned.evaluate(places)
        page.locator("#motif-GATA1").get_by_role("button", name="Reverse complement").click()
        assert aligned.evaluate(places) != before
        assert "reverse complement" in aligned.get_attribute("aria-label")


def test_places_are_saved_as_bed(browser, path, made, tmp_path):
    with visit(browser, path) as found:
        page = found.page
        page.evaluate("document.getElementById('motif-CTCF').open = true")
        with page.expect_download() as download:
            page.locator("#motif-CTCF").get_by_role("button", name="Places (BED)").first.click()
        download.value.save_as(tmp_path / "places.bed")
        assert download.value.suggested_filename == "demo.CTCF.counts.bed"
    table = made.path("instances", "counts").read_text().splitlines()[2:]
    wanted = [line.split("\t") for line in table if line.split("\t")[3] == "CTCF"]
    saved = [line.split("\t") for line in (tmp_path / "places.bed").read_text().splitlines()]
    assert saved == [[c[0], c[1], c[2], "CTCF", "800", c[5]] for c in wanted]


def test_texts_are_inside_their_drawings(browser, path):
    with visit(browser, path) as found:
        prepare(found.page)
        assert texts_outside(found.page) == []


def test_a_phone_shows_it_without_scrolling_sideways(browser, path):
    with visit(browser, path, viewport=PHONE) as found:
        page = found.page
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.evaluate("plots.forEach(draw)")
        assert not is_wider_than_the_screen(page)


def test_print_gives_every_motif(browser, path):
    with visit(browser, path) as found:
        page = found.page
        content = page.pdf()
        assert undrawn(page) == 0
    assert content.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", content)) > 3


def test_a_print_draws_the_locus_that_nobody_has_looked_at(browser, path):
    size = "document.querySelector('.stage svg.locus')?.children.length ?? 0"
    with visit(browser, path) as found:
        assert found.page.evaluate(size) == 0
        # no frame comes between the event and the print
        script = f"(() => {{ dispatchEvent(new Event('beforeprint')); return {size}; }})()"
        assert found.page.evaluate(script) > 3
