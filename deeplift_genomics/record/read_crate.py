"""The digests that a crate holds, compared with a results folder and its record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.files.system_faults import reading
from deeplift_genomics.record.provenance import Provenance
from deeplift_genomics.settings.results import RESULTS

NAME = RESULTS["crate"].path


def files_in_crate(results: str | Path) -> dict[str, str]:
    """Return the digest of each file that the crate of a results folder describes, by its name.

    Raises
    ------
    InputError
        If the crate cannot be read.
    """
    path = Path(results, NAME)
    try:
        with reading(path):
            content = json.loads(path.read_text(encoding="utf-8"))
        return {
            unquote(entity["@id"]): entity["sha256"]
            for entity in content["@graph"]
            if "File" in entity["@type"] and "sha256" in entity
        }
    except (ValueError, RecursionError, KeyError, TypeError) as error:
        what = str(error) if isinstance(error, ValueError) else "it has no list of files"
        raise InputError(
            f"{path} is no research object, or damaged: {what}. Delete it and run Snakemake "
            "again: it is remade."
        ) from error


def disagreements_of_crate(record: Provenance, results: Path) -> Iterator[tuple[str, str]]:
    """Yield each file that the crate describes otherwise than the record, or that has changed.

    Files that the record lists are compared with it; those that belong to the crate alone, and the
    record itself, with the files.
    """
    described = files_in_crate(results)
    for name in sorted(record.outputs.keys() - described.keys()):
        yield name, f"{NAME} lacks it"
    for name, sha256 in sorted(described.items()):
        path = results / name
        if name in record.outputs:
            if record.outputs[name] != sha256:
                yield name, f"{NAME} has another digest than provenance.json"
        elif not path.is_file():
            yield name, f"{NAME} describes it, but it is not there"
        elif digest(path) != sha256:
            yield name, f"it has changed since {NAME} was written"
