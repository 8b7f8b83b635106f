"""What is installed here: the versions that a run depends on, and what TensorFlow computes with.

Versions come from the packages' own records, so that a broken TensorFlow is named as well. GPU and
oneDNN are TensorFlow's own word, asked in a process of its own, which takes some seconds.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

from deeplift_genomics.places import PROJECT
from deeplift_genomics.version import __version__

# packages of TensorFlow, of which one is installed
_TENSORFLOW = ("tensorflow", "tensorflow-cpu")
_ASK = (
    "import tensorflow as tf; found = tf.config.list_physical_devices('GPU'); "
    "details = tf.config.experimental.get_device_details; "
    "print('built', tf.test.is_built_with_cuda()); "
    "[print('gpu', details(one).get('device_name', one.name)) for one in found]"
)
_ONEDNN = "oneDNN custom operations are on"  # of TensorFlow's log, when it is loaded


def installed_text() -> str:
    """Return the versions of this package and of what it runs on, a line each, and the device."""
    lines = [f"deeplift-genomics {__version__}", f"Python {platform.python_version()}"]
    found = {name: found for name in _TENSORFLOW if (found := installed(name))}
    if not found:
        lines.append(
            "TensorFlow is not installed: pip install 'deeplift-genomics[cpu]' or "
            "'deeplift-genomics[gpu]'"
        )
    lines += [f"TensorFlow {number} ({name})" for name, number in found.items()]
    lines.append(_line("Keras", "keras", "pip install 'deeplift-genomics[cpu]'"))
    release = ".".join(next(iter(found.values()), "2.21").split(".")[:2])
    remedy = f"for files of Keras 1 and 2, pip install --no-deps 'tf-keras=={release}.*'"
    lines.append(_line("tf-keras", "tf-keras", remedy))
    remedy = "pip install 'deeplift-genomics[workflow]'"
    lines.append(_line("Snakemake", "snakemake", remedy))
    if found:
        lines += computes_with(*_ask_tensorflow())
    lines.append(f"workflow and documents: {PROJECT}")
    return "\n".join(lines)


def installed(package: str) -> str:
    """Return the version of an installed package; ``""`` if there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def computes_with(said: str, log: str) -> list[str]:
    """Return the lines on device and oneDNN.

    Parameters
    ----------
    said
        The answer of TensorFlow: whether it is built for GPUs, and the name of each.
    log
        What it logged meanwhile.
    """
    answer = [line.partition(" ") for line in said.splitlines()]
    built = any(word == "built" and rest == "True" for word, _, rest in answer)
    gpus = [rest for word, _, rest in answer if word == "gpu"]
    if not answer:
        last = (log.strip().splitlines() or ["it ended without a word"])[-1]
        return [f"device: unknown, because TensorFlow cannot be loaded: {last}"]
    if gpus:
        device = f"GPU ({', '.join(gpus)}), if attribution.device asks for it"
    elif built:
        device = "CPU: TensorFlow is built for GPUs, and finds none here"
    else:
        device = "CPU: TensorFlow is built without GPUs"
    return [f"device: {device}", f"oneDNN: {'on' if _ONEDNN in log else 'off'}"]


def _line(title: str, package: str, remedy: str) -> str:
    number = installed(package)
    return f"{title} {number}" if number else f"{title} is not installed: {remedy}"


def _ask_tensorflow() -> tuple[str, str]:
    """Return what TensorFlow says, and what it logs."""
    loud = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "0"}
    done = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, env=loud)
    return done.stdout, done.stderr
