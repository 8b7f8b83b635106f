"""What is made from the definitions of settings is committed as it would be made."""

import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.published import SCHEMAS, TABLE, publish, table
from deeplift_genomics.settings.strict import as_plain
from tests.conftest import ROOT


def copy_of_published(folder: Path) -> Path:
    """Copy what `publish` reads and writes."""
    for name in ("config", SCHEMAS):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def test_committed_files_are_those_of_the_definitions(tmp_path: Path) -> None:
    for path in publish(copy_of_published(tmp_path)):
        committed = ROOT / path.relative_to(tmp_path)
        assert committed.read_text() == path.read_text(), "run: make published"


def test_the_command_names_what_it_wrote(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deeplift_genomics.settings.published"]
    root = copy_of_published(tmp_path)
    done = subprocess.run([*command, root], capture_output=True, text=True, check=True)
    names = ["config.schema.json", "samples.schema.json", "config.yaml", "README.md"]
    assert [Path(line).name for line in done.stdout.splitlines()] == names
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_the_table_has_every_key_with_its_default() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table().splitlines()]
    found = {key.strip("`"): default.strip("`") for key, _, default, _ in rows[2:]}

    def leaves(section: dict, prefix: str = "") -> dict[str, str]:
        found = {}
        for key, value in section.items():
            if value and isinstance(value, dict):  # motif_names is empty
                found |= leaves(value, f"{prefix}{key}.")
            else:
                found[prefix + key] = str(value).lower() if value is False else str(value)
        return found

    assert found == leaves(as_plain(Config()))
    assert table() in (ROOT / TABLE).read_text()


def test_a_row_of_the_table() -> None:
    rows = table().splitlines()
    assert (
        "| `motifs.seqlet_fdr` | rate, between 0 and 1 | `0.05` | False discovery rate at which "
        "stretches of high contribution count as seqlets. |"
    ) in rows
    assert any(row.startswith("| `regions.max_unknown` | fraction, 0 to 1 |") for row in rows)


def test_the_published_configuration_is_the_default() -> None:
    content = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    assert content == Config().model_dump(mode="json")
