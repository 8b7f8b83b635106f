"""An environment for each peer, so that none determines the versions of another.

Run as ``python -m benchmarks.attribution.environments PEER``: it prints the peer's Python.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / ".environments"
REQUIREMENTS = Path(__file__).parent / "requirements"
PEERS = ("bpreveal", "tangermeme", "captum", "shap")
# peers that need another Python than the one that runs the benchmark: its version
PYTHON = {"bpreveal": "3.12"}
# peers whose list names everything, so that pip need not look at what packages ask for
COMPLETE = ("bpreveal",)


class MissingPython(Exception):
    """The failure to find the Python that a peer needs."""


def python_of(
    peer: str, requirements: Path = REQUIREMENTS, *, complete: bool | None = None
) -> Path:
    """Return the peer's Python; make its environment on first use and when its pins change.

    Parameters
    ----------
    peer
        Name of the environment, and of the list of its packages.
    requirements
        The folder of the list.
    complete
        Whether the list names everything; as `COMPLETE` says if not given.

    Raises
    ------
    MissingPython
        If the peer needs another version of Python, and there is none.
    """
    pins = requirements / f"{peer}.txt"
    place = FOLDER / peer
    python, mark = place / "bin" / "python", place / "installed.txt"
    if mark.is_file() and mark.read_text() == pins.read_text():
        return python
    base = find_python(PYTHON[peer], peer) if peer in PYTHON else Path(sys.executable)
    print(f"setting up the environment of {peer}; the download is large", file=sys.stderr)
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run([base, "-m", "venv", place], check=True)
    asked = [python, "-m", "pip", "install", "--quiet", "-r", pins]
    alone = peer in COMPLETE if complete is None else complete
    subprocess.run([*asked, "--no-deps"] if alone else asked, check=True)
    mark.write_text(pins.read_text())
    return python


def find_python(version: str, peer: str) -> Path:
    """Return a Python of a version, such as "3.12", from PATH or from pyenv.

    Raises
    ------
    MissingPython
        If there is none, with what to do.
    """
    for candidate in _candidates(version):
        if _runs(candidate, version):
            return candidate
    raise MissingPython(
        f"{peer} needs Python {version}, and there is no python{version} on PATH and none in "
        f"pyenv. Install it (pyenv install {version}; conda create -p FOLDER python={version}) "
        f"and put the folder of python{version} on PATH, or leave the peer out: --without {peer}."
    )


def _candidates(version: str) -> Iterator[Path]:
    name = f"python{version}"
    for folder in os.get_exec_path():
        yield Path(folder) / name
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(root.glob(f"versions/{version}*/bin/{name}"), reverse=True)


def _runs(python: Path, version: str) -> bool:
    """Whether this is a Python of the version: a shim of pyenv may be there and not run."""
    if not shutil.which(python):
        return False
    code = "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return done.returncode == 0 and done.stdout.strip() == version


if __name__ == "__main__":
    try:
        print(python_of(sys.argv[1]))
    except MissingPython as missing:
        sys.exit(str(missing))
