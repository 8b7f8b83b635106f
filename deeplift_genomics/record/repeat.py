"""The folder ``repeat/`` of a results folder: all that Snakemake needs to make the run again."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

import yaml

from deeplift_genomics.files.atomic import atomic_paths
from deeplift_genomics.places import CONFIG, TAKING_IN
from deeplift_genomics.record.provenance import Provenance
from deeplift_genomics.settings.results import RESULTS
from deeplift_genomics.settings.sample_sheet import Sample

FOLDER = RESULTS["repeat"].path
MANUAL, VERSIONS = "README.md", "versions.txt"
SNAKEFILE, INSTRUCTIONS = f"{FOLDER}/Snakefile", f"{FOLDER}/{MANUAL}"
_README = """\
# To make this run again

1. Copy this folder, and start in the copy.
2. In an environment with Python {python}, install the release that the run had, and the versions of
   the other packages that it had:

{commands}

   With an NVIDIA GPU, write `gpu` in place of `cpu`. Same versions give the same bytes; without
   `--constraint versions.txt`, newer ones may change last digits.
3. Put the inputs under these names, or links to them. Their fingerprints (SHA-256) are:

{inputs}
4. `snakemake --cores all`
5. `deeplift-genomics compare OLD results` lays the new results beside the old ones, those in
   OLD.
"""


def write_repeat(record: Provenance, folder: str | Path) -> None:
    """Write Snakefile, configuration, sample sheet, versions and instructions for a run again.

    The sheet has the name by which the configuration knows it, unless that leads out of the folder.
    """
    config = dict(record.config)
    sheet = Path(config["samples"])
    if sheet.is_absolute() or ".." in sheet.parts:
        sheet = Path(sheet.name)
    config["samples"] = sheet.as_posix()
    inputs = "\n".join(f"   - `{name}`: {sha}" for name, sha in sorted(record.inputs.items()))
    versions = {name: text.rpartition(", ")[2] for name, text in record.versions.items()}
    instructions = _README.format(
        python=".".join(versions["python"].split(".")[:2]),
        commands="\n".join(f"       {line}" for line in _commands(versions)),
        inputs=f"{inputs}\n",
    )
    texts = {
        Path("Snakefile"): TAKING_IN,
        Path(CONFIG): yaml.safe_dump(config, sort_keys=True, allow_unicode=True),
        sheet: _table(record.samples),
        Path(VERSIONS): "".join(
            f"{name}=={version}\n" for name, version in sorted(versions.items()) if name != "python"
        ),
        Path(MANUAL): instructions,
    }
    with atomic_paths(*(Path(folder, name) for name in texts)) as temporaries:
        for temporary, text in zip(temporaries, texts.values(), strict=True):
            temporary.write_text(text, encoding="utf-8", newline="\n")


def _commands(versions: Mapping[str, str]) -> Iterator[str]:
    """Yield the commands that install what a run had."""
    pip = f"pip install --constraint {VERSIONS}"
    yield f'{pip} "deeplift-genomics[cpu,workflow]=={versions["deeplift-genomics"]}"'
    if "tf-keras" in versions:  # it read the model; it asks for tensorflow, which tensorflow-cpu is
        yield f"{pip} --no-deps tf-keras"


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
