"""The record of a run: it suffices to make the run again, and it reveals changed results."""

import json
import re
import shutil
import socket
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import h5py
import pytest

from deeplift_genomics.cli import main
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.record.crate import write_crate
from deeplift_genomics.record.provenance import read_provenance, write_provenance
from deeplift_genomics.settings.results import RESULTS, results_of_run
from tests.conftest import ROOT
from tests.workflow.conftest import DEMO_ROW, Snakemake


@pytest.fixture(scope="module")
def record(demo: Path) -> dict:
    """Return the content of the finished demo's provenance.json."""
    return json.loads((demo.parent / "provenance.json").read_text())


def test_inputs_and_outputs_are_recorded(demo: Path, record: dict) -> None:
    columns = ("sample", "model", "fasta", "regions", "heads")
    row = dict(zip(columns, DEMO_ROW.split("\t"), strict=True))
    assert record["samples"] == [
        row
        | {
            "controls": "",
            "regions_format": "",
            "exclude": "",
            "contig_aliases": "",
            "genes": "",
            "signal": "",
            "known_sites": "",
            "scores": "",
            "variants": "",
            "title": "",
            "assay": "",
            "cell_type": "",
            "genome": "",
            "allow_lambda": "false",
            "lambdas": "",
            "custom_objects": "",
            "window_length": "",
            "inputs": "",
        }
    ]
    assert record["config"]["regions"] == {
        "max_unknown": 0.05,
        "max_dropped": 0.5,
        "merge_within": 0,
        "per_shard": 150,
        "tile": {"stride": 1000, "contigs": [], "leave_out": []},
    }
    paths = [row[column] for column in ("model", "fasta", "regions")]
    assert record["inputs"] == {path: digest(ROOT / path) for path in paths}
    results = {path for path in demo.rglob("*") if path.is_file()}
    results |= {demo.parent / path for path in results_of_run()}
    work = {path for path in results if path.parent.name in ("logs", "benchmarks")}
    outputs = {path for path in results - work if path.name != ".snakemake_timestamp"}
    assert len(outputs) > 100
    assert record["outputs"] == {
        str(path.relative_to(demo.parent)): digest(path) for path in outputs
    }


def test_versions_and_times_are_recorded(record: dict) -> None:
    for name in ("numpy", "h5py", "modisco-lite", "keras", "snakemake", "matplotlib"):
        assert record["versions"][name] == version(name)
    assert {"deeplift-genomics", "python", "tensorflow"} <= record["versions"].keys()
    steps = {item["step"]: item for item in record["steps"]}
    jobs = {step: item["jobs"] for step, item in steps.items()}
    assert jobs.pop("attribute") >= 3
    others = ("attribute", "provenance", "crate")
    made = [item for item in RESULTS.values() if item.step not in others]
    made = [item for item in made if not (item.on_assembly or item.on_variants or item.on_demand)]
    made = [item for item in made if "{method}" not in item.path]  # there is no further one
    assert jobs == {item.step: 2 if "{target}" in item.path else 1 for item in made}
    assert steps["cluster"]["sample"] == ""
    assert 0 < steps["attribute"]["longest"] < steps["attribute"]["seconds"]
    assert steps["attribute"]["peak_memory"] > 100


def test_the_record_names_no_machine_and_no_absolute_path(demo: Path, record: dict) -> None:
    text = (demo.parent / "provenance.json").read_text()
    assert socket.gethostname() not in text
    assert not re.search(r"""["'=:,\s]/""", text)
    assert record["command"].startswith("snakemake --snakefile Snakefile --directory . ")
    assert record["command"].endswith(" --cores 2")


def test_the_record_alone_gives_the_same_bytes(
    demo: Path,
    record: dict,
    snakemake: Snakemake,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Repeat the run in another folder and time zone, with other threads and a matplotlibrc."""
    config = record["config"]
    folder = shutil.copytree(demo.parent / "repeat", tmp_path / "elsewhere")
    (folder / "resources").symlink_to(ROOT / "resources")
    (folder / "matplotlibrc").write_text("font.size: 30\nsavefig.dpi: 40\naxes.grid: True\n")
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    done = snakemake(
        *(folder, "--cores", 2, "--printshellcmds", "--set-threads", "motifs=1"),
        snakefile=folder / "Snakefile",
    )
    assert done.returncode == 0, done.stdout
    assert len(re.findall(" motifs --scores .* --threads 1 ", done.stdout)) == 2
    again = json.loads((folder / config["results"] / "provenance.json").read_text())
    unlike = {
        name for name, recorded in record["outputs"].items() if again["outputs"][name] != recorded
    }
    assert not unlike
    for key in ("config", "samples", "inputs", "versions", "outputs"):
        assert again[key] == record[key]


# --- verify ------------------------------------------------------------------------------------


@pytest.fixture()
def copy(demo: Path, tmp_path: Path) -> Path:
    """Return a copy of the results, for damage."""
    return shutil.copytree(demo.parent, tmp_path / "copy")


@pytest.fixture()
def verify(
    demo: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Path], tuple[int, list[str]]]:
    """Return the exit status and lines of the command, started where the demo was."""
    monkeypatch.chdir(demo.parents[1])

    def run(results: Path) -> tuple[int, list[str]]:
        capsys.readouterr()
        status = 0
        try:
            main(["--quiet", "verify", str(results), "--threads", "2"])
        except SystemExit as stop:
            status = stop.code
        return status, [re.sub(" +", " ", line) for line in capsys.readouterr().out.splitlines()]

    return run


def test_untouched_results_are_well(
    demo: Path, copy: Path, verify: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    for results in (demo.parent, copy):
        assert verify(results) == (0, ["all outputs are as recorded"])
    (copy / "ro-crate-metadata.json").unlink()  # as of an older release
    assert verify(copy)[0] == 0
    assert "has no ro-crate-metadata.json, so only provenance.json was checked" in caplog.text


def test_inputs_that_are_elsewhere_are_no_fault(
    copy: Path, verify: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    (here / "resources/demo").mkdir(parents=True)
    (here / "resources/demo/model.keras").write_text("another model")
    monkeypatch.chdir(here)
    status, lines = verify(copy)
    absent = ["genome.fa.gz", "regions.narrowPeak"]
    assert [line.split(" so ")[0] for line in lines if line.startswith("input not here")] == [
        f"input not here resources/demo/{name}" for name in absent
    ]
    assert any(line.startswith("input changed resources/demo/model.keras ") for line in lines)
    assert status == 1
    (here / "resources/demo/model.keras").unlink()
    status, lines = verify(copy)
    assert (status, lines[-1]) == (0, "all outputs are as recorded: 3 input not here")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "name", "status"),
    [
        (flip, "demo/windows.h5", "changed"),
        (flip, "demo/report.html", "changed"),
        (flip, "demo/profile.logos/pos_0.cwm.fwd.svg", "changed"),
        (flip, "demo/counts.matches.tsv", "changed"),
        (flip, "demo/motifs.tsv", "changed"),
        (flip, "demo/counts.instances.tsv", "changed"),
        (flip, "demo/counts.instances.bed.gz", "changed"),
        (flip, "demo/counts.instances.bed.gz.tbi", "changed"),
        (flip, "demo/counts.instances.bb", "changed"),
        (flip, "demo/counts.effects.tsv", "changed"),
        (flip, "demo/igv.xml", "changed"),
        (flip, "demo/counts.figures/pos_0.footprint.svg", "changed"),
        (flip, "demo/oligos.tsv", "changed"),
        (flip, "demo/oligos.xlsx", "changed"),
        (flip, "motif_matrix.tsv", "changed"),
        (flip, "motifs.meme", "changed"),
        (Path.unlink, "demo/profile.seqlets.bed", "missing"),
        (Path.unlink, "demo/counts.scores.h5", "missing"),
        (Path.touch, "demo/counts.logos/pos_99.cwm.fwd.svg", "unknown"),
        (Path.touch, "demo/logit_0.scores.h5", "unknown"),
        (Path.touch, "notes.txt", "unknown"),
    ],
)
def test_what_is_not_as_recorded_is_named(
    copy: Path, verify: Callable, spoil: Callable[[Path], None], name: str, status: str
) -> None:
    spoil(copy / name)
    code, lines = verify(copy)
    assert code == 1
    assert lines[0].startswith(f"{status} {name} ")
    assert lines[-1].startswith(f"not as recorded: 1 {status}")


@pytest.mark.parametrize(
    ("name", "attribute", "value"),
    [
        ("demo/counts.scores.h5", "seed", 2),
        ("demo/profile.scores.h5", "rules", "reveal_cancel"),
        ("demo/counts.modisco.h5", "max_seqlets", 7),
        ("demo/counts.effects.h5", "effects_scrambled", 99),
        ("demo/windows.h5", "fasta_digest", "0" * 64),
    ],
)
def test_a_file_of_another_configuration_says_so(
    copy: Path, verify: Callable, record: dict, name: str, attribute: str, value: object
) -> None:
    with h5py.File(copy / name, "r+") as file:
        file.attrs[attribute] = value
    code, lines = verify(copy)
    assert code == 1
    assert lines[0].startswith(f"changed {name} ")
    assert lines[1].startswith(f"disagrees {name} {attribute} is {value!r} in the file")
    with pytest.raises(InputError, match=f"{name} is not of this run: {attribute} is"):
        write_provenance(
            record["config"] | {"results": str(copy)},
            copy / "provenance.json",
            command="snakemake",
        )


def test_an_update_amid_a_run_shows(copy: Path, verify: Callable, record: dict) -> None:
    now = record["versions"]["keras"]
    with h5py.File(copy / "demo/profile.scores.h5", "r+") as file:
        file.attrs["keras_version"] = "2.3.1"
    _, lines = verify(copy)
    phrase = f"keras_version is '2.3.1' in the file, but {now!r} was recorded"
    assert lines[1] == f"disagrees demo/profile.scores.h5 {phrase}"
    config = record["config"] | {"results": str(copy)}
    output = copy / "provenance.json"
    written = write_provenance(config, output, command="snakemake")
    assert written.versions["keras"] == f"2.3.1, {now}"
    told = verify(copy)[1]
    assert any("disagrees provenance.json it has changed since" in line for line in told), told
    write_crate(written, copy, copy / "ro-crate-metadata.json")
    assert verify(copy)[0] == 0


def test_paths_outside_are_recorded_by_name(
    demo: Path, copy: Path, record: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = tmp_path / "sheet.tsv"
    header, row = (demo.parents[1] / "config/samples.tsv").read_text().splitlines()
    sheet.write_text(f"{header}\n{row.replace('resources/', f'{ROOT}/resources/')}\n")
    monkeypatch.chdir(copy)
    config = record["config"] | {"samples": str(sheet), "results": str(copy)}
    written = write_provenance(config, "again.json", command="snakemake")
    assert (written.config["samples"], written.config["results"]) == ("outside/sheet.tsv", ".")
    names = {Path(path).name: found for path, found in record["inputs"].items()}
    assert written.inputs == {f"outside/{name}": found for name, found in names.items()}
    assert written.outputs == record["outputs"]
    assert str(tmp_path) not in Path("again.json").read_text()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: None, "not found"),
        (lambda text: "no JSON", "is no record of a run"),
        (
            lambda text: text.replace('"outputs"', '"output"'),
            "damaged: outputs: Field required. Delete",
        ),
        (lambda text: text.replace('"format_version": 1', '"format_version": 2'), "reads 1"),
    ],
)
def test_a_record_that_cannot_be_used(
    demo: Path, tmp_path: Path, change: Callable[[str], str | None], message: str
) -> None:
    text = change((demo.parent / "provenance.json").read_text())
    if text is not None:
        (tmp_path / "provenance.json").write_text(text)
    with pytest.raises(InputError, match=message):
        read_provenance(tmp_path)
