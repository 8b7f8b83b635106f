"""Sheets and schemas for tests."""

import json
from pathlib import Path

import jsonschema

from tests.conftest import ROOT

HEADER = "sample\tmodel\tfasta\tregions\theads\n"


ROW = "a\tm.keras\tg.fa\tr.bed\tcounts\n"


def extended(column: str, cell: str) -> str:
    return f"{HEADER.strip()}\t{column}\n{ROW.strip()}\t{cell}\n"


def sheet(folder: Path, content: str) -> Path:
    path = folder / "samples.tsv"
    path.write_text(content, encoding="utf-8")
    return path


def schema(name: str) -> jsonschema.Draft202012Validator:
    content = json.loads((ROOT / "workflow" / "schemas" / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(content)
    return jsonschema.Draft202012Validator(content)
