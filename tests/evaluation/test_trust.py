"""`check --trust`: its answer, and options that do not go together."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.cli import main
from tests.attribution.models import randomise
from tests.evaluation.test_run import LENGTH, small


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trust") / "a.keras"
    small(3).save(path)
    return path


def test_a_first_answer_on_sequences(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sequences, rng = model.with_name("sequences.fa"), np.random.default_rng(1)
    bases = ["".join(rng.choice(list("ACGT"), LENGTH)) for _ in range(4)]
    sequences.write_text("".join(f">{i}\n{text}\n" for i, text in enumerate(bases)))
    main(["check", str(model), "--trust", "--regions", str(sequences), "--references.number=3"])
    answer, trust = capsys.readouterr().out.split("\n\ndeeplift in 4 of 4 windows: mean, and its ")
    assert "a.keras can be explained." in answer
    words = (
        "logit[0]", "comprehensiveness", "completeness", "agreement", "seeds",
        "reverse complement", "references", "here 3; 1% needs about", "random, to top",
        "random, to low", "random order",
    )  # fmt: skip
    for word in words:
        assert word in " ".join(trust.split()), word
    assert all(len(line) <= 80 for line in trust.splitlines())


def test_one_window_has_no_interval(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sequence = model.with_name("one.fa")
    sequence.write_text(f">one\n{'ACGTTGCA' * (LENGTH // 8)}\n")
    main(["check", str(model), "--trust", "--regions", str(sequence), "--references.number=2"])
    trust = capsys.readouterr().out.partition("deeplift in ")[2]
    assert trust.startswith("1 of 1 windows: its numbers, without intervals") and "nan" not in trust


def test_controls_that_are_not_there_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = [layers.Input((LENGTH, 4), name="sequence"), layers.Input((1,), name="bias")]
    pooled = layers.GlobalAveragePooling1D()(layers.Conv1D(2, 5, activation="relu")(inputs[0]))
    output = layers.Dense(1, name="top")(layers.Concatenate()([pooled, inputs[1]]))
    path, sequence = tmp_path / "controlled.keras", tmp_path / "one.fa"
    randomise(keras.Model(inputs, output)).save(path)
    sequence.write_text(f">one\n{'ACGTTGCA' * (LENGTH // 8)}\n")
    main(["check", str(path), "--trust", "--regions", str(sequence), "--references.number=2"])
    said = " ".join(capsys.readouterr().out.split())
    assert "The windows hold no values of the controls bias, which are 0 here." in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--trust", "--trust needs windows to look at: give --windows windows.h5 of a run, or"),
        ("--trust --fasta g.fa", "--trust needs windows to look at"),
        ("--windows w.h5", "--windows is for --trust; add --trust, or leave it out."),
        ("--trust --windows w.h5 --regions r.bed", "Give either --windows or --regions"),
        ("--trust --windows w.h5", "not found: w.h5"),
    ],
)
def test_options_that_do_not_go_together(
    model: Path, options: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["check", str(model), *options.split()])
    said = capsys.readouterr()
    assert message in said.err and not said.out
