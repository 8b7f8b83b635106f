"""Attention: which tokens a model with attention reads, by layer, rolled out, or by gradient.

With A_n[h, t, s] the attention of head h of layer n from token t to token s, mean_h the mean over
heads, and I the identity, the scores of tokens are a row of a matrix R, averaged over those tokens
t from which the target has a derivative at the last layer (all of them where tokens are pooled;
that of the class where one is read):

====================  ==========================================================================
attention             R = mean_h A_n of one layer, the last one if none is named
attention_rollout     R = B_n ... B_1, with B_n = (mean_h A_n + I) / 2, its rows divided by their
                      sums
attention_x_gradient  R = I; R <- R + (mean_h max(A_n df/dA_n, 0)) R for n = 1, 2, ...; less I
====================  ==========================================================================

A last layer with other queries than tokens has no identity. Scores of tokens are taken to bases
like those of Grad-CAM, by the places of the tokens of the first layer.

Sources: Abnar, Zuidema 2020, "Quantifying attention flow in transformers"; Chefer, Gur, Wolf 2021,
"Generic attention-model explainability for interpreting bi-modal and encoder-decoder transformers",
eq. 5-6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from deeplift_genomics.attribution.method import Job
from deeplift_genomics.attribution.targets import Target
from deeplift_genomics.engine.attention import Attention, find_attention, query_axis
from deeplift_genomics.engine.batch import BatchFunction, compile_function
from deeplift_genomics.engine.mixing import check_windows_apart
from deeplift_genomics.engine.path import GraphCopy, live_path, shapes_of
from deeplift_genomics.engine.places import Places, find_places
from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.settings.layer_options import AttentionOptions

# (attentions, derivatives by them), (heads, queries, keys) each -> R (queries, tokens)
Combine = Callable[[Sequence[tf.Tensor], Sequence[tf.Tensor]], tf.Tensor]


def attention(job: Job) -> BatchFunction:
    """Compile the attention of one layer."""
    options = job.chosen.options
    assert isinstance(options, AttentionOptions)

    def combine(probabilities: Sequence[tf.Tensor], slopes: Sequence[tf.Tensor]) -> tf.Tensor:
        return tf.reduce_mean(probabilities[-1], axis=0)

    return _compile(job, combine, options.layer, chained=False)


def attention_rollout(job: Job) -> BatchFunction:
    """Compile attention rollout."""

    def combine(probabilities: Sequence[tf.Tensor], slopes: Sequence[tf.Tensor]) -> tf.Tensor:
        rolled = None
        for heads in probabilities:
            mean = tf.reduce_mean(heads, axis=0)
            if _is_square(mean):
                mean += tf.eye(mean.shape[0], dtype=mean.dtype)
            mean /= tf.reduce_sum(mean, axis=-1, keepdims=True)
            rolled = mean if rolled is None else mean @ rolled
        return rolled

    return _compile(job, combine, "", chained=True)


def attention_x_gradient(job: Job) -> BatchFunction:
    """Compile attention weighted by its gradient, through all layers."""

    def combine(probabilities: Sequence[tf.Tensor], slopes: Sequence[tf.Tensor]) -> tf.Tensor:
        tokens = probabilities[0].shape[-1]
        identity = tf.eye(tokens, dtype=probabilities[0].dtype)
        r = identity
        for heads, slope in zip(probabilities, slopes, strict=True):
            step = tf.reduce_mean(tf.nn.relu(heads * slope), axis=0) @ r
            r = r + step if _is_square(heads) else step
        return r - identity if _is_square(r) else r

    return _compile(job, combine, "", chained=True)


def _is_square(matrix: tf.Tensor) -> bool:
    """Tell whether there are as many queries as keys."""
    return matrix.shape[-1] == matrix.shape[-2]


def _compile(job: Job, combine: Combine, layer: str, *, chained: bool) -> BatchFunction:
    """Compile a method of attention, a window at a time: heads may be folded into the batch."""
    frozen, sequence = job.frozen, job.model.sequence.name
    found = {text: _attentions(job, text, layer, chained=chained) for text in job.targets}
    to_bases = {text: _places(job, text, items[0]).to_bases for text, items in found.items()}

    def one(values: Mapping[str, tf.Tensor]) -> dict[str, dict[str, tf.Tensor]]:
        given = {name: value[None] for name, value in values.items()}
        copy = GraphCopy(frozen, given, "window")
        scores = {}
        for text, target in job.targets.items():
            names = [item.probabilities for item in found[text]]
            tokens, total = _tokens(copy, target, names, combine)
            matrix = to_bases[text](tokens.dtype)
            positions = tf.linalg.matvec(matrix, tokens, transpose_a=True)
            scores[text] = {"positions": positions, "target": total}
        return scores

    def compute(
        windows: tf.Tensor, references: tf.Tensor, controls: Mapping[str, tf.Tensor]
    ) -> dict[str, dict[str, tf.Tensor]]:
        names = ("positions", "target")
        kinds = {text: dict.fromkeys(names, windows.dtype) for text in job.targets}
        return tf.map_fn(
            one, {sequence: windows, **controls}, fn_output_signature=kinds, parallel_iterations=1
        )

    return compile_function(frozen, sequence, job.shape, controls=job.controls, compute=compute)


def _tokens(
    copy: GraphCopy, target: Target, names: Sequence[str], combine: Combine
) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the scores of tokens of one window, and the target."""
    ends = {name: copy.tensor(name) for name in target.seeds}
    seeds = [make(ends[name], ends[name]) for name, make in target.seeds.items()]
    slopes = tf.gradients(
        [*ends.values()],
        [copy.tensor(name) for name in names],
        [seed.multiplier for seed in seeds],
        unconnected_gradients=tf.UnconnectedGradients.ZERO,
    )
    heads = [_by_head(copy.tensor(name)) for name in names]
    steep = [_by_head(slope) for slope in slopes]
    read = tf.cast(tf.reduce_any(tf.not_equal(steep[-1], 0), axis=(0, 2)), heads[-1].dtype)
    row = tf.linalg.matvec(combine(heads, steep), read, transpose_a=True)
    return tf.math.divide_no_nan(row, tf.reduce_sum(read)), sum(seed.target for seed in seeds)[0]


def _by_head(tensor: tf.Tensor) -> tf.Tensor:
    """Return probabilities of one window as (heads, queries, keys)."""
    axis, rank = query_axis(tensor.shape), tensor.shape.rank
    order = [i for i in range(rank - 1) if i != axis] + [axis, rank - 1]
    return tf.reshape(tf.transpose(tensor, order), (-1, tensor.shape[axis], tensor.shape[-1]))


def _attentions(job: Job, text: str, layer: str, *, chained: bool) -> list[Attention]:
    """Return the attentions on the way to a target, or the one of a layer.

    Raises
    ------
    ModelError
        If there are none, none of that layer, or layers of other tokens would have to be chained.
    """
    frozen, name = job.frozen, job.chosen.name
    sinks = list(job.targets[text].seeds)
    path = live_path(frozen, frozen.inputs[job.model.sequence.name], sinks)
    check_windows_apart(frozen, path, sinks)
    found = find_attention(frozen, path)
    if not found:
        raise ModelError(
            f"{name}: {job.model.name} has no attention on the way to {text!r}: no softmax between "
            "a product of queries with keys and one with values. Choose a method that needs none, "
            "such as deeplift."
        )
    layers = list(dict.fromkeys(item.layer for item in found))
    if layer:
        if layer not in layers:
            raise ModelError(
                f"{name}: {job.model.name} has no attention in a layer {layer!r} on the way to "
                f"{text!r}. Its layers with attention: {', '.join(layers)}."
            )
        found = [item for item in found if item.layer == layer][-1:]
    elif not chained:
        found = found[-1:]
    shapes = shapes_of(frozen, [item.probabilities for item in found])
    sizes = [(shape[query_axis(shape)], shape[-1]) for shape in shapes]
    fits = all(keys == sizes[0][1] for _, keys in sizes) and all(q == k for q, k in sizes[:-1])
    if chained and not fits:
        listed = ", ".join(
            f"{item.layer} ({q} to {k})" for item, (q, k) in zip(found, sizes, strict=True)
        )
        raise ModelError(
            f"{name}: its layers of attention must have the same tokens, one after another; in "
            f"{job.model.name} they have {listed} tokens. Use 'attention', which takes one layer."
        )
    return found


def _places(job: Job, text: str, first: Attention) -> Places:
    """Return the places of the tokens of an attention, by the values of the first one.

    Where the first one has other tokens, they are found by its own values.
    """
    frozen, sequence = job.frozen, job.model.sequence.name
    path = live_path(frozen, frozen.inputs[sequence], list(job.targets[text].seeds))
    earliest = find_attention(frozen, path)[0]
    (probabilities,) = shapes_of(frozen, [first.probabilities])
    found: list[Places] = []
    for values in (earliest.values, first.values):
        (shape,) = shapes_of(frozen, [values])
        for axis, size in enumerate(shape):
            if size == probabilities[-1]:
                length = job.model.window_length
                found.append(find_places(frozen, sequence, values, axis=axis, length=length))
    return next((places for places in found if places.known), found[0])
