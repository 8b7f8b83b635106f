"""The files made from the definitions of settings: schemas, default configuration, table.

``make published`` writes the JSON schemas of the configuration and of a row of the sample sheet,
``config/config.yaml`` with every default, and the table of settings in ``config/README.md``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml
from pydantic import BaseModel

from deeplift_genomics.files.atomic import atomic_path
from deeplift_genomics.places import CONFIG
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.options import Setting, as_text, settings_of
from deeplift_genomics.settings.sample_sheet import Sample

SCHEMAS = "workflow/schemas"
TABLE = "config/README.md"
BEGIN, END = "<!-- settings: made by `make published` -->", "<!-- end of settings -->"
_HEADING = """\
# The settings of the demo, which are the defaults. README.md beside this file explains every key; a
# key that is left out takes its default. Made by `make published`.
"""


def publish(root: str | Path) -> list[Path]:
    """Write all published files below the project's root and return their paths."""
    root = Path(root)
    readme = root / TABLE
    texts = {
        root / SCHEMAS / "config.schema.json": schema(Config),
        root / SCHEMAS / "samples.schema.json": schema(Sample),
        root / CONFIG: defaults(),
        readme: with_table(readme.read_text(encoding="utf-8")),
    }
    for path, text in texts.items():
        with atomic_path(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return list(texts)


def schema(model: type[BaseModel]) -> str:
    """Return the JSON schema of a configuration or of a row of the sheet."""
    own = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(own | model.model_json_schema(), indent=2) + "\n"


def defaults() -> str:
    """Return a configuration file with every setting at its default."""
    plain = Config().model_dump(mode="json")
    alone = {key: value for key, value in plain.items() if not isinstance(value, dict)}
    parts = [alone, *({key: value} for key, value in plain.items() if key not in alone)]
    return _HEADING + "\n".join(yaml.safe_dump(part, sort_keys=False) for part in parts)


def with_table(text: str) -> str:
    """Return a text with the table of settings between its two marks."""
    return between_marks(text, BEGIN, END, table())


def between_marks(text: str, begin: str, end: str, inner: str) -> str:
    """Return a text with the lines `inner` between two marks, in place of what was there.

    Raises
    ------
    ValueError
        If the text lacks one of them.
    """
    before, first, rest = text.partition(begin)
    _, last, after = rest.partition(end)
    if not first or not last:
        raise ValueError(f"the text has no lines {begin} and {end}")
    return f"{before}{begin}\n{inner}{end}{after}"


def table() -> str:
    """Return the table of settings: key, unit and bounds, default, meaning."""
    rows = ["| Key | Unit | Default | Meaning |", "|---|---|---|---|"]
    rows += [_row(item) for item in settings_of()]
    return "\n".join(rows) + "\n"


def _row(item: Setting) -> str:
    default = as_text(item.default) if isinstance(item.default, bool) else item.default
    unit = ", ".join(filter(None, [item.about.unit, item.bounds]))
    return f"| `{item.key}` | {unit} | `{default}` | {item.meaning} |"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m deeplift_genomics.settings.published ROOT (of the checkout)")
    for written in publish(sys.argv[1]):
        print(written)
