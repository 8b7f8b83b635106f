"""The site builds without a warning, asks nothing of a network, and reads well in Chromium."""

import fcntl
import inspect
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

import deeplift_genomics
from tests.conftest import ROOT

SITE = ROOT / "docs" / "_build" / "html"


def command() -> list[str]:
    """Return the arguments of Sphinx in the Makefile."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    found = re.search(r"python -m (sphinx .+)$", makefile, re.MULTILINE)
    assert found
    return found.group(1).split()


@pytest.fixture(scope="session")
def site() -> Path:
    """Build the site, or what has changed since it was built; one process at a time."""
    SITE.mkdir(parents=True, exist_ok=True)
    with (SITE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            [sys.executable, "-m", *command()],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return SITE


class Resources(HTMLParser):
    """What a page loads: scripts, styles, pictures, fonts; not what it links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        names = ["src", "srcset", "poster", "data"] + ["href"] * (tag in ("link", "use", "image"))
        self.found += [given[name] for name in names if given.get(name)]


def pages(site: Path) -> list[Path]:
    """Return the pages, but for the one at the top, which only leads to the first."""
    found = [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]
    return [path for path in found if path != site / "index.html"]


def test_the_build_is_strict() -> None:
    assert {"--fail-on-warning", "--nitpicky"} <= set(command())


def test_nothing_comes_from_a_network(site: Path) -> None:
    assert len(pages(site)) > 25
    outside = re.compile(r"^(\w+:)?//", re.IGNORECASE)
    for path in pages(site):
        reader = Resources()
        reader.feed(path.read_text("utf-8"))
        assert [item for item in reader.found if outside.match(item)] == [], path
    for path in site.rglob("*.css"):
        text = path.read_text("utf-8")
        named = re.findall(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^)\"'\s]+)", text)
        assert named == [], path


def test_formulas_are_mathml(site: Path) -> None:
    text = (site / "docs" / "methods.html").read_text("utf-8")
    assert text.count("<math ") > 150
    shown = re.sub(r"<[^>]+>", "", re.sub(r"<(script|code|pre).*?</\1>", "", text, flags=re.DOTALL))
    assert not re.findall(r"\$[^$]{1,80}\$|\\[a-z]+", shown)


def test_every_public_name_has_its_reference(site: Path) -> None:
    text = (site / "docs" / "api.html").read_text("utf-8")
    named = set(re.findall(r'id="deeplift_genomics\.(\w+)"', text))
    assert named >= set(deeplift_genomics.__all__) - {"__version__"}
    assert "Parameters" in text and "(N, L, 4)" in text


def test_each_parameter_has_its_own_sentence(site: Path) -> None:
    """One sentence for several parameters, `a, b`, is repeated for each on the site."""
    for name in deeplift_genomics.__all__:
        text = inspect.getdoc(getattr(deeplift_genomics, name)) or ""
        parameters = re.search(
            r"^Parameters\n-+\n(.*?)(^\w+\n-+$|\Z)", text, re.DOTALL | re.MULTILINE
        )
        assert not parameters or not re.search(r"^\w+, \w", parameters[1], re.MULTILINE), name
    page = (site / "docs" / "api.html").read_text("utf-8")
    assert re.search(r'From <a [^>]*href="#deeplift_genomics\.load_model"', page)


def test_the_top_leads_to_the_first_page(site: Path) -> None:
    assert 'url=docs/index.html"' in (site / "index.html").read_text("utf-8")


def test_pages_in_a_browser(site: Path, browser: Browser) -> None:
    """Opened from disk, narrow: no page is wider than the window, fails or asks for more."""
    page = browser.new_page(viewport={"width": 375, "height": 800}, color_scheme="dark")
    asked: list[str] = []
    problems: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(("file:", "data:")):
            asked.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    for path in pages(site):
        page.goto(path.as_uri())
        width = page.evaluate("document.scrollingElement.scrollWidth")
        if width > 376:
            problems.append(f"{path.relative_to(site)} is {width} px wide")
    page.close()
    assert (asked, problems) == ([], [])


def results_of(page: Page, site: Path, words: str) -> list[str]:
    """Return the addresses that the site's search gives for some words."""
    page.goto((site / "search.html").as_uri() + f"?q={words}")
    page.wait_for_selector("#search-results ul.search li a")
    found = page.eval_on_selector_all(
        "#search-results ul.search li a", "links => links.map(link => link.href)"
    )
    return [str(link) for link in found]


def test_the_search_works_from_disk(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    assert any("howto/no_motifs" in link for link in results_of(page, site, "min_seqlets"))
    assert any("api.html" in link for link in results_of(page, site, "dinucleotide_shuffle"))
    page.close()


def test_tables_leave_room_for_what_explains(site: Path, browser: Browser) -> None:
    """On a laptop, the meaning of a key is its widest column; on a phone, a shadow shows more."""
    widths = "row => [...row.cells].map(cell => cell.getBoundingClientRect().width)"
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto((site / "config" / "README.html").as_uri())
    *others, meaning = page.eval_on_selector("#config-yaml table tr", widths)
    assert meaning > 2 * max(others)
    page.goto((site / "docs" / "methods.html").as_uri())
    table = page.locator("article table").first
    assert table.evaluate("table => table.scrollWidth <= table.clientWidth")
    assert (
        table.evaluate("table => getComputedStyle(table).backgroundAttachment").count("local") == 2
    )
    page.close()
