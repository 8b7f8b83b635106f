"""Logos as images inside the page."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file

_SVG_SIZE = re.compile(rb'<svg[^>]*? width="([0-9.]+)pt" height="([0-9.]+)pt"')


class Image(NamedTuple):
    """An image as an address that contains it, with its width and height in CSS pixels."""

    uri: str
    width: int
    height: int


def read_logo(folder: Path, pattern: str, kind: str, strand: str) -> Image:
    """Read one logo of a pattern from the folder of the logos step.

    An SVG in an img element cannot load anything else. The size in the file is kept, so that the
    letters of short and long logos have one size.

    Raises
    ------
    InputError
        If the file is missing or is not an SVG logo.
    """
    path = require_file(folder / f"{pattern}.{kind}.{strand}.svg", "Logo")
    content = path.read_bytes()
    size = _SVG_SIZE.search(content)
    if size is None:
        raise InputError(f"{path} is no SVG logo. Delete its folder and run the logos step again.")
    width, height = (round(float(points) * 96 / 72) for points in size.groups())
    encoded = base64.b64encode(content).decode("ascii")
    return Image(f"data:image/svg+xml;base64,{encoded}", width, height)
