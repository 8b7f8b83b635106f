"""Names such as `report.most_loci` may break after a dot, an underscore or a slash in a table."""

import re
from typing import Any

from sphinx.application import Sphinx

_TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
_NAME = re.compile(r'(<span class="pre">)([^<]*)(</span>)')
_SEAM = re.compile(r"(?<=\w)([._/]+)(?=\w)")


def with_breaks(body: str) -> str:
    """Return HTML in whose tables a long name has places to break.

    >>> with_breaks('<table><span class="pre">a_b.c</span></table><span class="pre">d.e</span>')
    '<table><span class="pre">a_<wbr>b.<wbr>c</span></table><span class="pre">d.e</span>'
    """

    def broken(name: re.Match) -> str:
        return name[1] + _SEAM.sub(r"\1<wbr>", name[2]) + name[3]

    return _TABLE.sub(lambda table: _NAME.sub(broken, table[0]), body)


def on_page(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Change the body of a page before it is written."""
    if "body" in context:
        context["body"] = with_breaks(context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Change each page."""
    app.connect("html-page-context", on_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
