"""The places of the project's own files: workflow, environments, profiles, demo and documents.

In a checkout they are beside the package. A wheel carries them inside it, in the same folders below
``project`` (`setup.py`). The workflow finds the package from its own place (`rules/common.smk`).
"""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).parent
_CARRIED = PACKAGE / "project"
PROJECT = _CARRIED if _CARRIED.is_dir() else PACKAGE.parent
SNAKEFILE = str(PROJECT / "workflow" / "Snakefile")
"""The workflow, as a Snakefile names it in a module's `snakefile:`."""
CONFIG = "config/config.yaml"
"""The configuration of a folder, which Snakemake reads by itself."""
TAKING_IN = """\
# Takes in the workflow that the Python package deeplift_genomics carries; config/config.yaml is its
# configuration. Rules of your own may follow, and make the files that the sample sheet names.
from deeplift_genomics.places import SNAKEFILE


module deeplift:
    snakefile:
        SNAKEFILE


use rule * from deeplift
"""
"""The Snakefile of a folder of one's own."""
INSTALLED = PROJECT == _CARRIED
_LINKS = Path(".snakemake") / "deeplift_genomics"


def python_path(*, other_python: bool) -> str:
    """Return the folder from which jobs import the package; ``""`` if their Python has it.

    A checkout is that folder. What pip installed, the same Python finds by itself. Another Python,
    such as that of a conda environment, must find this package and none of the others beside it,
    which are for the first one: it gets a folder with nothing but a link, made in the current
    folder's ``.snakemake``, which the nodes of a cluster share.

    Parameters
    ----------
    other_python
        Whether another Python runs the jobs than this one.
    """
    if not INSTALLED:
        return str(PACKAGE.parent)
    if not other_python:
        return ""
    link = _LINKS.absolute() / PACKAGE.name
    if not (link.is_symlink() and link.readlink() == PACKAGE):
        link.parent.mkdir(parents=True, exist_ok=True)
        made = link.with_name(f"{link.name}.{os.getpid()}")
        made.symlink_to(PACKAGE)
        made.replace(link)  # at once, as processes of other jobs may be reading it
    return str(link.parent)
