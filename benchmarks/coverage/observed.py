"""What a user of another tool sees when it explains a case: an error, a warning, an exception."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from cases import error
from numpy.typing import NDArray

Array = NDArray[np.floating]

# warnings about an operation or its result; every run gives the others
TELLING = ("Convergence deltas", "unrecognized nn.Module")
# words by which a tool refuses; all other exceptions are failures
REFUSALS = ("cannot vary!", "being used more than once")


class Additivity(Exception):
    """The failure of shap's own check."""


def pairs(windows: Array, references: Array) -> Iterator[tuple[int, int, Array, Array]]:
    """Yield every window with each of its references, as batches of one."""
    for i in range(len(windows)):
        for k in range(references.shape[1]):
            yield i, k, windows[i : i + 1], references[i, k][None]


def outcome(explain: Callable[[], Array], difference: Array) -> dict[str, Any]:
    """Return what a user sees: an error, with or without a warning, or an exception."""
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        try:
            share, _ = error(explain(), difference)
        except Additivity:
            return {"raised": "additivity check"}
        except Exception as failure:
            text = _message(failure)
            refused = any(words in text for words in REFUSALS)
            return {"refused" if refused else "failed": text}
    messages = sorted({str(w.message) for w in caught})
    telling = [text for text in messages if text.startswith(TELLING)]
    return {"error": share} | ({"warned": telling[0]} if telling else {})


def _message(failure: Exception) -> str:
    """Return type and message; for an error in a traced function, those of the inner error."""
    text = f"{type(failure).__name__}: {failure}"
    within = re.findall(r"^\s*(\w+(?:Error|Exception): .*)", text, flags=re.MULTILINE)
    return within[-1] if within else text


def difference_of(predict: Callable[[Any], Any], windows: Any, references: Any) -> Array:
    there = np.stack([np.ravel(predict(references[:, k])) for k in range(references.shape[1])], 1)
    return np.ravel(predict(windows))[:, None].astype(float) - there
