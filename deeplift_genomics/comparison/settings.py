"""What differs between the records of runs: settings, samples, inputs, versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from deeplift_genomics.comparison.runs import Run

SETTING, SAMPLE, INPUT, VERSION = "setting", "sample sheet", "input", "version"
ABSENT = "–"
_SHOWN = 12  # characters of a digest
_OWN_KEYS = {"results", "samples"}  # paths of the run itself


class Difference(NamedTuple):
    """What is not the same in all runs: its kind, its name, and its value in each run."""

    kind: str
    name: str
    values: list[str]


def differences(runs: Sequence[Run]) -> list[Difference]:
    """Return what differs between the records of runs, in the order of the kinds.

    Folders of results and the names of sheets are left out, and so are times. An input is told by
    its digest, so that a file of another name with the same content is no difference of inputs.
    """
    tables = {
        SETTING: [dict(_flat(run.record.config)) for run in runs],
        SAMPLE: [dict(_of_samples(run)) for run in runs],
        INPUT: [
            {name: digest[:_SHOWN] for name, digest in run.record.inputs.items()} for run in runs
        ],
        VERSION: [dict(run.record.versions) for run in runs],
    }
    return [
        Difference(kind, name, [values.get(name, ABSENT) for values in tables_of_kind])
        for kind, tables_of_kind in tables.items()
        for name in dict.fromkeys(name for values in tables_of_kind for name in values)
        if len({values.get(name, ABSENT) for values in tables_of_kind}) > 1
    ]


def _flat(config: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Yield the keys of a configuration, their parts joined by dots, with the values as text."""
    for key, value in config.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        elif name not in _OWN_KEYS:
            yield name, str(value)


def _of_samples(run: Run) -> Iterator[tuple[str, str]]:
    """Yield the cells of a run's sheet as SAMPLE.column; an empty cell is like none."""
    for sample, row in run.samples.items():
        for column, cell in row.items():
            if cell and column != "sample":
                yield f"{sample}.{column}", cell
