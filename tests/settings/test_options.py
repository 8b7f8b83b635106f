"""A setting, once defined, is an option, a stored attribute, and part of all that is published."""

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.settings.choices import DEVICES, REFERENCE_KINDS
from deeplift_genomics.settings.config import Config, parse_config
from deeplift_genomics.settings.options import (
    add_options,
    as_options,
    config_of,
    replace_settings,
    select,
    settings_of,
    stored_settings,
)
from deeplift_genomics.settings.strict import as_plain
from tests.conftest import ROOT

SECTIONS = (
    *("regions", "references", "attribution", "tracks", "motifs", "annotation", "clusters"),
    *("instances", "effects", "hub", "oligos", "alleles", "evaluation", "report"),
    *("motif_names", "publication"),
)
OTHER = {
    "regions": {"max_unknown": 0.25, "tile": {"stride": 7, "contigs": ["a", "b"]}},
    "references": {"kind": "flat", "number": 1, "seed": 9},
    "attribution": {"float64": True, "rules": "reveal_cancel", "tolerance": 1e-12},
    "tracks": {"overlap": "mean"},
    "report": {"letters": "classic"},
    "motifs": {"window": 30, "seed": 0},
    "annotation": {"database": "my known.meme", "max_q": 1, "min_correlation": -0.5},
    "clusters": {"across_samples": 0.5},
    "oligos": {"left_end": "ACGT", "avoid": ["BsaI", "RCCGGY"], "sites_in_ends": True},
    "evaluation": {"methods": ["gradient"], "regions": 3},
    "motif_names": {"a b/logit:é[1]/pos_0": "x-é", "MA0139.2": "CTCF"},
}


def parsed(arguments: list[str]) -> Config:
    """Read the arguments as a step with all sections does."""
    parser = argparse.ArgumentParser()
    add_options(parser, *SECTIONS)
    return config_of(parser.parse_args(arguments))


@pytest.mark.parametrize("content", [{}, OTHER])
def test_options_give_a_step_the_configuration(content: dict) -> None:
    config = parse_config(content)
    assert parsed(as_options(as_plain(config), *SECTIONS)) == config
    assert parsed([]) == Config()


def test_no_argument_is_empty() -> None:
    """Snakemake drops empty texts from a list of parameters."""
    assert "--regions.tile.contigs=" in as_options(as_plain(Config()), *SECTIONS)
    assert all(as_options(as_plain(Config()), *SECTIONS))


def test_every_section_is_one_of_a_step() -> None:
    assert {item.key.split(".")[0] for item in settings_of()} == {
        "samples",
        "results",
        "genes",
        *SECTIONS,
    }


def test_a_step_gets_only_what_it_asks_for() -> None:
    plain = as_plain(parse_config(OTHER))
    assert as_options(plain, "tracks") == ["--tracks.overlap=mean"]
    assert as_options(plain, "regions", without="regions.tile") == [
        "--regions.max_unknown=0.25",
        "--regions.max_dropped=0.5",
        "--regions.merge_within=0",
    ]
    unwatched = as_options(plain, "attribution", watched=False)
    assert unwatched == [
        "--attribution.windows_per_batch=1",
        "--attribution.second_path=3",
        "--attribution.second_path_bound=0.01",
    ]
    assert not set(unwatched) & set(as_options(plain, "attribution", watched=True))
    assert select("motif") == []


def test_every_setting_is_used() -> None:
    """Its name is read outside the room that defines it."""
    room = ROOT / "deeplift_genomics" / "settings"
    code = [path for path in ROOT.glob("deeplift_genomics/**/*.py") if path.parent != room]
    code += ROOT.glob("workflow/rules/*.smk")
    read = set(re.findall(r"(?<=\w)\.(\w+)\b(?! = )", "".join(path.read_text() for path in code)))
    assert [item.key for item in settings_of() if item.key.split(".")[-1] not in read] == []


def test_stored_settings_are_described() -> None:
    text = (ROOT / "docs" / "formats.md").read_text()
    names = [item.about.stored for item in settings_of() if item.about.stored]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_what_is_not_watched_is_a_resource_of_its_rule() -> None:
    rules = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    unwatched = [item.key for item in settings_of() if not item.about.watched]
    names = ("windows_per_batch", "second_path", "second_path_bound")
    assert unwatched == [f"attribution.{name}" for name in names]
    for key in unwatched:
        assert f"--{key} {{resources.{key.split('.')[-1]}}}" in rules


def test_stored_attributes() -> None:
    plain = as_plain(parse_config(OTHER))
    assert stored_settings(plain, "references", "attribution") == {
        "reference_kind": "flat",
        "reference_number": 1,
        "seed": 9,
        "rules": "reveal_cancel",
        "precision": "float64",
        "convolutions": "fast",
        "tolerance": 1e-12,
        "score_type": "float32",
    }
    assert stored_settings(plain, "regions.tile") == {
        "tile_stride": 7,
        "tile_contigs": "a,b",
        "tile_leave_out": "",
    }
    assert stored_settings(plain, "motifs")["motifs_seed"] == 0
    names = [item.about.stored for item in settings_of() if item.about.stored]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--references.number", "0"], "option 'references.number' is 0; expected a number of"),
        (["--references.kind", "zeros"], "references.number is 20"),
        (
            ["--attribution.device", "tpu"],
            "'tpu' is not known; expected one of cpu, gpu, gpu_or_cpu",
        ),
    ],
)
def test_values_out_of_range(arguments: list[str], message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        parsed(arguments)


def test_replaced_settings() -> None:
    config = replace_settings(parse_config(OTHER), {"attribution.device": "gpu"})
    assert config.attribution.device == "gpu"
    assert config.references == parse_config(OTHER).references
    with pytest.raises(ConfigError, match=r"'attribution\.device': 'x' is not known"):
        replace_settings(Config(), {"attribution.device": "x"})


def test_names_to_choose_from_are_those_of_the_code() -> None:
    from deeplift_genomics.dna.references import KINDS
    from deeplift_genomics.graph.device import choose_device

    assert tuple(KINDS) == REFERENCE_KINDS
    assert {choose_device(name, gpus=1) for name in DEVICES} == {"cpu", "gpu"}


NEW = """    shortest: int = setting(
        3, "bp", "Length of the shortest motif kept. A 100% new setting.", ge=1, stored="shortest"
    )
"""


def test_a_new_setting_is_one_definition(tmp_path: Path) -> None:
    """In a copy of the project, a field is added to the last section, and nothing else."""
    root = tmp_path / "copy"
    for name in ("deeplift_genomics", "workflow", "config", "profiles", "resources"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Snakefile", root)
    with (root / "deeplift_genomics" / "settings" / "sections.py").open("a") as file:
        file.write(NEW)
    environment = {"PYTHONPATH": str(root), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=root, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("-m", "deeplift_genomics.settings.published", ".")
    assert "  shortest: 3\n" in (root / "config/config.yaml").read_text()
    row = "| `motifs.shortest` | bp, at least 1 | `3` | Length of the shortest motif kept. A 100%"
    assert row in (root / "config/README.md").read_text()
    assert '"shortest": {' in (root / "workflow/schemas/config.schema.json").read_text()
    shown = " ".join(run("-m", "deeplift_genomics", "motifs", "--help").split())
    assert "--motifs.shortest VALUE Length of the shortest motif kept (bp; default: 3)" in shown
    stored = (
        "from deeplift_genomics.settings.options import stored_settings\n"
        "from deeplift_genomics.settings.sections import Motifs\n"
        "from deeplift_genomics.settings.strict import as_plain\n"
        "print(stored_settings({'motifs': as_plain(Motifs(shortest=5))}, 'motifs'))"
    )
    assert "'shortest': 5" in run("-c", stored)
    jobs = run("-m", "snakemake", "--dry-run", "--printshellcmds", "--cores", "1")
    assert "--motifs.shortest=3" in jobs
