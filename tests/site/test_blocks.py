"""What the pages tell to type: commands, configurations and sheets are valid."""

import re
import shlex
from functools import cache
from pathlib import Path

import pytest
import yaml
from snakemake.cli import get_argument_parser

from deeplift_genomics.cli import make_parser
from deeplift_genomics.settings.config import Config, parse_config
from deeplift_genomics.settings.sample_sheet import load_samples
from tests.conftest import ROOT
from tests.site.pages import PAGES, Block, blocks, name

ALL = [(page, block) for page in PAGES for block in blocks(page)]


def commands_in(block: Block) -> list[str]:
    """Return the commands of a block, without prompts and comments."""
    lines = block.text.replace("\\\n", " ").splitlines()
    if block.language == "console":
        lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
    elif block.language not in ("", "bash", "sh"):
        lines = []
    found = [line for line in lines if line.startswith(("deeplift-genomics ", "snakemake "))]
    return [line for line in found if not re.search(r" --(version|help)\b", line)]


PARSERS = {"deeplift-genomics": cache(make_parser), "snakemake": cache(get_argument_parser)}
COMMANDS = [(name(page), line) for page, block in ALL for line in commands_in(block)]


def test_there_are_commands() -> None:
    assert len(COMMANDS) > 15


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_a_command_is_understood(page: str, line: str) -> None:
    words = shlex.split(re.split(r" [|&>]|2>", line)[0], comments=True)
    PARSERS[words[0]]().parse_args(words[1:])


CONFIGS = [
    (name(page), block.text) for page, block in ALL if block.language in ("yaml", "{code} yaml")
]
PROFILE = {"default-resources", "set-resources", "slurm-status-command"}  # of Snakemake


@pytest.mark.parametrize(("page", "text"), CONFIGS)
def test_a_configuration_is_valid(page: str, text: str) -> None:
    given = yaml.safe_load(text)
    if set(given) <= PROFILE:
        return
    assert set(given) <= set(Config.model_fields), page
    parse_config(given)


SHEETS = [(name(page), block.text) for page, block in ALL if block.text.startswith("sample\t")]


@pytest.mark.parametrize(("page", "text"), SHEETS)
def test_a_sheet_is_valid(page: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "samples.tsv").write_text(text)
    assert load_samples(tmp_path / "samples.tsv")


def test_python_can_be_compiled() -> None:
    found = [
        (name(page), block.text)
        for page, block in ALL
        if block.language == "python" and page.parent.name in ("howto", "docs")
    ]
    for page, text in found:
        compile(text, page, "exec")
    assert len(found) > 5


# --- formulas ------------------------------------------------------------------------------------

# what the repository's web host does not set, or Markdown would take apart
REFUSED = (r"\operatorname", r"\\", "|", r"\{", r"\,", "*")


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_formulas_are_set_by_the_web_host_as_well(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    for formula in re.findall(r"\$\$(.+?)\$\$|\$([^$]+)\$", text, re.DOTALL):
        shown = "".join(formula)
        assert not [sign for sign in REFUSED if sign in shown.replace(r"\right|", "")], shown
        assert shown == shown.strip(), shown


# --- the questions -------------------------------------------------------------------------------


def test_symptoms_are_what_the_package_says() -> None:
    """A heading in quotation marks is a piece of a message."""
    text = (ROOT / "docs" / "howto" / "faq.md").read_text("utf-8")
    symptoms = re.findall(r'^### "(.+)"$', text, re.MULTILINE)
    assert len(symptoms) > 15
    sources = " ".join(
        path.read_text("utf-8") for path in (ROOT / "deeplift_genomics").rglob("*.py")
    )
    joined = re.sub(r"[\"']\s+f?[\"']", "", sources)  # texts over several lines
    assert [symptom for symptom in symptoms if symptom not in joined] == []
