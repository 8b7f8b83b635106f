"""An environment for each peer, so that none determines the versions of another."""

import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / ".environments"
REQUIREMENTS = Path(__file__).parent / "requirements"
PEERS = ("tangermeme", "captum", "shap")


def python_of(peer: str) -> Path:
    """Return the peer's Python; make its environment on first use and when its pins change."""
    wanted = (REQUIREMENTS / f"{peer}.txt").read_text()
    place = FOLDER / peer
    python, mark = place / "bin" / "python", place / "installed.txt"
    if mark.is_file() and mark.read_text() == wanted:
        return python
    print(f"setting up the environment of {peer}; the download is large", file=sys.stderr)
    shutil.rmtree(place, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    requirements = str(REQUIREMENTS / f"{peer}.txt")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
    mark.write_text(wanted)
    return python
