"""The wheel, as its users have it: in an environment and folders that know of no checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.workflow.test_workflow import PINS

pytestmark = pytest.mark.slow

Run = Callable[..., subprocess.CompletedProcess]
PACKAGE = "deeplift_genomics"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the sdist and of the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("built")
    # setuptools packs what an earlier build packed, whatever MANIFEST.in says
    (ROOT / f"{PACKAGE}.egg-info" / "SOURCES.txt").unlink(missing_ok=True)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    return folder


def files_below(folder: str) -> set[str]:
    """Return the files of the project below a folder, without what Python or a run has left."""
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def the_wheel_holds_the_package_the_workflow_and_the_demo(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        held = {name for name in file.namelist() if ".dist-info/" not in name}
    carried = {"README.md", "config/README.md", "config/config.yaml", "config/samples.tsv"}
    for folder in ("workflow", "profiles"):
        carried |= files_below(folder)
    carried |= {name for name in files_below("envs") if name.endswith((".yaml", ".sh"))}
    carried |= {name for name in files_below("resources/demo") if not name.endswith(".py")}
    documents = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "howto").glob("*.md")]
    carried |= {str(path.relative_to(ROOT)) for path in documents}
    assert held == files_below(PACKAGE) | {f"{PACKAGE}/project/{name}" for name in carried}


def the_sdist_holds_all_that_git_has(built: Path) -> None:
    git = ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, capture_output=True, text=True)
    if not (ROOT / ".git").exists():
        return  # the tests run in an sdist
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as file:
        held = {
            member.name.partition("/")[2] for member in file if member.isfile() or member.issym()
        }
        links = [member.linkname for member in file if member.issym()]
    made = {name for name in held if name.split("/")[0] in ("PKG-INFO", "setup.cfg")}
    made |= {name for name in held if ".egg-info/" in name}
    kept = {name for name in listed.stdout.split("\0") if os.path.lexists(ROOT / name) and name}
    assert held - made == kept
    assert links == ["../../resources"] * 4  # followed, each would be a copy of the demo


def test_what_is_built_is_whole(built: Path) -> None:
    """In one test, as the processes of pytest would each build."""
    the_wheel_holds_the_package_the_workflow_and_the_demo(built)
    the_sdist_holds_all_that_git_has(built)


def link_pinned_packages(site: Path) -> None:
    """Link the packages of envs/requirements.txt as they are installed here, and nothing else."""
    own = Path(str(distribution("numpy").locate_file("")))
    for name in PINS:
        tops = {Path(str(path)).parts[0] for path in distribution(name).files or ()}
        for top in tops - {"..", "__pycache__"}:
            if (own / top).exists() and not (site / top).exists():
                (site / top).symlink_to(own / top)


@pytest.fixture(scope="module")
def user(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return what runs a command in an environment with the wheel, and the pinned packages."""
    home = tmp_path_factory.mktemp("user")
    environment = home / "env"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    (site,) = environment.glob("lib/python*/site-packages")
    link_pinned_packages(site)
    script = Path(sys.executable).with_name("snakemake").read_text().partition("\n")[2]
    (environment / "bin" / "snakemake").write_text(f"#!{environment}/bin/python\n{script}")
    (environment / "bin" / "snakemake").chmod(0o755)
    path = f"{environment / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"
    variables = {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8"}

    def run(*command: object, folder: Path = home, **more: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=variables | more,
        )

    (wheel,) = built.glob("*.whl")
    done = run("pip", "install", "--no-deps", "--no-index", "--disable-pip-version-check", wheel)
    assert done.returncode == 0, done.stdout
    return run


def home_of(user: Run) -> Path:
    return Path(user("pwd").stdout.strip())


def the_environment_knows_of_no_checkout(user: Run) -> None:
    code = "import sys, deeplift_genomics; print(deeplift_genomics.__file__, *sys.path)"
    found = user("python", "-c", code).stdout
    assert str(home_of(user)) in found and str(ROOT) not in found
    said = user("deeplift-genomics", "--version").stdout
    assert "env/lib" in said.splitlines()[-1] and said.strip().endswith(f"{PACKAGE}/project")


@pytest.fixture(scope="module")
def started(user: Run) -> tuple[Path, str]:
    """Return the user's folder of a finished run, and what `init` and the run said."""
    home = home_of(user)
    done = user("deeplift-genomics", "demo", "demo")
    assert done.returncode == 0, done.stdout
    regions = (ROOT / ".test" / "folds" / "regions.narrowPeak").read_text()
    (home / "peaks.narrowPeak").write_text(regions)
    data = "demo/resources/demo"
    done = user(
        *("deeplift-genomics", "init", "my run", "--model", f"{data}/model.keras"),
        *("--fasta", f"{data}/genome.fa.gz", "--regions", "peaks.narrowPeak", "--name", "few"),
        *("--heads", "counts"),  # with both, the run takes twice the time
    )
    assert done.returncode == 0, done.stdout
    # what it says comes next is done, word by word
    lines = re.findall(r"^  (cd .*|deeplift-genomics .*|snakemake.*)$", done.stdout, re.MULTILINE)
    assert [line.split()[0] for line in lines] == ["cd", "deeplift-genomics", "snakemake"]
    ran = user("bash", "-ec", "\n".join(lines))
    assert ran.returncode == 0, ran.stdout
    return home / "my run", done.stdout + ran.stdout


def init_lays_out_a_folder_whose_run_ends_in_a_report(started: tuple[Path, str]) -> None:
    folder, said = started
    assert "my run explains counts in up to 24 windows" in said
    sheet = (folder / "config" / "samples.tsv").read_text()
    cells = "few\t../demo/resources/demo/model.keras\t../demo/resources/demo/genome.fa.gz\t"
    assert f"{cells}../peaks.narrowPeak\tcounts\n" in sheet
    assert "few: 24 regions used, 0 dropped" in said
    page = folder / re.search(r"Then open my run/(\S+) in a browser", said)[1]
    assert page.exists() and (folder / "results" / "few" / "report.html").exists()


def the_run_is_whole_and_not_made_again(started: tuple[Path, str], user: Run) -> None:
    folder, _ = started
    done = user("deeplift-genomics", "verify", "results", folder=folder)
    assert done.returncode == 0, done.stdout
    assert "Nothing to be done" in user("snakemake", folder=folder).stdout
    # nor by a checkout: the text of a rule does not depend on the place of the package
    other = user(
        "snakemake", "--dry-run", "--snakefile", ROOT / "workflow/Snakefile", folder=folder
    )
    assert "Nothing to be done" in other.stdout, other.stdout


def the_demo_is_ready_to_run(started: tuple[Path, str], user: Run) -> None:
    demo = started[0].parent / "demo"
    done = user("snakemake", "--dry-run", "--quiet", "rules", folder=demo)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^attribute +1$", done.stdout, re.MULTILINE)
    assert not (demo / "resources" / "demo" / "train.py").exists()
    done = user("deeplift-genomics", "demo", "demo")
    assert done.returncode == 1 and "nothing is overwritten" in done.stdout


def snakemake_s_report_holds_our_pages_and_their_captions(
    started: tuple[Path, str], user: Run
) -> None:
    folder, _ = started
    done = user("snakemake", "--report", "report.zip", folder=folder)
    assert done.returncode == 0, done.stdout
    with zipfile.ZipFile(folder / "report.zip") as file:
        pages = {Path(name).name: name for name in file.namelist()}
        main = file.read("report/report.html").decode()
        inside = [name for name in file.namelist() if name.endswith((".html", ".xlsx", ".bed"))]
        texts = [file.read(name) for name in inside]
    for page in ("few/report.html", "index.html"):
        assert (folder / "results" / page).read_bytes() in texts, pages
    assert "which factors the model goes by" in main and "What a trained sequence model" in main
    for category in ("Reports", "Motifs", "Seqlets", "Instances", "Oligos"):
        assert category in main
    entries = '{"few": ["results/few/report.html"], "all samples": ["results/index.html"]}'
    assert f'"Reports": {entries}' in main


def an_archive_needs_no_conda(started: tuple[Path, str], user: Run) -> None:
    folder, _ = started
    done = user("snakemake", "--forceall", "--archive", "run.tar.gz", folder=folder)
    assert done.returncode == 0, done.stdout
    with tarfile.open(folder / "run.tar.gz") as file:
        assert {"Snakefile", "config/samples.tsv"} <= set(file.getnames()), file.getnames()


def a_python_of_conda_finds_this_package_and_no_other(started: tuple[Path, str], user: Run) -> None:
    folder, _ = started
    code = "from deeplift_genomics.places import python_path; print(python_path(other_python=True))"
    alone = user("python", "-c", code, folder=folder).stdout.strip()
    assert alone.startswith(str(folder))
    for module, status in ((f"{PACKAGE}.version", 0), ("numpy", 1)):
        done = user("python", "-S", "-c", f"import {module}", PYTHONPATH=alone)
        assert done.returncode == status, done.stdout


# --- the workflow from a repository, as snakedeploy writes it ------------------------------------

DEPLOYED = """
configfile: "config/config.yaml"

module deployed:
    snakefile: gitfile({repository!r}, path="workflow/Snakefile", tag={tag!r})
    config: config

use rule * from deployed
"""


def a_workflow_of_a_repository_takes_the_installed_package(
    started: tuple[Path, str], user: Run, tmp_path: Path
) -> None:
    repository = tmp_path / "repository"
    for name in ("workflow", "envs"):
        shutil.copytree(ROOT / name, repository / name)
    version = repository / PACKAGE / "version.py"
    version.parent.mkdir()
    shutil.copy(ROOT / PACKAGE / "version.py", version)
    git = ["git", "-C", repository, "-c", "user.name=a", "-c", "user.email=a@b.c"]
    user("git", "init", repository)
    for tag in ("right", "other"):
        user(*git, "add", ".")
        assert user(*git, "commit", "-m", tag).returncode == 0
        user(*git, "tag", tag)
        version.write_text(re.sub(r'"\d.*"', '"99.1"', version.read_text()))
    demo = started[0].parent / "demo"
    for tag, expected in (
        ("right", "results/demo/report.html"),
        ("other", "of version 99.1, and the installed package deeplift_genomics of "),
    ):
        text = DEPLOYED.format(repository=str(repository), tag=tag)
        (demo / "Snakefile").write_text(text)
        done = user("snakemake", "--dry-run", folder=demo)
        assert (done.returncode == 0) == (tag == "right"), done.stdout
        assert expected in done.stdout and "Traceback" not in done.stdout, done.stdout


def test_the_wheel_alone_suffices(started: tuple[Path, str], user: Run, tmp_path: Path) -> None:
    """In one test, as the processes of pytest would each make the environment and the run."""
    the_environment_knows_of_no_checkout(user)
    init_lays_out_a_folder_whose_run_ends_in_a_report(started)
    the_run_is_whole_and_not_made_again(started, user)
    the_demo_is_ready_to_run(started, user)
    snakemake_s_report_holds_our_pages_and_their_captions(started, user)
    an_archive_needs_no_conda(started, user)
    a_python_of_conda_finds_this_package_and_no_other(started, user)
    a_workflow_of_a_repository_takes_the_installed_package(started, user, tmp_path)
