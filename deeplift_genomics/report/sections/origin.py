"""How it was made: the attributes of the files, the configuration and the row of the sheet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import yaml

from deeplift_genomics.report.read_sample import OF_THE_FILE
from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun

_DIGEST = "digest"  # in the names of attributes that are fingerprints


class Table(NamedTuple):
    """A table of attributes: its caption and its rows."""

    caption: str
    rows: list[tuple[str, Any]]


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the tables of attributes, the configuration as text, and the digests."""
    tables = _tables(run)
    return {
        "tables": [
            Table(caption, [row for row in rows if _DIGEST not in row[0]])
            for caption, rows in tables
        ],
        "digests": sorted(
            {(key, str(value)) for _, rows in tables for key, value in rows if _DIGEST in key}
        ),
        "configuration": _as_yaml(run.config),
        "row": _as_yaml({key: value for key, value in run.row.items() if value not in ("", None)}),
    }


def _tables(run: SampleRun) -> list[Table]:
    """Return what all score and motif files have in common, and the rest of each target."""
    of_all = [dict(target.scores.attributes) | _own(target.attributes) for target in run.targets]
    common = _common(of_all)
    tables = [Table("All targets.", sorted(common.items()))]
    for target, attributes in zip(run.targets, of_all, strict=True):
        own = {key: value for key, value in attributes.items() if key not in common}
        if own:
            tables.append(Table(f"Target {target.text}.", sorted(own.items())))
    return tables


def _own(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of a motif file that do not say what kind of file it is."""
    return {key: value for key, value in attributes.items() if key not in OF_THE_FILE}


def _common(found: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the items that all mappings have alike."""
    first, *others = found
    return {
        key: value
        for key, value in first.items()
        if all(key in other and str(other[key]) == str(value) for other in others)
    }


def _as_yaml(values: Mapping[str, Any]) -> str:
    """Return values as YAML with sorted keys."""
    # through JSON, because YAML has no plain form for paths and tuples
    plain = json.loads(json.dumps(values, default=str, sort_keys=True))
    return yaml.safe_dump(plain, sort_keys=True, allow_unicode=True, width=100)
