"""Tables of a run: what is written is read back, and nothing else is read."""

from pathlib import Path

import pandas
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import (
    Kind,
    iterate_blocks,
    iterate_table,
    pick_rows,
    read_table,
    write_table,
)

KIND = Kind("sites", 2, {"name": str, "start": int, "share": float, "whole": bool})
ROWS = [("CTCF", 12, 0.25, True), ("", None, None, None), ("é 1", -3, 1234567.0, False)]
TEXT = (
    "# sites version 2\nname\tstart\tshare\twhole\n"
    "CTCF\t12\t0.25\ttrue\n\t\t\t\né 1\t-3\t1.23457e+06\tfalse\n"
)


def test_rows_are_written_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "sites.tsv"
    assert write_table(path, KIND, ROWS) == 3
    assert path.read_text(encoding="utf-8") == TEXT
    rows = list(iterate_table(path, KIND))
    assert rows == [*ROWS[:2], ("é 1", -3, 1234570.0, False)]
    table = read_table(path, KIND)
    assert list(table["name"]) == ["CTCF", "", "é 1"]
    assert table["start"].sum() == 9 and table["share"].isna().sum() == 1
    assert table["whole"][0] and table["whole"][1] is pandas.NA
    # as another program reads it
    assert list(pandas.read_csv(path, sep="\t", comment="#").columns) == list(KIND.columns)


def test_a_few_rows_are_picked(tmp_path: Path) -> None:
    path = tmp_path / "sites.tsv"
    write_table(path, KIND, ROWS)
    path.write_text(path.read_text(encoding="utf-8").replace("0.25", "much"), encoding="utf-8")
    assert pick_rows(path, KIND, [2, 1, 1]) == {1: ROWS[1], 2: ("é 1", -3, 1234570.0, False)}
    assert pick_rows(path, KIND, []) == {}
    with pytest.raises(InputError, match=r"line 3: 'much' is not a number"):
        pick_rows(path, KIND, [0])
    with pytest.raises(InputError, match="it has no row 3"):
        pick_rows(path, KIND, [1, 3, 7])


def test_an_empty_table_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "sites.tsv"
    assert write_table(path, KIND, []) == 0
    assert list(read_table(path, KIND).columns) == list(KIND.columns)


def test_a_cell_holds_no_tab_and_a_row_all_cells(tmp_path: Path) -> None:
    path = tmp_path / "sites.tsv"
    with pytest.raises(ValueError, match="cannot hold"):
        write_table(path, KIND, [("a\tb", 1, 1.0, True)])
    with pytest.raises(ValueError, match="has 1 cells, not 4"):
        write_table(path, KIND, [("a",)])
    assert not path.exists()


REFUSED = {
    "another kind": (TEXT.replace("sites", "matches"), "no table that this version reads"),
    "another version": (TEXT.replace("version 2", "version 3"), "expected '# sites version 2'"),
    "other columns": (TEXT.replace("share", "part"), "its columns are name, start, part, whole"),
    "no text": (b"\xff\xfe\x00", "not text in UTF-8"),
    "cut short": (TEXT[:-3], "line 5 is cut short"),
    "a cell less": (TEXT.replace("0.25\t", ""), "line 3 has 3 of 4 columns"),
    "a word for a number": (TEXT.replace("12", "twelve"), "line 3: 'twelve' is not a whole number"),
    "no truth": (TEXT.replace("true", "yes"), "line 3: 'yes' is neither true nor false"),
    "empty": ("", "its first line is ''"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_such_table_is_refused(case: str, tmp_path: Path) -> None:
    content, message = REFUSED[case]
    path = tmp_path / "sites.tsv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=message):
        read_table(path, KIND)
    with pytest.raises(InputError, match=r"not found"):
        read_table(tmp_path / "other.tsv", KIND)


def test_blocks_hold_the_same_rows(tmp_path: Path) -> None:
    path = tmp_path / "sites.tsv"
    rows = [(f'"{i % 3}', i, i / 8, True) for i in range(10)]  # a quote is a sign like any other
    write_table(path, KIND, rows)
    blocks = list(iterate_blocks(path, KIND, ("name", "share", "start"), rows=4))
    assert [len(block) for block in blocks] == [4, 4, 2]
    found = [tuple(row) for block in blocks for row in block[["name", "start", "share"]].to_numpy()]
    assert found == [row[:3] for row in rows]
    write_table(path, KIND, [])
    assert [len(block) for block in iterate_blocks(path, KIND, ("name",))] in ([], [0])


@pytest.mark.parametrize(
    "what", ["another kind", "other columns", "cut short", "a word for a number"]
)
def test_blocks_refuse_what_is_damaged(tmp_path: Path, what: str) -> None:
    path = tmp_path / "sites.tsv"
    path.write_text(str(REFUSED[what][0]).replace("\n\t\t\t\n", "\n"), encoding="utf-8")
    with pytest.raises(InputError):
        list(iterate_blocks(path, KIND, ("name", "start")))


def test_blocks_need_every_number(tmp_path: Path) -> None:
    path = tmp_path / "sites.tsv"
    for row in (("a", None, 0.5, True), ("a", 1, None, True)):
        write_table(path, KIND, [row])
        with pytest.raises(InputError, match="damaged"):
            list(iterate_blocks(path, KIND, ("start", "share")))
