"""A page as one HTML file: templates, style, script and numbers, and nothing from outside.

Drawings are placeholders in the page; the script draws them from numbers that the page holds as
JSON. The content security policy lets only this script run and only this style apply, by their
digests, and no request leave: attributes such as ``style`` and ``onclick`` have no effect.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from deeplift_genomics.report.words import number, percent
from deeplift_genomics.version import __version__
from deeplift_genomics.views.letters import LETTERS

FOLDER = Path(__file__).parent
STYLE = "style.css"
# put together to one script in this order; further ones of a page stand before the last
SCRIPTS = (
    "draw.js", "logos.js", "charts.js", "tables.js", "switches.js", "downloads.js", "page.js",
)  # fmt: skip
# kind of drawing -> width and height in which it is drawn, in pixels; a logo's width follows from
# its letters
SIZES = {
    "histogram": (380, 200),
    "bars": (420, 220),
    "scatter": (360, 340),
    "line": (560, 240),
    "heat": (560, 420),
    "curve": (320, 190),
    "outputs": (660, 460),
}
SMALL = (120, 44)  # of a histogram in a table's cell
LETTER, LOGO = 13, 56  # width of a logo's letter and height of a logo, without its axes


class Placeholder(Markup):
    """An empty svg element for a drawing; `name` is what downloads call it by."""

    name: str


class Plots:
    """The drawings of a page: a placeholder for each, and the numbers that it is drawn from."""

    def __init__(self) -> None:
        self._data: dict[str, dict[str, Any]] = {}

    def add(self, kind: str, data: Mapping[str, Any], label: str, css: str = "") -> Placeholder:
        """Keep the numbers of a drawing and return its placeholder.

        Parameters
        ----------
        kind
            Name of the function that draws it (`kinds` in ``assets/draw.js``).
        data
            Its numbers, as JSON has them, rounded to what can be seen. `width` and `height`, in
            pixels, replace those of its kind (`SIZES`).
        label
            Alternative text: what a reader who cannot see it needs to know.
        css
            Further CSS classes of the placeholder.

        Raises
        ------
        ValueError
            If the label is empty.
        """
        if not label.strip():
            raise ValueError(f"A drawing of the kind {kind} has no alternative text.")
        name = f"p{len(self._data)}"
        self._data[name] = {"kind": kind, **data}
        width, height = _size(kind, data)
        found = Placeholder(
            Markup(
                '<svg class="plot {}" data-plot="{}" role="img" aria-label="{}" width="{}" '
                'height="{}" viewBox="0 0 {} {}" preserveAspectRatio="xMinYMid"></svg>'
            ).format(f"{kind} {css}".strip(), name, label, *(width, height) * 2)
        )
        found.name = name
        return found

    def keep(self, name: str, values: Mapping[str, Any]) -> None:
        """Keep further numbers for the script, under a name that is no drawing's."""
        self._data[name] = dict(values)

    def as_json(self) -> Markup:
        """Return the numbers of all drawings for a script element of the type application/json."""
        return as_json(self._data)


def _size(kind: str, data: Mapping[str, Any]) -> tuple[int, int]:
    """Return the width and height in which a drawing is made, in pixels."""
    if kind == "logo":
        n, axes = len(data.get("heights") or data["frequencies"]), "unit" in data
        width, height = n * LETTER + 48 * axes, (2 * LOGO + 22) if axes else LOGO
    else:
        width, height = SMALL if data.get("small") else SIZES.get(kind, (640, 240))
    return data.get("width", width), data.get("height", height)


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


@cache
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
    found.filters["percent"] = percent
    return found


def render_section(
    name: str, title: str, context: Mapping[str, Any], *, template: str = ""
) -> RenderedSection:
    """Return a section, from the template of its name unless another is given."""
    path = template or f"sections/{name}"
    body = environment().get_template(f"{path}.html.j2").render(context)
    return RenderedSection(name, title, Markup(body))


def render_page(
    title: str,
    heading: str,
    subtitle: str,
    *,
    sections: Sequence[RenderedSection],
    plots: Plots,
    scripts: Sequence[str] = (),
    styles: Sequence[str] = (),
    letters: str = "default",
    parts: Sequence[str] = (),
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
    scripts
        Further scripts of this page, files of ``assets``: one that draws a further kind adds its
        function to `kinds`.
    styles
        Further styles of this page, likewise.
    letters
        The palette that the page opens with (``report.letters``).
    parts
        Targets of which a switch shows one at a time: elements of the page name theirs by
        ``data-part``. All of them are printed.
    """
    script = "".join(_asset(name) for name in (*SCRIPTS[:-1], *scripts, SCRIPTS[-1]))
    style = letter_colours() + "".join(map(_asset, (STYLE, *styles)))
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
            style=Markup(style),
            style_digest=_digest(style),
            classic=letters == "classic",
            parts=parts,
            version=__version__,
        )
    )


def letter_colours() -> str:
    """Return CSS that gives the letters their colours: on light, on dark and on paper.

    A letter's colour is the variable of its name, ``--A``; ``--paper-A`` is its colour on white,
    whatever the page shows. The class ``classic`` chooses the other palette.
    """
    rules = []
    for selector, palette in ((":root", LETTERS["default"]), (".classic", LETTERS["classic"])):
        light = "".join(f"--{base}:{value};" for base, value in palette.on_light.items())
        paper = "".join(f"--paper-{base}:{value};" for base, value in palette.on_light.items())
        dark = "".join(f"--{base}:{value};" for base, value in palette.on_dark.items())
        rules.append(f"{selector}{{{light}{paper}}}\n")
        rules.append(f"@media screen and (prefers-color-scheme:dark){{{selector}{{{dark}}}}}\n")
    return "".join(rules)


def _asset(name: str) -> str:
    """Return the text of a script or style."""
    return (FOLDER / "assets" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    """Return the digest of an inline script or style as a content security policy names it."""
    found = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(found).decode('ascii')}"
