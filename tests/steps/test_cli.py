"""The command line as users see it: help, and the answers to mistakes."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.cli import main

LENGTH = 50


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a valid model, genome and BED file, and invalid ones beside them."""
    folder = tmp_path_factory.mktemp("inputs")
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(4, 5, activation="relu")(x0)
    counts = layers.Dense(1, name="counts")(layers.GlobalAveragePooling1D()(x))
    sound = keras.Model(x0, [layers.Conv1D(1, 3, name="profile")(x), counts])
    sound.save(folder / "model.keras")
    odd = keras.Model(x0, layers.Dense(1, name="counts")(layers.Flatten()(keras.ops.floor(x))))
    odd.save(folder / "unsupported.keras")
    image = layers.Input((5, LENGTH), name="image")
    keras.Model(image, layers.Dense(1)(layers.Flatten()(image))).save(folder / "channels.keras")
    (folder / "text.keras").write_text("this is no model")
    own = layers.Input(batch_shape=(2, LENGTH, 4), name="sequence")
    keras.Model(own, layers.Dense(1, name="counts")(keras.ops.reshape(own, (2, -1)))).save(
        folder / "batch.keras"
    )

    rng = np.random.default_rng(0)
    bases = "".join(rng.choice(list("ACGT"), 2000))
    (folder / "genome.fa").write_text(f">chr1\n{bases}\n>chr2\n{bases[::-1]}\n")
    packed = gzip.compress((folder / "genome.fa").read_bytes())
    (folder / "cut.fa.gz").write_bytes(packed[: len(packed) // 2])
    for name, text in {
        "regions": "chr1\t100\t200\nchr2\t300\t400\nchr1\t5\t15\n",
        "empty": "# nothing\ntrack name=x\n",
        "reversed": "chr1\t100\t200\nchr1\t50\t40\n",
        "negative": "chr1\t100\t200\nchr1\t-5\t40\n",
        "words": "chr1\t100\t200\nchr1\tfive\t40\n",
        "elsewhere": "scaffold_7\t100\t200\n",
    }.items():
        (folder / f"{name}.bed").write_text(text)
    return folder


def run(*arguments: object) -> int:
    """Run the command in this process and return its exit code."""
    try:
        main([str(argument) for argument in arguments])
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def fails(capsys: pytest.CaptureFixture, *arguments: object) -> str:
    """Return the one message of a command that must fail with exit code 1."""
    capsys.readouterr()
    assert run("--quiet", *arguments) == 1
    message = capsys.readouterr().err
    assert message.startswith("error: ")
    assert message.count("error: ") == 1
    assert "Traceback" not in message
    return message


def regions(inputs: Path, out: Path, **changed: str) -> list[object]:
    given = {"regions": "regions.bed", "fasta": "genome.fa", **changed}
    return [
        "regions", "--regions", inputs / given["regions"], "--fasta", inputs / given["fasta"],
        "--length", LENGTH, "--output", out / "windows.h5", "--dropped", out / "dropped.tsv",
    ]  # fmt: skip


def attribution(inputs: Path, out: Path, *more: object, model: str = "model.keras") -> list[object]:
    return [
        "attribute", "--model", inputs / model, "--windows", out / "windows.h5",
        "--output", out / "shard.h5", "--references.number", 3, *more,
    ]  # fmt: skip


@pytest.fixture()
def windows(inputs: Path, tmp_path: Path) -> Path:
    """Return a folder with a windows file."""
    assert run("--quiet", *regions(inputs, tmp_path)) == 0
    return tmp_path


def test_help_comes_at_once_and_names_every_step() -> None:
    code = "import sys, deeplift_genomics.cli as c; c.make_parser(); print(len(sys.modules))"
    done = subprocess.run([sys.executable, "-X", "importtime", "-c", code], capture_output=True)
    loaded = done.stderr.decode()
    for heavy in ("tensorflow", "numpy", "h5py", "pandas", "numba", "scipy"):
        assert f" {heavy}\n" not in loaded
    shown = subprocess.run(
        [sys.executable, "-m", "deeplift_genomics", "--help"], capture_output=True, check=True
    ).stdout.decode()
    for step in [
        "check",
        "regions",
        "attribute",
        "merge",
        "motifs",
        "logos",
        "annotate",
        "seqlets",
        "report",
        "provenance",
        "verify",
    ]:
        assert re.search(rf"^    {step}\s", shown, re.MULTILINE)


def test_check_shows_what_was_found(inputs: Path, capsys: pytest.CaptureFixture) -> None:
    assert run("check", inputs / "model.keras") == 0
    shown = capsys.readouterr().out
    assert shown.startswith(
        "model.keras can be explained.\n\n  windows   50 bp\n  controls  none\n"
    )
    assert re.search(
        r"^    profile  shape of the profile: profile \(44, 1\) .* [0-9]e-", shown, re.M
    )
    assert re.search(
        r"^    counts   log-counts: counts \(1\) +-?[0-9.]+ +[0-9]e-[0-9]+$", shown, re.M
    )
    assert "Relu" not in shown
    assert run("check", inputs / "model.keras", "--verbose") == 0
    shown = capsys.readouterr().out
    for line in ("window  50 bp", "head    profile (44, 1): profile", "head    counts (1): counts"):
        assert line in shown
    assert "Relu (rescale)" in shown
    assert "Conv2D (linear)" in shown


def test_check_lists_the_heads_even_where_it_refuses(
    inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(3, 5)(x0)
    odd = layers.Dense(1, name="counts")(layers.Flatten()(keras.ops.floor(x)))
    keras.Model(x0, [odd, layers.Conv1D(1, 3, name="profile")(x)]).save(tmp_path / "half.keras")
    assert run("check", tmp_path / "half.keras") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("half.keras can be explained, but not every target.\n")
    assert re.search(r"^    counts   log-counts: counts \(1\): refused\. Floor \(no\s", shown, re.M)
    assert re.search(r"^    profile  shape .* [0-9]e[-+]", shown, re.M)
    info = tmp_path / "model.json"
    for named, first in (("profile,counts", "can be"), ("counts", "cannot be")):
        command = ["check", tmp_path / "half.keras", "--targets", named, "--output", info]
        assert run("--quiet", *command) == 1
        out, err = capsys.readouterr()
        assert f"half.keras {first} explained" in out and "profile (44, 1)" in out
        assert err.startswith("error: DeepLIFT has no exact rule")
        assert not info.exists()
    assert run("check", inputs / "unsupported.keras") == 1
    out, err = capsys.readouterr()
    assert "log-counts: counts (1): refused. Floor" in out and err.startswith("error: ")
    assert run("check", inputs / "unsupported.keras", "--targets", "counts") == 1
    assert capsys.readouterr().out.count("refused") == 1


def test_check_takes_the_options_of_a_run(inputs: Path, capsys: pytest.CaptureFixture) -> None:
    sound = inputs / "model.keras"
    options = ("--float64", "--rules", "genomics_default")  # short names, of check alone
    options += ("--references.kind", "zeros", "--references.number", "1")
    assert run("check", sound, "--attribution.tolerance", "1e-10", *options) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "one reference (zeros), by the rules genomics_default in double precision" in shown
    assert "a run allows 1e-10" in shown
    assert re.search(r" profile .* [0-9]e-1[5-9] ", shown)
    assert "expected one of rescale" in fails(capsys, "check", sound, "--attribution.rules", "x")
    shown = fails(capsys, "check", sound, "--controls", "plus.bw")
    assert "Controls are given (plus.bw), but the model has no control input" in shown


def test_a_run_step_by_step(inputs: Path, tmp_path: Path) -> None:
    info, windows = tmp_path / "model.json", tmp_path / "windows.h5"
    assert run("check", inputs / "model.keras", "--output", info) == 0
    cut = regions(inputs, tmp_path)
    at = cut.index("--length")
    cut[at : at + 2] = ["--model-info", info]
    assert run(*cut) == 0
    dropped = (tmp_path / "dropped.tsv").read_text().splitlines()
    assert len(dropped) == 2
    assert "leaves the contig" in dropped[1]
    shards = [tmp_path / f"{i}.h5" for i in (1, 2)]
    for i, shard in enumerate(shards, 1):
        assert run(
            "attribute", "--model", inputs / "model.keras", "--windows", windows,
            "--shard", f"{i}-of-2", "--references.number", 4, "--output", shard,
        ) == 0  # fmt: skip
    scores = tmp_path / "counts.h5"
    assert run("merge", *shards, "--target", "counts", "--output", scores) == 0

    from deeplift_genomics import attribute, load_model, read_scores
    from deeplift_genomics.dna.references import make_references
    from deeplift_genomics.dna.sequence import one_hot
    from deeplift_genomics.windows.file import read_windows

    stored, cut_windows = read_scores(scores), read_windows(windows)
    assert stored.chrom.tolist() == ["chr1", "chr2"]
    assert stored.start.tolist() == [125, 325]
    references = make_references(cut_windows.codes, "dinucleotide_shuffle", 4, 1)
    model = load_model(inputs / "model.keras")
    direct = attribute(model, one_hot(cut_windows.codes), references)["counts"]
    np.testing.assert_array_equal(stored.hypothetical, direct.hypothetical)
    np.testing.assert_array_equal(stored.residual, direct.residual)
    assert stored.attributes["model_digest"] == model.digest
    assert stored.attributes["reference_number"] == 4


def test_folds_must_be_alike(inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    info = tmp_path / "model.json"
    sound = inputs / "model.keras"
    shown = fails(capsys, "check", sound, inputs / "batch.keras", "--output", info)
    assert "model.keras and " in shown and "are no folds of one model: heads" in shown
    assert not info.exists()
    again = tmp_path / "again.keras"
    again.write_bytes(sound.read_bytes())
    assert run("check", sound, again, "--output", info) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("model.keras, again.keras can be explained.\n")
    assert shown.count("50 bp") == 1  # properties that folds share are shown once


def test_every_fold_is_tried(inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    broken = keras.models.load_model(inputs / "model.keras")
    broken.get_layer("counts").bias.assign([np.nan])
    broken.save(tmp_path / "broken.keras")
    shown = fails(capsys, "check", inputs / "model.keras", tmp_path / "broken.keras")
    assert "Target 'counts': the model gives numbers that are not finite" in shown


def test_options_of_a_model_reach_it(
    inputs: Path, windows: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check a custom layer, and a Lambda layer that is allowed or replaced."""
    (windows / "cli_layers.py").write_text(
        "import keras\n"
        "class Twice(keras.layers.Layer):\n"
        "    def call(self, x):\n"
        "        return 2 * x\n"
        "def objects():\n"
        "    return {'Twice': Twice}\n"
        "def times_30(x):\n"
        "    return 30 * x\n"
    )
    monkeypatch.chdir(windows)
    monkeypatch.syspath_prepend(windows)
    from cli_layers import Twice

    x = keras.Input((LENGTH, 4), name="sequence")
    pooled = layers.GlobalAveragePooling1D()(layers.Conv1D(3, 5, activation="relu")(Twice()(x)))
    scaled = layers.Lambda(lambda value: 10 * value, name="scale", output_shape=(3,))(pooled)
    keras.Model(x, layers.Dense(1, use_bias=False, name="counts")(scaled)).save("own.keras")

    def score(*options: str) -> np.ndarray:
        from deeplift_genomics import read_scores

        assert run("check", "own.keras", "--targets", "counts", *options) == 0
        given = ["--targets", "counts", "--model", windows / "own.keras", *options]
        assert run("--quiet", *attribution(inputs, windows, *given)) == 0
        assert run("merge", "shard.h5", "--target", "counts", "--output", "counts.h5") == 0
        return read_scores("counts.h5").hypothetical

    own = ("--custom-objects", "cli_layers:objects")
    assert "Lambda" in fails(capsys, "check", "own.keras", *own)
    assert "Twice" in fails(capsys, "check", "own.keras", "--allow-lambda")
    allowed = score(*own, "--allow-lambda")
    replaced = score(*own, "--lambdas", "scale=cli_layers.py:times_30")
    np.testing.assert_allclose(replaced, 3 * allowed, rtol=1e-5, atol=1e-6)
    assert np.abs(allowed).max() > 0


def test_double_precision_by_another_rule(inputs: Path, windows: Path) -> None:
    from deeplift_genomics import attribute, load_model, read_scores
    from deeplift_genomics.dna.references import make_references
    from deeplift_genomics.dna.sequence import one_hot
    from deeplift_genomics.windows.file import read_windows

    more = ("--attribution.float64", "true", "--targets", "counts")
    more += ("--attribution.rules", "genomics_default")
    assert run("--quiet", *attribution(inputs, windows, *more)) == 0
    scores = windows / "counts.h5"
    assert run("merge", windows / "shard.h5", "--target", "counts", "--output", scores) == 0
    stored = read_scores(scores)
    assert stored.attributes["precision"] == "float64"
    assert stored.attributes["rules"] == "genomics_default"
    assert stored.hypothetical.dtype == np.float32
    codes = read_windows(windows / "windows.h5").codes
    direct = attribute(
        load_model(inputs / "model.keras"),
        one_hot(codes),
        make_references(codes, "dinucleotide_shuffle", 3, 1),
        "counts",
        rules="genomics_default",
        float64=True,
    )["counts"]
    np.testing.assert_array_equal(stored.hypothetical, direct.hypothetical.astype(np.float32))


def test_mistakes_in_controls(inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    given = regions(inputs, tmp_path)
    shown = fails(capsys, *given, "--controls", "plus.bw")
    assert "--controls needs --model-info" in shown
    info = tmp_path / "model.json"
    at = given.index("--length")
    given[at : at + 2] = ["--model-info", info]
    info.write_text('{"window_length": 50, "controls": [], "heads": []}')
    shown = fails(capsys, *given, "--controls", "plus.bw")
    assert "Controls are given (plus.bw), but the model has no control input" in shown
    info.write_text(
        '{"window_length": 50, "controls": [{"name": "bias", "shape": [40, 2]}], "heads": []}'
    )
    shown = fails(capsys, *given, "--controls", "plus.bw,minus.bw")
    assert "bigWig file not found: plus.bw" in shown
    info.write_text('{"window_length": 50}')
    assert "is not a model description" in fails(capsys, *given)
    assert [path.name for path in tmp_path.iterdir()] == ["model.json"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"regions": "nothing.bed"}, "not found"),
        ({"fasta": "nothing.fa"}, "not found"),
        ({"regions": "empty.bed"}, "empty.bed"),
        ({"regions": "reversed.bed"}, "line 2"),
        ({"regions": "negative.bed"}, "line 2"),
        ({"regions": "words.bed"}, "line 2"),
        ({"regions": "elsewhere.bed"}, "scaffold_7"),
        ({"fasta": "cut.fa.gz"}, "cut.fa.gz"),
    ],
)
def test_mistakes_in_regions_and_genome(
    inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture, changed: dict, message: str
) -> None:
    assert message in fails(capsys, *regions(inputs, tmp_path, **changed))
    assert list(tmp_path.iterdir()) == []


def test_windows_must_hold_the_loci_of_the_configuration(
    inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = regions(inputs, tmp_path)
    message = fails(capsys, *given, "--loci", '["chr1:150", "chr1:9", "chr2:2,001"]')
    assert "report.loci: 'chr1:9' cannot be shown: no window holds it." in message
    assert "'chr2:2,001' cannot be shown: it is outside the genome: chr2 has 2,000" in message
    assert "chr1:150" not in message and not list(tmp_path.glob("*.h5"))
    assert "a JSON list of texts" in fails(capsys, *given, "--loci", '{"chr1:9": 1}')
    assert "not JSON" in fails(capsys, *given, "--loci", "chr1:9")
    assert run(*given, "--loci", '["chr1:150"]') == 0


def test_options_of_tiles_are_refused_for_regions(
    inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    for option in ("--exclude", "--regions.tile.contigs", "--regions.tile.stride"):
        arguments = [*regions(inputs, tmp_path), option, "1"]
        assert f"{option} goes with --regions tile" in fails(capsys, *arguments)
    assert list(tmp_path.iterdir()) == []


def test_sequences_and_forms_have_their_options(
    inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    given = regions(inputs, tmp_path)
    without = [item for item in given if item != "--fasta" and item != inputs / "genome.fa"]
    assert "name their genome in the sheet's column 'fasta' (option --fasta)" in fails(
        capsys, *without
    )
    for more in (["--regions-format", "bed"], ["--controls", "a.bw"]):
        assert f"{more[0]} needs --fasta, the genome" in fails(capsys, *without, *more)
    tiles = [item if item != inputs / "regions.bed" else "tile" for item in without]
    assert "--regions tile needs --fasta" in fails(capsys, *tiles)
    tiles = [item if item != inputs / "regions.bed" else "tile" for item in given]
    assert "for region files, not for tiles" in fails(capsys, *tiles, "--regions-format", "bed")
    assert "regions_format" not in fails(capsys, *given, "--regions-format", "narrowPeak")
    sequences = tmp_path / "oligos.fa"
    sequences.write_text(">oligo\n" + "ACGT" * (LENGTH // 4) + "A" * (LENGTH % 4) + "\n")
    without[without.index(inputs / "regions.bed")] = sequences
    assert run("--quiet", *without) == 0
    assert (tmp_path / "windows.h5").exists()
    sequences_with_genome = [
        item if item != inputs / "regions.bed" else sequences for item in given
    ]
    assert "leave the column 'fasta'" in fails(capsys, *sequences_with_genome)


def test_no_contig_in_common_shows_both_lists(
    inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    shown = fails(capsys, *regions(inputs, tmp_path, regions="elsewhere.bed"))
    assert "scaffold_7" in shown
    assert "chr1" in shown


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("nothing.keras", "model file not found"),
        ("text.keras", "text.keras is no model: it is text"),
        ("channels.keras", "no input of shape (L, 4)"),
        ("unsupported.keras", "Floor (no rule"),
    ],
)
def test_mistakes_in_models_are_the_same_in_check_and_in_a_run(
    inputs: Path, windows: Path, capsys: pytest.CaptureFixture, model: str, message: str
) -> None:
    checked = fails(capsys, "check", inputs / model, "--targets", "counts")
    assert message in checked
    arguments = attribution(inputs, windows, "--targets", "counts", model=model)
    assert fails(capsys, *arguments) == checked
    assert not (windows / "shard.h5").exists()


def test_a_model_with_its_own_batch_size_fails_in_check_already(
    inputs: Path, windows: Path, capsys: pytest.CaptureFixture
) -> None:
    for arguments in (
        ["check", inputs / "batch.keras", "--targets", "counts"],
        attribution(inputs, windows, "--targets", "counts", model="batch.keras"),
    ):
        assert "cannot be" in fails(capsys, *arguments)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--targets", "counts:cuonts"), "Did you mean 'counts'?"),
        (("--targets", "logit[0]"), "Its heads are: profile (44, 1): profile; counts"),
        (("--targets", "shape"), "heads of model.keras are: profile (44, 1): profile; counts"),
        (("--references.number", "two"), "'two' is not a whole number"),
        (("--references.number", "0"), "option 'references.number' is 0; expected a number of"),
        (("--references.seed", str(2**63)), "it holds a number of more than 63 bits"),
        (("--shard", "3-of-2"), "1-of-4"),
        (("--shard", f"1-of-{'9' * 5000}"), "is not of the form 1-of-4"),
        (
            ("--attribution.rules", "gradient"),
            "expected one of rescale, reveal_cancel, genomics_default",
        ),
        (("--fold", "2of3"), "Fold '2of3' is not of the form 1-of-4"),
        (("--lambdas", "merge"), "'merge' is not of the form layer=module:function"),
        (("--custom-objects", "mine.py"), "'mine.py' names no function; write module:function"),
        (("--references.kind", "dinucleotide_shufle"), "did you mean 'dinucleotide_shuffle'?"),
        (("--attribution.float64", "1"), "'1' is not true or false"),
        (("--references.num", "3"), "unrecognized arguments: --references.num"),
    ],
)
def test_mistakes_in_settings(
    inputs: Path, windows: Path, capsys: pytest.CaptureFixture, more: tuple, message: str
) -> None:
    assert message in fails(capsys, *attribution(inputs, windows, *more))
    assert not (windows / "shard.h5").exists()


def test_an_output_folder_that_cannot_be_made(
    inputs: Path, windows: Path, capsys: pytest.CaptureFixture
) -> None:
    (windows / "file").write_text("in the way")
    blocked = windows / "file" / "folder"
    arguments = attribution(inputs, windows)
    arguments[arguments.index("--output") + 1] = blocked / "shard.h5"
    assert "Cannot write" in fails(capsys, *arguments)
    assert "Cannot write" in fails(capsys, *regions(inputs, blocked))
    assert "Cannot write" in fails(capsys, "check", inputs / "model.keras", "--output", blocked)


def test_windows_of_another_length(
    inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    arguments = regions(inputs, tmp_path)
    arguments[arguments.index("--length") + 1] = 40
    assert run("--quiet", *arguments) == 0
    shown = fails(capsys, *attribution(inputs, tmp_path))
    assert "windows of 40 bp, but model.keras takes 50 bp" in shown


def test_a_shard_cut_short(inputs: Path, windows: Path, capsys: pytest.CaptureFixture) -> None:
    assert run("--quiet", *attribution(inputs, windows)) == 0
    shard = windows / "shard.h5"
    shard.write_bytes(shard.read_bytes()[:-500])
    scores = windows / "counts.h5"
    shown = fails(capsys, "merge", shard, "--target", "counts", "--output", scores)
    assert "shard.h5 is damaged" in shown
    assert not scores.exists()


def test_a_full_disk_ends_in_one_message(inputs: Path, windows: Path) -> None:
    """Check a limit on file sizes in place of a full disk; HDF5 must not crash the process."""
    arguments = [str(argument) for argument in attribution(inputs, windows)]
    code = f"""
import resource
from deeplift_genomics.steps import scoring
score = scoring._score
def limited(*given):  # not before: loading a model may write temporary files
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
    return score(*given)
scoring._score = limited
from deeplift_genomics.cli import main
main({["--quiet", *arguments]!r})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert "shard.h5: File too large. Nothing is left under that name." in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in windows.iterdir() if "shard" in path.name] == []


def test_a_cancelled_job_clears_up(inputs: Path, windows: Path) -> None:
    """Check SIGTERM, as a cluster sends it, while the shard is being written."""
    arguments = [str(argument) for argument in attribution(inputs, windows, "--shard", "1-of-1")]
    code = f"""
import os, signal
from deeplift_genomics.steps import scoring
score = scoring._score
def cancelled(*given):
    assert any("shard.h5" in name for name in os.listdir({str(windows)!r}))
    os.kill(os.getpid(), signal.SIGTERM)
    return score(*given)
scoring._score = cancelled
from deeplift_genomics.cli import main
main({["--quiet", *arguments]!r})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 143, done.stderr
    assert [path.name for path in windows.iterdir() if "shard" in path.name] == []


def test_logos_do_not_remove_what_is_not_theirs(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    from tests.make_scores import make_score_file

    scores, motifs = tmp_path / "scores.h5", tmp_path / "motifs.h5"
    make_score_file(scores, n=20)
    assert run("--quiet", "motifs", "--scores", scores, "--output", motifs) == 0
    shown = fails(capsys, "logos", "--motifs", motifs, "--output", tmp_path)
    assert "motifs.h5, scores.h5" in shown
    assert scores.exists() and motifs.exists()
