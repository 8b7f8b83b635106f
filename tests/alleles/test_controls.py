"""Both alleles get the controls of the reference window, read from bigWig files."""

from pathlib import Path

import keras
import numpy as np
import pyBigWig
import pytest
from keras import layers

from deeplift_genomics.scores.alleles import read_alleles, read_letters
from tests.alleles.made import GENOME, LENGTH, SITE, explain


def test_controls_are_those_of_the_reference_window(tmp_path: Path) -> None:
    sequence = layers.Input((LENGTH, 4), name="sequence")
    control = layers.Input((1,), name="control_logcount")
    x = layers.GlobalAveragePooling1D()(layers.Conv1D(3, 5, activation="relu")(sequence))
    counts = layers.Dense(1, name="counts")(layers.Concatenate()([x, control]))
    keras.utils.set_random_seed(2)
    model = keras.Model([sequence, control], counts)
    model.get_layer("counts").set_weights([np.array([[0.5], [1], [2], [10]]), np.zeros(1)])
    model.save(tmp_path / "model.keras")
    (tmp_path / "genome.fa").write_text(f">chr1\n{GENOME}\n")
    rows = [(SITE, "A"), (SITE + 200, "A"), (SITE + 300, GENOME[SITE + 300] + "ACG")]
    rows = [(at, "C" if alt == GENOME[at] else alt) for at, alt in rows]
    (tmp_path / "a.vcf").write_text(
        "".join(f"chr1\t{at + 1}\t.\t{GENOME[at]}\t{alt}\n" for at, alt in rows)
    )
    track = pyBigWig.open(str(tmp_path / "control.bw"), "w")
    track.addHeader([("chr1", len(GENOME))])
    values = np.arange(len(GENOME), dtype=float) / 100
    places = list(range(len(GENOME)))
    track.addEntries(["chr1"] * len(places), places, [p + 1 for p in places], values.tolist())
    track.close()
    options = ["--targets=counts", "--alleles.random_changes=0"]
    out = explain(tmp_path, tmp_path / "out", *options, "--controls", str(tmp_path / "control.bw"))
    found = read_alleles(out / "alleles.h5")
    assert found.attributes["control_files"] == "control.bw"
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for row, start in enumerate(found.columns["window_start"]):
        one = read_letters(out / "alleles.h5", row, "counts")
        log_counts = np.log1p(values[start : start + LENGTH].sum())
        windows = np.eye(5)[one.codes][..., :4]
        expected = loaded.predict([windows, np.full((2, 1), log_counts)], verbose=0)[:, 0]
        np.testing.assert_allclose(one.target, expected, rtol=1e-4)
        change = (expected[1] - expected[0]) / np.log(2)
        assert found.effects[row, 0] == pytest.approx(change, abs=1e-4)
