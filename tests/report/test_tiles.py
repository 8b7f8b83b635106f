"""Tiles in the report: their numbers, and those of the stretches that were dropped."""

import re
import shutil
from pathlib import Path

from deeplift_genomics.report.sections import regions
from deeplift_genomics.windows.dropped import read_dropped
from deeplift_genomics.windows.file import read_windows
from deeplift_genomics.windows.from_genome import make_tiles
from deeplift_genomics.windows.tiling import Tiling
from tests.report.example import Page
from tests.report.sample import MadeSample, make_sample

GENOME = ">chr1\n" + "ACGTT" * 1000 + "N" * 5000 + "ACGTT" * 1000 + "\n"
SHORT = ">short\nACGT\n"


def tiled(folder: Path, genome: str) -> MadeSample:
    """Tile a genome, and write the files of a sample whose scores are invented."""
    (folder / "genome.fa").write_text(genome)
    dropped = folder / "dropped.tsv"
    limits = {"dropped_path": dropped, "max_unknown": 0.05}
    n = make_tiles(folder / "genome.fa", Tiling(100), 500, folder / "windows.h5", **limits)
    sample = make_sample(
        folder / "results", n=n, targets="counts", with_motifs=False, dropped=read_dropped(dropped)
    )
    shutil.copy(dropped, sample.path("dropped"))
    attributes = read_windows(folder / "windows.h5").attributes
    sample.edit(lambda file: file.attrs.update(attributes))
    return sample


def page_of_tiles(folder: Path, genome: str) -> tuple[Page, Path]:
    """Return the section on tiles, and the list of dropped ones."""
    sample = tiled(folder, genome)
    return sample.section(regions), sample.path("dropped")


def words(page: Page, name: str) -> str:
    return re.sub(r"\s+", " ", page.texts[name]).strip()


def test_dropped_tiles_are_counted_one_by_one(tmp_path: Path) -> None:
    """15 kb with 5 kb of N hold 146 tiles of 500 bp, of which 54 have too many N."""
    page, dropped = page_of_tiles(tmp_path, GENOME)
    attributes = read_windows(tmp_path / "windows.h5").attributes
    assert (attributes["n_regions"], attributes["n_dropped"]) == (146, 54)
    assert dropped.read_text().splitlines()[1:] == [
        "chr1\t4600\t10400\tchr1:4600-10400\ttoo many unknown bases\t54 tiles\t0"
    ]
    said = words(page, "use")
    assert said.startswith("Of 146 tiles, 92 were used; 54 tiles in 1 stretch were dropped.")
    assert page.values["dropped"] == ["54", "1", "54", "1"]
    assert "chr1:4,600-10,400 (54 tiles)" in words(page, "dropped")
    assert "line 0" not in words(page, "dropped")


def test_a_contig_without_a_tile_is_no_tile(tmp_path: Path) -> None:
    page, _ = page_of_tiles(tmp_path, SHORT + GENOME)
    assert words(page, "use").startswith("Of 146 tiles, 92 were used; 54 tiles in 1 stretch were")
    assert page.values["dropped"] == ["54", "1", "0", "0", "54", "1"]
    said = words(page, "dropped")
    assert "shorter than a window, so that no tile fits into it" in said
    assert "short:0-4 (0 tiles, 4 bases)" in said


def test_three_stretches_are_shown_and_then_dots(tmp_path: Path) -> None:
    for n in (3, 4):
        (tmp_path / str(n)).mkdir()
        page, dropped = page_of_tiles(tmp_path / str(n), ">chr1\n" + n * GENOME[6:-1] + "\n")
        records = read_dropped(dropped)
        assert len(records) == n
        said = words(page, "dropped")
        shown = [f"{r.start:,}-{r.end:,}" in said for r in records]
        assert shown == [True] * 3 + [False] * (n - 3)
        assert ("(54 tiles); …" in said) == (n > 3)


def test_no_tile_is_dropped(tmp_path: Path) -> None:
    page, _ = page_of_tiles(tmp_path, ">chr1\n" + "ACGTT" * 1000 + "\n")
    assert words(page, "use").startswith("Of 46 tiles, 46 were used; no tile was dropped.")
    assert "dropped" not in page.values


def test_an_older_list_says_that_it_counted_stretches(tmp_path: Path) -> None:
    sample = tiled(tmp_path, SHORT + GENOME)
    dropped = sample.path("dropped")
    text = dropped.read_text().replace("54 tiles", "tiles from here to there")
    dropped.write_text(text.replace("0 tiles, ", ""))
    assert read_dropped(dropped).n_windows == 2  # what such a release counted
    sample.edit(lambda file: file.attrs.update(n_regions=94, n_dropped=2))
    page = sample.section(regions)
    assert "counted each stretch of neighbouring tiles as one tile" in page.texts["notice"]
