"""Tables and pages of text in a workbook, read back."""

import io
import math

import openpyxl

from deeplift_genomics.files.sheets import Column, Styles, decimals, write_rows, write_text
from deeplift_genomics.files.workbooks import workbook_bytes

COLUMNS = (
    Column("Name", 10, "text", lambda row: row[0], group="One"),
    Column("Number", 10, "2 decimals", lambda row: row[1], group="Two"),
    Column("Share", 10, "percent", lambda row: row[2], group="Two"),
)
ROWS = [("=1+1", 1.239, 0.5), ("-", math.nan, None), ("", math.inf, 0)]


def test_a_table_has_texts_numbers_and_empty_cells() -> None:
    def fill(workbook: object) -> None:
        styles = Styles(workbook)
        assert write_rows(workbook.add_worksheet("a"), styles, COLUMNS, ROWS) == 2
        plain = [column._replace(group="") for column in COLUMNS]
        assert write_rows(workbook.add_worksheet("b"), styles, plain, []) == 1

    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(fill)))
    assert list(book["a"].values) == [
        ("One", "Two", None),
        ("Name", "Number", "Share"),
        ("=1+1", 1.239, 0.5),
        ("-", None, None),
        (None, None, 0),
    ]
    assert [str(area) for area in book["a"].merged_cells.ranges] == ["B1:C1"]
    assert book["a"]["A3"].data_type == "s"
    assert [book["a"][f"{column}3"].number_format for column in "BC"] == ["0.00", "0%"]
    assert book["a"].auto_filter.ref == "A2:C5"
    assert list(book["b"].values) == [("Name", "Number", "Share")]
    assert book["b"].auto_filter.ref == "A1:C2"


def test_a_page_of_text_has_labels_and_headings() -> None:
    texts = [("Title", ""), ("Label", "word " * 100), ("Heading", ""), ("@", "+")]

    def fill(workbook: object) -> None:
        write_text(workbook.add_worksheet(), Styles(workbook), texts)

    sheet = openpyxl.load_workbook(io.BytesIO(workbook_bytes(fill))).active
    assert list(sheet.values) == [(label, text or None) for label, text in texts]
    assert sheet.row_dimensions[2].height > 5 * 15
    assert sheet["A1"].font.size > sheet["A3"].font.size > sheet["A2"].font.size


def test_decimals_show_three_digits_of_the_largest_number() -> None:
    assert decimals([]) == decimals([0, None]) == decimals([math.inf]) == "0 decimals"
    assert decimals([0.0771, -0.5]) == "3 decimals"
    assert decimals([9.99, 0.1]) == "2 decimals"
    assert decimals([1e-12]) == "8 decimals"
    assert decimals([12345.6]) == "0 decimals"
