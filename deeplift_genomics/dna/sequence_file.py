"""Sequences that are explained as they are: the records of a FASTA file without a genome."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.gzipped import open_bytes

WHAT = "File of sequences"
_LONGEST_PIECE = 1 << 20  # of a line, read at a time
_SHOWN = 40
_NO_LINES_OF_BED = (b"track", b"browser")


def record_lines(path: str | Path) -> list[int]:
    """Return the line, from 1, at which each record of a FASTA file begins.

    Raises
    ------
    InputError
        If the file is missing, damaged, or no FASTA, if two records have one name, or if BED cannot
        hold a name.
    """
    return list(_records(path).values())


def record_names(path: str | Path) -> list[str]:
    """Return the name of each record of a FASTA file; errors are those of `record_lines`."""
    return [name.decode("utf-8", "replace") for name in _records(path)]


def _records(path: str | Path) -> dict[bytes, int]:
    """Return name and line of each record."""
    lines: dict[bytes, int] = {}  # name -> line
    number, at_start = 0, True
    with open_bytes(path, WHAT) as handle:
        for piece in iter(lambda: handle.readline(_LONGEST_PIECE), b""):
            if at_start:
                number += 1
                piece = piece if number > 1 else piece.removeprefix(BOM_UTF8)
                if piece.startswith(b">"):
                    name = b"".join(piece[1:].split()[:1])
                    if name in lines:
                        raise _named_twice(path, name, lines[name], number)
                    if name.startswith(b"#") or name in _NO_LINES_OF_BED:
                        raise _no_line_of_bed(path, name, number)
                    lines[name] = number
                elif not lines and piece.strip() and not piece.startswith(b";"):  # a comment
                    raise _no_fasta(path, number, piece)
            at_start = piece.endswith(b"\n")
    if not lines:
        raise InputError(f"{WHAT} {path} holds no sequence. Expected FASTA: lines of > and a name.")
    return lines


def _named_twice(path: str | Path, name: bytes, first: int, second: int) -> InputError:
    text = name[:_SHOWN].decode("utf-8", "replace")
    return InputError(
        f"{WHAT} {path}, lines {first} and {second}: two records have the name {text!r}, which "
        "ends at the first blank. Results name sequences by it: give each record a name of its own."
    )


def _no_line_of_bed(path: str | Path, name: bytes, number: int) -> InputError:
    text = name[:_SHOWN].decode("utf-8", "replace")
    return InputError(
        f"{WHAT} {path}, line {number}: a record has the name {text!r}. Results name sequences by "
        "it, and programs that read BED pass over lines that begin with it. Give the record "
        "another name."
    )


def _no_fasta(path: str | Path, number: int, piece: bytes) -> InputError:
    if piece.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        return InputError(f"{WHAT} {path} is text in UTF-16; save it as UTF-8.")
    text = piece[:_SHOWN].decode("utf-8", "replace").rstrip()
    return InputError(
        f"{WHAT} {path}, line {number}: {text!r} does not begin with >, so this is no FASTA. "
        "Without a genome, 'regions' are sequences of the model's length. If these are regions, "
        "name their genome in the sheet's column 'fasta' (option --fasta)."
    )
