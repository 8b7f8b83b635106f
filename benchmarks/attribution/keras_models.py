"""The models with random weights, in Keras: each of a size or a kind that people train."""

from collections.abc import Callable
from typing import Any

from deeplift_genomics.graph.backend import keras

BPNET_LENGTH, BASSET_LENGTH, ATTENTION_LENGTH = 2114, 600, 1024
TASKS = 164

layers = keras.layers


def some_bias() -> dict[str, Any]:
    """Return the keyword of a layer that gives it biases other than 0."""
    return {"bias_initializer": keras.initializers.RandomNormal(stddev=0.05, seed=1)}


def bpnet_body(sequence: Any, filters: int, depth: int, prefix: str = "") -> tuple[Any, Any]:
    """Add a BPNet to a sequence: profile logits of 1,000 positions, and log-counts.

    The first convolution is 21 wide; `depth` dilated residual layers follow, 3 wide; padding is
    valid, with cropping; the profile head is 75 wide.
    """
    some = some_bias()
    conv = {"padding": "valid", "activation": "relu", **some}
    x = layers.Conv1D(filters, 21, name=f"{prefix}first", **conv)(sequence)
    for i in range(1, depth + 1):
        name = f"{prefix}dilated_{i}"
        y = layers.Conv1D(filters, 3, dilation_rate=2**i, name=name, **conv)(x)
        x = layers.add([y, layers.Cropping1D((x.shape[1] - y.shape[1]) // 2)(x)])
    name = f"{prefix}profile_convolution"
    profile = layers.Conv1D(1, 75, padding="valid", name=name, **some)(x)
    if profile.shape[1] > 1000:
        profile = layers.Cropping1D((profile.shape[1] - 1000) // 2)(profile)
    profile = layers.Flatten(name=f"{prefix}profile")(profile)
    assert profile.shape == (None, 1000)
    pooled = layers.GlobalAveragePooling1D()(x)
    return profile, layers.Dense(1, name=f"{prefix}counts", **some)(pooled)


def bpnet(filters: int) -> Any:
    """Build a BPNet of 2,114 bp with 8 dilated layers."""
    sequence = keras.Input((BPNET_LENGTH, 4), name="sequence")
    return keras.Model(sequence, [*bpnet_body(sequence, filters, 8)])


def chrombpnet() -> Any:
    """Build a whole ChromBPNet: a BPNet of 512 filters and a bias model of 128 filters.

    Profile logits are added; counts are the logarithm of the sum of the exponentials.
    """
    sequence = keras.Input((BPNET_LENGTH, 4), name="sequence")
    found = bpnet_body(sequence, 512, 8, "accessibility_")
    bias = bpnet_body(sequence, 128, 4, "bias_")
    profile = layers.Add(name="profile")([found[0], bias[0]])
    both = layers.Concatenate(name="both_counts")([found[1], bias[1]])
    counts = keras.ops.logsumexp(both, axis=-1, keepdims=True)
    return keras.Model(sequence, [profile, counts])


def basset() -> Any:
    """Build a classifier of Basset's size: three convolutions with max pooling, three dense layers.

    Batch normalisation is left out: without training it is a part of the convolutions.
    """
    some = some_bias()
    x = sequence = keras.Input((BASSET_LENGTH, 4), name="sequence")
    for i, (filters, width, pool) in enumerate(((300, 19, 3), (200, 11, 4), (200, 7, 4))):
        conv = layers.Conv1D(filters, width, padding="same", name=f"convolution_{i}", **some)
        x = layers.MaxPooling1D(pool)(layers.ReLU()(conv(x)))
    x = layers.Flatten()(x)
    for i in range(2):
        x = layers.Dense(1000, activation="relu", name=f"dense_{i}", **some)(x)
    return keras.Model(sequence, layers.Dense(TASKS, name="tasks", **some)(x))


def attention() -> Any:
    """Build a model with one transformer block: convolution, pooling, attention of 4 heads."""
    some = some_bias()
    sequence = keras.Input((ATTENTION_LENGTH, 4), name="sequence")
    x = layers.Conv1D(64, 15, padding="same", name="convolution", **some)(sequence)
    x = layers.MaxPooling1D(8)(layers.ReLU()(x))
    y = layers.LayerNormalization(name="norm_0")(x)
    y = layers.MultiHeadAttention(4, 16, name="attention", **some)(y, y)
    x = layers.Add()([x, y])
    y = layers.LayerNormalization(name="norm_1")(x)
    y = layers.Dense(128, activation="relu", name="inner", **some)(y)
    x = layers.Add()([x, layers.Dense(64, name="outer", **some)(y)])
    return keras.Model(
        sequence, layers.Dense(1, name="score", **some)(layers.GlobalAveragePooling1D()(x))
    )


BUILDERS: dict[str, Callable[[], Any]] = {
    "bpnet64": lambda: bpnet(64),
    "bpnet512": lambda: bpnet(512),
    "chrombpnet": chrombpnet,
    "basset": basset,
    "attention": attention,
}


def build(name: str) -> Any:
    """Build a model by its name."""
    keras.utils.set_random_seed(0)
    return BUILDERS[name]()
