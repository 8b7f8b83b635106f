"""A folder of one's own has its files, all or none, and nothing in it is overwritten."""

import re
from pathlib import Path

import pytest
import yaml

from deeplift_genomics.errors import InputError
from deeplift_genomics.places import PROJECT, SNAKEFILE
from deeplift_genomics.settings.config import Config, load_config
from deeplift_genomics.starting.configuration import KEYS, configuration
from deeplift_genomics.starting.demo import lay_out_demo
from deeplift_genomics.starting.folder import commands, lay_out, refuse_existing
from tests.conftest import ROOT

EVERYWHERE = {
    "Snakefile",
    "config/README.md",
    "profiles/default/config.yaml",
    "profiles/slurm/config.yaml",
}


def files_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    lay_out(tmp_path / "a" / "b", {"x.txt": "text", "y/z": ROOT / "LICENSE"})
    folder = tmp_path / "a" / "b"
    assert files_of(folder) == {*EVERYWHERE, "x.txt", "y/z"}
    assert (folder / "y/z").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "Snakefile").write_text("mine")
    for refused in (lambda: lay_out(tmp_path, {}), lambda: refuse_existing(tmp_path)):
        with pytest.raises(InputError, match="Snakefile is there already, and nothing is overwri"):
            refused()
    assert files_of(tmp_path) == {"Snakefile"}
    (tmp_path / "Snakefile").unlink()
    (tmp_path / "x.txt").mkdir()
    with pytest.raises(InputError, match="txt is there already"):
        lay_out(tmp_path, {"x.txt": ""})
    with pytest.raises(InputError, match="is a file, and the run needs a folder: name another"):
        lay_out(ROOT / "LICENSE", {})


def test_a_file_that_cannot_be_copied_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        lay_out(tmp_path, {"x.txt": "text", "y": tmp_path / "missing"})
    assert files_of(tmp_path) == set()


def test_the_manual_has_no_dead_link(tmp_path: Path) -> None:
    lay_out(tmp_path, {})
    manual = (tmp_path / "config" / "README.md").read_text()
    original = (ROOT / "config" / "README.md").read_text()
    assert "](../docs/" in original and "](../" not in manual
    links = [link for link in re.findall(r"\]\(([^)]+)\)", manual) if "://" not in link]
    assert [link for link in links if not link.startswith("#")] == []
    assert "| `references.number` |" in manual
    assert "that `deeplift-genomics --version` tells" in manual


def test_the_demo_is_that_of_the_project(tmp_path: Path) -> None:
    lay_out_demo(tmp_path)
    demo = (ROOT / "resources" / "demo").rglob("*.*")
    data = {
        path.relative_to(ROOT).as_posix() for path in demo if path.suffix not in (".py", ".pyc")
    }
    usual = ("model.keras", "truth.bed", "README.md", "chrombpnet/chrombpnet_nobias.h5")
    assert {f"resources/demo/{name}" for name in usual} <= data
    assert files_of(tmp_path) == {*EVERYWHERE, *data, "config/config.yaml", "config/samples.tsv"}
    for name in data | {"config/config.yaml", "config/samples.tsv"}:
        assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_demo_has_the_files_that_its_manuals_list(tmp_path: Path) -> None:
    lay_out_demo(tmp_path)
    for folder in ("resources/demo", "resources/demo/chrombpnet"):
        text = (tmp_path / folder / "README.md").read_text()
        rows = re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE)
        names = {name for row in rows for name in re.findall("`(.+?)`", row)}
        assert "performance.json" in names
        assert names <= {path.name for path in (tmp_path / folder).iterdir()}


def test_the_configuration_is_short_and_has_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(configuration())
    assert load_config(path) == Config()
    content = yaml.safe_load(path.read_text())
    keys = [f"{name}.{key}" for name, value in content.items() if name not in ("samples", "results")
            for key in value]  # fmt: skip
    assert sorted(keys) == sorted(KEYS)
    assert len(path.read_text().splitlines()) < 50
    lines = path.read_text().splitlines()
    for key in KEYS:  # a comment above it says what it means
        at = next(i for i, line in enumerate(lines) if line.startswith(f"  {key.split('.')[1]}:"))
        assert lines[at - 1].startswith("  # ")


def test_the_commands_name_the_folder_and_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "my run"
    folder.mkdir()
    lines = commands(folder, "plan config/config.yaml").splitlines()
    assert lines[0] == f"  cd '{folder}'" and len(lines) == 3
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATH", "/nowhere")
    plan, run = commands(".", "plan config/config.yaml").splitlines()
    assert plan.endswith(" -m deeplift_genomics plan config/config.yaml")
    assert run.endswith(" -m snakemake")


def test_a_checkout_has_the_files_beside_the_package() -> None:
    assert PROJECT == ROOT and Path(SNAKEFILE) == ROOT / "workflow" / "Snakefile"
