"""A convolution to few channels, by fewer and longer steps.

Libraries compute many channels of a convolution at once. With s copies of the kernel, each shifted
by one more position, a convolution of stride s gives s positions of the output as s channels.
"""

from __future__ import annotations

from deeplift_genomics.graph.backend import tf

# at most FEW channels; so many positions that there are MANY channels; kernels of LONG or more
FEW, MANY, LONG = 4, 16, 8


def is_worth_it(kernel: tf.TensorShape) -> bool:
    """Tell whether a kernel (1, width, F, C) has a known size, is long and has few channels."""
    known = kernel.rank == 4 and kernel.is_fully_defined()
    return bool(known and kernel[0] == 1 and kernel[1] >= LONG and kernel[3] <= FEW)


def several_at_once(x: tf.Tensor, kernel: tf.Tensor, left: int, length: int) -> tf.Tensor:
    """Return the convolution of x with a kernel, neither strided nor dilated.

    Parameters
    ----------
    x
        (N, 1, L, F), where N may be unknown.
    kernel
        (1, width, F, C).
    left
        Zeros before x; as many zeros as needed are added after it.
    length
        Positions of the output.

    Returns
    -------
    Tensor
        (N, 1, length, C): (1, 3, 70, 1) with a kernel (1, 10, 3, 1), left 4 and length 70 is the
        output of one step of "SAME" padding.
    """
    _, width, _, channels = kernel.shape
    at_once = MANY // channels
    steps = -(-length // at_once)
    copies = [tf.pad(kernel[0], ((i, at_once - 1 - i), (0, 0), (0, 0))) for i in range(at_once)]
    wide = tf.stack(copies, axis=2)
    wide = tf.reshape(wide, (1, wide.shape[0], wide.shape[1], at_once * channels))
    right = steps * at_once + width - 1 - left - x.shape[2]
    if right < 0:  # no step reads these positions
        x = x[:, :, :right]
    x = tf.pad(x, ((0, 0), (0, 0), (left, max(right, 0)), (0, 0)))
    y = tf.nn.conv2d(x, wide, (1, 1, at_once, 1), "VALID")
    return tf.reshape(y, (-1, 1, steps * at_once, channels))[:, :, :length]
