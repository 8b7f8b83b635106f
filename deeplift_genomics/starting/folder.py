"""A folder in which `snakemake` runs the workflow: its files, and what to do there next."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_paths
from deeplift_genomics.files.words import first_few
from deeplift_genomics.places import CONFIG, PROJECT, TAKING_IN

SHEET, MANUAL = "config/samples.tsv", "config/README.md"
PROFILES = ("profiles/default/config.yaml", "profiles/slurm/config.yaml")
# a link to a document that is not copied
_LINK = re.compile(r"\[([^\]]+)\]\(\.\./([\w./-]+)(#[\w-]*)?\)")
_WHERE = (
    "\nThe files of `docs/` that this page names are in the folder that "
    "`deeplift-genomics --version` tells.\n"
)

Contents = Mapping[str, str | Path]


def lay_out(folder: str | Path, contents: Contents) -> list[Path]:
    """Write a folder's files: those of every folder, and the given ones.

    Parameters
    ----------
    folder
        It is made if it is missing.
    contents
        Name in the folder -> text, or a file to copy.

    Returns
    -------
    list of Path
        The files. If one of them cannot be written, none is.

    Raises
    ------
    InputError
        If `refuse_existing` does, or the folder cannot be written to.
    """
    contents = {**_of_every_folder(), **contents}
    refuse_existing(folder, contents)
    paths = [Path(folder, name) for name in contents]
    with atomic_paths(*paths) as temporaries:
        for temporary, content in zip(temporaries, contents.values(), strict=True):
            if isinstance(content, Path):
                shutil.copyfile(content, temporary)
            else:
                temporary.write_text(content, encoding="utf-8")
    return paths


def refuse_existing(folder: str | Path, names: Mapping[str, object] | None = None) -> None:
    """Refuse a folder that has one of the files already, or that is a file itself.

    Raises
    ------
    InputError
        In these cases.
    """
    if Path(folder).exists() and not Path(folder).is_dir():
        raise InputError(f"{folder} is a file, and the run needs a folder: name another.")
    names = names or {**_of_every_folder(), CONFIG: "", SHEET: ""}
    there = [str(Path(folder, name)) for name in names if Path(folder, name).exists()]
    if there:
        are = "is" if len(there) == 1 else "are"
        raise InputError(
            f"{first_few(there)} {are} there already, and nothing is overwritten: name another "
            "folder, or remove what is not needed any more."
        )


def commands(folder: str | Path, *after: str) -> str:
    """Return the commands that run a folder's workflow, indented, a line each.

    Parameters
    ----------
    after
        Arguments of this program, to be called in the folder before the run.
    """
    lines = []
    if Path(folder).resolve() != Path.cwd():
        lines.append(f"cd {shlex.quote(str(folder))}")
    if find_spec("snakemake") is None:
        package = "'deeplift-genomics[workflow]'"
        lines.append(f"{shlex.quote(sys.executable)} -m pip install {package}")
    own = _program("deeplift-genomics", "deeplift_genomics")
    lines += [f"{own} {arguments}" for arguments in after]
    lines.append(_program("snakemake", "snakemake"))
    return "\n".join(f"  {line}" for line in lines)


def _program(name: str, module: str) -> str:
    """Return the command of an installed program, also where it is not on the PATH."""
    found = shutil.which(name)
    if found and Path(found).parent.resolve() == Path(sys.executable).parent.resolve():
        return name
    return f"{shlex.quote(sys.executable)} -m {module}"


def _of_every_folder() -> dict[str, str | Path]:
    manual = (PROJECT / MANUAL).read_text(encoding="utf-8")
    title, _, rest = manual.partition("\n")
    return {
        "Snakefile": TAKING_IN,
        **{name: PROJECT / name for name in PROFILES},
        MANUAL: f"{title}\n{_WHERE}{_LINK.sub(_named, rest)}",
    }


def _named(link: re.Match[str]) -> str:
    """Return a link as words, with the name of the document."""
    return link[1] if link[2] in link[1] else f"{link[1]} (`{link[2]}`)"
