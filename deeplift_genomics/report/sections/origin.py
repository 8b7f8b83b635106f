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
    """Captions and rows of the tables of attributes; what the motifs file repeats comes once."""
    own = {key: value for key, value in motifs.items() if key in OF_THE_FILE or key not in scores}
    return [
        ("Scores: attributes of the score file.", sorted(scores.items())),
        (
            "Motifs: attributes of the motifs file, which also repeats those of the score file.",
            sorted(own.items()),
        ),
    ]


def _configuration(config: Mapping[str, Any] | None) -> str | None:
    """The configuration as YAML with sorted keys."""
    if config is None:
        return None
    # through JSON, because paths and tuples of a dict have no plain YAML form
    plain = json.loads(json.dumps(config, default=str, sort_keys=True))
    return yaml.safe_dump(plain, sort_keys=True, allow_unicode=True, width=100)
