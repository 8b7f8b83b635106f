"""Public names of the package in a page, from their docstrings: a block ``public-names`` of a kind.

The kinds are ``read`` (functions that read results), ``call`` (all other functions) and ``class``.
Each function and class of ``deeplift_genomics.__all__`` is of one kind, so that none is forgotten.
"""

import inspect
import re
from collections.abc import Iterator
from typing import Any

from sphinx.application import Sphinx

import deeplift_genomics

_BLOCK = re.compile(r"^```\{public-names\} (\w+)\n```$", re.MULTILINE)


def kind_of(name: str) -> str:
    """Return the kind of a public name, or "" for one that is neither function nor class."""
    value = getattr(deeplift_genomics, name)
    if inspect.isclass(value):
        return "class"
    if not callable(value):
        return ""
    return "read" if name.startswith("read_") else "call"


def names_of(kind: str) -> list[str]:
    """Return the public names of a kind, in their order."""
    return [name for name in deeplift_genomics.__all__ if kind_of(name) == kind]


def _lines(kind: str) -> Iterator[str]:
    """Yield lines of reStructuredText that document the names of a kind."""
    for name in names_of(kind):
        if kind == "class":
            yield from (f".. autoclass:: deeplift_genomics.{name}", "   :members:", "")
        else:
            yield from (f".. autofunction:: deeplift_genomics.{name}", "")


def fill(app: Sphinx, docname: str, source: list[str]) -> None:
    """Replace the blocks of a page by the documentation of the names."""
    source[0] = _BLOCK.sub(
        lambda found: "\n".join(["```{eval-rst}", *_lines(found.group(1)), "```"]), source[0]
    )


_NAME = re.compile(rf"(?<![`:])`({'|'.join(deeplift_genomics.__all__)})`(?!`)")


def edit(app: Sphinx, what: str, name: str, *rest: Any) -> None:
    """Link public names in a docstring, and keep its bars, which stand for absolute values."""
    lines = rest[-1]
    lines[:] = [re.sub(r"(?<!`)\|(?!`)", r"\\|", line) for line in lines]
    lines[:] = [_NAME.sub(r":py:obj:`\1 <deeplift_genomics.\1>`", line) for line in lines]


def setup(app: Sphinx) -> dict[str, bool]:
    """Fill the blocks when a page is read."""
    app.connect("source-read", fill)
    app.connect("autodoc-process-docstring", edit)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
