"""A published work, and how it is written in a list of references and in BibTeX."""

from __future__ import annotations

from typing import NamedTuple


class Work(NamedTuple):
    """A published work.

    `authors` are as in a list of references, ``"Shrikumar A, Kundaje A"``, with ``"et al."`` for
    those that are not named; a name in braces is not one of a person. `venue` is the journal (then
    there is a volume), the conference with its year, the publisher of a book, an archive with the
    number of the work (``"arXiv:1811.00416"``), or empty for software, which has no year either.
    `url` is for works without a DOI.
    """

    authors: str
    title: str
    venue: str
    year: int | None
    volume: str = ""
    pages: str = ""
    note: str = ""
    doi: str = ""
    url: str = ""

    @property
    def text(self) -> str:
        """The work as an entry of a list of references.

        >>> Work("Efron B", "Bootstrap methods", "Annals of Statistics", 1979, "7", "1-26").text
        'Efron B. Bootstrap methods. Annals of Statistics 7:1-26, 1979.'
        >>> Work("Abadi M, et al.", "TensorFlow", "OSDI", 2016, pages="265-283").text
        'Abadi M, et al. TensorFlow. OSDI 2016, 265-283.'
        >>> Work("{The Team}", "A tool", "", None, note="version 1.2", doi="10.1/x").text
        'The Team. A tool, version 1.2. doi:10.1/x'
        """
        if self.volume:
            pages = f":{self.pages}" if self.pages else ""
            where = f"{self.venue} {self.volume}{pages}, {self.year}"
        elif self.pages:
            where = f"{self.venue} {self.year}, {self.pages}"
        else:
            where = ", ".join(str(part) for part in (self.venue, self.year) if part)
        parts = [self.authors.removesuffix(".").strip("{}"), self.title, where]
        note = f", {self.note}" if self.note else ""
        link = f" doi:{self.doi}" if self.doi else f" {self.url}" if self.url else ""
        return f"{'. '.join(filter(None, parts))}{note}.{link}"

    def bibtex(self, key: str) -> str:
        """Return the work as an entry of BibTeX.

        >>> print(Work("Efron B, et al.", "A title", "The Journal", 1979, "7", "1-26").bibtex("x"))
        @article{x,
          author = {Efron, B. and others},
          title = {{A title}},
          journal = {The Journal},
          volume = {7},
          pages = {1--26},
          year = {1979}
        }
        """
        archive, _, number = self.venue.partition(":")
        fields = {"author": _authors(self.authors), "title": f"{{{self.title}}}"}
        if not self.venue:
            kind = "misc"
        elif number:
            kind = "misc"
            fields |= {"eprint": number, "archiveprefix": archive}
        elif self.volume:
            kind = "article"
            fields |= {"journal": self.venue, "volume": self.volume}
        elif self.pages:
            kind = "inproceedings"
            fields |= {"booktitle": self.venue}
        else:
            kind = "book"
            fields |= {"publisher": self.venue}
        fields |= {
            "pages": self.pages.replace("-", "--"), "note": self.note,
            "year": str(self.year or ""),
        }  # fmt: skip
        lines = [f"  {name} = {{{_escaped(text)}}}" for name, text in fields.items() if text]
        links = {"doi": self.doi, "url": self.url}  # programs read them as they are
        lines += [f"  {name} = {{{link}}}" for name, link in links.items() if link]
        return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}"


def _authors(text: str) -> str:
    """Return authors as BibTeX writes them.

    >>> _authors("Lundberg SM, Lee SI, et al.")
    'Lundberg, S. M. and Lee, S. I. and others'
    >>> _authors("{The Team}")
    '{The Team}'
    """
    if text.startswith("{"):
        return text
    names = []
    for name in filter(None, text.split(", ")):
        family, _, initials = name.rpartition(" ")
        spaced = " ".join(f"{letter}." for letter in initials)
        names.append("others" if name == "et al." else f"{family}, {spaced}")
    return " and ".join(names)


def _escaped(text: str) -> str:
    """Return a text without the signs that LaTeX reads as its own, but for braces."""
    return "".join(f"\\{sign}" if sign in "&%$#_" else sign for sign in text)
