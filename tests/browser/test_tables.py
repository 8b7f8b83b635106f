"""Tables of a page are sorted, searched and filtered, by mouse and by keyboard."""

import time

import pytest
from playwright.sync_api import Page

from tests.browser.gallery import write_gallery
from tests.browser.visit import PHONE, visit


def names(page: Page) -> list[str]:
    """Return the names of the rows in sight, in their order."""
    return page.locator("tbody tr:visible th").all_text_contents()


def column(page: Page, index: int) -> list[str]:
    """Return the values of a column that it is sorted by."""
    rows = "[...document.querySelectorAll('tbody tr')]"
    return page.evaluate(f"{rows}.map((row) => valueOf(row.cells[{index}]))")


def sort(page: Page, header: str, way: str) -> None:
    button = page.get_by_role("columnheader", name=header).get_by_role("button")
    if way == "click":
        button.click()
    else:
        button.press(way)


@pytest.mark.parametrize("way", ["click", "Enter", "Space"])
def test_headers_sort(browser, gallery, way):
    with visit(browser, gallery) as found:
        page = found.page
        before = names(page)
        header = page.get_by_role("columnheader", name="Instances")
        for order, reverse in (("descending", True), ("ascending", False)):
            sort(page, "Instances", way)
            assert header.get_attribute("aria-sort") == order
            numbers = [int(value) for value in column(page, 3)]
            assert numbers == sorted(numbers, reverse=reverse) and len(set(numbers)) > 50
        sort(page, "Instances", way)
        assert header.get_attribute("aria-sort") is None
        assert names(page) == before


def test_missing_numbers_come_last_and_texts_count(browser, gallery):
    with visit(browser, gallery) as found:
        page = found.page
        for _ in range(2):
            sort(page, "q-value", "click")
            values = column(page, 4)
            gaps = values.count("")
            assert gaps > 5 and set(values[-gaps:]) == {""}
        numbers = [float(value) for value in values[:-gaps]]
        assert numbers == sorted(numbers)
        sort(page, "Motif", "click")
        assert names(page) == [f"motif {index + 1}" for index in range(60)]
        sort(page, "Motif", "click")
        assert names(page)[:2] == ["motif 60", "motif 59"]
        sorted_by = page.locator("th[aria-sort]")
        assert sorted_by.count() == 1 and "Motif" in sorted_by.text_content()


def test_search_and_filter_together(browser, gallery):
    with visit(browser, gallery) as found:
        page = found.page
        status = page.locator(".controls [role=status]")
        assert status.text_content() == "60 of 60 motifs"
        search, family = page.get_by_label("Search motifs"), page.get_by_label("Family")
        search.focus()
        page.keyboard.type("  MOTIF 1 ")
        assert names(page)[:3] == ["motif 1", "motif 10", "motif 11"]
        assert status.text_content() == f"{len(names(page))} of 60 motifs"
        assert family.locator("option").all_text_contents() == ["all", "bHLH", "ETS", "GATA"]
        family.focus()
        page.keyboard.type("GATA")
        shown = names(page)
        assert shown and all(int(name.split()[1]) % 4 in (2, 0) for name in shown)
        search.fill("no such motif")
        assert names(page) == [] and status.text_content() == "0 of 60 motifs"
        search.fill("")
        assert len(names(page)) == 30
        family.select_option("")
        assert len(names(page)) == 60


def test_numbers_are_not_searched(browser, gallery):
    with visit(browser, gallery) as found:
        found.page.get_by_label("Search motifs").fill("motif 12")
        assert names(found.page) == ["motif 12"]


def test_a_large_table_stays_quick(browser, tmp_path):
    write_gallery(tmp_path / "large.html", n_rows=500)
    with visit(browser, tmp_path / "large.html") as found:
        page = found.page
        start = time.monotonic()
        sort(page, "Instances", "Enter")
        page.get_by_label("Search motifs").fill("motif 4")
        assert len(names(page)) == sum("4" in str(index) for index in range(1, 501))
        assert time.monotonic() - start < 3


def test_a_row_is_a_card_on_a_phone(browser, gallery):
    with visit(browser, gallery, viewport=PHONE) as found:
        page = found.page
        cell = page.locator("tbody tr").first.locator("td").nth(2)
        label = cell.evaluate("(cell) => getComputedStyle(cell, '::before').content")
        assert label == '"Instances"'
        assert cell.evaluate("(cell) => getComputedStyle(cell).display") == "block"
        sort(page, "Instances", "click")
        numbers = [int(value) for value in column(page, 3)]
        assert numbers == sorted(numbers, reverse=True)


def test_tables_are_read_without_a_script(browser, gallery):
    with visit(browser, gallery, java_script_enabled=False) as found:
        page = found.page
        assert len(page.locator("tbody tr th").all_text_contents()) == 60
        assert page.get_by_role("button").count() == 0
        page.get_by_text("How this was measured").click()
        assert page.locator("#inside").is_visible()
