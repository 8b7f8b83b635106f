"""What TensorFlow says of the GPU."""

from __future__ import annotations

from tensorflow.python.client import device_lib


def gpu_bytes() -> int:
    """Bytes of memory that the first visible GPU has for us."""
    return max(item.memory_limit for item in device_lib.list_local_devices() if "GPU" in item.name)
