"""The run as a research object that other programs understand: ro-crate-metadata.json.

It follows the profile Provenance Run Crate 0.5 of Workflow Run RO-Crate (Leo S, et al. Recording
provenance of workflow runs with RO-Crate. PLoS ONE 19:e0309210, 2024). It says what provenance.json
says: inputs, outputs, steps and versions with their digests; and who made the run, from the
configuration. The main workflow of the crate is ``repeat/Snakefile``, which makes the run again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from rocrate.model.entity import Entity
from rocrate.rocrate import ROCrate

from deeplift_genomics.files.atomic import atomic_path, digest
from deeplift_genomics.record.crate_people import add_license, add_people
from deeplift_genomics.record.provenance import NAME as RECORD
from deeplift_genomics.record.provenance import Provenance, is_ours
from deeplift_genomics.record.repeat import INSTRUCTIONS, SNAKEFILE
from deeplift_genomics.record.run_times import RunTime
from deeplift_genomics.settings.publication_section import Publication
from deeplift_genomics.settings.results import (
    RESULTS,
    results_of,
    results_of_run,
    step_of,
    steps_in_order,
)
from deeplift_genomics.settings.scored import further_methods

PROFILES = (
    "https://w3id.org/ro/wfrun/process/0.5",
    "https://w3id.org/ro/wfrun/workflow/0.5",
    "https://w3id.org/ro/wfrun/provenance/0.5",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
)
CONTEXT = "https://w3id.org/ro/terms/workflow-run/context"  # of sha256, among others
# end of a name -> media type
FORMATS = {
    ".bb": "application/octet-stream",
    ".bed": "text/plain",
    ".bib": "application/x-bibtex",
    ".bw": "application/octet-stream",
    ".gz": "application/gzip",
    ".h5": "application/x-hdf5",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".meme": "text/plain",
    ".narrowPeak": "text/plain",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tbi": "application/octet-stream",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
}
_ENGINE, _RUN = "#snakemake", "#run"


def write_crate(record: Provenance, results: str | Path, output: str | Path) -> None:
    """Write the crate of a results folder, which holds the record and ``repeat/`` already.

    Parameters
    ----------
    record
        The content of provenance.json.
    results
        The results folder.
    output
        ro-crate-metadata.json in it.
    """
    crate = _described(record, Path(results))
    actions = _Actions(crate, record)
    inputs = [_add_input(crate, name, sha) for name, sha in sorted(record.inputs.items())]
    outputs = {name: _add_file(crate, name, sha) for name, sha in sorted(record.outputs.items())}
    for name in (path for path in _repeated(results) if path != SNAKEFILE):
        file = _add_file(crate, name, digest(Path(results, name)))
        if name != INSTRUCTIONS:
            inputs.append(file)
    about_run = _add_file(crate, RECORD, digest(Path(results, RECORD)))
    results_of_all = [*outputs.values(), about_run]
    actions.add_run(inputs, results_of_all, add_people(crate, _publication(record)))
    made = _made_by(record)
    files = defaultdict(list)
    for name, entity in outputs.items():
        files[_maker(name, made)].append(entity)
    order = steps_in_order()
    for step in sorted(record.steps, key=lambda step: order.index(step.step.partition(".")[0])):
        actions.add_step(step, files[step.sample, step.step])
    actions.finish()
    content = crate.metadata.generate()
    with atomic_path(output) as temporary:
        text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True)
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")


def _publication(record: Provenance) -> Publication:
    """Return the section of the configuration; older records have none."""
    return Publication.model_validate(record.config.get("publication", {}))


def _described(record: Provenance, results: Path) -> ROCrate:
    """Return a crate with its root, its profiles and the main workflow."""
    crate, about = ROCrate(version="1.1"), _publication(record)
    crate.metadata.extra_contexts.append(CONTEXT)
    samples = ", ".join(row["sample"] for row in record.samples)
    crate.name = about.title or f"Motif report of {samples}"
    crate.description = about.description or (
        f"Contributions of single bases to the predictions of trained models, and the motifs that "
        f"they form. Samples: {samples}."
    )
    # the crate says when the run ended: the time of the record, whatever the clock says today
    ended = datetime.fromtimestamp(int((results / RECORD).stat().st_mtime), UTC)
    crate.datePublished = ended
    add_license(crate, about)
    profiles = [
        crate.add_jsonld({"@id": profile, "@type": "CreativeWork", "name": profile.split("/")[-2]})
        for profile in PROFILES
    ]
    crate.root_dataset["conformsTo"] = profiles
    workflow = crate.add_workflow(
        dest_path=SNAKEFILE,
        main=True,
        lang="snakemake",
        lang_version=record.versions.get("snakemake"),
        properties={
            "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
            "name": "deeplift_genomics",
            "version": record.versions["deeplift-genomics"],
            "sha256": digest(results / SNAKEFILE),
        },
    )
    workflow["description"] = "Takes the workflow of the package, and repeats the run with it."
    return crate


def _repeated(results: str | Path) -> list[str]:
    """Return the files that make the run again, by their paths below the results folder."""
    folder = Path(results, RESULTS["repeat"].path)
    return sorted(
        path.relative_to(results).as_posix() for path in folder.rglob("*") if is_ours(path)
    )


def _add_file(crate: ROCrate, name: str, sha256: str) -> Entity:
    """Add a file of the results folder."""
    about = {"name": name, "sha256": sha256}
    if Path(name).suffix in FORMATS:
        about["encodingFormat"] = FORMATS[Path(name).suffix]
    return crate.add_file(dest_path=name, properties=about)


def _add_input(crate: ROCrate, name: str, sha256: str) -> Entity:
    """Add an input, which is no part of the results folder: it has a name and a digest."""
    about = {"@type": "CreativeWork", "name": name, "sha256": sha256}
    return crate.add_jsonld({"@id": f"#input/{quote(name)}", **about})


def _made_by(record: Provenance) -> dict[str, tuple[str, str]]:
    """Return the sample and the step, with its method, that made each file or folder."""
    methods = further_methods(record.config)
    made = {
        item.path: (row["sample"], ".".join(filter(None, [step_of(item.name, row), item.method])))
        for row in record.samples
        for item in results_of(row, methods, on_demand=True)
    }
    of_run = set(results_of_run(record.samples))
    return made | {item.path: ("", item.step) for item in RESULTS.values() if item.path in of_run}


def _maker(name: str, made: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    """Return who made a file: by its own path, or by that of the folder that holds it."""
    paths = [name, *(path.as_posix() for path in Path(name).parents)]
    return next((made[path] for path in paths if path in made), None)


class _Actions:
    """The actions of a run: the run itself, its steps, and Snakemake, which ordered them."""

    def __init__(self, crate: ROCrate, record: Provenance) -> None:
        self._crate = crate
        self._record = record
        self._tools: dict[str, Entity] = {}
        self._controls: list[Entity] = []
        self._software = [
            crate.add_jsonld(
                {"@id": f"#software/{name}", "@type": "SoftwareApplication"}
                | {"name": name, "version": version}
            )
            for name, version in record.versions.items()
            if name != "snakemake"
        ]

    def add_run(self, inputs: list[Entity], outputs: list[Entity], people: list[Entity]) -> None:
        """Add the run as a whole."""
        self._people = people
        self._run = self._crate.add_jsonld(
            {
                "@id": _RUN,
                "@type": "CreateAction",
                "name": "The run",
                "description": self._record.command,
                "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
                "endTime": self._crate.datePublished.isoformat(),
            }
        )
        self._run["instrument"] = self._crate.mainEntity
        self._run["object"] = inputs
        self._run["result"] = outputs
        if people:
            self._run["agent"] = people
        self._crate.root_dataset["mentions"] = self._run

    def add_step(self, step: RunTime, outputs: list[Entity]) -> None:
        """Add a step of a sample, with what it made, its time and its memory."""
        tool, how_to = self._tool_of(step.step)
        key = "/".join(filter(None, [step.sample, step.step]))
        action = self._crate.add_jsonld(
            {
                "@id": f"#action/{key}",
                "@type": "CreateAction",
                "name": key,
                "description": _measured(step),
                "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
            }
        )
        action["instrument"] = tool
        if outputs:
            action["result"] = outputs if len(outputs) > 1 else outputs[0]
        control = self._crate.add_jsonld(
            {"@id": f"#control/{key}", "@type": "ControlAction", "name": f"Snakemake starts {key}"}
        )
        control["instrument"], control["object"] = how_to, action
        self._controls.append(control)

    def _tool_of(self, name: str) -> tuple[Entity, Entity]:
        """Return a step's subcommand and its place in the workflow."""
        step = name.partition(".")[0]
        if step not in self._tools:
            self._tools[step] = self._crate.add_jsonld(
                {
                    "@id": f"#tool/{step}",
                    "@type": "SoftwareApplication",
                    "name": f"deeplift-genomics {step}",
                    "version": self._record.versions["deeplift-genomics"],
                }
            )
            how_to = self._crate.add_jsonld(
                {"@id": f"#step/{step}", "@type": "HowToStep", "name": step}
                | {"position": str(len(self._tools))}
            )
            how_to["workExample"] = self._tools[step]
        return self._tools[step], self._crate.get(f"#step/{step}")

    def finish(self) -> None:
        """Add Snakemake, and what the workflow consists of."""
        workflow = self._crate.mainEntity
        workflow["hasPart"] = list(self._tools.values())
        workflow["step"] = [self._crate.get(f"#step/{name}") for name in self._tools]
        workflow["softwareRequirements"] = self._software
        engine = self._crate.add_jsonld(
            {"@id": _ENGINE, "@type": "SoftwareApplication", "name": "Snakemake"}
            | {"version": self._record.versions.get("snakemake", "unknown")}
        )
        ordered = self._crate.add_jsonld(
            {"@id": "#order", "@type": "OrganizeAction", "name": "Snakemake orders the steps"}
        )
        ordered["instrument"], ordered["object"] = engine, self._controls
        ordered["result"] = self._run
        if self._people:
            ordered["agent"] = self._people


def _measured(step: RunTime) -> str:
    """Return jobs, time and memory of a step in words."""
    jobs = "1 job" if step.jobs == 1 else f"{step.jobs} jobs"
    memory = f", at most {step.peak_memory:,.0f} MB" if step.peak_memory is not None else ""
    return f"{jobs}, {step.seconds:,.1f} s{' together' if step.jobs > 1 else ''}{memory}"
