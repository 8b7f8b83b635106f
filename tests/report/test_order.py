"""What to order: the page's oligos are those of the table, and its words fit its numbers."""

from pathlib import Path

import pytest

from deeplift_genomics.design.table import Oligo, Oligos, Outcome, write_oligos
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.motifs.names import MOTIFS
from deeplift_genomics.report.render import Plots, render_section
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.report.sections import order
from deeplift_genomics.windows.dropped import Dropped

OUTCOMES = [Outcome("log2_fold", "counts"), Outcome("shape", "profile")]
HOSTILE = "<b>&\"'</script>"


def oligo(name: str, group: str, motif: str, insert: str, effects: tuple, locus: int = 1) -> Oligo:
    return Oligo(
        name, group, motif, locus, "chr1", 100, 112, 103, 107, "+", HOSTILE, "counts", "",
        16, 0.5, 0, f"TT{insert.upper()}GG", insert, "", "", effects,
    )  # fmt: skip


ROWS = [
    oligo("A_1_wt", "wild type", "A", "ACGTACGTACGT", (0.0, 0.0)),
    oligo("A_1_abl", "ablated", "A", "ACGttCGTACGT", (-2.0, 0.25)),
    oligo("A_2_wt", "wild type", "A", "CCGTACGTACGT", (0.0, 0.0), 2),
    oligo("A_2_abl", "ablated", "A", "CCGTggGTACGT", (-4.0, 0.75), 2),
    Oligo(motif="B", note=f"None of 3 places: {HOSTILE}"),
]


def page(folder: Path, rows: list[Oligo]) -> str:
    write_oligos(folder / "oligos.tsv", Oligos(rows, OUTCOMES))
    write_table(folder / "motifs.tsv", MOTIFS, [])
    paths = {
        "oligos": folder / "oligos.xlsx",
        "oligos_table": folder / "oligos.tsv",
        "labels": folder / "motifs.tsv",
    }
    run = SampleRun({"sample": "s"}, {}, paths, [], Dropped([]), [])
    return str(render_section("order", "x", order.context(run, Plots())).body)


def test_each_motif_has_its_oligos_places_and_mean_effects(tmp_path: Path) -> None:
    text = page(tmp_path, ROWS)
    assert '<span id="n-oligos"><data value="4">4</data></span>' in text
    assert '<span id="n-tested"><data value="1">1</data></span> motif.' in text
    assert '<a id="workbook" href="oligos.xlsx">' in text
    assert "chr1:101-112<br>chr1:101-112" in text
    assert 'data-value="-3.0"' in text and "falls by 88%" in text and "50% moves" in text
    assert "None of 3 places: &lt;b&gt;" in text and "</script>" not in text


def test_sequences_are_those_to_order_with_changed_bases_marked(tmp_path: Path) -> None:
    text = page(tmp_path, ROWS)
    assert 'id="oligo-A_1_wt">TTACGTACGTACGTGG</code>' in text
    assert 'id="oligo-A_1_abl">TTACG<mark>TT</mark>CGTACGTGG</code>' in text
    assert "falls by 75%" in text and "25% moves" in text
    assert "A_2_wt" not in text  # of the first place only


@pytest.mark.parametrize("motif", ["", "B"])
def test_without_oligos_the_page_says_why(tmp_path: Path, motif: str) -> None:
    text = page(tmp_path, [Oligo(motif=motif, note="because")])
    assert '<span id="n-oligos">No</span> oligos' in text and text.count("because") == 1
    assert "<table" not in text


@pytest.mark.parametrize(
    ("outcome", "effect", "words"),
    [
        (OUTCOMES[0], 1.0, "rises 2.00-fold"),
        (OUTCOMES[0], -1e9, "falls by more than 99%"),
        (OUTCOMES[1], 0.003, "less than 1% moves"),
        (Outcome("difference", "logit", 3), -0.25, "falls by 0.25"),
    ],
)
def test_effects_in_words(outcome: Outcome, effect: float, words: str) -> None:
    assert order.in_words(outcome, effect) == words
