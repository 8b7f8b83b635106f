"""The text of a motif file of the MEME suite, read strictly, by the standard library alone.

The workflow reads a file so before anything runs, where NumPy may be missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.motifs.meme_lines import (
    BASES,
    EXPECTED,
    MATRIX,
    NUMBER,
    WHAT,
    Malformed,
    check_alphabet,
    check_version,
    row_of,
    shown,
    texts,
    what_else,
)

USUAL_SITES = 20  # what the MEME suite takes where nsites= is missing
WIDEST = 200  # bases, above any motif; the memory of TOMTOM grows with it
# what may follow the rows of a matrix without w=
_AFTER_ROWS = ("URL", "MOTIF", "---", "***", "MEME version")


class MotifText(NamedTuple):
    """A motif as it is written: its names, its rows of four probabilities, and its sites."""

    id: str
    alternate: str
    rows: list[list[float]]
    nsites: int


def read_motif_texts(path: str | Path) -> list[MotifText]:
    """Read the motifs of a MEME file, plain or gzipped, in the order of the file.

    Raises
    ------
    InputError
        If the file is missing, damaged or no MEME file, its alphabet is not that of DNA, or a
        motif is incomplete, named twice, or its rows are no probabilities. The message names the
        line.
    """
    reader, number = _Reader(), 0
    try:
        for number, text in texts(Path(path)):
            reader.take(number, text)
        reader.end()
    except Malformed as error:
        raise InputError(f"{WHAT} {path}, line {number}: {error}.") from None
    if not reader.has_version:
        hint = what_else(Path(path)) or EXPECTED
        raise InputError(f"{WHAT} {path} has no line 'MEME version ...'. {hint}")
    return reader.motifs


def require_motifs(path: str | Path, number: int) -> None:
    """Raise InputError if the number of motifs that a file holds is 0."""
    if not number:
        raise InputError(
            f"{WHAT} {path} holds no motif, so there is nothing to name patterns by. Name another "
            "file with annotation.database, or JASPAR."
        )


@dataclass
class _Matrix:
    """A matrix that is being read: its rows, and how many it should have (0: not said)."""

    width: int
    nsites: int
    rows: list[list[float]] = field(default_factory=list)


class _Reader:
    """A reader that is given one line after the other."""

    def __init__(self) -> None:
        self.has_version = False
        self.motifs: list[MotifText] = []
        self._names: tuple[str, str] | None = None  # of a motif whose matrix has not come
        self._lines: dict[str, int] = {}  # where each motif is
        self._matrix: _Matrix | None = None
        self._symbols: set[str] | None = None  # of an alphabet that is being defined
        self._ended_above = False  # whether a matrix ended in the lines before

    def take(self, number: int, text: str) -> None:
        """Read a line."""
        if self._matrix is not None and self._take_row(text):
            return
        words = text.split()
        if self._symbols is not None:
            self._take_symbol(text)
        elif text.startswith("MEME version"):
            check_version(words)
            self.has_version = True
        elif words and words[0].startswith("ALPHABET"):
            self._take_alphabet(text)
        elif words and words[0] == "MOTIF":
            self._take_names(number, words)
        elif text.startswith(MATRIX):
            self._take_matrix(text)
        elif self._ended_above and len(words) == 4 and all(map(NUMBER.fullmatch, words)):
            raise Malformed("a row beyond the end of the matrix above")
        if words:
            self._ended_above = False

    def end(self) -> None:
        """Read the end of the file."""
        if self._symbols is not None:
            raise Malformed("the file ends within the definition of the alphabet")
        if self._matrix is not None:
            self._close()
        self._require_matrix()

    def _take_names(self, number: int, words: list[str]) -> None:
        self._require_matrix()
        if not self.has_version:
            raise Malformed(f"a motif before the line 'MEME version ...'. {EXPECTED[:-1]}")
        # MEME's own text goes on: width =  19  sites =  18
        names = words[1 : words.index("width") if "width" in words else 3]
        if not names:
            raise Malformed("a motif without a name; expected 'MOTIF name'")
        if names[0] in self._lines:
            raise Malformed(
                f"the name {shown(names[0])} is that of the motif in line "
                f"{self._lines[names[0]]}, too; expected another name for each"
            )
        self._lines[names[0]] = number
        self._names = (names[0], names[1] if len(names) > 1 else "")

    def _take_matrix(self, text: str) -> None:
        if self._names is None:
            raise Malformed("a matrix without a line 'MOTIF name' of its own above it")
        keys = dict(re.findall(r"(\w+)\s*=\s*(\S+)", text[len(MATRIX) :]))
        if (length := keys.get("alength", "4")) != "4":
            raise Malformed(f"alength= {shown(length)}; expected 4, for {', '.join(BASES)}")
        width, sites = keys.get("w", "0"), keys.get("nsites", str(USUAL_SITES))
        if (
            not re.fullmatch("[0-9]{1,9}", width)
            or int(width) > WIDEST
            or ("w" in keys) != (int(width) > 0)
        ):
            raise Malformed(f"w= {shown(width)}; expected a whole number from 1 to {WIDEST}")
        if not NUMBER.fullmatch(sites) or not 0 <= float(sites) < 1e15:
            raise Malformed(f"nsites= {shown(sites)}; expected a number of sites")
        self._matrix = _Matrix(int(width), round(float(sites)))

    def _take_row(self, text: str) -> bool:
        """Read a row of the matrix; return False if the matrix ended above this line."""
        assert self._matrix is not None
        matrix = self._matrix
        if not matrix.rows and not text.strip():
            return True
        ends = not text.strip() or text.startswith(_AFTER_ROWS)
        if matrix.width == len(matrix.rows) > 0 or ends:
            self._close()
            return False
        matrix.rows.append(row_of(text))
        if len(matrix.rows) > WIDEST:
            raise Malformed(f"a matrix of more than {WIDEST} rows")
        return True

    def _close(self) -> None:
        """Keep the motif whose matrix has ended."""
        assert self._matrix is not None and self._names is not None
        matrix, (name, alternate) = self._matrix, self._names
        if not matrix.rows or matrix.width not in (0, len(matrix.rows)):
            expected = f"w= says {matrix.width}" if matrix.width else "expected at least one"
            raise Malformed(f"the matrix of {shown(name)} has {len(matrix.rows)} rows; {expected}")
        self.motifs.append(MotifText(name, alternate, matrix.rows, matrix.nsites))
        self._matrix, self._names, self._ended_above = None, None, True

    def _require_matrix(self) -> None:
        if self._names is not None:
            raise Malformed(f"motif {shown(self._names[0])} has no letter-probability matrix")

    def _take_alphabet(self, text: str) -> None:
        """Read ``ALPHABET= ACGT`` or ``ALPHABET DNA``, or the begin of a definition in lines."""
        _, sign, letters = text.partition("=")
        if sign and '"' not in text:
            check_alphabet(letters.strip())
        elif text.split()[1:] != ["DNA"]:
            self._symbols = set()

    def _take_symbol(self, text: str) -> None:
        """Read a line of an alphabet: ``A "Adenine" CC0000 ~ T "Thymine" 008000``."""
        assert self._symbols is not None
        if text.split() == ["END", "ALPHABET"]:
            check_alphabet("".join(sorted(self._symbols)))
            self._symbols = None
            return
        if text.startswith(("MOTIF", MATRIX)):
            raise Malformed("the definition of the alphabet has no line 'END ALPHABET'")
        plain = re.sub(r'"[^"]*"', "", text)
        if "=" not in plain:  # it is no symbol for several others
            self._symbols |= {part.split()[0] for part in plain.split("~") if part.split()}
