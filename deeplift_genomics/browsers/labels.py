"""Texts that people wrote, as genome browsers can show them: one line, and cut to a length."""

from __future__ import annotations

import re
import unicodedata

# of UCSC: a backslash at the end of a line joins the next one to it, and labels stand in HTML
_UNSAFE = re.compile(r"[\\<>]")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]+")
_LONGEST_NAME = 80  # of a track
_ENDS = "..."


def one_line(text: str) -> str:
    """Return a text on one line, without what XML cannot hold or what turns its reading around.

    >>> one_line("K562,\\n CTCF\\x00")
    'K562, CTCF'
    """
    kept = (
        character
        for character in " ".join(text.split())
        # Cc: controls; Cf: marks of direction and the like; Cs, Co, Cn: no characters
        if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return " ".join("".join(kept).split())


def ascii_label(text: str, longest: int, otherwise: str = "") -> str:
    """Return a text as a label of a track hub, or `otherwise` if nothing of it can be written.

    Letters lose their accents; what is not ASCII then, and what a hub could misread, is left out.

    >>> ascii_label("Zürich <b>\\\\", 17)
    'Zurich b'
    """
    plain = unicodedata.normalize("NFKD", one_line(text)).encode("ascii", "ignore").decode()
    plain = " ".join(_UNSAFE.sub(" ", plain).replace('"', "'").split())
    if not re.search("[A-Za-z0-9]", plain):
        plain = otherwise
    return plain if len(plain) <= longest else plain[: longest - len(_ENDS)].rstrip() + _ENDS


class Names:
    """Names of tracks: letters, digits and underscores, and no two alike."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, *parts: str) -> str:
        """Return a name made of parts that is not taken yet.

        >>> names = Names()
        >>> names.new("a-b", "counts"), names.new("a.b", "counts"), names.new("2")
        ('a_b_counts', 'a_b_counts_2', 't_2')
        """
        name = _NOT_IN_NAMES.sub("_", "_".join(filter(None, parts)))[:_LONGEST_NAME]
        name = name if name[:1].isalpha() else f"t_{name}"
        found, number = name, 1
        while found.lower() in self._taken:
            number += 1
            found = f"{name}_{number}"
        self._taken.add(found.lower())
        return found
