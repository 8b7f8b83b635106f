"""Names and YAML that a shell, Snakemake or HTML could misread."""

from __future__ import annotations

import shutil
from html.parser import HTMLParser
from pathlib import Path

import keras
import numpy as np
import pyBigWig
import pytest
from keras import layers

from deeplift_genomics import attribute, load_model, read_scores
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import decode, one_hot
from deeplift_genomics.errors import ConfigError
from deeplift_genomics.record.verify import verify
from deeplift_genomics.settings.sample_sheet import load_samples
from deeplift_genomics.windows.file import read_windows
from tests.browsers.test_hub import read as read_hub
from tests.browsers.test_session import read as read_session
from tests.conftest import ROOT
from tests.settings.test_yaml_files import LAUGHS
from tests.workflow.conftest import DEMO_ROW, Snakemake, write_project

# commands that a shell would run if a name were quoted wrongly, one for each way
SHELL = 'it\'s "a"; touch pwned & $(touch pwned) `touch pwned` | > pwned * ~ \\ #é日'
CONTIG = "chr'1\";$(touch${IFS}pwned)`touch${IFS}pwned`&{x}<b>é"  # names in a FASTA hold no blank
HTML = "<script>alert('x')</script>"
LENGTH, REFERENCES, NUMBER = 60, 2, 6


def save_model(path: Path) -> None:
    keras.utils.set_random_seed(0)
    sequence = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(6, 9, activation="relu")(sequence)
    counts = layers.Dense(1, name="logcounts")(layers.GlobalAveragePooling1D()(x))
    keras.Model(sequence, counts).save(path)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, snakemake: Snakemake) -> Path:
    """Return a finished run of a checkout whose name, like its folder's, is hostile."""
    folder = tmp_path_factory.mktemp("hostile") / f"run {SHELL}"
    checkout = tmp_path_factory.mktemp("checkout") / f"checkout {SHELL}"
    for name in ("workflow", "envs"):
        shutil.copytree(ROOT / name, checkout / name)
    shutil.copy(ROOT / "Snakefile", checkout)
    (checkout / "deeplift_genomics").symlink_to(ROOT / "deeplift_genomics")
    names = [f"{part} {SHELL}" for part in ("model", "genome", "regions")]
    model, fasta, regions = names[0] + ".keras", names[1] + ".fa", names[2] + ".bed"
    row = "\t".join(["sample_1.a-b", model, fasta, regions, "counts", "hg38", HTML + SHELL])
    results = f"results {SHELL}".replace("\\", "\\\\").replace('"', '\\"')
    more = {"results": f'"{results}"', "references": f"{{number: {REFERENCES}}}"}
    write_project(folder, [row], ("genome", "title"), **more)
    rng = np.random.default_rng(0)
    bases = decode(rng.integers(0, 4, 1000))
    (folder / fasta).write_text(f">{CONTIG} {SHELL}\n{bases}\n>chr2\n{bases[::-1]}\n")
    save_model(folder / model)
    lines = [
        f"{CONTIG if i % 2 else 'chr2'}\t{100 * i + 100}\t{100 * i + 150}\t{i} {SHELL} {HTML}"
        for i in range(NUMBER)
    ]
    lines.append(f"{HTML}; touch pwned\t1\t9\t{HTML}{SHELL}")  # is dropped
    (folder / regions).write_text("\n".join(lines) + "\n")
    done = snakemake(folder, "--cores", 2, snakefile=checkout / "Snakefile")
    assert done.returncode == 0, done.stdout
    return folder


def results(project: Path) -> Path:
    return project / f"results {SHELL}" / "sample_1.a-b"


def test_nothing_was_run(project: Path) -> None:
    for folder in (project.parents[1], ROOT):
        assert not [path for path in folder.glob("**/pwned*") if path.name.startswith("pwned")]


def test_names_are_kept_and_scores_are_right(project: Path) -> None:
    found = read_scores(results(project) / "counts.scores.h5")
    assert found.chrom.tolist() == ["chr2", CONTIG] * (NUMBER // 2)
    assert found.name.tolist() == [f"{i} {SHELL} {HTML}" for i in range(NUMBER)]
    windows = read_windows(results(project) / "windows.h5")
    model = load_model(next(project.glob("model*.keras")))
    references = make_references(windows.codes, "dinucleotide_shuffle", REFERENCES, 1)
    expected = attribute(model, one_hot(windows.codes), references, ["counts"])["counts"]
    np.testing.assert_allclose(found.hypothetical, expected.hypothetical, rtol=1e-4, atol=1e-7)
    with pyBigWig.open(str(results(project) / "counts.contributions.bw")) as track:
        assert track.chroms() == {CONTIG: 1000, "chr2": 1000}
        values = track.values(CONTIG, int(found.start[1]), int(found.end[1]), numpy=True)
    np.testing.assert_allclose(values, found.contributions[1].sum(axis=-1), rtol=1e-6)


def test_the_record_holds(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    assert verify(f"results {SHELL}") == []


def test_genome_browsers_are_given_them_as_text(project: Path) -> None:
    session = read_session(results(project) / "igv.xml")
    names = [track.get("name") for track in session.iter("Track")]
    assert names[0].startswith(f"contributions to counts ({HTML}")
    assert session.get("locus").rpartition(":")[0] in (CONTIG, "chr2")
    (tracks,) = read_hub(results(project).parent / "hub").values()
    assert tracks[0]["longLabel"].startswith("script alert('x') /script it's 'a'")


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.tags.add(tag)
        assert not [name for name, _ in attributes if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_shows_them_as_text(project: Path) -> None:
    page = (results(project) / "report.html").read_text()
    found = _Tags(page)
    assert page.count("<script") == 2  # its numbers and its own script
    assert not found.tags & {"b", "iframe"}
    assert f"{HTML}{SHELL}" in found.text
    assert f"regions {SHELL}.bed" in found.text


@pytest.mark.parametrize(
    "name",
    ["a b", "a;b", "$(touch pwned)", "`touch pwned`", "a&b", "{x}", "é", "..", ".a", "-a", "a/b"],
)
def test_sample_names_that_cannot_be_folders(tmp_path: Path, name: str) -> None:
    write_project(tmp_path / "run", [DEMO_ROW.replace("demo", name, 1)])
    with pytest.raises(ConfigError, match=r"row 2: column 'sample': .* names a folder, so it must"):
        load_samples(tmp_path / "run" / "config" / "samples.tsv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("__use_yte__: true\nresults: ?open('pwned', 'w')\n", "is a template"),
        (LAUGHS, "the alias *a0 is not read here"),
    ],
)
def test_the_workflow_refuses_before_snakemake_reads(
    snakemake: Snakemake, tmp_path: Path, text: str, message: str
) -> None:
    folder = write_project(tmp_path / "run", [DEMO_ROW])
    (folder / "config" / "config.yaml").write_text(text)
    done = snakemake(folder, "--dry-run")
    assert done.returncode == 1
    assert message in done.stdout
    assert not list(folder.rglob("pwned*"))
