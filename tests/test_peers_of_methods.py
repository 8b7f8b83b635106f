"""The comparison with other programs: docs/methods.md has its table, and scores agree."""

import re

import pytest

from benchmarks.peers_of_methods.cases import CASES
from benchmarks.peers_of_methods.page import NAMES, Row, read, table
from deeplift_genomics.settings.methods import METHODS
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "methods.md").read_text("utf-8")
WITHOUT_PEER = {
    "attention", "attention_rollout", "attention_x_gradient", "randomized_path_integration",
}  # fmt: skip
VERSIONS, ROWS = read()


def test_page_has_the_table_and_the_versions() -> None:
    assert table(ROWS) in PAGE
    for peer, name in NAMES.items():
        assert f"{name} {VERSIONS[peer][peer]}" in " ".join(PAGE.split())


def test_all_methods_are_compared_but_those_said() -> None:
    assert {row.label for row in ROWS} == set(CASES)
    assert {row.method for row in ROWS} == set(METHODS) - WITHOUT_PEER
    (said,) = re.findall(r"None of them computes ((?:`\w+`[, and]*)+)", " ".join(PAGE.split()))
    assert set(re.findall(r"`(\w+)`", said)) == WITHOUT_PEER


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.label}-{row.peer}")
def test_scores_agree(row: Row) -> None:
    # Xplique computes in float32; captum keeps some of its scores so
    assert row.found
    for value in row.found.values():
        if isinstance(value, float):
            assert value < 1e-5
        else:
            correlations = list(value.values())
            assert correlations == sorted(correlations)
            assert correlations[-1] > 0.95


def test_a_line_has_the_worst_of_a_method_by_peer() -> None:
    rows = [
        Row("lrp, gamma", "zennit", {"demo": 1.26e-14, "ZNF143 model": 4e-11}),
        Row("lrp, flat", "zennit", {"demo": 3e-13, "ZNF143 model": 4e-12}),
        Row("lime", "captum", {"demo": {"20": 0.5, "200": 0.98765}}),
        Row("lrp, flat", "captum", {"demo": 2e-5, "ZNF143 model": 1e-6}),
    ]
    assert table(rows) == (
        "| method | demo | ZNF143 model |\n|---|---|---|\n"
        "| `lrp` | captum 2e-5; zennit 3e-13 | captum 1e-6; zennit 4e-11 |\n"
        "| `lime` | captum 0.500, 0.988 | – |\n"
    )
