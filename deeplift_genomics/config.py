"""The configuration file: what it may say, and what it says where nothing is written.

`Config` here and `Sample` in `sample_sheet` are the definition; the JSON schemas are exported from
them: ``python -m deeplift_genomics.config workflow/schemas``.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from deeplift_genomics.attribution import RULES
from deeplift_genomics.bed import count_regions
from deeplift_genomics.config_base import (
    Strict,
    as_plain,
    as_value_error,
    in_words,
    refusal,
)
from deeplift_genomics.errors import ConfigError
from deeplift_genomics.files import atomic_path
from deeplift_genomics.model_options import model_files, model_paths
from deeplift_genomics.models.device import DEVICES
from deeplift_genomics.references import KINDS, SINGLE_KINDS, check_references
from deeplift_genomics.sample_sheet import Sample, inputs_of, load_samples
from deeplift_genomics.store import SCORE_TYPES
from deeplift_genomics.tiling import OVERLAPS, Tiling, count_tiles
from deeplift_genomics.yaml_files import TooMuchError, check_yaml, load_yaml, plain_values

__all__ = [
    "Config",
    "Sample",
    "as_plain",
    "check_paths",
    "check_yaml",
    "load_config",
    "load_samples",
    "parse_config",
    "write_schemas",
]

SHORTEST_MOTIF_WINDOW = 30  # bp; the core of a seqlet and its flanks


def _one_of(names: Sequence[str]) -> AfterValidator:
    """What makes a text a name out of a list."""

    def check(name: str) -> str:
        if name not in names:
            raise ValueError(f"{name!r} is not known; there are {', '.join(names)}")
        return name

    return AfterValidator(check)


class Tile(Strict):
    """Of samples whose regions are `tile`."""

    stride: int = Field(default=1000, ge=1, description="From start to start of windows (bp).")
    contigs: list[str] = Field(default=[], description="Contigs to tile; all if none.")
    leave_out: list[str] = Field(default=[], description="Contigs not to tile.")


class Regions(Strict):
    """From the regions of the sheet to windows."""

    max_unknown: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Largest fraction of a window's bases that may be unknown.",
    )
    per_shard: int = Field(default=500, ge=1, description="Windows scored by one job.")
    tile: Tile = Tile()


def _require_one_of_single_kinds(schema: dict[str, Any]) -> None:
    schema["if"] = {"properties": {"kind": {"enum": list(SINGLE_KINDS)}}, "required": ["kind"]}
    schema["then"] = {"properties": {"number": {"const": 1}}, "required": ["number"]}


class References(Strict):
    """What windows are compared with."""

    model_config = ConfigDict(json_schema_extra=_require_one_of_single_kinds)

    kind: str = Field(
        default="dinucleotide_shuffle",
        description="Kind of reference.",
        json_schema_extra={"enum": list(KINDS)},
    )
    number: int = Field(
        default=20, ge=1, description="References per window; 1 for flat and zeros."
    )
    seed: int = Field(default=1, ge=0, description="Seed of the random kinds.")

    @field_validator("kind")
    @classmethod
    def _kind_is_known(cls, kind: str) -> str:
        as_value_error(check_references, kind, 1)
        return kind

    @model_validator(mode="after")
    def _number_suits_kind(self) -> "References":
        if self.kind in SINGLE_KINDS and self.number != 1:
            raise ValueError(
                f"references.number is {self.number}, but references.kind {self.kind!r} gives one "
                "reference only; set references.number to 1"
            )
        return self


class Attribution(Strict):
    """DeepLIFT."""

    rules: Annotated[str, _one_of(RULES)] = Field(
        default=RULES[0],
        description="Rules for nonlinear operations.",
        json_schema_extra={"enum": list(RULES)},
    )
    float64: bool = Field(default=False, description="Compute in double precision.")
    device: Annotated[str, _one_of(DEVICES)] = Field(
        default=DEVICES[0],
        description="Where scores are computed.",
        json_schema_extra={"enum": list(DEVICES)},
    )
    windows_per_batch: int = Field(
        default=1,
        ge=0,
        description="Windows, each with all its references; 0: as many as a GPU's memory holds.",
    )
    tolerance: float = Field(
        default=0.001,
        gt=0,
        description="Largest residual of a window and reference that is accepted.",
    )
    score_type: Annotated[str, _one_of(SCORE_TYPES)] = Field(
        default=SCORE_TYPES[0],
        description="How scores are stored: float16 halves the files and rounds to 0.05%.",
        json_schema_extra={"enum": list(SCORE_TYPES)},
    )


class Tracks(Strict):
    """Contributions along the genome."""

    overlap: Annotated[str, _one_of(OVERLAPS)] = Field(
        default=OVERLAPS[0],
        description="What a base of several windows gets: that of the nearest centre, or the mean.",
        json_schema_extra={"enum": list(OVERLAPS)},
    )


class Motifs(Strict):
    """TF-MoDISco."""

    window: int = Field(
        default=400, ge=SHORTEST_MOTIF_WINDOW, description="Bases around the window's centre (bp)."
    )
    max_seqlets: int = Field(default=20000, ge=1, description="Seqlets of one sign at most.")
    seqlet_fdr: float = Field(
        default=0.05, gt=0, lt=1, description="False discovery rate of seqlets."
    )
    n_leiden: int = Field(
        default=2, ge=1, description="Leiden clusterings, of which the best is kept."
    )
    min_seqlets: int = Field(
        default=100, ge=1, description="A sign with no more seqlets than this is not clustered."
    )
    seed: int = Field(default=1, ge=0, description="Seed of the order in which windows are read.")


class Config(Strict):
    """The configuration of a run (config.yaml)."""

    samples: str = Field(default="config/samples.tsv", min_length=1, description="Sample sheet.")
    results: str = Field(default="results", min_length=1, description="Folder for all output.")
    regions: Regions = Regions()
    references: References = References()
    attribution: Attribution = Attribution()
    tracks: Tracks = Tracks()
    motifs: Motifs = Motifs()


def load_config(path: str | Path) -> Config:
    """Read config.yaml.

    Raises
    ------
    ConfigError
        If the file is missing, is no YAML mapping, or holds unknown keys or values that are out
        of range; one message names them all.
    """
    return parse_config(load_yaml(path), source=path)


def parse_config(mapping: Any, source: str | Path = "The configuration") -> Config:
    """Check a configuration that is already a mapping, e.g. Snakemake's.

    Raises
    ------
    ConfigError
        As `load_config`; `source` names the place in the message.
    """
    hint = "config/README.md explains every key."
    try:
        content = plain_values(mapping)
    except TooMuchError as error:
        raise refusal(source, [str(error)], hint) from error
    if not isinstance(content, dict):
        found = "is empty" if content is None else f"holds {type(content).__name__} {content!r}"
        raise refusal(
            source, [f"it {found}; expected keys and values such as 'results: results'"], hint
        )
    try:
        return Config.model_validate(content)
    except ValidationError as error:
        problems = in_words(error, Config, "config key")
        raise refusal(source, problems, hint) from error


def count_windows(config: Config, sample: Sample) -> int:
    """At most so many windows that a sample has, without a look at any sequence.

    Raises
    ------
    InputError
        If its region file, or the index of a genome that is to be tiled, cannot be read.
    """
    if not sample.tiled:
        return count_regions(sample.regions)
    tile = config.regions.tile
    return count_tiles(
        sample.fasta, Tiling(tile.stride, tuple(tile.contigs), tuple(tile.leave_out))
    )


def check_paths(config: Config, samples: Mapping[str, Sample]) -> None:
    """Look for the files that samples name, and for a place for the results.

    Raises
    ------
    ConfigError
        Naming every file that is not there, with its sample and column, in one message.
    """
    problems = []
    for name, sample in samples.items():
        for column, text in inputs_of(sample):
            for path in model_paths(text) if column == "model" else [Path(text)]:
                if problem := _problem_of(path, column):
                    problems.append(f"sample {name!r}, column {column!r}: {problem}")
    if problems:
        hint = f"Relative paths count from the folder Snakemake was started in, {Path.cwd()}."
        raise refusal(config.samples, problems, hint)
    if reason := _unfit(config.results):
        raise ConfigError(f"The results cannot be written to {config.results!r}: {reason}.")
    place = Path(config.results).absolute()
    while not os.path.lexists(place):
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise ConfigError(
            f"The results cannot be written to {config.results}: {place} is no folder that can be "
            "written to. Name another with the config key 'results'."
        )


def _unfit(path: str | Path) -> str | None:
    """Why Snakemake, or the command line of a step, would take a path for something else."""
    text = str(path)
    if any(sign in text for sign in "{}"):
        return "braces are Snakemake's sign for a wildcard; use a name or link without them"
    if text.startswith("-"):
        return "it would be taken for an option; use a name that begins otherwise"
    if not text.isprintable():
        return "it holds a character that cannot be shown, such as a line end"
    return None


def _problem_of(path: Path, column: str) -> str | None:
    if reason := _unfit(path):
        return f"{path}: {reason}"
    if not path.exists():
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
    return None


def write_schemas(folder: str | Path) -> list[Path]:
    """Write config.schema.json and samples.schema.json (of a row) and return their paths."""
    paths = []
    for name, model in (("config", Config), ("samples", Sample)):
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        path = Path(folder) / f"{name}.schema.json"
        with atomic_path(path) as temporary:
            text = json.dumps(schema | model.model_json_schema(), indent=2)
            temporary.write_text(text + "\n", encoding="utf-8")
        paths.append(path)
    return paths


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m deeplift_genomics.config FOLDER (writes the JSON schemas there)")
    for written in write_schemas(sys.argv[1]):
        print(written)
