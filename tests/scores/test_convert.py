"""Score files of other programs, written here as these programs do, become ours."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
import pytest

from deeplift_genomics.cli import main
from deeplift_genomics.scores.file import ScoreFile, read_scores
from tests.make_scores import make_score_file
from tests.scores.given_scores import write_bpnet, write_chrombpnet, write_regions

N, LENGTH = 24, 200


class Made(NamedTuple):
    """Scores, their genome and regions, and a folder to write to."""

    scores: ScoreFile
    path: Path
    fasta: Path
    regions: Path
    folder: Path

    def convert(self, given: Path, *options: object, target: str = "counts") -> ScoreFile:
        """Convert a file by the command line, and read what was written."""
        output = self.folder / "converted.h5"
        more = [] if "--regions" in options else ["--regions", self.regions]
        command = ["convert", given, "--target", target, *more, "--fasta", self.fasta, *options]
        main([*map(str, command), "--output", str(output)])
        return read_scores(output)


@pytest.fixture
def made(tmp_path: Path) -> Made:
    path, fasta = tmp_path / "ours.h5", tmp_path / "genome.fa"
    make_score_file(path, n=N, length=LENGTH, within=100, fasta=fasta)
    scores = read_scores(path)
    return Made(scores, path, fasta, write_regions(tmp_path / "peaks.bed", scores), tmp_path)


def test_a_file_of_chrombpnet(made: Made) -> None:
    found = made.convert(write_chrombpnet(made.folder / "a.counts_scores.h5", made.scores))
    half = made.scores.hypothetical.astype(np.float16).astype(np.float32)
    np.testing.assert_array_equal(found.hypothetical, half)
    for name in ("sequences", "chrom", "start", "end", "summit", "name", "strand"):
        np.testing.assert_array_equal(getattr(found, name), getattr(made.scores, name), name)
    assert np.isnan(found.target).all()
    assert found.reference_target is found.residual is found.standard_error is None
    facts = found.attributes
    assert facts["given_scores"] == "a.counts_scores.h5" and facts["given_by"] == "ChromBPNet"
    assert facts["format_version"] == 2 and facts["score_type"] == "float16"
    assert facts["method"] == "not known" and "references" in facts["not_known"]
    assert not {"model", "reference_kind", "seed", "tolerance", "head"} & facts.keys()
    assert facts["fasta"] == "genome.fa" and "chr10" in facts["contig_lengths"]
    with h5py.File(made.folder / "converted.h5") as file:
        assert file["hyp_scores"].dtype == np.float16


def test_a_file_of_bpnet_refactor_in_another_order(made: Made) -> None:
    """Rows are found by place; contigs of more than eight letters are cut as that program does."""
    renamed = made.scores.chrom.astype(object)
    renamed[renamed == "chr10"] = "chr10_KI270706v1_random"
    scores = replace(made.scores, chrom=renamed)
    text = made.fasta.read_text().replace(">chr10", ">chr10_KI270706v1_random")
    made.fasta.write_text(text)
    order = np.random.default_rng(1).permutation(N)
    given = write_bpnet(made.folder / "counts_scores.h5", scores, order)
    regions = write_regions(made.folder / "some.bed", scores, slice(3, None))
    found = made.convert(given, "--regions", regions, "--from", "bpnet-refactor")
    assert found.attributes["given_by"] == "bpnet-refactor"
    np.testing.assert_array_equal(found.chrom, renamed[3:])
    half = made.scores.hypothetical.astype(np.float16)[3:]
    np.testing.assert_array_equal(found.hypothetical, half.astype(np.float32))


def test_a_file_of_this_package_keeps_what_it_knew(made: Made) -> None:
    found = made.convert(made.path)
    np.testing.assert_array_equal(found.hypothetical, made.scores.hypothetical)
    for name in ("target", "reference_target", "residual", "standard_error"):
        np.testing.assert_array_equal(getattr(found, name), getattr(made.scores, name), name)
    facts = found.attributes
    assert "not_known" not in facts and facts["model"] == "synthetic.keras"
    assert facts["given_by"] == "deeplift_genomics 0.1.0" and facts["format_version"] == 1
    some = made.convert(made.path, "--regions", write_regions(made.folder / "x", made.scores, [7]))
    np.testing.assert_array_equal(some.hypothetical, made.scores.hypothetical[7:8])


def test_channels_last_are_taken_as_they_are(made: Made) -> None:
    last = {
        "raw": made.scores.sequences,
        "shap": made.scores.hypothetical,
        "projected_shap": None,
    }
    found = made.convert(write_chrombpnet(made.folder / "last.h5", made.scores, **last))
    np.testing.assert_array_equal(found.hypothetical, made.scores.hypothetical)
    assert found.attributes["score_type"] == "float32"


@pytest.mark.parametrize("written", ["all", "in the genome", "windows"])
def test_rows_of_regions_without_a_window(made: Made, written: str) -> None:
    """ChromBPNet leaves out windows that leave their contig, and may keep one that repeats."""
    lines = made.regions.read_text().splitlines(keepends=True)
    leaving = "chr1\t5\t65\tleaving\t0\t.\t1\t-1\t-1\t21\n"
    regions = made.folder / "more.bed"
    regions.write_text("".join(["# peaks\n", leaving, lines[0], lines[0], *lines[1:]]))
    rows = {"all": [0, 0, 0], "in the genome": [0, 0], "windows": [0]}[written]
    rows = [*rows, *range(1, N)]
    part = {name: getattr(made.scores, name)[rows] for name in ("sequences", "hypothetical")}
    part["hypothetical"] = part["hypothetical"].copy()
    if written == "all":
        part["hypothetical"][0] = 9  # of the region without a window, so nobody reads it
    scores = replace(made.scores, **part)
    given = write_chrombpnet(made.folder / "more.h5", scores)
    found = made.convert(given, "--regions", regions)
    half = made.scores.hypothetical.astype(np.float16)
    np.testing.assert_array_equal(found.hypothetical, half.astype(np.float32))


def _first_window(values: np.ndarray, value: float) -> np.ndarray:
    changed = values.copy()
    changed[2] = value
    return changed


def _edit(**change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Made], Path]:
    """Return a function that writes ChromBPNet's file with changed datasets."""

    def write(made: Made) -> Path:
        sequences = np.transpose(made.scores.sequences, (0, 2, 1))
        shap = np.transpose(made.scores.hypothetical, (0, 2, 1))
        data = {"raw": sequences, "shap": shap, "projected_shap": shap * sequences}
        edited = {name: edit(data[name]) for name, edit in change.items()}
        return write_chrombpnet(made.folder / "edited.h5", made.scores, **edited)

    return write


def _order(made: Made) -> Path:
    lines = made.regions.read_text().splitlines(keepends=True)
    made.regions.write_text("".join([*lines[:3], lines[4], lines[3], *lines[5:]]))
    return write_chrombpnet(made.folder / "a.h5", made.scores)


def _fewer(made: Made) -> Path:
    made.regions.write_text("".join(made.regions.read_text().splitlines(keepends=True)[:-2]))
    return write_chrombpnet(made.folder / "a.h5", made.scores)


def _without_places(made: Made) -> Path:
    return write_bpnet(made.folder / "b.h5", made.scores, np.arange(5, N))


def _other_kind(made: Made) -> Path:
    with h5py.File(made.folder / "other.h5", "w") as file:
        file["pos_patterns/pattern_0/sequence"] = np.zeros((5, 4))
    return made.folder / "other.h5"


def _model(made: Made) -> Path:
    with h5py.File(made.folder / "model.h5", "w") as file:
        file.create_group("model_weights/conv1d").attrs["weight_names"] = ["kernel"]
    return made.folder / "model.h5"


def _cut(made: Made) -> Path:
    path = write_chrombpnet(made.folder / "cut.h5", made.scores)
    path.write_bytes(path.read_bytes()[:-900])
    return path


def _only_observed(shap: np.ndarray) -> np.ndarray:
    """Return scores of which all bases but the first have none, whatever the sequence is."""
    return shap * 0


REFUSED: dict[str, tuple[Callable[[Made], Path], tuple[str, ...]]] = {
    "other bases": (
        _edit(raw=lambda raw: np.roll(raw, 1, axis=0), projected_shap=lambda x: None),
        ("other bases in the region peak_0 (chr1:101-300)", "of 200 differ", "another order"),
    ),
    "another order": (_order, ("other bases in the region peak_4",)),
    "fewer regions": (
        _fewer,
        ("has 24 rows, and", "22 regions, of which 22 have a window", "interpreted_regions.bed"),
    ),
    "regions without scores": (
        _without_places,
        ("lacks scores of 5 of 24 windows", "the first of them is chr1:101-300"),
    ),
    "no one-hot": (
        _edit(raw=lambda raw: _first_window(raw, 1)),
        ("raw/seq is not one-hot in row 2",),
    ),
    "no numbers": (
        _edit(shap=lambda shap: _first_window(shap, np.nan), projected_shap=lambda x: None),
        ("scores that are no numbers, first in the region peak_2",),
    ),
    "products of others": (
        _edit(projected_shap=lambda x: _first_window(x, 1)),
        ("not its hypothetical ones of the observed bases, first in the region peak_2",),
    ),
    "no hypothetical contributions": (
        _edit(shap=_only_observed, projected_shap=lambda x: None),
        ("contributions of the observed bases only", "shap/seq of ChromBPNet"),
    ),
    "another length": (
        _edit(shap=lambda shap: shap[:, :, 1:], projected_shap=lambda x: None),
        ("do not belong together: shap/seq 24 windows of 199 bp, raw/seq 24 windows of 200 bp",),
    ),
    "flat": (
        _edit(shap=lambda shap: shap[:, 0], projected_shap=lambda x: None),
        ("shap/seq has the shape (24, 200); expected (windows, 4, bases)",),
    ),
    "another kind": (
        _other_kind,
        ("is no score file that is known", "it has pos_patterns/pattern_0/sequence"),
    ),
    "a model": (
        _model,
        ("model.h5 is a Keras model, and no score file. Expected the datasets shap",),
    ),
    "cut short": (_cut, ("cannot be read as a score file: it is cut short",)),
    "a text": (lambda made: made.regions, ("cannot be read as a score file: it is not HDF5",)),
    "missing": (lambda made: made.folder / "no.h5", ("Score file not found",)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_belong_together_is_refused(
    made: Made, capfd: pytest.CaptureFixture, name: str
) -> None:
    write, words = REFUSED[name]
    with pytest.raises(SystemExit):
        made.convert(write(made))
    said = capfd.readouterr().err
    assert "Traceback" not in said and all(word in said for word in words), said
    assert not (made.folder / "converted.h5").exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--from", "chrombpnett"], "did you mean 'chrombpnet'?"),
        (["--from", "bpnet_refactor"], "is a score file of ChromBPNet, and not of bpnet-refactor"),
        (["--from", "bpnet-refactor"], "Write --from chrombpnet, or leave --from out"),
        (["--dropped", "x.tsv"], "--windows and --dropped go together"),
        (["--target", "count"], "did you mean 'counts'?"),
    ],
)
def test_options_that_do_not_fit(
    made: Made, capfd: pytest.CaptureFixture, options: list[str], words: str
) -> None:
    given = write_chrombpnet(made.folder / "a.h5", made.scores)
    with pytest.raises(SystemExit):
        made.convert(given, *options)
    assert words in capfd.readouterr().err


def test_the_target_of_our_own_file_is_that_of_the_sheet(
    made: Made, capfd: pytest.CaptureFixture
) -> None:
    with pytest.raises(SystemExit):
        made.convert(made.path, target="profile")
    assert "explains the target 'counts', and is given for 'profile'" in capfd.readouterr().err


def test_without_the_filter_the_remedy_is_said(made: Made) -> None:
    """Where hdf5plugin is installed, as the message asks for, the same file is read."""
    given = write_chrombpnet(made.folder / "packed.h5", made.scores)
    code = (
        "import sys; sys.modules['hdf5plugin'] = None\n"
        "from deeplift_genomics.scores.given_files import window_length\n"
        "from deeplift_genomics.errors import InputError\n"
        f"try:\n    window_length({str(given)!r})\n"
        "except InputError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "pip install hdf5plugin" in done.stdout and "h5repack" in done.stdout, done
    made.convert(given)


def test_sequences_without_a_genome(made: Made) -> None:
    """Rows are the records of a FASTA, in its order."""
    letters = np.array([*"ACGT"])[made.scores.sequences.argmax(axis=2)]
    records = made.folder / "records.fa"
    records.write_text("".join(f">oligo{i}\n{''.join(row)}\n" for i, row in enumerate(letters)))
    given = write_chrombpnet(made.folder / "a.h5", made.scores)
    output = made.folder / "records.h5"
    main(
        ["convert", str(given), "--target", "counts", "--regions", str(records)]
        + ["--output", str(output)]
    )
    found = read_scores(output)
    assert found.chrom.tolist() == [f"oligo{i}" for i in range(N)]
    np.testing.assert_array_equal(found.sequences, made.scores.sequences)
