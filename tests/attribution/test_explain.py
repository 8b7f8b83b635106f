"""Whole models: completeness, agreement with a slow twin, controls, refusals."""

import re
from collections import OrderedDict
from itertools import pairwise
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from deeplift_genomics.attribution.explain import Explainer, attribute
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.errors import CompletenessError, InputError, ModelError
from deeplift_genomics.errors import UnsupportedOperationError as Unsupported
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.model import Model
from tests.engine.helpers import multipliers_of

LENGTH = 60


def sequences(n: int, r: int, length: int = LENGTH, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    windows = one_hot(rng.integers(0, 4, (n, length)), "float32")
    return windows, one_hot(rng.integers(0, 4, (n, r, length)), "float32")


def randomise(model: keras.Model, seed: int = 3) -> keras.Model:
    """Weights large enough that every unit matters, biases and moving averages included."""
    rng = np.random.default_rng(seed)
    for variable in model.variables:
        if variable.dtype.startswith("float"):
            scale = 1 / np.sqrt(np.prod(variable.shape[:-1])) if len(variable.shape) > 1 else 0.5
            values = rng.normal(size=variable.shape) * scale
            if "variance" in variable.name:
                values = np.abs(values) + 0.5
            variable.assign(values)
    return model


def bpnet(with_controls: bool = False) -> keras.Model:
    """Two heads, dilated residual layers with valid padding and cropping, optional controls."""
    keras.utils.set_random_seed(1)
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(8, 7, activation="relu")(x0)
    for dilation in (2, 4):
        y = layers.Conv1D(8, 3, dilation_rate=dilation, activation="relu")(x)
        x = layers.Add()([layers.Cropping1D(dilation)(x), y])
    profile = layers.Conv1D(2, 5)(x)
    pooled = layers.GlobalAveragePooling1D()(x)
    inputs = [x0]
    if with_controls:
        control = layers.Input((profile.shape[1], 2), name="control_profile")
        logcount = layers.Input((1,), name="control_logcount")
        profile = layers.Conv1D(2, 1)(layers.Concatenate()([profile, control]))
        pooled = layers.Concatenate()([pooled, logcount])
        inputs = [logcount, x0, control]  # the sequence need not come first
    counts = layers.Dense(2, name="counts")(pooled)
    return randomise(keras.Model(inputs, [layers.Flatten(name="profile")(profile), counts]))


def classifier() -> keras.Model:
    """Everything plain classifiers are made of, gates and batch norm included."""
    x0 = layers.Input((LENGTH, 4), name="dna")
    x = layers.BatchNormalization()(layers.Conv1D(6, 5, padding="same")(x0))
    x = layers.Multiply()([layers.Activation("elu")(x), layers.Activation("sigmoid")(x)])
    x = layers.MaxPooling1D(3, strides=2)(x)
    x = layers.Conv1D(6, 3, activation="softplus", strides=2)(x)
    x = layers.Average()([layers.AveragePooling1D(2)(x), layers.MaxPooling1D(2)(x)])
    x = layers.Softmax()(layers.Conv1D(6, 3, activation="tanh")(x))
    pooled = [layers.GlobalMaxPooling1D()(x), layers.GlobalAveragePooling1D()(x)]
    x = layers.Concatenate()([*pooled, layers.Flatten()(x[:, 1:-1])])
    x = layers.Dense(5, activation="relu")(layers.Reshape((-1,))(x))
    return randomise(keras.Model(x0, layers.Dense(3, activation="softmax", name="classes")(x)))


def assert_complete(model: Model, targets: tuple[str, ...], **options: object) -> None:
    windows, references = sequences(5, 4)
    for scores in attribute(model, windows, references, targets, **options).values():
        difference = scores.target[:, None] - scores.reference_target
        assert np.abs(scores.residual).max() < 1e-5 * scores.mass.max() + 1e-6 * scores.size.max()
        np.testing.assert_allclose(
            scores.contributions.sum(axis=(1, 2)), difference.mean(axis=1), atol=1e-5
        )
        assert scores.standard_error.shape == (5, LENGTH)
        assert np.abs(scores.hypothetical).max() > 0


def test_bpnet_is_complete_on_both_heads() -> None:
    assert_complete(from_keras(bpnet()), ("counts", "profile"))


def test_classifier_is_complete_on_every_logit() -> None:
    model = from_keras(classifier())
    assert model.heads[0].activation == "softmax"
    assert_complete(model, ("logit[0]", "logit[1]", "logit[2]"))


def test_attention_gates_and_norms_are_complete() -> None:
    """Products of live factors, quotients and softmax are compositions with rules of their own."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(8, 5, activation="gelu")(x0)
    x = layers.LayerNormalization()(x)
    x = layers.Add()([x, layers.MultiHeadAttention(2, 4)(x, x)])
    x = layers.GroupNormalization(2)(x)
    x = layers.Multiply()(
        [layers.Dense(8, activation="silu")(x), layers.Dense(8, activation="hard_sigmoid")(x)]
    )
    x = layers.SeparableConv1D(6, 3, activation="leaky_relu")(x)
    x = layers.Conv1DTranspose(4, 3, strides=2, activation="selu")(layers.UpSampling1D(2)(x))
    x = layers.PReLU()(layers.ZeroPadding1D(1)(x))
    x = keras.ops.log1p(keras.ops.abs(layers.Flatten()(x)))
    model = randomise(keras.Model(x0, layers.Dense(2, name="counts")(x)))
    assert_complete(from_keras(model), ("counts",))


def test_reverse_complement_averages_are_equivariant() -> None:
    """The same layers on a sequence and its reverse complement: scores turn round with it."""
    body = randomise(bpnet())
    x0 = layers.Input((LENGTH, 4), name="sequence")
    turned = keras.ops.flip(keras.ops.flip(x0, axis=1), axis=2)
    counts = layers.Average(name="counts")([body(x0)[1], body(turned)[1]])
    model = from_keras(keras.Model(x0, counts))
    assert_complete(model, ("counts:counts",))
    windows, references = sequences(2, 3)
    forward = attribute(model, windows, references, ["counts:counts"])["counts:counts"]
    back = attribute(
        model, windows[:, ::-1, ::-1], references[:, :, ::-1, ::-1], ["counts:counts"]
    )["counts:counts"]
    np.testing.assert_allclose(back.hypothetical[:, ::-1, ::-1], forward.hypothetical, atol=1e-6)


def test_controls_are_fixed_to_one_value() -> None:
    model = from_keras(bpnet(with_controls=True))
    assert model.sequence.name == "sequence"
    rng = np.random.default_rng(2)
    controls = {item.name: rng.normal(size=(5, *item.shape)) for item in model.controls}
    assert_complete(model, ("counts", "profile"), controls=controls)
    windows, references = sequences(5, 4)
    given = attribute(model, windows, references, controls=controls)["counts"]
    zero = attribute(model, windows, references)["counts"]
    assert np.abs(given.target - zero.target).max() > 0.1
    with pytest.raises(InputError, match="no control input 'bias'; it has: control_logcount"):
        attribute(model, windows, references, controls={"bias": rng.normal(size=(5, 1))})
    with pytest.raises(InputError, match=r"shape \(4, 1\); \(5, 1\) is needed"):
        attribute(model, windows, references, controls={"control_logcount": np.zeros((4, 1))})


def test_scores_equal_a_slow_twin() -> None:
    """Convolution, ReLU, dense, ReLU, dense, position by position as the paper writes it."""
    x0 = layers.Input((12, 4), name="sequence")
    x = layers.Conv1D(3, 4, activation="relu")(x0)
    x = layers.Dense(4, activation="relu")(layers.Flatten()(x))
    keras_model = randomise(keras.Model(x0, layers.Dense(2, name="out")(x)))
    kernel, bias, dense, dense_bias, last, _ = (value.numpy() for value in keras_model.weights)
    windows, references = sequences(3, 2, length=12)
    found = attribute(from_keras(keras_model), windows, references, ["logit[1]"])["logit[1]"]

    def forward(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        conv = np.array(
            [(x[i : i + 4, :, None] * kernel).sum(axis=(0, 1)) + bias for i in range(9)]
        )
        return conv, np.maximum(conv, 0).ravel() @ dense + dense_bias

    def slope(a: float, b: float) -> float:
        return (max(a, 0) - max(b, 0)) / (a - b) if a != b else float(a > 0)

    for n in range(3):
        hypothetical = np.zeros((12, 4))
        for r in range(2):
            (conv, hidden), (conv0, hidden0) = forward(windows[n]), forward(references[n, r])
            m_hidden = [last[j, 1] * slope(hidden[j], hidden0[j]) for j in range(4)]
            m_relu = (dense @ m_hidden).reshape(9, 3)
            m = np.zeros((12, 4))
            for i, f in np.ndindex(9, 3):
                m[i : i + 4] += m_relu[i, f] * slope(conv[i, f], conv0[i, f]) * kernel[:, :, f]
            hypothetical += (m - (m * references[n, r]).sum(axis=1, keepdims=True)) / 2
        np.testing.assert_allclose(found.hypothetical[n], hypothetical, atol=2e-6)


def test_scores_do_not_depend_on_batches_or_neighbours() -> None:
    model = from_keras(bpnet())
    windows, references = sequences(7, 3)
    whole = attribute(model, windows, references, batch_size=1)
    for size in (2, 7, 20):
        other = attribute(model, windows, references, batch_size=size)
        for target in whole:
            np.testing.assert_allclose(
                other[target].hypothetical, whole[target].hypothetical, atol=1e-6
            )
    alone = attribute(model, windows[3:4], references[3:4], batch_size=1)
    np.testing.assert_array_equal(alone["counts"].hypothetical[0], whole["counts"].hypothetical[3])


def test_profile_target_by_hand() -> None:
    keras_model = bpnet()
    windows, references = sequences(2, 3)
    found = attribute(from_keras(keras_model), windows, references, ["profile"])["profile"]

    def centred(x: np.ndarray) -> np.ndarray:
        logits = keras_model([x])[0].numpy().astype(float)
        return logits - logits.mean(axis=1, keepdims=True)

    def softmax(x: np.ndarray) -> np.ndarray:
        return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)

    for n in range(2):
        x, x0 = centred(windows[n : n + 1]), centred(references[n])
        weights = (softmax(x) + softmax(x0)) / 2
        np.testing.assert_allclose(found.target[n], (weights * x).sum(axis=1).mean(), rtol=1e-5)
        np.testing.assert_allclose(found.reference_target[n], (weights * x0).sum(axis=1), rtol=1e-4)


def test_one_reference_and_unknown_bases() -> None:
    model = from_keras(bpnet())
    windows, references = sequences(2, 1)
    windows[:, 10:13], references[:, :, 10:13] = 0, 0
    scores = attribute(model, windows, references)["counts"]
    assert np.isnan(scores.standard_error).all()
    assert not scores.contributions[:, 10:13].any()
    assert not np.isnan(scores.hypothetical).any()


def test_nothing_to_score_gives_empty_arrays() -> None:
    windows, references = sequences(0, 2)
    scores = attribute(from_keras(bpnet()), windows, references)["profile"]
    assert scores.hypothetical.shape == (0, LENGTH, 4)
    assert scores.residual.shape == (0, 2)


@pytest.mark.parametrize(
    ("windows", "references", "message"),
    [
        ((2, 59, 4), (2, 3, 59, 4), r"needs \(N, 60, 4\)"),
        ((2, 4, 60), (2, 3, 4, 60), r"needs \(N, 60, 4\)"),
        ((2, 60, 4), (3, 2, 60, 4), r"\(2, R, 60, 4\) is needed"),
        ((2, 60, 4), (2, 60, 4), r"\(2, R, 60, 4\) is needed"),
        ((2, 60, 4), (2, 0, 60, 4), "0 references were given"),
    ],
)
def test_wrong_shapes_are_named(windows: tuple, references: tuple, message: str) -> None:
    with pytest.raises(InputError, match=message):
        attribute(from_keras(bpnet()), np.zeros(windows), np.zeros(references))


def either(x: tf.Tensor) -> tf.Tensor:
    """One tensor or another, by a third."""
    return keras.ops.where(x[:, :-1] > x[:, 1:], x[:, :-1], 0.0)


class Noise(layers.Layer):
    def call(self, x: tf.Tensor) -> tf.Tensor:
        return x + tf.random.normal(tf.shape(x))


def test_operations_without_a_rule_are_all_named_before_anything_runs() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(4, 3, name="first")(x0)
    x = layers.Activation(keras.ops.floor, name="steps")(x)
    x = layers.Activation(either, name="either")(x)
    x = Noise(name="noise")(x)
    x = layers.LSTM(3, name="memory")(x)
    codes = keras.ops.argmax(x, axis=-1)
    x = layers.Embedding(4, 2, name="looked_up")(codes)
    model = from_keras(keras.Model(x0, layers.Dense(1, name="counts")(layers.Flatten()(x))))
    with pytest.raises(Unsupported) as caught:
        Explainer(model, ["counts"], 2)
    message = str(caught.value)
    chosen = r"\(chooses by an integer or a condition that depends on the sequence\)"
    for line in (
        r"Floor \(no rule for this operation\) in steps$",
        rf"SelectV2 {chosen} in .*\beither\b",
        r"RandomStandardNormal \(gives other numbers every time\) in noise$",
        r"While \(no rule for this operation\) in memory$",
        rf"GatherV2 {chosen} in looked_up$",
    ):
        assert re.search(line, message, re.MULTILINE), line
    assert "CONTRIBUTING.md" in message


def test_a_layer_of_a_model_within_the_model_is_named_with_it() -> None:
    x0 = layers.Input((LENGTH, 4), name="inner_sequence")
    inner = keras.Model(x0, layers.Activation(keras.ops.floor, name="steps")(x0), name="block")
    x = layers.Input((LENGTH, 4), name="sequence")
    model = from_keras(keras.Model(x, layers.Dense(1, name="counts")(layers.Flatten()(inner(x)))))
    with pytest.raises(Unsupported, match=r"Floor \(no rule for this operation\) in block/steps\n"):
        Explainer(model, ["counts"], 2)


def test_noise_beside_the_sequence_is_refused_too() -> None:
    """It does not depend on the sequence, and differs between window and reference all the same."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    model = from_keras(keras.Model(x0, layers.Dense(1)(layers.Flatten()(Noise(name="noise")(x0)))))
    with pytest.raises(Unsupported, match=r"gives other numbers every time\) in noise"):
        Explainer(model, ["logit[0]"], 2)


def test_only_the_path_to_the_heads_asked_for_must_have_rules() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Flatten()(x0)
    outputs = [
        layers.Dense(1, name="counts")(x),
        layers.Dense(99, name="other")(keras.ops.floor(x)),
    ]
    model = from_keras(keras.Model(x0, outputs))
    windows, references = sequences(1, 2)
    assert attribute(model, windows, references, ["counts"])["counts"].target.shape == (1,)
    with pytest.raises(Unsupported, match="Floor"):
        attribute(model, windows, references, ["counts", "profile"])


def test_a_value_that_depends_on_the_sequence_through_an_integer_is_refused() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    best = keras.ops.one_hot(keras.ops.argmax(x0, axis=-1), 4)
    x = layers.Flatten()(layers.Add()([x0, best]))
    model = from_keras(keras.Model(x0, layers.Dense(1, name="counts")(x)))
    with pytest.raises(Unsupported, match="ArgMax"):
        Explainer(model, ["counts"], 2)


def test_a_wrong_rule_is_caught_by_completeness(monkeypatch: pytest.MonkeyPatch) -> None:
    from deeplift_genomics.engine import rules

    def gradient(step: rules.Step, multipliers: list) -> list:
        return rules.linear(step, multipliers)

    monkeypatch.setitem(rules.RULES, "Relu", gradient)
    windows, references = sequences(4, 3)
    with pytest.raises(CompletenessError, match=r"window \d+, reference \d+: residual"):
        attribute(from_keras(bpnet()), windows, references)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("counts:profil", "Did you mean 'profile'"),
        ("logit[0]", "needs a logits head"),
        ("counts:nothing", r"profile \(76,\): profile; counts \(2,\): counts"),
    ],
)
def test_heads_that_do_not_exist(target: str, message: str) -> None:
    windows, references = sequences(1, 1)
    with pytest.raises(ModelError, match=message):
        attribute(from_keras(bpnet()), windows, references, [target])


def test_several_heads_of_a_kind_must_be_named() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Flatten()(x0)
    names = ("a_counts", "b_counts")
    model = from_keras(keras.Model(x0, [layers.Dense(1, name=name)(x) for name in names]))
    windows, references = sequences(1, 1)
    with pytest.raises(ModelError, match="'counts:a_counts', 'counts:b_counts'"):
        attribute(model, windows, references, ["counts"])
    both = attribute(model, windows, references, ["counts:a_counts", "counts:b_counts"])
    values = [scores.target[0] for scores in both.values()]
    assert all(a != b for a, b in pairwise(values))


@pytest.mark.parametrize("shape", [(LENGTH, 5), (1, LENGTH, 4), (4, 4, LENGTH)])
def test_a_model_without_a_sequence_input(shape: tuple[int, ...]) -> None:
    x0 = layers.Input(shape, name="image")
    model = keras.Model(x0, layers.Dense(1)(layers.Flatten()(x0)))
    with pytest.raises(ModelError, match=r"no input of shape \(L, 4\).*image \("):
        from_keras(model)


def test_open_length_is_refused() -> None:
    x0 = layers.Input((None, 4), name="sequence")
    model = keras.Model(x0, layers.GlobalMaxPooling1D()(x0))
    with pytest.raises(ModelError, match="length of input sequence is open"):
        from_keras(model)


def test_saved_models_come_back_the_same(tmp_path: Path) -> None:
    keras_model = bpnet()
    windows, references = sequences(2, 2)
    before = attribute(from_keras(keras_model), windows, references)["counts"]
    for name in ("model.keras", "model.h5"):
        keras_model.save(tmp_path / name)
        loaded = load_model(tmp_path / name)
        assert len(loaded.digest) == 64
        after = attribute(loaded, windows, references)["counts"]
        np.testing.assert_array_equal(after.hypothetical, before.hypothetical)


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.onnx"])
def test_a_file_that_is_no_model(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("not a model")
    with pytest.raises(ModelError, match=name):
        load_model(tmp_path / name)


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="model file not found"):
        load_model(tmp_path / "model.keras")
    with pytest.raises(ModelError, match="is a folder"):
        load_model(tmp_path)


def test_heads_keep_their_names_whatever_holds_them() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Flatten()(layers.Conv1D(3, 5, activation="relu")(x0))
    z, a = layers.Dense(1)(x), layers.Dense(2)(x)
    windows, references = sequences(1, 1)
    for outputs, names in (
        (OrderedDict([("zz", z), ("aa", a)]), ("zz", "aa")),
        ({"zz": z, "aa": a}, ("zz", "aa")),
        ({"n": {"zz": z, "aa": a}}, ("n/zz", "n/aa")),
    ):
        model = randomise(keras.Model(x0, outputs))
        found = attribute(
            from_keras(model), windows, references, [f"counts:{name}" for name in names]
        )
        result = model(windows)
        result = result.get("n", result)
        for key, name in zip(("zz", "aa"), names, strict=True):
            expected = result[key].numpy().sum()
            np.testing.assert_allclose(found[f"counts:{name}"].target, expected, rtol=1e-5)


@pytest.mark.parametrize("end", ["concatenate", "average", "softmax over strands"])
def test_probabilities_are_never_explained_as_logits(end: str) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Flatten()(layers.Conv1D(3, 5)(x0))
    one, two = (layers.Dense(1, activation="sigmoid")(x) for _ in range(2))
    output, target = {
        "concatenate": (layers.Concatenate(name="tasks")([one, two]), "logit[0]"),
        "average": (layers.Average(name="task")([one, two]), "logit[0]"),
        "softmax over strands": (
            layers.Softmax(axis=2, name="profile")(layers.Conv1D(2, 3)(x0)),
            "profile",
        ),
    }[end]
    with pytest.raises(ModelError, match="ends in S"):
        Explainer(from_keras(keras.Model(x0, output)), [target], 2)


def test_a_target_that_does_not_suit_its_head() -> None:
    model = from_keras(bpnet())
    for target in ("profile:counts", "counts:profile"):
        with pytest.raises(ModelError, match="makes no sense"):
            Explainer(model, [target], 2)


def test_recurrent_layers_are_refused_by_name() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.GRU(2, name="memory")(x0)
    model = from_keras(keras.Model(x0, layers.Dense(1, name="counts")(x)))
    with pytest.raises(Unsupported, match=r"While.* in memory"):
        Explainer(model, ["counts"], 2)


def test_other_number_types_are_refused_or_right() -> None:
    windows, references = sequences(2, 2)
    for dtype in ("int8", "float16"):
        x0 = layers.Input((LENGTH, 4), name="sequence", dtype=dtype)
        x = layers.Flatten()(keras.ops.cast(x0, "float32"))
        model = from_keras(keras.Model(x0, layers.Dense(1, name="counts")(x)))
        with pytest.raises(Unsupported, match="Cast"):
            attribute(model, windows, references, ["counts"])
    found = attribute(from_keras(bpnet()), windows.astype("int8"), references.astype(bool))
    expected = attribute(from_keras(bpnet()), windows, references)
    np.testing.assert_array_equal(found["counts"].hypothetical, expected["counts"].hypothetical)


def test_a_model_with_its_own_batch_size() -> None:
    x0 = layers.Input(batch_shape=(2, LENGTH, 4), name="sequence")
    x = keras.ops.reshape(x0, (2, -1))
    with pytest.raises(ModelError, match=r"cannot be (evaluated on|traced)"):
        model = from_keras(keras.Model(x0, layers.Dense(1, name="counts")(x)))
        Explainer(model, ["counts"], 3)


def test_small_heads_are_held_to_completeness_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from deeplift_genomics.engine import rules

    keras_model = bpnet()
    for variable in keras_model.get_layer("counts").variables:
        variable.assign(variable * 1e-6)
    windows, references = sequences(4, 3)
    model = from_keras(keras_model)
    attribute(model, windows, references, ["counts"])
    monkeypatch.setitem(rules.RULES, "Relu", lambda step, m: rules.linear(step, m))
    with pytest.raises(CompletenessError):
        attribute(model, windows, references, ["counts"])


@pytest.mark.parametrize("activation", ["softplus", "sigmoid", "tanh", "softmax"])
def test_slopes_stay_exact_where_window_and_reference_nearly_agree(activation: str) -> None:
    """float32 against float64, for differences that are mostly rounding."""
    function = getattr(tf.nn, activation)
    rng = np.random.default_rng(4)
    windows = rng.normal(size=(2, 6, 4)) * 3
    references = windows[:, None] + rng.normal(size=(2, 3, 6, 4)) * 10.0 ** -rng.integers(
        3, 9, (2, 3, 6, 4)
    )
    m = rng.normal(size=(6, 4))
    single, double = (
        multipliers_of(function, windows.astype(t), references.astype(t), m)[0]
        for t in ("float32", "float64")
    )
    np.testing.assert_allclose(single, double, atol=2e-4)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"batch_size": 2.5}, "window per batch"),
        ({"tolerance": float("nan")}, "tolerance"),
        ({"tolerance": 0}, "tolerance"),
        ({"rules": "gradient"}, "rescale"),
    ],
)
def test_settings_out_of_range(changed: dict, message: str) -> None:
    windows, references = sequences(1, 1)
    with pytest.raises(InputError, match=message):
        attribute(from_keras(bpnet()), windows, references, **changed)
    with pytest.raises(InputError, match="numbers"):
        attribute(from_keras(bpnet()), windows.astype(str), references)


def test_values_that_are_not_one_hot() -> None:
    model = from_keras(bpnet())
    windows, references = sequences(2, 2)
    for changed in (2 * windows, windows - 1, np.where(windows == 0, np.nan, windows)):
        with pytest.raises(InputError, match="Sequence 0 is not one-hot: base 0"):
            attribute(model, changed, references)
    with pytest.raises(InputError, match="not finite"):
        attribute(model, windows, references * np.nan)


def test_one_target_may_be_a_string_and_models_show_themselves_briefly() -> None:
    model = from_keras(bpnet())
    windows, references = sequences(1, 2)
    assert set(attribute(model, windows, references, "counts")) == {"counts"}
    assert len(repr(model)) < 2000
