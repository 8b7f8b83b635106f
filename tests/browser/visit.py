"""A page opened from disk, with a record of what it asked for and complained about."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 800}


@dataclass
class Visit:
    """A visit to a page.

    `requests` are the addresses that the page asked for, its own included; `complaints` are errors
    of its script and lines of the console.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def visit(browser: Browser, path: Path, **options) -> Iterator[Visit]:
    """Open a page; on leaving, check that it asked for nothing but itself and did not complain."""
    context = browser.new_context(**{"viewport": DESK, **options})
    found = Visit(context.new_page())
    context.on("request", lambda request: found.requests.append(request.url))
    context.on("weberror", lambda error: found.complaints.append(str(error.error)))
    context.on("console", lambda message: found.complaints.append(message.text))
    context.on("page", lambda _: found.complaints.append("another window"))
    found.page.goto(path.as_uri())
    yield found
    context.close()
    elsewhere = [url for url in found.requests if url.split("#")[0] != path.as_uri()]
    assert not [url for url in elsewhere if not url.startswith("blob:")], elsewhere
    assert found.complaints == []


def undrawn(page: Page) -> int:
    """Return the number of drawings that are still empty."""
    return page.locator("svg.plot:empty").count()


def is_wider_than_the_screen(page: Page) -> bool:
    """Whether the page would have to be scrolled sideways."""
    script = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(page.evaluate(script))


def until(page: Page, expression: str, seconds: float = 10) -> None:
    """Wait until an expression is true; the page's policy forbids `wait_for_function`."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"never: {expression}"
        page.wait_for_timeout(20)
