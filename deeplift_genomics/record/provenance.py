"""The record of a run (provenance.json): its inputs, settings, versions, times and outputs.

It suffices to repeat the run and to check the results. It holds no absolute path and no name of a
machine. The records of two equal runs differ only in the command and the times.
"""

from __future__ import annotations

import json
import logging
import platform
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_path, digest, require_file
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.files.system_faults import reading
from deeplift_genomics.models.files import code_files, model_digest
from deeplift_genomics.record.portable import Portable, portable
from deeplift_genomics.record.run_times import RunTime, run_times, run_times_together
from deeplift_genomics.record.second_paths import Twice, beyond_bound, second_paths
from deeplift_genomics.record.stored_settings import (
    VERSIONS,
    Row,
    differences,
    expected_settings,
    read_stored,
)
from deeplift_genomics.settings.choices import known_motifs_file
from deeplift_genomics.settings.results import RESULTS, SampleResult, results_of, results_of_run
from deeplift_genomics.settings.sample_files import inputs_of
from deeplift_genomics.settings.sample_sheet import Sample, load_samples
from deeplift_genomics.settings.scored import for_method, further_methods
from deeplift_genomics.settings.strict import Strict, as_plain
from deeplift_genomics.version import __version__

log = logging.getLogger(__name__)

NAME = RESULTS["record"].path
FORMAT_VERSION = 1
TIMESTAMP = ".snakemake_timestamp"  # Snakemake's own file in a folder that a rule makes
# the libraries that numbers or figures depend on
DISTRIBUTIONS = (
    "tensorflow", "tensorflow-cpu", "keras", "numpy", "h5py", "numba", "modisco-lite", "memelite",
    "pyjaspar", "scipy", "scikit-learn", "igraph", "leidenalg", "pyfaidx", "py2bit", "pyBigWig",
    "pysam", "pybigtools", "trackhub", "matplotlib", "xlsxwriter", "pandas", "jinja2", "snakemake",
)  # fmt: skip


class Provenance(Strict):
    """The content of provenance.json.

    `inputs` has the digest of each input, by its name in the configuration or the samples;
    `outputs` has the digest of each file, and `second_path` what it found of each score file, by
    their paths below the results folder.
    """

    deeplift_genomics_type: Literal["provenance"] = "provenance"
    format_version: Literal[1] = 1
    command: str
    config: dict[str, Any]
    samples: list[dict[str, str]]
    inputs: dict[str, str]
    versions: dict[str, str]
    steps: list[RunTime]
    second_path: dict[str, Twice] = Field(default_factory=dict)
    outputs: dict[str, str]


def write_provenance(
    config: Mapping[str, Any],
    output: str | Path,
    *,
    command: str,
    snakemake: str | None = None,
    threads: int = 1,
    made: Collection[str] = tuple(RESULTS),
) -> Provenance:
    """Describe a finished run and write provenance.json.

    Parameters
    ----------
    config
        The configuration as resolved, with its paths as the user wrote them.
    command
        The command that started the run, from `portable.portable_command`.
    snakemake
        The version of Snakemake that runs the workflow.
    threads
        Files digested side by side.
    made
        Names, in `settings.results.RESULTS`, of the results that the run made.

    Raises
    ------
    ConfigError
        If the sample sheet cannot be used.
    InputError
        If an output is missing, or was made with other settings or inputs than there are now.
    """
    results = Path(config["results"])
    sheet = load_samples(config["samples"], config["genes"])
    plain = portable(dict(config), {name: as_plain(sample) for name, sample in sheet.items()})
    rows = [_cells(row) for row in plain.samples.values()]
    of_rows = [item for row in rows for item in results_of(row, further_methods(config))]
    of_rows = [item for item in of_rows if item.name in made]
    files = list(_output_files(results, rows, of_rows, made))
    record = Provenance(
        command=command,
        config=plain.config,
        samples=rows,
        inputs=digest_all(_inputs(config, sheet.values(), plain), model_digest, threads),
        versions=_versions(results, of_rows, files, snakemake),
        steps=[
            *(step for row in rows for step in run_times(results, row)),
            *run_times_together(results, rows),
        ],
        second_path=second_paths(results, of_rows),
        outputs=digest_all({_below(results, path): path for path in files}, digest, threads),
    )
    for path, wrong in disagreements(record, results).items():
        raise InputError(
            f"{results / path} is not of this run: {wrong[0]}. Delete it and run again: it is "
            "remade, and what depends on it."
        )
    with atomic_path(output) as temporary:
        text = json.dumps(record.model_dump(mode="json"), indent=1, ensure_ascii=False)
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
    log.info("%s: %d inputs, %d outputs", output, len(record.inputs), len(record.outputs))
    return record


def read_provenance(results: str | Path) -> Provenance:
    """Read the provenance.json of a results folder.

    Raises
    ------
    InputError
        If there is none, or it is damaged or of a version that this release does not know.
    """
    path = Path(results, NAME)
    if not path.exists():
        above = Path(results).parent
        hint = f" Did you mean {above}?" if (above / NAME).exists() else ""
        raise InputError(
            f"Record of the run not found: {path}. A run writes it into its results folder at its "
            f"end; name that folder.{hint}"
        )
    path = require_file(path, "Record of the run")
    try:
        with reading(path):
            content = json.loads(path.read_text(encoding="utf-8"))
        found = content.get("format_version") if isinstance(content, dict) else None
        if isinstance(found, int) and found != FORMAT_VERSION:
            raise InputError(
                f"{path} has format version {found}; this release reads {FORMAT_VERSION}. "
                "Use the release that wrote it."
            )
        return Provenance.model_validate(content)
    # of JSON, of its encoding or depth, or pydantic's
    except (ValueError, RecursionError) as error:
        what = str(error)
        if isinstance(error, ValidationError):  # its own text shows the whole record
            first = error.errors()[0]
            what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise InputError(
            f"{path} is no record of a run, or damaged: {what}. Delete it and run Snakemake again: "
            "only the record is remade."
        ) from error


def disagreements(record: Provenance, results: Path) -> dict[str, list[str]]:
    """Find the outputs whose own attributes differ from the record.

    Returns
    -------
    dict
        Output -> its differences in words, or the reason why it cannot be read.

    Raises
    ------
    InputError
        If the record lacks something that the outputs were made from.
    """
    try:
        return {
            item.path: wrong
            for row in record.samples
            for item in results_of(row, further_methods(record.config))
            if item.type and item.path in record.outputs and (results / item.path).exists()
            if (wrong := _disagreement(record, results, row, item))
        }
    except (AttributeError, KeyError, TypeError) as error:
        problem = "lacks" if isinstance(error, KeyError) else "holds a value of another kind:"
        raise InputError(
            f"{results / NAME} {problem} {error}. Delete it and run again: it is remade."
        ) from error


def _disagreement(record: Provenance, results: Path, row: Row, item: SampleResult) -> list[str]:
    """Return the differences between one HDF5 file and the record, one sentence each."""
    try:
        config = for_method(record.config, item.method) if item.method else record.config
        expected = expected_settings(config, row, record.inputs, kind=item.type, target=item.target)
        wrong = differences(read_stored(results / item.path, item.type), expected, record.versions)
        if item.type == "scores":
            wrong += beyond_bound(results / item.path, config)
        return wrong
    except InputError as error:
        return [str(error)]


def digest_all(
    paths: Mapping[str, Path], function: Callable[[Path], str], threads: int
) -> dict[str, str]:
    """Return the digest of each file by name, sorted; `threads` files are read side by side."""
    names = sorted(paths)
    with ThreadPoolExecutor(max(1, threads)) as pool:
        found = pool.map(lambda name: function(paths[name]), names)
        return dict(
            zip(names, Progress(found, what="digests", unit="file", total=len(names)), strict=True)
        )


def _below(results: Path, path: Path) -> str:
    return path.relative_to(results).as_posix()


def _cells(row: Mapping[str, Any]) -> dict[str, str]:
    """Return a sample as the cells of the sheet."""
    return {key: cell if isinstance(cell, str) else str(cell).lower() for key, cell in row.items()}


def _inputs(
    config: Mapping[str, Any], samples: Iterable[Sample], plain: Portable
) -> dict[str, Path]:
    """Return the path of each input by its portable name; a model keeps its notation."""
    paths = [path for sample in samples for _, path in inputs_of(sample)]
    paths += filter(None, [known_motifs_file(config["annotation"]["database"])])
    for sample in samples:
        functions = [*sample.lambdas.values(), *filter(None, [sample.custom_objects])]
        paths += map(str, code_files(functions))
    return {plain.name_of(path): Path(path) for path in paths}


def _output_files(
    results: Path, rows: Iterable[Row], of_rows: Iterable[SampleResult], made: Collection[str]
) -> Iterator[Path]:
    """Yield every file that the run leaves, those of folders one by one.

    Links lead to inputs, which have digests of their own.
    """
    of_run = set(results_of_run(rows))
    paths = [item.path for name, item in RESULTS.items() if item.path in of_run and name in made]
    paths += [item.path for item in of_rows]
    for path in (results / path for path in paths):
        if path.is_dir():
            yield from (item for item in path.rglob("*") if is_ours(item))
        else:
            yield require_file(path, "Output")


def is_ours(item: Path) -> bool:
    """Return whether an entry of a folder that a rule made is a file of its own."""
    return item.is_file() and not item.is_symlink() and item.name != TIMESTAMP


def _versions(
    results: Path, of_rows: Iterable[SampleResult], files: Iterable[Path], snakemake: str | None
) -> dict[str, str]:
    """Return the versions that the files name, and for all other libraries the installed ones.

    If outputs were made before and after an update, both versions are listed.
    """
    named: dict[str, set[str]] = defaultdict(set)
    listed = set(files)
    for item in of_rows:
        in_run = item.type and results / item.path in listed
        stored = read_stored(results / item.path, item.type) if in_run else {}
        for key in VERSIONS.keys() & stored.keys():
            named[VERSIONS[key]].add(stored[key])
    named["deeplift-genomics"].add(__version__)
    named["python"].add(platform.python_version())
    if snakemake:
        named["snakemake"].add(snakemake)
    for name in DISTRIBUTIONS:
        if name not in named:
            with suppress(PackageNotFoundError):
                named[name] = {version(name)}
    return {name: ", ".join(sorted(found)) for name, found in sorted(named.items())}
