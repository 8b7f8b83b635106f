"""The workbook: texts stay texts, whatever they are, and the same oligos give the same bytes."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from deeplift_genomics.design.table import Oligo, Oligos, Outcome, read_oligo_table, write_oligos
from deeplift_genomics.design.workbook import NOTHING_LEFT_OUT, write_workbook
from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.oligo_section import Oligos as Settings

HOSTILE = [
    '=HYPERLINK("http://a.b")', "=1+1", "+1", "-1", "@SUM(A1)", "http://a.b", "mailto:a@b.c", "1e5",
    "</script><b>", "_x0041_", "a\x00b\x1f\ufffe", "\u202egnp.exe", "x" * 40_000, "'", '"', " ",
]  # fmt: skip
OUTCOMES = [Outcome("log2_fold", "counts"), Outcome("shape", "a:b[0]", 1)]


def row(name: str, number: int) -> Oligo:
    """Return an oligo with one text in all columns that hold a text of others."""
    return Oligo(
        f"o{number}", "wild type", name, 1, name, 5, 65, 20, 29, "+", name, name, name,
        60, 0.5, 0, "ACGT" * 15, "ACGT" * 15, "", "", (1.0, None),
    )  # fmt: skip


def test_no_text_becomes_anything_else(tmp_path: Path) -> None:
    found = Oligos([row(name, i) for i, name in enumerate(HOSTILE)], OUTCOMES)
    found.rows.append(Oligo(motif="=1+1", note="+1"))
    write_workbook(tmp_path / "a.xlsx", found, Settings(), "=cmd|' /C calc'!A0")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    for sheet in book:
        for cells in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    motifs = [cells[2] for cells in list(book["Oligos"].values)[1:]]
    for name, shown in zip(HOSTILE, motifs, strict=True):
        if name.isprintable() and len(name) < 100:
            assert (shown or "") == name
    assert motifs[10] == "a\ufffdb \ufffd" and motifs[11] == "\ufffdgnp.exe"
    assert len(motifs[12]) == 32_767
    assert motifs[12].endswith("x ... (cut here: the whole text has 40,000 characters)")
    assert list(book["To order"].values)[1][0] == "=cmd|' /C calc'!A0"
    assert list(book["Left out"].values)[1] == ("=1+1", "+1")
    assert [cells[6:8] for cells in list(book["Oligos"].values)[1:2]] == [(2, None)]
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)


def test_the_same_oligos_give_the_same_bytes(tmp_path: Path) -> None:
    found = Oligos([row("A", 0)], OUTCOMES)
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, found, Settings(), "s")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [cells[1] for cells in list(book["Left out"].values)[1:]] == [NOTHING_LEFT_OUT]


def test_the_table_is_read_back(tmp_path: Path) -> None:
    found = Oligos([row("A", 0), Oligo(motif="B", note="why", effects=(None, None))], OUTCOMES)
    write_oligos(tmp_path / "o.tsv", found)
    assert read_oligo_table(tmp_path / "o.tsv") == found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("wild type", "wild", "a row of the group 'wild' has no oligo"),
        ("shape:a:b[0][1]", "log2_fold:counts", "two columns have one name"),
        ("shape:a:b[0][1]", "shapes", "its columns are oligo, group"),
        ("version 1", "version 2", "no table that this version reads"),
    ],
)
def test_damaged_tables_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "o.tsv"
    write_oligos(path, Oligos([row("A", 0)], OUTCOMES))
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(InputError, match=said):
        read_oligo_table(path)
