"""Tables of a run: tab-separated text whose first line names the kind and the version.

::

    # matches version 1
    pattern<TAB>motif<TAB>q_value
    pos_0<TAB>MA0139.2<TAB>1.2e-09

A reader refuses a kind, a version or columns that it does not know. An empty cell is a value that
does not exist, such as the q-value of a pattern without a match.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_path, require_file
from deeplift_genomics.files.system_faults import reading
from deeplift_genomics.files.words import shortened

if TYPE_CHECKING:
    import pandas

# pandas' types, which know missing values
_IN_PANDAS: dict[type, Any] = {str: object, int: "Int64", float: "float64", bool: "boolean"}
_TRUTH = {True: "true", False: "false"}


class Kind(NamedTuple):
    """A kind of table.

    Attributes
    ----------
    name
        The word in the first line.
    version
        Version of the columns.
    columns
        Name of each column -> its type: `str`, `int`, `float` or `bool`.
    """

    name: str
    version: int
    columns: Mapping[str, type]

    @property
    def heading(self) -> str:
        """The first line, without its end."""
        return f"# {self.name} version {self.version}"


def write_table(path: str | Path, kind: Kind, rows: Iterable[Sequence[Any]]) -> int:
    """Write a table, a tuple per row in the order of its columns, and return how many rows it has.

    Numbers are written with up to 6 significant digits; None and NaN are empty cells.

    Raises
    ------
    ValueError
        If a row has another number of cells, or a text holds a tab or the end of a line.
    """
    with atomic_path(path) as temporary:
        return write_rows(temporary, kind, rows)


def write_rows(path: Path, kind: Kind, rows: Iterable[Sequence[Any]]) -> int:
    """Write a table as `write_table` does, to a temporary path."""
    number = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f"{kind.heading}\n" + "\t".join(kind.columns) + "\n")
        for row in rows:
            out.write("\t".join(_cell(value) for value in _checked(row, kind)) + "\n")
            number += 1
    return number


def iterate_table(path: str | Path, kind: Kind) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table, one at a time; an empty cell of a column of numbers is None.

    Raises
    ------
    InputError
        If the file is missing, is no such table, or holds a value of another type.
    """
    require_file(path, f"Table of {kind.name}")
    with _opened(path) as handle:
        _check_heading(path, kind, handle)
        for number, line in enumerate(handle):
            yield _parsed(path, kind, number, line)


def pick_rows(path: str | Path, kind: Kind, wanted: Collection[int]) -> dict[int, tuple[Any, ...]]:
    """Return a few rows of a table by their numbers, counted from 0; the others are not looked at.

    Raises
    ------
    InputError
        As `iterate_table`, also if there are fewer rows.
    """
    require_file(path, f"Table of {kind.name}")
    numbers = set(wanted)
    with _opened(path) as handle:
        _check_heading(path, kind, handle)
        found = {
            number: _parsed(path, kind, number, line)
            for number, line in enumerate(handle)
            if number in numbers
        }
    if missing := numbers - found.keys():
        raise _damaged(path, f"it has no row {min(missing)}")
    return found


def _parsed(path: str | Path, kind: Kind, number: int, line: str) -> tuple[Any, ...]:
    """Return the values of a line, the row of that number."""
    cells = line.rstrip("\n").split("\t")
    if not line.endswith("\n"):
        raise _damaged(path, f"line {number + 3} is cut short")
    if len(cells) != len(kind.columns):
        raise _damaged(path, f"line {number + 3} has {len(cells)} of {len(kind.columns)} columns")
    try:
        types = kind.columns.values()
        return tuple(_value(cell, wanted) for cell, wanted in zip(cells, types, strict=True))
    except ValueError as error:
        raise _damaged(path, f"line {number + 3}: {error}") from None


def iterate_blocks(
    path: str | Path, kind: Kind, columns: Sequence[str], rows: int = 1 << 18
) -> Iterator[pandas.DataFrame]:
    """Yield some columns of a table, many rows at a time: ten times as fast as `iterate_table`.

    Texts are categories. Every row must have a value in the columns of numbers.

    Raises
    ------
    InputError
        As `iterate_table`; or if a number is missing.
    """
    import pandas

    require_file(path, f"Table of {kind.name}")
    with _opened(path) as handle:
        _check_heading(path, kind, handle)
    _check_end(path)
    known = {str: "category", int: "int64", float: "float64"}
    try:
        blocks = pandas.read_csv(
            path,
            sep="\t",
            skiprows=1,
            usecols=list(columns),
            dtype={name: known[kind.columns[name]] for name in columns},
            quoting=csv.QUOTE_NONE,
            keep_default_na=False,
            na_values={name: [""] for name in columns if kind.columns[name] is not str},
            chunksize=rows,
        )
        for block in blocks:
            missing = [name for name in columns if block[name].isna().any()]
            if missing:
                raise _damaged(path, f"a row has no {missing[0]}")
            yield block
    except UnicodeDecodeError:
        raise _damaged(path, "it is not text in UTF-8") from None
    except (ValueError, pandas.errors.ParserError) as error:
        raise _damaged(path, shortened(" ".join(str(error).split()), 200)) from None


def _check_end(path: str | Path) -> None:
    """Raise InputError if the last line of a table is cut short."""
    with reading(path), Path(path).open("rb") as handle:
        handle.seek(-1, os.SEEK_END)
        if handle.read() != b"\n":
            raise _damaged(path, "its last line is cut short")


def count_rows(path: str | Path, kind: Kind) -> int:
    """Return the number of rows of a table, of which only the heading is checked.

    Raises
    ------
    InputError
        If the file is missing or is no such table.
    """
    require_file(path, f"Table of {kind.name}")
    with _opened(path) as handle:
        _check_heading(path, kind, handle)
        return sum(1 for _ in handle)


def read_table(path: str | Path, kind: Kind) -> pandas.DataFrame:
    """Read a whole table; an empty cell of a column of numbers is a missing value.

    Raises
    ------
    InputError
        As `iterate_table`.
    """
    import pandas

    frame = pandas.DataFrame.from_records(
        list(iterate_table(path, kind)), columns=list(kind.columns)
    )
    return frame.astype({name: _IN_PANDAS[wanted] for name, wanted in kind.columns.items()})


def _checked(row: Sequence[Any], kind: Kind) -> Sequence[Any]:
    """Return a row, which must have a cell for each column."""
    if len(row) != len(kind.columns):
        raise ValueError(f"a row of {kind.name} has {len(row)} cells, not {len(kind.columns)}")
    return row


def _cell(value: Any) -> str:
    """Return the text of a value."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return _TRUTH[value]
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    if any(character in text for character in "\t\r\n"):
        raise ValueError(f"a cell of a table cannot hold {text!r}")
    return text


def _value(cell: str, wanted: type) -> Any:
    """Return the value of a cell."""
    if wanted is str:
        return cell
    if not cell:
        return None
    if wanted is bool:
        if cell not in _TRUTH.values():
            raise ValueError(f"{shortened(repr(cell), 100)} is neither true nor false")
        return cell == _TRUTH[True]
    try:
        return wanted(cell)
    except ValueError:
        what = "a whole number" if wanted is int else "a number"
        raise ValueError(f"{shortened(repr(cell), 100)} is not {what}") from None


@contextmanager
def _opened(path: str | Path) -> Iterator[IO[str]]:
    """Open a table for reading, and refuse one that is not text."""
    try:
        with reading(path), Path(path).open(encoding="utf-8", newline="") as handle:
            yield handle
    except UnicodeDecodeError:
        raise _damaged(path, "it is not text in UTF-8") from None


def _check_heading(path: str | Path, kind: Kind, handle: IO[str]) -> None:
    """Raise InputError unless the first two lines are those of this kind and version."""
    heading, names = handle.readline().rstrip("\n"), handle.readline().rstrip("\n").split("\t")
    if heading != kind.heading:
        raise InputError(
            f"{path} is no table that this version reads: its first line is "
            f"{shortened(repr(heading), 100)}; expected {kind.heading!r}. Give the file of that "
            "kind, or make it again."
        )
    if names != list(kind.columns):
        raise _damaged(path, f"its columns are {shortened(', '.join(names), 200)}")


def _damaged(path: str | Path, what: str) -> InputError:
    """Return the error for a table that is not as it was written."""
    return InputError(f"{path} is damaged: {what}. Delete it and run again.")
