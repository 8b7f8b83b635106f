"""What `--version` says: versions from the packages' records, the device from TensorFlow."""

import subprocess
import sys
from importlib.metadata import version

import pytest

from deeplift_genomics.places import PROJECT
from deeplift_genomics.record import installed
from deeplift_genomics.version import __version__

ON = "I port.cc:153] oneDNN custom operations are on. You may see slightly different results."


def test_the_version_tells_what_a_run_depends_on() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deeplift_genomics", "--version"], capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == f"deeplift-genomics {__version__}"
    assert f"TensorFlow {version('tensorflow-cpu')} (tensorflow-cpu)" in lines
    for title, package in (
        ("Keras", "keras"),
        ("tf-keras", "tf-keras"),
        ("Snakemake", "snakemake"),
    ):
        assert f"{title} {version(package)}" in lines
    assert "device: CPU: TensorFlow is built without GPUs" in lines
    assert {"oneDNN: on", "oneDNN: off"} & set(lines)
    assert lines[-1] == f"workflow and documents: {PROJECT}"


def test_what_is_missing_is_said_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(installed, "installed", lambda package: "")
    text = installed.installed_text()
    assert "TensorFlow is not installed: pip install 'deeplift-genomics[cpu]' or" in text
    assert "pip install --no-deps 'tf-keras==" in text
    assert "Snakemake is not installed: pip install 'deeplift-genomics[workflow]'" in text
    assert "device" not in text


@pytest.mark.parametrize(
    ("said", "log", "lines"),
    [
        ("built False\n", ON, ["device: CPU: TensorFlow is built without GPUs", "oneDNN: on"]),
        ("built True\n", "", ["device: CPU: TensorFlow is built for GPUs, and finds none here",
                              "oneDNN: off"]),
        ("built True\ngpu NVIDIA H100\ngpu NVIDIA H100\n", ON,
         ["device: GPU (NVIDIA H100, NVIDIA H100), if attribution.device asks for it",
          "oneDNN: on"]),
        ("", "Traceback\nImportError: libfoo.so\n",
         ["device: unknown, because TensorFlow cannot be loaded: ImportError: libfoo.so"]),
    ],
)  # fmt: skip
def test_the_device(said: str, log: str, lines: list[str]) -> None:
    assert installed.computes_with(said, log) == lines
