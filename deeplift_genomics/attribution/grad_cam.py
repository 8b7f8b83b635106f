"""Grad-CAM: the channels of a layer, weighted by how the target changes with them.

With A[p, k] channel k of the layer at its position p, the weight of a channel is the mean over
positions of df/dA[p, k], and the score of a position is max(sum over k of weight * A[p, k], 0).
Scores of positions are taken to bases by linear interpolation between the centres of the stretches
that the positions read; where the model does not tell these, positions are spread evenly.

Source: Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra 2017, "Grad-CAM: visual explanations from
deep networks via gradient-based localization".
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import numpy as np

from deeplift_genomics.attribution.method import Job
from deeplift_genomics.attribution.targets import Target
from deeplift_genomics.engine.batch import BatchFunction, compile_function
from deeplift_genomics.engine.mixing import check_windows_apart
from deeplift_genomics.engine.path import GraphCopy, PathOperation, live_path, shapes_of
from deeplift_genomics.engine.places import Places, find_places
from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph
from deeplift_genomics.graph.operations import having
from deeplift_genomics.settings.layer_options import GradCamOptions

log = logging.getLogger(__name__)

CONVOLUTIONS, MOVES = having("convolution"), having("moves")
# weights of channels below this share of the mean |derivative| are rounding
_VANISHED = 1e-4
_WINDOWS = 3  # made-up windows on which weights are tried


def grad_cam(job: Job) -> BatchFunction:
    """Compile Grad-CAM for a job.

    Raises
    ------
    ModelError
        If there is no such layer, the target does not depend on it, or it has no weights there.
    """
    options, frozen, sequence = job.chosen.options, job.frozen, job.model.sequence.name
    assert isinstance(options, GradCamOptions)
    tensors: dict[str, str] = {}
    places_of: dict[str, Places] = {}
    for text, target in job.targets.items():
        sinks = list(target.seeds)
        path = live_path(frozen, frozen.inputs[sequence], sinks)
        check_windows_apart(frozen, path, sinks)
        name, tensor = _choose(job, text, path, options.layer)
        if tensor not in places_of:
            places_of[tensor] = _places(job, tensor)
        places = places_of[tensor]
        known = "" if places.known else ", whose positions are spread evenly over the window"
        log.info("%s: Grad-CAM of %r at layer %s%s", job.model.name, text, name, known)
        tensors[text] = tensor

    def compute(
        windows: tf.Tensor, references: tf.Tensor, controls: Mapping[str, tf.Tensor]
    ) -> dict[str, dict[str, tf.Tensor]]:
        copy = GraphCopy(frozen, {sequence: windows, **controls}, "window")
        found = {}
        for text, target in job.targets.items():
            values, slopes, total = _layer_at(copy, tensors[text], target)
            weights = tf.reduce_mean(slopes, axis=1, keepdims=True)
            positions = tf.nn.relu(tf.reduce_sum(weights * values, axis=-1))
            matrix = places_of[tensors[text]].to_bases(positions.dtype)
            found[text] = {"positions": positions @ matrix, "target": total}
        return found

    return compile_function(frozen, sequence, job.shape, controls=job.controls, compute=compute)


def _places(job: Job, tensor: str) -> Places:
    """Return the places of the positions of a layer's output."""
    frozen, length = job.frozen, job.model.window_length
    (shape,) = shapes_of(frozen, [tensor])
    axis = next(i for i, size in enumerate(shape[1:-1], start=1) if size != 1)
    return find_places(frozen, job.model.sequence.name, tensor, axis=axis, length=length)


def positions_first(shape: Sequence[int | None]) -> tuple[int, int] | None:
    """Return the positions and channels of a layer's output (N, positions, channels), if it has.

    Axes of size 1 beside the positions, as convolutions in two dimensions have, do not count.
    """
    if len(shape) not in (3, 4):
        return None
    *sizes, channels = shape[1:]
    long = [size for size in sizes if size != 1]
    if channels is None or len(long) != 1 or long[0] is None:
        return None
    return long[0], channels


def _layer_at(
    copy: GraphCopy, tensor: str, target: Target
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Return a layer's values and the target's derivatives there, (N, P, K), and the target."""
    ends = {name: copy.tensor(name) for name in target.seeds}
    seeds = [make(ends[name], ends[name]) for name, make in target.seeds.items()]
    values = copy.tensor(tensor)
    (slopes,) = tf.gradients(
        [*ends.values()],
        values,
        [seed.multiplier for seed in seeds],
        unconnected_gradients=tf.UnconnectedGradients.ZERO,
    )
    shape = (values.shape[0], *(positions_first(values.shape.as_list()) or ()))
    both = (tf.reshape(item, shape) for item in (values, slopes))
    return (*both, sum(seed.target for seed in seeds))


def _choose(job: Job, text: str, path: Sequence[PathOperation], wanted: str) -> tuple[str, str]:
    """Return the layer, and the name of its output: the one wanted, or the last convolution."""
    frozen = job.frozen
    outputs: dict[str, str] = {}
    convolutions: list[str] = []
    tensors = [frozen.graph.get_operation_by_name(item.name).outputs[0] for item in path]
    shapes = shapes_of(frozen, [tensor.name for tensor in tensors])
    for item, tensor, shape in zip(path, tensors, shapes, strict=True):
        if positions_first(shape) and tensor.dtype.is_floating:
            name = frozen.layer_of(item.name)
            outputs[name] = tensor.name  # of the last operation of the layer
            if item.type in CONVOLUTIONS:
                convolutions = [*(other for other in convolutions if other != name), name]
    convolutions = [name for name in convolutions if name not in _heads(frozen, job.targets[text])]
    listed = f"Layers with positions on the way to it: {', '.join(outputs) or 'none'}."
    if wanted and wanted not in outputs:
        raise ModelError(
            f"grad_cam: {job.model.name} has no layer {wanted!r} with positions on the way to "
            f"{text!r}. {listed}"
        )
    for name in [wanted] if wanted else reversed(convolutions):
        if not _vanishes(job, job.targets[text], outputs[name]):
            return name, outputs[name]
    if not wanted and not convolutions:
        raise ModelError(
            f"grad_cam: {job.model.name} has no convolution before its head on the way to "
            f"{text!r}. Name a layer by the option 'layer'. {listed}"
        )
    where = f"at layer {wanted}" if wanted else f"at each of its {len(convolutions)} convolutions"
    raise ModelError(
        f"grad_cam: the derivatives of {text!r} {where} add up to 0 over positions, so that no "
        f"channel has a weight. {'Name another layer' if wanted else 'Name a layer'} by the option "
        f"'layer'. {listed}"
    )


def _heads(frozen: FrozenGraph, target: Target) -> set[str]:
    """Return the layers whose output, moved about at most, is what the target explains."""
    found = set()
    for sink in target.seeds:
        operation = frozen.tensor(sink).op
        while operation.type in MOVES and operation.inputs:
            operation = operation.inputs[0].op
        found.add(frozen.layer_of(operation.name))
    return found


def _vanishes(job: Job, target: Target, tensor: str) -> bool:
    """Tell whether the weights of a layer are 0 but for rounding, on made-up windows.

    Those of a profile are, in the layer before its head: the weights of positions add up to 0.
    """
    frozen: FrozenGraph = job.frozen
    rng = np.random.default_rng(0)
    given = {}
    for name, source in frozen.inputs.items():
        kind, shape = frozen.tensor(source).dtype, frozen.tensor(source).shape[1:]
        values = rng.random((_WINDOWS, *shape))
        if name == job.model.sequence.name:
            values = np.eye(4)[rng.integers(0, 4, (_WINDOWS, shape[0]))]
        given[name] = values.astype(kind.as_numpy_dtype)

    @tf.function(autograph=False)
    def run() -> tf.Tensor:
        tensors = {name: tf.constant(values) for name, values in given.items()}
        return _layer_at(GraphCopy(frozen, tensors, "tried"), tensor, target)[1]

    slopes = run.get_concrete_function()().numpy()
    sizes = np.abs(slopes).mean(axis=1)
    return bool((np.abs(slopes.mean(axis=1)) <= _VANISHED * sizes.max(initial=0)).all())
