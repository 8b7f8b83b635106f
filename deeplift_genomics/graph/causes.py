"""The innermost cause in the long messages of Keras and TensorFlow."""

from __future__ import annotations

import re

# words after which Keras quotes the error that it met
_QUOTES = re.compile(r"Exception encountered(?: when calling [^\n]*)?[:.]?\s")
# what Keras and TensorFlow add below an error: arguments, places in the graph, their own lists
_BELOW = re.compile(
    r"\n\s*(?:(?:Call )?[Aa]rguments received by|Full object config:|\[\[\{\{node"
    r"|Traceback \(most recent call last\)|Original stack trace for)|\s*\[Op:"
)
_TRACED = re.compile(
    r"^\s*(?:File \".*\", line \d+, in .*|.*\(most recent call last\):?"
    r"|Graph execution error:|<stack traces unavailable>)$"
)
_ERROR = re.compile(r"^(?:[\w.]*\.)?[A-Za-z]*(?:Error|Exception): ")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def innermost(error: BaseException) -> str:
    """Return what an error's message says first of all, in one line, whole, without a full stop.

    Keras wraps an error into others that hold whole configurations, and TensorFlow adds the lines
    of code that it traced.
    """
    while error.__cause__ is not None:
        error = error.__cause__
    text = _COLOURS.sub("", str(error))
    text = _QUOTES.split(text)[-1]
    text = _BELOW.split(text, maxsplit=1)[0] or text
    lines = [line for line in text.splitlines() if line.strip() and not _TRACED.match(line)]
    raised = [i for i, line in enumerate(lines) if _ERROR.match(line.strip())]
    if raised:  # traced code: the last line that begins with an error's name
        lines = lines[raised[-1] :]
    reason = " ".join(" ".join(lines).split()).rstrip(".")
    return reason or type(error).__name__
