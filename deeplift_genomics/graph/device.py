"""The device on which scores are computed, and the number of windows that it takes at once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from deeplift_genomics.errors import InputError

if TYPE_CHECKING:
    from deeplift_genomics.graph.frozen import FrozenGraph

log = logging.getLogger(__name__)
# share of a GPU's free memory to fill: convolutions need the rest as working memory
FILLED = 0.6
# tensors per value of the forward passes: the value, its slope, and two targets' multipliers
COPIES = 4
MOST_WINDOWS = 64  # at once; more windows gain nothing


def choose_device(wanted: str, gpus: int) -> str:
    """Return "cpu" or "gpu", from the device that is wanted and the number of GPUs.

    Raises
    ------
    InputError
        If a GPU is required and there is none.
    """
    if wanted == "cpu":
        return "cpu"
    if gpus:
        return "gpu"
    if wanted == "gpu":
        raise InputError(
            "TensorFlow finds no GPU here, and attribution.device is 'gpu'. Install "
            "'deeplift-genomics[gpu]' and ask the scheduler for a GPU; or set attribution.device "
            "to 'gpu_or_cpu', to use the CPU if there is no GPU, or to 'cpu'."
        )
    return "cpu"


def use_threads(threads: int) -> None:
    """Limit TensorFlow to that many threads; call this before its first operation."""
    if threads < 1:
        raise InputError(f"At least 1 thread is needed, got {threads}.")
    from deeplift_genomics.graph.backend import tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:  # TensorFlow is running already, and its process has chosen the number
        log.debug("TensorFlow is running; its number of threads stays as it is")


def use_device(wanted: str) -> int:
    """Set TensorFlow up, before its first operation; return the GPU's free bytes, 0 for a CPU.

    On a CPU TensorFlow uses one thread: with more threads, the order of sums, and so the scores,
    would depend on their number. On a GPU it takes memory as needed, and TensorFloat-32, which
    rounds to three digits, stays off.
    """
    from deeplift_genomics.graph.backend import tf

    gpus = tf.config.list_physical_devices("GPU")
    use_threads(1)
    if choose_device(wanted, len(gpus)) == "cpu":
        if wanted != "cpu":
            log.warning("no GPU was found; scores are computed on the CPU")
        if gpus:
            tf.config.set_visible_devices([], "GPU")
        return 0
    tf.config.set_visible_devices(gpus[:1], "GPU")
    tf.config.experimental.set_memory_growth(gpus[0], True)
    tf.config.experimental.enable_tensor_float_32_execution(False)
    return _gpu_bytes()


def visible_devices() -> tuple[str, ...]:
    """Return the names of the devices for which TensorFlow compiles."""
    from deeplift_genomics.graph.backend import tf

    return tuple(device.name for device in tf.config.get_visible_devices())


def _gpu_bytes() -> int:
    """Return the bytes of memory that TensorFlow may use of the first visible GPU."""
    from tensorflow.python.client import device_lib

    return max(item.memory_limit for item in device_lib.list_local_devices() if "GPU" in item.name)


def windows_at_once(wanted: int, free: int, values: int, references: int) -> int:
    """Return the windows per batch: `wanted`, or, if that is 0, as many as a GPU holds.

    On a CPU 0 means one window.

    Parameters
    ----------
    free
        Free bytes of the GPU; 0 for a CPU.
    values
        Numbers in the forward pass of one sequence (`values_of`).

    ``windows_at_once(0, 40_000_000_000, 2_000_000, 20)`` is 35.
    """
    if wanted or not free:
        return wanted or 1
    per_window = 4 * COPIES * values * (references + 1)
    return min(MOST_WINDOWS, max(1, int(FILLED * free // per_window)))


def shapes_of(frozen: FrozenGraph) -> list[list[int | None]]:
    """Return the shapes, batch first, of the tensors that a forward pass computes for windows."""
    return [
        output.shape.as_list()
        for operation in frozen.graph.get_operations()
        for output in operation.outputs
        if output.shape.rank and output.shape[0] is None and output.dtype.is_floating
    ]


def values_of(shapes: Iterable[Sequence[int | None]]) -> int:
    """Return how many numbers tensors of these shapes, batch first, have for one sequence.

    Unknown sizes count as 1: ``values_of([(None, 100, 64), (None, 1)])`` is 6401.
    """
    total = 0
    for _, *sizes in shapes:
        values = 1
        for size in sizes:
            values *= size or 1
        total += values
    return total
