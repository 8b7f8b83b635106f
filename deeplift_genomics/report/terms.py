"""The glossary: what a word means here, for the pages and for docs/glossary.md.

Both have their texts from ``assets/glossary.tsv``.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup, escape

SOURCE = Path(__file__).parent / "assets" / "glossary.tsv"


class Term(NamedTuple):
    """A word and its meaning; whether a reader meets it on the report, or on the evaluation."""

    word: str
    meaning: str
    on_page: bool
    on_evaluation: bool = False

    @property
    def id(self) -> str:
        """Its anchor on a page.

        >>> Term("hypothetical contribution", "", True).id
        'term-hypothetical-contribution'
        """
        return "term-" + re.sub(r"[^a-z0-9]+", "-", self.word.lower()).strip("-")

    @property
    def html(self) -> Markup:
        """The meaning, with code as code."""
        return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(self.meaning))))


@cache
def terms() -> tuple[Term, ...]:
    """Return all terms, in the order in which they are explained."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(
            Term(row["word"], row["meaning"], row["page"] == "yes", row["page"] == "evaluation")
            for row in rows
        )


def as_markdown() -> str:
    """Return docs/glossary.md."""
    rows = [f"| {term.word} | {term.meaning} |" for term in terms()]
    return "\n".join(["# Glossary", "", "| word | meaning |", "|---|---|", *rows]) + "\n"
