"""The precision of scores, single and double, and their independence of batch mates."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from deeplift_genomics import attribute, load_model
from deeplift_genomics.attribution.scores import Scores
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.models.freezing import from_keras
from tests.attribution.models import explainer

RNG = np.random.default_rng(2)

REAL = {
    "models/znf143_bpnet.h5": ["counts", "profile"],
    "models/chrombpnet_bias_gm12878.h5": ["counts", "profile"],
    "simulation/talgata.keras": ["logit[0]", "logit[1]", "logit[2]"],
}


def windows_and_references(length: int, n: int, r: int) -> tuple[np.ndarray, np.ndarray]:
    codes = RNG.integers(0, 4, size=(n, length), dtype=np.int8)
    return one_hot(codes), make_references(codes, "dinucleotide_shuffle", r, seed=1)


@pytest.mark.parametrize(
    ("rules", "float64", "share"),
    [
        ("rescale", False, 1e-4),
        ("rescale", True, 1e-9),
        # its parts cancel: on the bias model contributions sum to 500 times the difference
        ("reveal_cancel", False, 1e-3),
        ("reveal_cancel", True, 1e-9),
    ],
)
@pytest.mark.parametrize("name", REAL)
def test_residuals_of_real_models(
    shared_data: Path, name: str, rules: str, float64: bool, share: float
) -> None:
    model = load_model(shared_data / name)
    windows, references = windows_and_references(model.window_length, 3, 2)
    found = attribute(model, windows, references, REAL[name], rules=rules, float64=float64)
    for scores in found.values():
        difference = np.abs(scores.target[:, None] - scores.reference_target)
        allowed = share * np.maximum(difference, np.median(difference))
        assert (np.abs(scores.residual) <= allowed).all()
        assert scores.hypothetical.dtype == (np.float64 if float64 else np.float32)


def test_both_precisions_agree(shared_data: Path) -> None:
    model = load_model(shared_data / "models/znf143_bpnet.h5")
    windows, references = windows_and_references(500, 2, 3)
    single, double = (
        attribute(model, windows, references, float64=float64) for float64 in (False, True)
    )
    for target, scores in double.items():
        largest = np.abs(scores.hypothetical).max()
        error = np.abs(single[target].hypothetical - scores.hypothetical).max()
        assert 0 < error < 1e-5 * largest


def every_layer(length: int = 48) -> keras.Model:
    """Build a model with all layers of users' models."""
    keras.utils.set_random_seed(1)
    layers = keras.layers
    sequence = keras.Input((length, 4), name="sequence")
    x = layers.Conv1D(8, 5, padding="same", activation="gelu")(sequence)
    x = layers.BatchNormalization()(x)
    for dilation in (2, 4):
        y = layers.Conv1D(8, 3, dilation_rate=dilation, padding="same", activation="relu")(x)
        x = layers.add([x, y])
    x = layers.LayerNormalization()(x)
    x = layers.add([x, layers.MultiHeadAttention(2, 4)(x, x)])
    x = layers.MaxPooling1D(2)(x)
    profile = layers.Conv1D(2, 3, padding="same", name="profile")(x)
    counts = layers.Dense(1, name="counts")(layers.GlobalAveragePooling1D()(x))
    return keras.Model(sequence, [profile, counts])


@pytest.mark.parametrize(
    ("rules", "length"),
    [("rescale", 48), ("genomics_default", 48), ("rescale", 600)],  # the last one compiled by XLA
)
def test_a_window_does_not_depend_on_its_batch_mates(rules: str, length: int) -> None:
    """Alone (beside padding), in a batch, and in another place of a batch: bit for bit."""
    model = from_keras(every_layer(length))
    explain = explainer(model, ["counts", "profile"], 3, rules=rules, batch_size=5)
    windows, references = windows_and_references(length, 5, 3)

    def explained(rows: list[int]) -> dict[str, Scores]:
        return explain(windows[rows], references[rows], {}, [str(row) for row in rows])

    orders = [[3, 4, 0, 1, 2], [2], [4]]
    together = explained([0, 1, 2, 3, 4])
    for rows in orders:
        for target, scores in explained(rows).items():
            for field in ("hypothetical", "target", "reference_target", "residual"):
                for place, row in enumerate(rows):
                    expected = getattr(together[target], field)[row].tobytes()
                    assert getattr(scores, field)[place].tobytes() == expected


def test_every_layer_is_complete_in_float64() -> None:
    model = from_keras(every_layer())
    windows, references = windows_and_references(48, 3, 2)
    for rules in ("rescale", "reveal_cancel", "genomics_default"):
        for scores in attribute(model, windows, references, rules=rules, float64=True).values():
            difference = np.abs(scores.target[:, None] - scores.reference_target)
            assert (np.abs(scores.residual) < 1e-9 * np.maximum(difference, 1)).all()
            assert difference.max() > 1e-3


def test_a_dilated_kernel_is_the_same_in_float64() -> None:
    """TensorFlow's own dilated convolution, which Keras does not write, by rows and columns."""
    kernel = RNG.normal(size=(2, 3, 4, 2)).astype("float32")

    class Dilated(keras.layers.Layer):
        def call(self, x: tf.Tensor) -> tf.Tensor:
            y = tf.nn.conv2d(tf.reshape(x, (-1, 8, 6, 4)), kernel, 1, "SAME", dilations=(3, 2))
            return tf.nn.tanh(tf.reshape(y, (-1, 96)))

    sequence = keras.Input((48, 4))
    hidden = Dilated()(sequence)
    model = from_keras(keras.Model(sequence, keras.layers.Dense(2, name="logits")(hidden)))
    windows, references = windows_and_references(48, 2, 2)
    single, double = (
        attribute(model, windows, references, "logit[1]", float64=float64)["logit[1]"]
        for float64 in (False, True)
    )
    np.testing.assert_allclose(single.hypothetical, double.hypothetical, atol=1e-5)
    np.testing.assert_allclose(single.target, double.target, atol=1e-5)
    assert np.abs(double.residual).max() < 1e-12
