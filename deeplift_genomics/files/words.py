"""Words for messages: times, and long lists and long texts, shortened."""

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


def duration(seconds: float) -> str:
    """Return a time as it is said.

    >>> duration(45), duration(720), duration(9000)
    ('45 s', '12 min', '2.5 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 86400 * 4 else f"{seconds / 86400:.1f} days"


def shortened(text: str, limit: int) -> str:
    """Return the text, or its first `limit` characters and three dots.

    >>> shortened("a long text", 6)
    'a long...'
    """
    return text if len(text) <= limit else text[:limit] + "..."
