"""The shell of a page: it needs nothing from outside, and its drawings, switches and files work."""

import re
from pathlib import Path

import pytest

from tests.browser.checks import dead_links, letters_of, prepare, texts_outside, unreached
from tests.browser.gallery import HOSTILE, write_gallery
from tests.browser.visit import DESK, PHONE, is_wider_than_the_screen, undrawn, until, visit


def test_a_request_or_complaint_fails_the_visit(browser, tmp_path):
    page = tmp_path / "page.html"
    for body in ("<img src='http://127.0.0.1:9/x.png'>", "<script>throw Error('no')</script>"):
        page.write_text(f"<!DOCTYPE html><title>x</title>{body}")
        with pytest.raises(AssertionError), visit(browser, page) as found:
            found.page.wait_for_timeout(200)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_drawings_are_made_when_they_come_into_view(browser, gallery, size):
    with visit(browser, gallery, viewport=size) as found:
        page = found.page
        until(page, "document.querySelector('svg.plot').children.length > 1")
        assert undrawn(page) > 10
        last = page.locator("svg.plot").last
        assert last.locator("*").count() == 0
        last.scroll_into_view_if_needed()
        until(page, "[...document.querySelectorAll('svg.plot')].at(-1).children.length")


def test_texts_and_marks_of_a_drawing_are_inside_its_box(browser, gallery):
    with visit(browser, gallery) as found:
        prepare(found.page)
        assert texts_outside(found.page) == []
        found.page.evaluate("add(plots[0], 'text', { x: -40, y: 9 }, 'outside')")
        assert len(texts_outside(found.page)) == 1


def test_ticks_are_few_and_round(browser, gallery):
    cases = {
        (0, 1): [0, 0.5, 1],
        (0, 30): [0, 10, 20, 30],
        (-1.3, 1.2): [-1, -0.5, 0, 0.5, 1],
        (0.0004, 0.0021): [0.0005, 0.001, 0.0015, 0.002],
        (1e6, 4e6): [1e6, 2e6, 3e6, 4e6],
        (5, 5): [5],
    }
    with visit(browser, gallery) as found:
        for (low, high), expected in cases.items():
            ticks = found.page.evaluate(f"ticksOf({low}, {high})")
            assert ticks == pytest.approx(expected), (low, high)
        texts = found.page.evaluate(
            "[[-0.5, 0.5], [12345, 5000], [0.0015, 5e-4], [3e-7], [0]].map((v) => textOf(...v))"
        )
        assert texts == ["−0.5", "12,345", "0.0015", "3e−7", "0"]


def test_a_logo_shows_its_numbers_and_turns(browser, gallery):
    with visit(browser, gallery) as found:
        page = found.page
        logo = page.get_by_role("img", name="PFM of ETS_1")
        until(page, "document.querySelectorAll('[data-motif] .letter').length > 5")
        assert letters_of(logo) == "ACCGGAAGT"
        button = page.get_by_role("button", name="Reverse complement")
        button.focus()
        page.keyboard.press("Enter")
        assert letters_of(logo) == "ACTTCCGGT"
        assert button.get_attribute("aria-pressed") == "true"
        assert logo.get_attribute("aria-label") == "PFM of ETS_1 (reverse complement)"
        button.click()
        assert letters_of(logo) == "ACCGGAAGT"
        assert logo.get_attribute("aria-label") == "PFM of ETS_1"


def test_switches_turn_all_logos_and_choose_colours(browser, gallery):
    with visit(browser, gallery) as found:
        page = found.page
        page.locator(".display summary").press("Enter")
        logo = page.get_by_role("img", name="PFM of ETS_1")
        other = page.get_by_role("img", name="logo 0")
        strand = page.get_by_label("Logos")
        for value, first, second in (
            ("opposite", "ACTTCCGGT", "GGTGCTTATC"),
            ("found", "ACTTCCGGT", "GATAAGCACC"),
            ("best", "ACCGGAAGT", "GATAAGCACC"),
        ):
            strand.select_option(value)
            other.scroll_into_view_if_needed()
            page.wait_for_timeout(50)
            assert (letters_of(logo), letters_of(other)) == (first, second), value
        colour = "getComputedStyle(document.querySelector('.letter.T')).fill"
        assert page.evaluate(colour) == "rgb(80, 11, 3)"
        page.get_by_label("Letters").select_option("classic")
        assert page.evaluate(colour) == "rgb(214, 40, 57)"


@pytest.mark.parametrize("palette", ["safe", "classic"])
def test_letters_have_other_colours_on_dark(browser, gallery, palette):
    with visit(browser, gallery, color_scheme="dark") as found:
        page = found.page
        page.locator(".display summary").click()
        page.get_by_label("Letters").select_option(palette)
        page.locator(".letter.T").first.wait_for()
        colour = page.evaluate("getComputedStyle(document.querySelector('.letter.T')).fill")
        assert colour == {"safe": "rgb(212, 86, 57)", "classic": "rgb(242, 96, 110)"}[palette]


def test_a_page_opens_with_the_letters_of_its_configuration(browser, tmp_path):
    write_gallery(tmp_path / "page.html", n_rows=1, letters="classic")
    with visit(browser, tmp_path / "page.html") as found:
        page = found.page
        page.locator(".letter.T").first.wait_for()
        colour = "getComputedStyle(document.querySelector('.letter.T')).fill"
        assert page.evaluate(colour) == "rgb(214, 40, 57)"
        page.locator(".display summary").click()
        assert page.get_by_label("Letters").input_value() == "classic"
        page.get_by_label("Letters").select_option("safe")
        assert page.evaluate(colour) == "rgb(80, 11, 3)"


def download(page, name: str) -> tuple[str, str]:
    """Press a button and return the name and the text of the file that it saves."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).press("Enter")
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_text(encoding="utf-8")


def test_files_of_a_motif_are_made_in_the_page(browser, gallery):
    with visit(browser, gallery, accept_downloads=True, color_scheme="dark") as found:
        page = found.page
        name, meme = download(page, "MEME")
        assert name == "ETS_1.meme"
        rows = re.findall(r"^ (\S+)  (\S+)  (\S+)  (\S+)$", meme, re.M)
        assert [max("ACGT", key=lambda b: float(row["ACGT".index(b)])) for row in rows] == list(
            "ACCGGAAGT"
        )
        assert all(sum(map(float, row)) == pytest.approx(1, abs=1e-5) for row in rows)
        assert "w= 9 nsites= 104 E= 0" in meme
        (motif,) = re.findall(r"^MOTIF (.*)$", meme, re.M)
        assert " " not in motif and motif.startswith("</script>")
        page.get_by_role("button", name="Reverse complement").click()
        _, meme = download(page, "MEME")
        assert re.findall(r"^ 0\.85", meme, re.M) and "0.850000" in meme.splitlines()[-1]
        name, table = download(page, "CWM (TSV)")
        assert name == "ETS_1.cwm.tsv"
        lines = [line.split("\t") for line in table.splitlines()]
        assert lines[0] == ["position", "A", "C", "G", "T"] and len(lines) == 19
        name, logo = download(page, "Logo (SVG)")
        assert "/" not in name and name.endswith("ETS_1.svg")
        assert "#500b03" in logo and "class=" not in logo


def test_a_logo_file_is_an_image(browser, gallery, tmp_path):
    with visit(browser, gallery, accept_downloads=True) as found:
        _, logo = download(found.page, "Logo (SVG)")
    (tmp_path / "logo.svg").write_text(logo)
    page = browser.new_page()
    page.goto((tmp_path / "logo.svg").as_uri())
    assert page.evaluate("document.documentElement.getBBox().width") > 100
    page.close()


def test_print_draws_everything_and_opens_what_is_folded(browser, gallery):
    with visit(browser, gallery) as found:
        page = found.page
        page.get_by_label("Search motifs").fill("motif 37")
        assert undrawn(page) > 10
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert undrawn(page) == 0
        assert page.locator("#inside").is_visible()
        assert page.locator("tbody tr:visible").count() == 60
        assert not page.get_by_label("Search motifs").is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        assert not page.locator("#inside").is_visible()
        assert page.locator("tbody tr:visible").count() == 1


def test_printing_itself_draws_everything(browser, gallery, tmp_path):
    with visit(browser, gallery, color_scheme="dark") as found:
        assert undrawn(found.page) > 10
        found.page.pdf(path=tmp_path / "page.pdf")
        assert undrawn(found.page) == 0
        assert not found.page.locator("#inside").is_visible()


def test_no_sideways_scrolling_on_a_phone(browser, gallery):
    with visit(browser, gallery, viewport=PHONE) as found:
        found.page.evaluate("plots.forEach(draw)")
        assert not is_wider_than_the_screen(found.page)
        found.page.locator(".display summary").click()
        assert not is_wider_than_the_screen(found.page)
        found.page.evaluate(
            "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
        )
        assert not is_wider_than_the_screen(found.page)


def test_hostile_names_stay_text(browser, gallery):
    with visit(browser, gallery) as found:
        assert found.page.locator("h1").text_content() == HOSTILE
        assert found.page.locator("script").count() == 2


def test_a_term_shows_its_entry_by_mouse_and_by_keyboard(browser, gallery):
    with visit(browser, gallery) as found:
        page = found.page
        tip, link = page.locator("#tip"), page.locator("a.term")
        for press in (link.click, lambda: link.press("Enter")):
            press()
            assert tip.is_visible()
            assert "leave unexplained" in tip.text_content()
            page.keyboard.press("Escape")
            assert not tip.is_visible()
            assert page.evaluate("document.activeElement.className") == "term"
        link.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.url.endswith("#term-residual")


def test_text_is_copied(browser, gallery):
    with visit(browser, gallery, permissions=["clipboard-read", "clipboard-write"]) as found:
        page = found.page
        page.get_by_role("button", name="Copy").click()
        page.get_by_text("Copied", exact=True).wait_for(state="attached")
        assert page.evaluate("navigator.clipboard.readText()") == "Methods text"


@pytest.mark.parametrize(
    "clipboard", ["{ writeText: () => Promise.reject(Error('no')) }", "undefined"]
)
def test_text_is_selected_where_it_cannot_be_copied(browser, gallery, clipboard):
    with visit(browser, gallery) as found:
        page = found.page
        set_to = f"Object.defineProperty(navigator, 'clipboard', {{ value: {clipboard} }})"
        page.evaluate(f"() => {{ {set_to}; }}")
        page.get_by_role("button", name="Copy").click()
        page.get_by_text("Selected: copy it").wait_for(state="attached")
        assert page.evaluate("getSelection().toString()") == "Methods text"


def test_the_switches_close_when_they_are_left(browser, gallery):
    with visit(browser, gallery) as found:
        page = found.page
        summary, letters = page.locator(".display summary"), page.get_by_label("Letters")
        summary.click()
        assert letters.is_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        assert not letters.is_visible()
        assert page.evaluate("document.activeElement.textContent") == "Display"
        summary.click()
        page.locator("h1").click()
        assert not letters.is_visible()
        summary.click()
        page.locator("a.term").focus()
        assert not letters.is_visible()


def test_a_link_into_something_folded_opens_it(browser, gallery):
    with visit(browser, gallery) as found:
        page = found.page
        assert not page.locator("#inside").is_visible()
        page.evaluate("location.hash = 'inside'")
        page.locator("#inside").wait_for()
        page.evaluate("location.hash = '%E0%A4%A'")  # no such place, and no text either


def test_everything_is_reached_by_the_keyboard(browser, gallery):
    """Each control gets the focus by Tab, and shows it; the first leads past the navigation."""
    with visit(browser, gallery) as found:
        page = found.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        assert page.locator(".skip").bounding_box()["y"] >= 0
        assert unreached(page) == []
        page.evaluate("document.querySelector('[data-print]').tabIndex = -1")
        page.locator(".display summary").click()
        assert [html for html in unreached(page) if "data-print" in html]


def test_links_lead_somewhere(browser, gallery):
    with visit(browser, gallery) as found:
        assert dead_links(found.page) == []
        found.page.evaluate("document.querySelector('nav a').setAttribute('href', '#nowhere')")
        assert dead_links(found.page) == ["#nowhere"]
