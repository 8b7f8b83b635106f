"""The bundled demo in a folder of its own."""

from __future__ import annotations

from pathlib import Path

from deeplift_genomics.places import PROJECT
from deeplift_genomics.starting.folder import CONFIG, SHEET, lay_out

DATA = "resources/demo"


def lay_out_demo(folder: str | Path) -> list[Path]:
    """Write the demo's configuration, sheet, models, genome, regions and truth.

    Raises
    ------
    InputError
        As `lay_out`.
    """
    data = [path for path in sorted((PROJECT / DATA).rglob("*")) if path.is_file()]
    names = [
        path.relative_to(PROJECT).as_posix()
        for path in data
        if path.suffix != ".py" and "__pycache__" not in path.parts
    ]
    return lay_out(folder, {name: PROJECT / name for name in (CONFIG, SHEET, *names)})
