"""The check of a results folder against its provenance.json."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.models.files import model_digest
from deeplift_genomics.record.provenance import (
    NAME,
    TIMESTAMP,
    Provenance,
    digest_all,
    disagreements,
    read_provenance,
)
from deeplift_genomics.record.read_crate import NAME as CRATE
from deeplift_genomics.record.read_crate import disagreements_of_crate
from deeplift_genomics.settings.model_names import model_paths
from deeplift_genomics.settings.results import BENCHMARKS, LOGS, RESULTS, SHARDS, SUMMARY

log = logging.getLogger(__name__)

# folders without results, in a sample's folder and beside the samples
WORK = {".snakemake", BENCHMARKS, LOGS, SHARDS}
INPUT_NOT_HERE = "input not here"  # the one status that is no fault
REPEAT = RESULTS["repeat"].path
_SHOWN = 12  # digits of a digest


@dataclass(frozen=True)
class Finding:
    """A file that is not as recorded: its status, its name, and the difference."""

    status: str
    name: str
    detail: str


def verify(results: str | Path, threads: int = 1) -> list[Finding]:
    """Check a results folder, and the inputs that are found from the current folder.

    Parameters
    ----------
    results
        The folder that holds provenance.json.
    threads
        Files digested side by side.

    Returns
    -------
    list of Finding
        Outputs that are missing, changed, unknown, or made with other settings than recorded;
        what the crate says otherwise than the record; inputs that are changed or not here. Empty
        if all is well and all inputs were found.

    Raises
    ------
    InputError
        If there is no provenance.json, or it cannot be used.
    """
    results = Path(results)
    record = read_provenance(results)
    log.info("%s: digests of %d outputs", results, len(record.outputs))
    return [
        *_outputs(record, results, threads),
        *_unknown(record, results),
        *_settings(record, results),
        *_crate(record, results),
        *_inputs(record, threads),
    ]


def is_well(findings: Sequence[Finding]) -> bool:
    """Return whether all is well; inputs that are not here are no fault of the results."""
    return all(finding.status == INPUT_NOT_HERE for finding in findings)


def as_table(findings: Sequence[Finding]) -> str:
    """Return a table with a row per finding, and a line that counts them."""
    rows = [(finding.status, finding.name, finding.detail) for finding in findings]
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    lines = [
        f"{status:<{widths[0]}}  {name:<{widths[1]}}  {detail}".rstrip()
        for status, name, detail in rows
    ]
    counts = ", ".join(f"{n} {status}" for status, n in Counter(row[0] for row in rows).items())
    verdict = "all outputs are as recorded" if is_well(findings) else "not as recorded"
    return "\n".join([*lines, f"{verdict}: {counts}" if counts else verdict])


def _outputs(record: Provenance, results: Path, threads: int) -> Iterator[Finding]:
    present = {name: results / name for name in record.outputs if (results / name).is_file()}
    found = digest_all(present, digest, threads)
    for name, recorded in sorted(record.outputs.items()):
        if name not in found:
            yield Finding("missing", name, "recorded, but not there")
        elif found[name] != recorded:
            yield Finding("changed", name, _differing(found[name], recorded))


def _differing(found: str, recorded: str) -> str:
    return f"SHA-256 is {found[:_SHOWN]}..., recorded {recorded[:_SHOWN]}..."


def _unknown(record: Provenance, results: Path) -> Iterator[Finding]:
    samples = {row.get("sample") for row in record.samples}
    for folder, folders, files in os.walk(results):
        place = Path(folder).relative_to(results)
        if place == Path():
            folders[:] = [name for name in folders if name in samples or name not in WORK]
        elif str(place) in samples:
            folders[:] = [name for name in folders if name not in WORK]
        folders.sort()
        for file in sorted(files):
            name = (place / file).as_posix()
            if place.parts[:1] == (RESULTS["hub"].path,) and Path(folder, file).is_symlink():
                continue  # leads to an input
            if place.parts[:1] == (REPEAT,):
                continue  # of the crate, which has their digests
            if name not in (NAME, CRATE, SUMMARY, *record.outputs) and file != TIMESTAMP:
                yield Finding("unknown", name, f"not in {NAME}")


def _settings(record: Provenance, results: Path) -> Iterator[Finding]:
    for name, wrong in disagreements(record, results).items():
        yield from (Finding("disagrees", name, text) for text in wrong)


def _crate(record: Provenance, results: Path) -> Iterator[Finding]:
    """Yield what the crate says otherwise; results of older releases have none."""
    if not (results / CRATE).is_file():
        log.warning("%s has no %s, so only %s was checked", results, CRATE, NAME)
        return
    try:
        for name, text in disagreements_of_crate(record, results):
            yield Finding("disagrees", name, text)
    except InputError as error:
        yield Finding("disagrees", CRATE, str(error))


def _inputs(record: Provenance, threads: int) -> Iterator[Finding]:
    here = {
        name: Path(name)
        for name in record.inputs
        if all(path.exists() for path in model_paths(name))
    }
    found = digest_all(here, model_digest, threads)
    for name, recorded in sorted(record.inputs.items()):
        if name not in found:
            yield Finding(INPUT_NOT_HERE, name, "so it was not checked")
        elif found[name] != recorded:
            yield Finding("input changed", name, _differing(found[name], recorded))
