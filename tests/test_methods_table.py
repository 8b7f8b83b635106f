"""The table of docs/methods.md that tells which method to choose is made from stored numbers."""

import pytest

from benchmarks.methods.cost import FURTHER
from benchmarks.methods.table import BEGIN, PAGE, STORED, WHEN, table, with_table
from benchmarks.stored import load
from deeplift_genomics.settings.methods import DEFAULT, METHODS

ATTENTION = {name for name in METHODS if name.startswith("attention")}


def test_the_page_has_the_table_of_the_stored_numbers() -> None:
    text = PAGE.read_text("utf-8")
    assert text == with_table(text, load(STORED))


def test_every_method_is_measured_and_has_its_reason() -> None:
    results = load(STORED)
    assert list(WHEN) == list(METHODS)
    assert set(results["ratios"]) == (METHODS.keys() | FURTHER.keys()) - ATTENTION
    for sample in ("demo", "ZNF143"):
        assert set(results[sample]["methods"]) == METHODS.keys() - ATTENTION


def test_a_row_tells_what_was_measured_and_nothing_where_nothing_was() -> None:
    measured = {"faithfulness": 0.9, "agreement": 0.5, "sites": 0.71, "motifs": 4.0}
    of_sample = {"regions": 7, "methods": {DEFAULT: measured, "lime": {"faithfulness": -0.001}}}
    results = {"ratios": {DEFAULT: 1.0}, "seconds": 0.25, "memory": {"windows": [700.0, 707.0]}}
    results |= {"ZNF143": of_sample, "demo": of_sample}
    rows = {line.split("`")[1]: line for line in table(results).splitlines() if "| `" in line}
    assert rows[DEFAULT].endswith("| bases, complete | 1 | 0.90, 0.90 | 0.50, 0.50 | 0.71 | 4 |")
    assert rows["lime"].endswith("| positions |  | 0.00, 0.00 |  |  |  |")


def test_a_page_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="has no lines"):
        with_table(f"# Methods\n{BEGIN}\n", load(STORED))
