"""The check that the files named by a configuration exist, and that results can be written."""

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from deeplift_genomics.dna.gene_lines import look_at_genes
from deeplift_genomics.dna.vcf import look_at_variants
from deeplift_genomics.errors import ConfigError, InputError
from deeplift_genomics.files.literal import not_literal
from deeplift_genomics.files.system_faults import reading
from deeplift_genomics.models.files import model_files
from deeplift_genomics.motifs.meme_text import read_motif_texts, require_motifs
from deeplift_genomics.settings.choices import JASPAR, known_motifs_file
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.model_names import model_paths
from deeplift_genomics.settings.motif_names import unknown_patterns
from deeplift_genomics.settings.sample_files import inputs_of
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.settings.strict import refusal

_DATABASE = "config key 'annotation.database'"


def check_paths(config: Config, samples: Mapping[str, Sample], *, made_later: bool = False) -> None:
    """Check that the files of all samples exist, and that the results can be written.

    Parameters
    ----------
    config, samples
        The configuration and its sheet.
    made_later
        Whether files may be missing, because other rules of a workflow can make them.

    Raises
    ------
    ConfigError
        If a file is missing or cannot be used. One message names all, with sample and column.
    """
    problems = []
    for name, sample in samples.items():
        for column, text in inputs_of(sample):
            for path in model_paths(text) if column == "model" else [Path(text)]:
                if made_later and not path.exists() and not (_misread(path) or not_literal(path)):
                    continue
                if problem := _problem_of(path, column):
                    problems.append(f"{_place(config, name, column, text)}: {problem}")
        for column in ("model", "controls", "signal"):
            parts = getattr(sample, column)
            if len(parts) > 1 and any(Path(comma.join(parts)).exists() for comma in (",", ", ")):
                problems.append(
                    f"sample {name!r}, column {column!r}: commas separate files here; give a file "
                    "whose path has a comma by a link without one"
                )
        functions = [("lambdas", text) for text in sample.lambdas.values()]
        for column, text in (*functions, ("custom_objects", sample.custom_objects)):
            path = Path(text.rpartition(":")[0])
            if path.suffix == ".py" and (problem := _problem_of(path, column)):
                problems.append(f"sample {name!r}, column {column!r}: {problem}")
    if problems:
        raise refusal(config.samples, list(dict.fromkeys(problems)), _from_here())
    rows = [{"sample": name, "heads": _heads(sample)} for name, sample in samples.items()]
    if problems := list(unknown_patterns(config.motif_names, rows)):
        raise refusal("motif_names", problems, "config/README.md explains the keys.")
    _check_known_motifs(config, made_later)
    if reason := not_literal(config.results) or _misread(config.results):
        raise ConfigError(f"The results cannot be written to {config.results!r}: {reason}.")
    place = Path(config.results).absolute()
    while not os.path.lexists(place):
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise ConfigError(
            f"The results cannot be written to {config.results}: {place} is no folder that can be "
            "written to. Name another with the config key 'results'."
        )


def _heads(sample: Sample) -> str:
    """Return the targets of a sample as they are written in the sheet."""
    return ",".join(target.text for target in sample.heads)


def _check_known_motifs(config: Config, made_later: bool) -> None:
    """Raise ConfigError if the file with known motifs is missing or cannot be read."""
    name = known_motifs_file(config.annotation.database)
    if not name or (made_later and not Path(name).exists()):
        return
    if problem := _problem_of(Path(name), _DATABASE):
        raise ConfigError(
            f"{_DATABASE}: {problem}. Name a file of the MEME suite, or {JASPAR}. {_from_here()}"
        )


def check_known_motifs(config: Config) -> None:
    """Read the whole file with known motifs, if there is one, which takes part of a second.

    Raises
    ------
    InputError
        If it is no MEME file, or a damaged one, or holds no motif.
    """
    path = known_motifs_file(config.annotation.database)
    if path and Path(path).exists():
        require_motifs(path, len(read_motif_texts(path)))


def not_made(
    config: Config, samples: Iterable[Sample], is_missing: Callable[[str], bool]
) -> ConfigError:
    """Return one error for all files of the samples that are missing and that no rule makes."""
    problems = [
        f"{_place(config, sample.sample, column, text)}: {path} not found, and no rule makes it"
        for sample in samples
        for column, text in inputs_of(sample)
        for path in (model_paths(text) if column == "model" else [text])
        if is_missing(str(Path(path)))
    ]
    return refusal(config.samples, list(dict.fromkeys(problems)), _from_here())


def _place(config: Config, sample: str, column: str, text: str) -> str:
    """Return where a file is named: in a cell of the sheet, or for all samples together."""
    if column == "genes" and text == config.genes:
        return "config key 'genes'"
    return f"sample {sample!r}, column {column!r}"


def _from_here() -> str:
    return f"Relative paths count from the current folder, {Path.cwd()}."


def _misread(path: str | Path) -> str | None:
    """Return why Snakemake, or a command line, would misread a path; None if neither would."""
    text = str(path)
    if any(sign in text for sign in "{}"):
        return "braces are Snakemake's sign for a wildcard; use a name or link without them"
    if text.startswith("-"):
        return "it would be taken for an option; use a name that begins otherwise"
    if not text.isprintable():
        return "it holds a character that cannot be shown, such as a line end"
    return None


def _problem_of(path: Path, column: str) -> str | None:
    with reading(path):
        exists = path.exists()
    reason = not_literal(path)
    if reason and not exists:
        return f"{path} not found: {reason}"
    if reason := _misread(path):
        return f"{path}: {reason}"
    if not exists:
        return f"{path} not found"
    if column == "model" and path.is_dir():
        if not (path / "saved_model.pb").is_file():
            return f"{path} is a folder without saved_model.pb, so it is no SavedModel"
        files = model_files(path)
    else:
        files = [path]
    for file in files:
        if not file.is_file() or not os.access(file, os.R_OK):
            return f"{file} is no readable file"
    looks = {"genes": look_at_genes, "variants": look_at_variants}
    if column in looks:  # used hours later
        try:
            looks[column](path)
        except InputError as error:
            return str(error)
    return None
