"""What must be true of every page: each check returns what is wrong, a line for each element."""

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

# what axe cannot decide -> why that is right
LOOKED_AT = {
    "color-contrast": "of texts in drawings, single letters, and texts in a place that scrolls; "
    "`faint` of checks.js decides it for every text",
    "th-has-data-cells": "a header of the scope rowgroup, which axe does not follow to its rows",
}


def ask(page: Page, name: str) -> Any:
    """Run a function of checks.js in a page."""
    return page.evaluate(f"{SCRIPT}.{name}()")


def prepare(page: Page) -> None:
    """Draw everything and open what is folded."""
    ask(page, "prepare")
    page.wait_for_timeout(50)  # for observers of sizes


def faults(page: Page) -> list[str]:
    """Return what axe finds, what it cannot decide, and texts that are too faint.

    What of the latter was looked at is in `LOOKED_AT`.
    """
    found = Axe().run(page, options=None).response
    undecided = [item for item in found["incomplete"] if item["id"] not in LOOKED_AT]
    lines = [
        f"{item['id']}: {node['html'][:200]}"
        for item in found["violations"] + undecided
        for node in item["nodes"]
    ]
    return lines + ask(page, "faint")


def texts_outside(page: Page) -> list[str]:
    """Return the parts of drawings that reach out of their box by more than a pixel and a half."""
    return ask(page, "texts_outside")


def nameless(page: Page) -> list[str]:
    """Return the drawings and pictures without an alternative text."""
    return ask(page, "nameless")


def dead_links(page: Page) -> list[str]:
    """Return the links within the page that lead nowhere, and ids that are given twice."""
    return ask(page, "dead_links")


def unreached(page: Page) -> list[str]:
    """Press Tab through the page; return what never gets the focus, or gets it unseen."""
    unseen = []
    for _ in range(ask(page, "start_walking") + 20):
        page.keyboard.press("Tab")
        unseen += ask(page, "focused")
    return unseen + ask(page, "waiting")


def letters_of(logo: Locator) -> str:
    """Return the tallest letter of each position of a logo, read from its paths."""
    boxes = logo.evaluate(f"(svg) => {SCRIPT}.letters(svg)")
    first = min(x for _, x, _ in boxes)
    tallest: dict[int, tuple[float, str]] = {}
    for name, x, height in boxes:
        position = round((x - first) / 13)
        tallest[position] = max(tallest.get(position, (0, "")), (height, name))
    return "".join(tallest[position][1] for position in sorted(tallest))
