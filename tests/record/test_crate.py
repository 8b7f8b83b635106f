"""The crate of a run says what its record says, and who made it."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import rocrate
import yaml

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.record.crate import PROFILES, write_crate
from deeplift_genomics.record.provenance import Provenance
from deeplift_genomics.record.read_crate import disagreements_of_crate, files_in_crate
from deeplift_genomics.record.repeat import write_repeat
from deeplift_genomics.record.run_times import RunTime
from deeplift_genomics.record.verify import verify
from deeplift_genomics.settings.config import Config, parse_config
from deeplift_genomics.settings.sample_sheet import load_samples
from deeplift_genomics.settings.strict import as_plain
from tests.conftest import ROOT

ROW = {"sample": "k562", "model": "m.keras", "fasta": "g.fa", "regions": "r.bed", "heads": "counts"}
OUTPUTS = (
    "k562/counts.scores.h5",
    "k562/counts.gradient.scores.h5",
    "k562/counts.logos/pos_0 (1).svg",
    "motifs.tsv",
)
ADA = {"name": "Ada Lovelace", "orcid": "0000-0002-1825-0097", "affiliation": "Engines"}


VERSIONS = {
    "deeplift-genomics": "0.1.0",
    "numpy": "2.4.6",
    "python": "3.12.4",
    "snakemake": "9.27.1",
    "tf-keras": "2.21.0",
}


def write_run(results: Path, **publication: object) -> Provenance:
    """Write a results folder with a record and a crate; return the record."""
    for name in OUTPUTS:
        (results / name).parent.mkdir(parents=True, exist_ok=True)
        (results / name).write_text(name)
    config = {"samples": "../sheet.tsv", "publication": publication}
    config |= {"attribution": {"methods": ["gradient"]}}
    record = Provenance(
        command="snakemake --cores 2",
        config=as_plain(parse_config(config)),
        samples=[ROW | {"allow_lambda": "false", "genes": ""}],
        inputs={"m.keras": "a" * 64, "g.fa": "b" * 64, "a copy/g.fa": "b" * 64},
        versions=VERSIONS,
        steps=[
            RunTime(sample=sample, step=step, jobs=2, seconds=6, longest=4, peak_memory=289)
            for sample, step in (
                ("k562", "logos"),
                ("k562", "merge"),
                ("k562", "merge.gradient"),
                ("", "cluster"),
            )
        ],
        outputs={name: digest(results / name) for name in OUTPUTS},
    )
    (results / "provenance.json").write_text(record.model_dump_json())
    write_repeat(record, results / "repeat")
    write_crate(record, results, results / "ro-crate-metadata.json")
    return record


def graph_of(results: Path) -> dict[str, dict]:
    content = json.loads((results / "ro-crate-metadata.json").read_text())
    return {entity["@id"]: entity for entity in content["@graph"]}


def identifiers(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item["@id"] for item in items]


def test_files_inputs_and_software_are_those_of_the_record(tmp_path: Path) -> None:
    record = write_run(tmp_path)
    described = files_in_crate(tmp_path)
    own = ["provenance.json", *(f"repeat/{name}" for name in ("README.md", "Snakefile"))]
    own += ["repeat/config/config.yaml", "repeat/sheet.tsv", "repeat/versions.txt"]
    assert described == record.outputs | {name: digest(tmp_path / name) for name in own}
    graph = graph_of(tmp_path)
    inputs = {e["name"]: e["sha256"] for key, e in graph.items() if key.startswith("#input/")}
    assert inputs == record.inputs
    run = {name: set(identifiers(graph["#run"][name])) for name in ("object", "result")}
    assert "repeat/config/config.yaml" in run["object"]  # it is read, the instructions are not
    assert not run["object"] & {"provenance.json", "repeat/README.md"}
    assert run["result"] >= {"provenance.json", "motifs.tsv"}
    software = identifiers(graph["repeat/Snakefile"]["softwareRequirements"])
    assert software == [f"#software/{name}" for name in VERSIONS if name != "snakemake"]
    assert graph["#snakemake"]["version"] == "9.27.1"


def test_each_step_has_what_it_made_its_time_and_its_place(tmp_path: Path) -> None:
    write_run(tmp_path)
    graph = graph_of(tmp_path)
    made = {
        key.removeprefix("#action/"): identifiers(entity["result"])
        for key, entity in graph.items()
        if key.startswith("#action/")
    }
    assert made == {
        "k562/merge": ["k562/counts.scores.h5"],
        "k562/merge.gradient": ["k562/counts.gradient.scores.h5"],
        "k562/logos": ["k562/counts.logos/pos_0%20%281%29.svg"],
        "cluster": ["motifs.tsv"],
    }
    assert graph["#action/k562/logos"]["description"] == "2 jobs, 6.0 s together, at most 289 MB"
    steps = [graph[key] for key in identifiers(graph["repeat/Snakefile"]["step"])]
    assert [step["name"] for step in steps] == ["merge", "logos", "cluster"]  # as in a run
    assert identifiers(graph["#control/k562/logos"]["object"]) == ["#action/k562/logos"]
    assert sorted(identifiers(graph["./"]["conformsTo"])) == sorted(PROFILES)


def test_the_crate_is_valid(tmp_path: Path) -> None:
    """The validator of RO-Crate has an environment of its own: `make supply`."""
    python = ROOT / ".venv" / "supply" / "bin" / "python"
    if not python.exists():
        assert "CI" not in os.environ, "make supply"
        pytest.skip("no validator of crates: make supply")
    write_run(tmp_path, people=[ADA], license="CC-BY-4.0")
    terms = Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld"
    command = [python, Path(__file__).with_name("validate_crate.py"), tmp_path, terms]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) > 80  # checks
    # it finds what is missing
    path = tmp_path / "ro-crate-metadata.json"
    path.write_text(path.read_text().replace('"mainEntity"', '"mainThing"'))
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout


def test_every_entity_that_is_named_is_there(tmp_path: Path) -> None:
    write_run(tmp_path, people=[ADA], license="CC-BY-4.0")
    graph = graph_of(tmp_path)

    def named(value: object) -> list[str]:
        if isinstance(value, dict):
            return [value["@id"]] if value.keys() == {"@id"} else named(list(value.values()))
        return [name for item in value for name in named(item)] if isinstance(value, list) else []

    outside = ("http://schema.org/", "https://w3id.org/ro/crate/", "https://doi.org/")
    outside += ("https://snakemake",)
    absent = [name for name in named(list(graph.values())) if name not in graph]
    assert [name for name in absent if not name.startswith(outside)] == [PROFILES[-1]] * (
        PROFILES[-1] in absent
    )


@pytest.mark.parametrize(
    ("license", "identifier"),
    [
        ("CC-BY-4.0", "https://spdx.org/licenses/CC-BY-4.0"),
        ("https://example.org/terms", "https://example.org/terms"),
        ("", "#no-licence"),
    ],
)
def test_title_licence_and_people_are_of_the_configuration(
    tmp_path: Path, license: str, identifier: str
) -> None:
    people = [ADA, {"name": "Charles Babbage", "affiliation": "Engines"}]
    write_run(tmp_path, title="My run", description="For a paper.", license=license, people=people)
    graph = graph_of(tmp_path)
    root = graph["./"]
    assert (root["name"], root["description"]) == ("My run", "For a paper.")
    assert identifiers(root["license"]) == [identifier] and identifier in graph
    authors = [graph[key] for key in identifiers(root["author"])]
    assert [author["@id"] for author in authors] == [
        "https://orcid.org/0000-0002-1825-0097",
        "#person/2",
    ]
    assert [author["affiliation"] for author in authors] == [{"@id": "#organisation/1"}] * 2
    assert identifiers(graph["#run"]["agent"]) == identifiers(root["author"])


def test_what_repeats_the_run_holds_its_configuration_and_samples(tmp_path: Path) -> None:
    record = write_run(tmp_path)
    config = yaml.safe_load((tmp_path / "repeat/config/config.yaml").read_text())
    assert config == record.config | {"samples": "sheet.tsv"}  # the sheet lay outside
    assert (tmp_path / "repeat/sheet.tsv").read_text() == (
        "sample\tmodel\tfasta\tregions\theads\nk562\tm.keras\tg.fa\tr.bed\tcounts\n"
    )
    assert load_samples(tmp_path / "repeat/sheet.tsv")["k562"].heads[0].text == "counts"
    told = (tmp_path / "repeat/README.md").read_text()
    assert "with Python 3.12, install" in told and f"`g.fa`: {'b' * 64}" in told
    pip = "       pip install --constraint versions.txt"
    assert f'{pip} "deeplift-genomics[cpu,workflow]==0.1.0"\n{pip} --no-deps tf-keras\n' in told
    versions = (tmp_path / "repeat/versions.txt").read_text().splitlines()
    assert versions == [f"{name}=={VERSIONS[name]}" for name in VERSIONS if name != "python"]


def test_differences_between_crate_record_and_files_are_named(tmp_path: Path) -> None:
    record = write_run(tmp_path)
    assert not list(disagreements_of_crate(record, tmp_path))
    (tmp_path / "repeat/README.md").write_text("changed")
    (tmp_path / "repeat/sheet.tsv").unlink()
    other = record.outputs | {"motifs.tsv": "0" * 64, "more.tsv": "1" * 64}
    found = dict(disagreements_of_crate(record.model_copy(update={"outputs": other}), tmp_path))
    assert found == {
        "more.tsv": "ro-crate-metadata.json lacks it",
        "motifs.tsv": "ro-crate-metadata.json has another digest than provenance.json",
        "repeat/README.md": "it has changed since ro-crate-metadata.json was written",
        "repeat/sheet.tsv": "ro-crate-metadata.json describes it, but it is not there",
    }


def test_a_folder_without_a_record_is_answered_with_the_one_that_has_it(tmp_path: Path) -> None:
    write_run(tmp_path / "results")
    with pytest.raises(InputError, match=rf"Did you mean {tmp_path / 'results'}\?"):
        verify(tmp_path / "results" / "k562")
    with pytest.raises(InputError, match=r"name that folder\.$"):
        verify(tmp_path / "elsewhere")


@pytest.mark.parametrize("text", ["", "{}", '{"@graph": 1}', '{"@graph": [1]}', "[" * 10**5])
def test_a_damaged_crate_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "ro-crate-metadata.json").write_text(text)
    with pytest.raises(InputError, match="no research object, or damaged"):
        files_in_crate(tmp_path)


@pytest.mark.parametrize(
    ("publication", "said"),
    [
        ({"people": [{"name": "A", "orcid": "0000-0002-1825-0098"}]}, "is no ORCID; expected"),
        ({"people": [{"name": ""}]}, "people.0.name"),
        ({"people": [{"nmae": "A"}]}, "nmae"),
        ({"people": ["A"]}, "people.0"),
        ({"license": "my own words"}, "is no licence; expected an identifier of SPDX"),
    ],
)
def test_mistakes_in_the_section_are_named(publication: dict, said: str) -> None:
    with pytest.raises(Exception, match="cannot be used") as caught:
        parse_config({"publication": publication})
    assert said in str(caught.value)


def test_an_orcid_may_be_written_as_an_address() -> None:
    people = [{"name": "A", "orcid": "https://orcid.org/0000-0002-1694-233X"}]
    config = parse_config({"publication": {"people": people}})
    assert config.publication.people[0].orcid == "0000-0002-1694-233X"
    assert Config().publication.people == []
