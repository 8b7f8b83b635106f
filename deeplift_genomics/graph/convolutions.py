"""A convolution to few channels, by fewer and longer steps.

Libraries compute convolutions many channels at a time. With s copies of the kernel, each a position
further on, a convolution of stride s gives s positions of the output at once, as so many channels.
"""

from __future__ import annotations

from deeplift_genomics.graph.backend import tf

# to FEW channels or fewer; as many positions at once as make MANY; shorter kernels gain nothing
FEW, MANY, LONG = 4, 16, 8


def is_worth_it(kernel: tf.TensorShape) -> bool:
    """Whether a kernel (1, width, F, C) of known size is long and goes to few channels."""
    known = kernel.rank == 4 and kernel.is_fully_defined()
    return bool(known and kernel[0] == 1 and kernel[1] >= LONG and kernel[3] <= FEW)


def several_at_once(x: tf.Tensor, kernel: tf.Tensor, left: int, length: int) -> tf.Tensor:
    """The convolution of x with a kernel, neither strided nor dilated.

    Parameters
    ----------
    x
        (N, 1, L, F), where N may be unknown.
    kernel
        (1, width, F, C).
    left
        Zeros put before x; as many are put after it as are needed.
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
    if right < 0:  # what lies beyond the last step is not read
        x = x[:, :, :right]
    x = tf.pad(x, ((0, 0), (0, 0), (left, max(right, 0)), (0, 0)))
    y = tf.nn.conv2d(x, wide, (1, 1, at_once, 1), "VALID")
    return tf.reshape(y, (-1, 1, steps * at_once, channels))[:, :, :length]
