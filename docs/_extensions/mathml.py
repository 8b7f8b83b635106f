"""Set formulas as MathML when the site is built, so that no page needs a script to show them."""

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)


def formula(latex: str, *, block: bool) -> str:
    r"""Return a formula of LaTeX as MathML.

    Raises
    ------
    ValueError
        If it has a command that is not known, which would be shown as it is written.

    Examples
    --------
    >>> formula("x_i", block=False)[-63:]
    '<mrow><msub><mi>x</mi><mi>i</mi></msub></mrow></math>'
    """
    converted = convert(latex, display="block" if block else "inline")
    if "\\" in converted:
        raise ValueError(f"the formula has a command that is not known: {latex}")
    return converted


def _written(self: Any, node: nodes.Node, *, block: bool) -> None:
    """Write a node's formula, in a box that scrolls where the page is narrow."""
    try:
        text = formula(node.astext(), block=block)
    except Exception as error:  # whatever the converter stumbles over is a mistake in the page
        logger.warning("%s", error, location=node)
        raise nodes.SkipNode from error
    self.body.append(f'<div class="formula">{text}</div>' if block else text)
    raise nodes.SkipNode


def _inline(self: Any, node: nodes.math) -> None:
    _written(self, node, block=False)


def _block(self: Any, node: nodes.math_block) -> None:
    _written(self, node, block=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer under the name `mathml`."""
    app.add_html_math_renderer(
        "mathml", inline_renderers=(_inline, None), block_renderers=(_block, None)
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}
