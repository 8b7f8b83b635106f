"""How it was made: the attributes of the files, and the configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from deeplift_genomics.report.run import OF_THE_FILE, Run


def context(run: Run) -> dict[str, Any]:
    """Return the tables of attributes and the configuration as text."""
    return {
        "attributes": _attribute_tables(run.scores.attributes, run.motifs),
        "configuration": _configuration(run.config),
    }


def _attribute_tables(
    scores: Mapping[str, Any], motifs: Mapping[str, Any]
) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Return the caption and rows of each table; attributes of both files appear once."""
    own = {key: value for key, value in motifs.items() if key in OF_THE_FILE or key not in scores}
    return [
        ("Attributes of the score file.", sorted(scores.items())),
        (
            "Attributes of the motifs file, without those that it repeats from the score file.",
            sorted(own.items()),
        ),
    ]


def _configuration(config: Mapping[str, Any] | None) -> str | None:
    """Return the configuration as YAML with sorted keys."""
    if config is None:
        return None
    # through JSON, because YAML has no plain form for paths and tuples
    plain = json.loads(json.dumps(config, default=str, sort_keys=True))
    return yaml.safe_dump(plain, sort_keys=True, allow_unicode=True, width=100)
