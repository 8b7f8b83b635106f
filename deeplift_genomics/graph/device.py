"""On which device scores are computed, and how many windows go there at once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from deeplift_genomics.errors import InputError

log = logging.getLogger(__name__)
# share of a GPU's free memory to fill: convolutions need room to work in
FILLED = 0.6
# tensors held per value of the forward passes: itself, its slope, and a multiplier for each of two
COPIES = 4
MOST_WINDOWS = 64  # at once; more gain nothing


def choose_device(wanted: str, gpus: int) -> str:
    """ "cpu" or "gpu", from what is wanted and how many GPUs there are.

    Raises
    ------
    InputError
        If a GPU is wanted and there is none.
    """
    if wanted == "cpu":
        return "cpu"
    if gpus:
        return "gpu"
    if wanted == "gpu":
        raise InputError(
            "TensorFlow finds no GPU here, and attribution.device is 'gpu'. Install "
            "'deeplift-genomics[gpu]' and ask the scheduler for a GPU; or set it to 'gpu_or_cpu', "
            "to use the CPU where there is none, or to 'cpu'."
        )
    return "cpu"


def use_threads(threads: int) -> None:
    """Bind TensorFlow to that many threads; to be called before its first operation."""
    if threads < 1:
        raise InputError(f"At least 1 thread is needed, got {threads}.")
    from deeplift_genomics.graph.backend import tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:  # TensorFlow is running already, in a process that chose for itself
        log.debug("TensorFlow is running; its number of threads stays as it is")


def use_device(wanted: str) -> int:
    """Set TensorFlow up, before its first operation; return the GPU's free bytes, 0 for a CPU.

    On a CPU one thread is used: with more, sums are added in another order, and scores depend on
    their number. On a GPU, memory is taken as it is needed, and TensorFloat-32, which rounds to
    three digits, stays off.
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


def _gpu_bytes() -> int:
    """Return the bytes of memory that TensorFlow may use of the first visible GPU."""
    from tensorflow.python.client import device_lib

    return max(item.memory_limit for item in device_lib.list_local_devices() if "GPU" in item.name)


def windows_at_once(wanted: int, free: int, values: int, references: int) -> int:
    """Windows per batch: as wanted, or, where that is 0, as many as a GPU holds (1 on a CPU).

    Parameters
    ----------
    free
        Free bytes of the GPU; 0 for a CPU.
    values
        Numbers that one forward pass of a sequence makes (`values_of`).

    ``windows_at_once(0, 40_000_000_000, 2_000_000, 20)`` is 35.
    """
    if wanted or not free:
        return wanted or 1
    per_window = 4 * COPIES * values * (references + 1)
    return min(MOST_WINDOWS, max(1, int(FILLED * free // per_window)))


def values_of(shapes: Iterable[Sequence[int | None]]) -> int:
    """Numbers in tensors of these shapes, batch first, for one sequence; unknown sizes count as 1.

    ``values_of([(None, 100, 64), (None, 1)])`` is 6401.
    """
    total = 0
    for _, *sizes in shapes:
        values = 1
        for size in sizes:
            values *= size or 1
        total += values
    return total
