"""The JSON schemas of the configuration and of the sample sheet, made from their definitions.

Run ``python -m deeplift_genomics.settings.published workflow/schemas`` after a change.
"""

import json
import sys
from pathlib import Path

from deeplift_genomics.files.atomic import atomic_path
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample


def write_schemas(folder: str | Path) -> list[Path]:
    """Write config.schema.json and samples.schema.json (of a row) and return their paths."""
    paths = []
    for name, model in (("config", Config), ("samples", Sample)):
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        path = Path(folder) / f"{name}.schema.json"
        with atomic_path(path) as temporary:
            text = json.dumps(schema | model.model_json_schema(), indent=2)
            temporary.write_text(text + "\n", encoding="utf-8")
        paths.append(path)
    return paths


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m deeplift_genomics.settings.published FOLDER")
    for written in write_schemas(sys.argv[1]):
        print(written)
