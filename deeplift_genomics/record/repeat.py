"""The folder ``repeat/`` of a results folder: all that Snakemake needs to make the run again."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import yaml

from deeplift_genomics.files.atomic import atomic_paths
from deeplift_genomics.places import TAKING_IN
from deeplift_genomics.record.provenance import Provenance
from deeplift_genomics.settings.results import RESULTS
from deeplift_genomics.settings.sample_sheet import Sample

FOLDER = RESULTS["repeat"].path
SNAKEFILE, CONFIG = f"{FOLDER}/Snakefile", "config/config.yaml"
_README = """\
# To make this run again

1. Copy this folder, and start in the copy.
2. Install the release that the run had:
   `pip install "deeplift-genomics[cpu,workflow]=={version}"`.
   `provenance.json`, beside this folder, lists the versions of all other packages.
3. Put the inputs under these names, or links to them. Their fingerprints (SHA-256) are:

{inputs}
4. `snakemake --cores all`
5. `deeplift-genomics compare` lays the new results beside the old ones.
"""


def write_repeat(record: Provenance, folder: str | Path) -> None:
    """Write Snakefile, configuration, sample sheet and instructions that make a run again.

    The sheet has the name by which the configuration knows it, unless that leads out of the folder.
    """
    config = dict(record.config)
    sheet = Path(config["samples"])
    if sheet.is_absolute() or ".." in sheet.parts:
        sheet = Path(sheet.name)
    config["samples"] = sheet.as_posix()
    inputs = "\n".join(f"   - `{name}`: {sha}" for name, sha in sorted(record.inputs.items()))
    own = record.versions["deeplift-genomics"].rpartition(", ")[2]
    texts = {
        Path("Snakefile"): TAKING_IN,
        Path(CONFIG): yaml.safe_dump(config, sort_keys=True, allow_unicode=True),
        sheet: _table(record.samples),
        Path("README.md"): _README.format(version=own, inputs=f"{inputs}\n"),
    }
    with atomic_paths(*(Path(folder, name) for name in texts)) as temporaries:
        for temporary, text in zip(temporaries, texts.values(), strict=True):
            temporary.write_text(text, encoding="utf-8", newline="\n")


def _table(rows: list[dict[str, str]]) -> str:
    """Return the sample sheet, without the columns that say nothing in all rows."""
    columns = [
        name
        for name in Sample.model_fields
        if any(row.get(name, "") not in ("", "false") for row in rows)
    ]
    text = StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerows([columns, *([row.get(name, "") for name in columns] for row in rows)])
    return text.getvalue()
