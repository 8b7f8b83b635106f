"""A page as one HTML file: templates, style, script and numbers, and nothing from outside.

Drawings are placeholders in the page; the script draws them from numbers that the page holds as
JSON. The content security policy lets only this script run, by its digest, and no request leave.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from deeplift_genomics.report.words import number
from deeplift_genomics.version import __version__

FOLDER = Path(__file__).parent
STYLE = "style.css"
# in the order in which they are put together to one script
SCRIPTS = ("draw.js", "page.js")


class Plots:
    """The drawings of a page: a placeholder for each, and the numbers that it is drawn from."""

    def __init__(self) -> None:
        self._data: dict[str, dict[str, Any]] = {}

    def add(self, kind: str, data: Mapping[str, Any], label: str, css: str = "") -> Markup:
        """Keep the numbers of a drawing and return its placeholder.

        Parameters
        ----------
        kind
            Name of the function that draws it (`kinds` in ``assets/draw.js``).
        data
            Its numbers, as JSON has them, rounded to what can be seen.
        label
            Alternative text: what a reader who cannot see it needs to know.
        css
            Further CSS classes of the placeholder.
        """
        name = f"p{len(self._data)}"
        self._data[name] = {"kind": kind, **data}
        return Markup(
            '<svg class="plot {}" data-plot="{}" role="img" aria-label="{}"></svg>'
        ).format(f"{kind} {css}".strip(), name, label)

    def as_json(self) -> Markup:
        """Return the numbers of all drawings for a script element of the type application/json."""
        return as_json(self._data)


class RenderedSection(NamedTuple):
    """A section of a page: its anchor, its title and its HTML."""

    name: str
    title: str
    body: Markup


def as_json(values: Any) -> Markup:
    """Return JSON that can stand inside a script element, whatever texts it holds.

    >>> str(as_json({"name": "</script>"}))
    '{"name":"\\\\u003c/script>"}'
    """
    text = json.dumps(values, separators=(",", ":"), allow_nan=False, ensure_ascii=True)
    return Markup(text.replace("<", "\\u003c"))


def environment() -> Environment:
    """Return the templates, which escape what they are given."""
    found = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["number"] = number
    return found


def render_section(name: str, title: str, context: Mapping[str, Any]) -> RenderedSection:
    """Return a section, from the template of its name."""
    template = environment().get_template(f"sections/{name}.html.j2")
    return RenderedSection(name, title, Markup(template.render(context)))


def render_page(
    title: str, heading: str, subtitle: str, *, sections: Sequence[RenderedSection], plots: Plots
) -> str:
    """Return a page as HTML.

    Parameters
    ----------
    title
        Title of the browser's window.
    heading, subtitle
        The head of the page.
    sections
        In the order of the page.
    plots
        The drawings whose placeholders the sections have.
    """
    script = "".join((FOLDER / "assets" / name).read_text(encoding="utf-8") for name in SCRIPTS)
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            title=title,
            heading=heading,
            subtitle=subtitle,
            sections=sections,
            data=plots.as_json(),
            script=Markup(script),
            script_digest=_digest(script),
            style=Markup((FOLDER / "assets" / STYLE).read_text(encoding="utf-8")),
            version=__version__,
        )
    )


def _digest(text: str) -> str:
    """Return the digest of an inline script as a content security policy names it."""
    found = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(found).decode('ascii')}"
