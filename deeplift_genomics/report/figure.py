"""A figure of trust: one number that says how far to believe the page, with its verdict."""

from __future__ import annotations

from typing import NamedTuple

PASS, LOOK, FAIL, UNKNOWN = "pass", "look", "fail", "not measured"


class Figure(NamedTuple):
    """A figure of trust.

    Attributes
    ----------
    name
        What is looked at, in a few words, such as "Stability over references".
    verdict
        `PASS`, `LOOK`, `FAIL` or `UNKNOWN`.
    shown
        The number in words, such as "0.97 (median of 164 regions)".
    meaning
        One sentence on what it means for the reader.
    id
        Id of the element with the number on the page.
    value
        The number itself; None where it is unknown.
    details
        Further sentences, behind a click.
    """

    name: str
    verdict: str
    shown: str
    meaning: str
    id: str
    value: float | None = None
    details: str = ""


def verdict_of(value: float, good: float, bad: float) -> str:
    """Return the verdict of a number: `PASS` from `good` on, `FAIL` beyond `bad`.

    Where `good` is above `bad`, larger numbers are better; otherwise smaller ones. Not-a-number is
    `UNKNOWN`.

    >>> verdict_of(0.95, 0.9, 0.7), verdict_of(0.8, 0.9, 0.7), verdict_of(0.2, 0.01, 0.1)
    ('pass', 'look', 'fail')
    """
    if value != value:
        return UNKNOWN
    if good > bad:
        return PASS if value >= good else LOOK if value >= bad else FAIL
    return PASS if value <= good else LOOK if value <= bad else FAIL
