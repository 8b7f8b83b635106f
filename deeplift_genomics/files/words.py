"""Words for messages: long lists and long texts, shortened."""

from __future__ import annotations

from collections.abc import Iterable


def first_few(names: Iterable[str], number: int = 5) -> str:
    """Return the first names, and how many more there are.

    >>> first_few(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    names = list(names)
    more = f" and {len(names) - number} more" if len(names) > number else ""
    return ", ".join(names[:number]) + more


def shortened(text: str, limit: int) -> str:
    """Return the text, or its first `limit` characters and three dots.

    >>> shortened("a long text", 6)
    'a long...'
    """
    return text if len(text) <= limit else text[:limit] + "..."
