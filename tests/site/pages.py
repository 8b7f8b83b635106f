"""The pages of the documentation and the blocks of code in them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "config/README.md")),
    *sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts),
]
_BLOCK = re.compile(r"^( *)```([\w{}-]*)[^\n]*\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A block of code: its language, its text, and the line of text before it."""

    language: str
    text: str
    before: str


def blocks(page: Path) -> Iterator[Block]:
    """Yield the blocks of a page, without their indentation."""
    text = page.read_text("utf-8")
    for found in _BLOCK.finditer(text):
        indent, language, code = found.groups()
        code = re.sub(rf"^{indent}", "", code, flags=re.MULTILINE)
        before = text[: found.start()].rstrip().rpartition("\n")[2]
        yield Block(language, code, before)


def name(page: Path) -> str:
    """Return the name of a page, from the checkout."""
    return page.relative_to(ROOT).as_posix()
