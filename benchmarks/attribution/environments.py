"""An environment for each peer, so that none determines the versions of another."""

import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / ".environments"
REQUIREMENTS = Path(__file__).parent / "requirements"
PEERS = ("tangermeme", "captum", "shap")


def python_of(peer: str, requirements: Path = REQUIREMENTS, *, complete: bool = False) -> Path:
    """Return the peer's Python; make its environment on first use and when its pins change.

    Parameters
    ----------
    peer
        Name of the environment, and of the list of its packages.
    requirements
        The folder of the list.
    complete
        Whether the list names everything, so that pip need not look at what packages ask for.
    """
    pins = requirements / f"{peer}.txt"
    place = FOLDER / peer
    python, mark = place / "bin" / "python", place / "installed.txt"
    if mark.is_file() and mark.read_text() == pins.read_text():
        return python
    print(f"setting up the environment of {peer}; the download is large", file=sys.stderr)
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    asked = [python, "-m", "pip", "install", "--quiet", "-r", pins]
    subprocess.run([*asked, "--no-deps"] if complete else asked, check=True)
    mark.write_text(pins.read_text())
    return python
