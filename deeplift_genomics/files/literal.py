"""Paths are taken as they are written: a shell's shorthand and URLs are refused by name.

Nothing is expanded, because a record with `~` or `$HOME` would mean other files in the hands of
another user, and a folder called `~` invites `rm -r ~`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

# pathlib makes one slash of two
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/+[^/]")
# a command counts only at the beginning, as `$(pwd)/` does: a folder may have any name
_SHORTHAND = re.compile(r"^~[A-Za-z0-9_.-]*(/|$)|\$([A-Za-z_]\w*|\{\w+\})|^\$\(.+?\)|^`.+?`")
_WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")


def not_literal(path: str | Path) -> str | None:
    """Return why a text is not the path that its writer means; None if it may well be.

    >>> not_literal("https://host/hg38.fa.gz")
    'it is a URL, and only files of this machine are used: download it, and name the copy'
    >>> not_literal("genomes/hg38.fa") is None
    True
    """
    text = str(path)
    if found := _URL.match(text):
        if found[1].lower() == "file":
            return "it is a URL: write the path alone"
        return (
            "it is a URL, and only files of this machine are used: download it, and name the copy"
        )
    if _WINDOWS.match(text):
        return "it is a path of Windows: under WSL, `wslpath` writes it as one of Linux"
    if found := _SHORTHAND.search(text):
        sign = "~" if found[0].startswith("~") else found[0]
        # pathlib raises an error for a user that is not known
        meant = os.path.expanduser(text) if sign == "~" else os.path.expandvars(text)  # noqa: PTH111
        advice = f"write {meant}" if meant != text else "write the whole path"
        return f"paths are taken as they are written, and {sign} is not replaced: {advice}"
    return None
