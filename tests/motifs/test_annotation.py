"""Names of patterns by JASPAR: single, composite and repeated ones, and what is written."""

import time
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.cli import main
from deeplift_genomics.files.tables import read_table
from deeplift_genomics.motifs.annotation import find_matches, write_matches
from deeplift_genomics.motifs.known import Database, Known, database_of, read_database
from deeplift_genomics.motifs.matches import MATCHES, NO_MATCH, Match
from deeplift_genomics.motifs.patterns import Pattern
from deeplift_genomics.settings.motif_sections import Annotation
from tests.conftest import ROOT
from tests.motif_runs import MotifRun
from tests.motifs.made_patterns import flat, matrix_of, names_of, pattern_of, turned

JASPAR = read_database(Annotation())
CTCF, SPI1, NRF1 = (matrix_of(JASPAR, name) for name in ("MA0139.2", "MA0080.7", "MA0506.3"))
ZNF143, TP53, NFIX = (matrix_of(JASPAR, name) for name in ("MA0088.3", "MA0106.3", "MA0671.2"))
AP1, GATA1 = (matrix_of(JASPAR, name) for name in ("MA0099.4", "MA0035.5"))
UNKNOWN = np.random.default_rng(5).permutation(ZNF143)[:12]
A_RUN = np.tile([0.91, 0.03, 0.03, 0.03], (14, 1))


def matches_of(pattern: Pattern, database: Database = JASPAR) -> list[Match]:
    return find_matches([pattern], database, Annotation())


SINGLES = {
    "CTCF": ([CTCF], "CTCF"),
    "ZNF143, long": ([turned(ZNF143)], "ZNF143"),
    "a dimer that is known as one": ([TP53], "TP53"),
    "a dimer with a gap": ([NFIX], "NFIX"),
    "a run of one base": ([A_RUN], ""),
    "unknown": ([UNKNOWN], NO_MATCH),
}


@pytest.mark.parametrize("case", SINGLES)
def test_a_single_motif(case: str) -> None:
    matrices, name = SINGLES[case]
    rows = matches_of(pattern_of(*matrices))
    assert {row.part for row in rows} == {""}
    assert not name or rows[0].name == name


COMPOSITES = {
    "side by side": ([CTCF, SPI1], ("CTCF", "Spi1")),
    "a gap": ([SPI1, flat(5), turned(CTCF)], ("Spi1", "CTCF")),
    "a large gap": ([NRF1, flat(12), GATA1], ("Nrf1", "GATA1")),
    "ZNF143 and CTCF": ([ZNF143, flat(4), CTCF], ("ZNF143", "CTCF")),
    "one half is unknown": ([NRF1, flat(5), UNKNOWN], ("Nrf1", NO_MATCH)),
}


@pytest.mark.parametrize("case", COMPOSITES)
def test_a_composite(case: str) -> None:
    matrices, (left, right) = COMPOSITES[case]
    rows = matches_of(pattern_of(*matrices))
    assert list(dict.fromkeys(row.part for row in rows)) == ["", "left", "right"]
    assert left in names_of(rows, "left")[:2]
    assert right in names_of(rows, "right")[:2]
    begin = 9 + len(matrices[0])
    ends = [row.offset for row in rows if row.part == "right" and row.offset is not None]
    assert not ends or ends[0] >= begin - 2  # it counts from the pattern's first base


REPEATS = {
    "side by side": ([NRF1, NRF1], "Nrf1"),
    "a gap": ([CTCF, flat(4), CTCF], "CTCF"),
    "face to face": ([SPI1, flat(6), turned(SPI1)], "Spi1"),
    "unknown, twice": ([UNKNOWN, flat(4), UNKNOWN], NO_MATCH),
    "unknown, twice without a gap": ([UNKNOWN, UNKNOWN], NO_MATCH),
}


@pytest.mark.parametrize("case", REPEATS)
def test_a_repeat(case: str) -> None:
    matrices, name = REPEATS[case]
    rows = matches_of(pattern_of(*matrices))
    assert list(dict.fromkeys(row.part for row in rows)) == ["", "repeat"]
    assert names_of(rows, "repeat")[0] == name


def test_a_pattern_without_a_match_has_one_row_that_says_so() -> None:
    empty = {"source": "", "motif_id": "", "family": "", "strand": ""}
    (row,) = matches_of(pattern_of(UNKNOWN, name="neg_3"))
    assert row == Match("neg_3", "", name="no significant match")
    assert {name: getattr(row, name) for name in empty} == empty
    assert (row.p_value, row.q_value, row.offset, row.overlap) == (None,) * 4


def test_motifs_that_share_a_matrix_are_listed_with_one_q_value() -> None:
    twin = Known("twin", "Twin", "", turned(CTCF))
    rows = matches_of(pattern_of(CTCF), database_of([*JASPAR.motifs, twin]))
    alone = matches_of(pattern_of(CTCF))
    assert [row for row in rows if row.motif_id != "twin"] == alone
    found = [(row.motif_id, row.strand, *row[6:10]) for row in rows[:2]]
    assert found == [("MA0139.2", "+", *alone[0][6:10]), ("twin", "-", *alone[0][6:10])]


def test_the_table_of_a_run(motif_run: MotifRun, tmp_path: Path) -> None:
    output = tmp_path / "a.matches.tsv"
    assert write_matches(motif_run.motifs, output, Annotation()) == 2
    table = read_table(output, MATCHES)
    assert table.pattern.unique().tolist() == ["pos_0", "neg_0"]
    best = table.groupby("pattern", sort=False).first()
    assert "GATA" in best.family["pos_0"], best
    assert table.family[table.pattern == "neg_0"].str.contains("bHLH").any(), table
    assert (table.q_value <= 0.05).all() and (table.p_value <= table.q_value).all()
    again = tmp_path / "b.matches.tsv"
    arguments = ["annotate", "--motifs", motif_run.motifs, "--threads", "2", "--output", again]
    main([str(argument) for argument in arguments])
    assert again.read_bytes() == output.read_bytes()


def test_no_pattern_gives_an_empty_table(empty_run: MotifRun, tmp_path: Path) -> None:
    output = tmp_path / "a.matches.tsv"
    assert write_matches(empty_run.motifs, output, Annotation()) == 0
    assert output.read_text().splitlines()[0] == "# matches version 1"
    assert read_table(output, MATCHES).empty


def test_sixty_patterns_are_named_in_seconds() -> None:
    patterns = [
        pattern_of(known.matrix, name=f"pos_{i}") for i, known in enumerate(JASPAR.motifs[::17])
    ]
    assert len(patterns) == 60
    find_matches(patterns[:1], JASPAR, Annotation())  # what is compiled is loaded
    begin = time.process_time()
    rows = find_matches(patterns, JASPAR, Annotation())
    assert time.process_time() - begin < 15
    assert {row.pattern for row in rows} == {pattern.name for pattern in patterns}


def test_a_meme_file_names_patterns(motif_run: MotifRun, tmp_path: Path) -> None:
    demo = ROOT / "resources" / "demo" / "motifs.meme"
    write_matches(motif_run.motifs, tmp_path / "a.tsv", Annotation(database=str(demo)))
    assert set(read_table(tmp_path / "a.tsv", MATCHES).name) == {NO_MATCH}
