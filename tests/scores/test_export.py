"""Scores written for other programs, read back by them, or as they document their files."""

import argparse
import ast
import re
from pathlib import Path

import numpy as np
import pyBigWig
import pytest

from deeplift_genomics.cli import main
from deeplift_genomics.scores.export import FORMATS
from deeplift_genomics.scores.file import ScoreFile, read_scores
from deeplift_genomics.steps import export as step
from tests.conftest import ROOT
from tests.make_scores import make_score_file
from tests.scores.given_scores import write_regions


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ScoreFile]:
    """Scores of overlapping windows, with all attributes of a run."""
    folder = tmp_path_factory.mktemp("export")
    fasta = folder / "genome.fa"
    make_score_file(folder / "made.h5", n=20, length=200, within=100, fasta=fasta)
    made = read_scores(folder / "made.h5")
    regions = write_regions(folder / "peaks.bed", made)
    path = folder / "scores.h5"
    command = ["convert", folder / "made.h5", "--target", "counts", "--regions", regions]
    main([*map(str, command), "--fasta", str(fasta), "--output", str(path)])
    return path, read_scores(path)


def export(
    scores: tuple[Path, ScoreFile], name: str, output: Path, capsys: pytest.CaptureFixture
) -> list[str]:
    """Export by the command line, and return the names of the files that it says."""
    main(["export", "--scores", str(scores[0]), "--format", name, "--output", str(output)])
    said = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(said) == sorted(output.parent.iterdir())
    return [path.name for path in said]


def test_modisco(
    scores: tuple[Path, ScoreFile], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """modisco-lite's own function reads what `modisco motifs -s -a` gets."""
    from modiscolite.cli import _load_input

    names = export(scores, "modisco", tmp_path / "out", capsys)
    assert names == ["out.sequences.npz", "out.attributions.npz"]
    sequences, attributions = (_load_input(tmp_path / name) for name in names)
    assert sequences.shape == attributions.shape == (20, 4, 200)
    np.testing.assert_array_equal(sequences.transpose(0, 2, 1), scores[1].sequences)
    np.testing.assert_array_equal(attributions.transpose(0, 2, 1), scores[1].hypothetical)


def test_finemo_and_bpnet_lite(
    scores: tuple[Path, ScoreFile], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    names = export(scores, "bpnet-lite", tmp_path / "out", capsys)
    assert names == ["out.ohe.npz", "out.attr.npz", "out.idx.npy", "out.narrowPeak"]
    for name, expected in (("ohe", scores[1].sequences), ("attr", scores[1].hypothetical)):
        found = np.load(tmp_path / f"out.{name}.npz")["arr_0"]
        np.testing.assert_array_equal(found, expected.transpose(0, 2, 1))
    np.testing.assert_array_equal(np.load(tmp_path / "out.idx.npy"), np.arange(20))
    rows = [line.split("\t") for line in (tmp_path / "out.narrowPeak").read_text().splitlines()]
    assert {len(row) for row in rows} == {10}
    assert [row[0] for row in rows] == scores[1].chrom.tolist()
    assert [int(row[1]) + int(row[9]) for row in rows] == scores[1].summit.tolist()
    (tmp_path / "finemo").mkdir()
    names = export(scores, "finemo", tmp_path / "finemo" / "out", capsys)
    assert names == ["out.sequences.npz", "out.attributions.npz", "out.narrowPeak"]


def test_tangermeme(
    scores: tuple[Path, ScoreFile], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert export(scores, "tangermeme", tmp_path / "out", capsys) == ["out.npz"]
    found = np.load(tmp_path / "out.npz")
    np.testing.assert_array_equal(found["X"].transpose(0, 2, 1), scores[1].sequences)
    np.testing.assert_array_equal(found["X_attr"].transpose(0, 2, 1), scores[1].contributions)


def test_bedgraph_and_bigwig_say_the_same(
    scores: tuple[Path, ScoreFile], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "bw").mkdir()
    (tmp_path / "bg").mkdir()
    export(scores, "bigwig", tmp_path / "bw" / "out.bw", capsys)
    export(scores, "bedgraph", tmp_path / "bg" / "out.bedGraph", capsys)
    lines = (tmp_path / "bg" / "out.bedGraph").read_text().splitlines()
    rows = [(c, int(a), int(b), float(v)) for c, a, b, v in (line.split("\t") for line in lines)]
    assert rows == sorted(rows)
    with pyBigWig.open(str(tmp_path / "bw" / "out.bw")) as track:
        assert sum(end - start for _, start, end, _ in rows) == track.header()["nBasesCovered"]
        for contig in track.chroms():
            values = np.full(track.chroms(contig), np.nan, dtype=np.float32)
            for name, start, end, value in rows:
                if name == contig:
                    values[start:end] = value
            np.testing.assert_array_equal(values, track.values(contig, 0, len(values), numpy=True))


def test_the_same_scores_give_the_same_bytes(
    scores: tuple[Path, ScoreFile], tmp_path: Path
) -> None:
    for name in ("a", "b"):
        main(["export", "--scores", str(scores[0]), "--format", "tangermeme", "--output",
              str(tmp_path / name)])  # fmt: skip
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize(("name", "near"), [("modsico", "modisco"), ("BigWig", "bigwig")])
def test_an_unknown_format_is_answered_with_the_nearest(
    scores: tuple[Path, ScoreFile],
    tmp_path: Path,
    capfd: pytest.CaptureFixture,
    name: str,
    near: str,
) -> None:
    command = ["export", "--scores", str(scores[0]), "--output", str(tmp_path / "x"), "--format"]
    with pytest.raises(SystemExit):
        main([*command, name])
    assert f"did you mean '{near}'?" in capfd.readouterr().err
    main([*command, near])  # as it says


def test_formats_are_told_wherever_they_are_named() -> None:
    text = (ROOT / "docs" / "formats.md").read_text().split("\n## Scores for other programs\n")[1]
    assert re.findall(r"^\| `([\w-]+)` \|", text.split("\n## ")[0], re.MULTILINE) == list(FORMATS)
    parser = argparse.ArgumentParser()
    step.add_options(parser)
    told = next(action.help for action in parser._actions if action.dest == "format")
    assert [name for name in FORMATS if name in told] == list(FORMATS)


def recipes() -> list[str]:
    """Return the recipes in Python of the section on Python and R."""
    text = (ROOT / "docs" / "formats.md").read_text().split("\n## Scores in Python and R\n")[1]
    return re.findall(r"```python\n(.*?)```", text.split("\n## ")[0], re.DOTALL)


def test_xarray_and_anndata_read_scores_as_documented(
    scores: tuple[Path, ScoreFile], tmp_path: Path
) -> None:
    """Three statements after the imports; axes, names and attributes arrive."""
    pytest.importorskip("xarray")
    anndata = pytest.importorskip("anndata")
    path, read = scores
    found: dict = {}
    for recipe in recipes():
        statements = [type(item).__name__ for item in ast.parse(recipe).body]
        assert sum(not name.startswith("Import") for name in statements) == 3
        exec(recipe.replace("TARGET.scores.h5", str(path)), found)
    array, data = found["x"], found["a"]
    assert array.dims == ("region", "position", "base")
    np.testing.assert_array_equal(array.sel(region="peak_3", base="G"), read.hypothetical[3, :, 2])
    assert array.attrs["target"] == "counts" and array.chrom[0] == "chr1"
    np.testing.assert_array_equal(data.X, read.contributions.sum(axis=2))
    assert data["peak_3"].obs["start"].item() == read.start[3]
    with anndata.settings.override(allow_write_nullable_strings=True):  # as documented
        data.write_h5ad(tmp_path / "a.h5ad")
    again = anndata.read_h5ad(tmp_path / "a.h5ad")
    np.testing.assert_array_equal(again.obsm["hypothetical"], read.hypothetical)
    assert again.uns["target"] == "counts"
