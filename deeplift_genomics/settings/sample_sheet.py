"""The sample sheet: one row per sample, tab-separated, `#` lines skipped.

A column with a default may be left out, and its cells may be empty.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, field_validator, model_validator

from deeplift_genomics.settings.cells import (
    Assembly,
    Function,
    GivenScores,
    Heads,
    Inputs,
    Lambdas,
    Length,
    Paths,
    RegionForm,
    Truth,
)
from deeplift_genomics.settings.choices import TILE
from deeplift_genomics.settings.given_scores import check_given
from deeplift_genomics.settings.results import BENCHMARKS, LOGS, RESULTS, SUMMARY
from deeplift_genomics.settings.spreadsheet import read_table
from deeplift_genomics.settings.strict import Strict, in_words, nearest, read_text, refusal

_LARGEST = 10_000_000  # bytes of a sheet
_MOST_COLUMNS = 100
# what else stands in the results folder
_TAKEN = {result.path for result in RESULTS.values() if "/" not in result.path}
_TAKEN |= {SUMMARY, LOGS, BENCHMARKS}
_MAY_BE_EMPTY: dict[str, Any] = {"default": "", "pattern": "^([^,]+(,[^,]+)*)?$"}
_SAMPLE_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]*"


class Sample(Strict):
    """One row of the sample sheet."""

    sample: str = Field(
        description="Name of the sample; names its folder of results.",
        json_schema_extra={"pattern": f"^{_SAMPLE_NAME}$"},
    )
    model: Paths = Field(
        default=(),
        description="Trained model (.keras, .h5, SavedModel folder or a.json+b.h5); several, "
        "separated by commas, are folds. Empty if `scores` are given.",
        json_schema_extra=_MAY_BE_EMPTY,
    )
    fasta: str = Field(
        default="",
        description="Genome: FASTA, plain or gzipped, or 2bit; empty if regions are sequences.",
    )
    regions: str = Field(
        min_length=1,
        description="BED or narrowPeak, plain or gzipped; or tile: all of the genome; or, without "
        "a genome, FASTA of sequences.",
    )
    heads: Heads = Field(description="Targets, separated by commas: counts,profile or logit[0].")

    scores: GivenScores = Field(
        default_factory=dict,
        description="In place of a model: files of contributions that exist already, "
        "TARGET=FILE,TARGET=FILE, of this package, ChromBPNet or bpnet-refactor.",
        json_schema_extra={"default": ""},
    )
    controls: Paths = Field(
        default=(),
        description="BigWig files of the controls, strands in order; empty for zero.",
        json_schema_extra=_MAY_BE_EMPTY,
    )
    regions_format: RegionForm = Field(
        default="", description="Form of the region file, where its content allows two."
    )
    exclude: str = Field(
        default="", description="With regions tile: BED of regions that no window may overlap."
    )
    contig_aliases: str = Field(
        default="",
        description="Table of the names that a contig has in other files, one contig per row.",
    )
    genes: str = Field(
        default="",
        description="Gene annotation, GTF or GFF3, plain or gzipped: the nearest gene of each "
        "instance.",
    )
    signal: Paths = Field(
        default=(),
        description="BigWig files of the measured signal, strands in order: compared with the "
        "model's predictions.",
        json_schema_extra=_MAY_BE_EMPTY,
    )
    known_sites: str = Field(
        default="",
        description="BED of sites that are known to matter, such as planted ones: the report says "
        "how many were found.",
    )
    variants: str = Field(
        default="",
        description="VCF, plain or gzipped, or a table with the columns chrom, pos, ref and alt: "
        "variants of which both alleles are explained.",
    )
    title: str = Field(default="", description="Title of the sample, for people to read.")
    assay: str = Field(default="", description="Assay of the experiment, such as ChIP-seq.")
    cell_type: str = Field(default="", description="Cell type or tissue, such as K562.")
    genome: Assembly = Field(
        default="",
        description="Name of the genome's assembly in genome browsers, such as hg38 or mm10.",
    )
    allow_lambda: Truth = Field(
        default=False,
        description="Whether code of Lambda layers in the model may be run.",
        json_schema_extra={"default": "false"},
    )
    lambdas: Lambdas = Field(
        default_factory=dict,
        description="Functions to use for Lambda layers: layer=module:function.",
        json_schema_extra={"default": ""},
    )
    custom_objects: Function = Field(
        default="", description="module:function that returns the model's own layers by name."
    )
    window_length: Length = Field(
        default=None,
        description="Length of the windows (bp), for models whose length is open.",
        json_schema_extra={"default": ""},
    )
    inputs: Inputs = Field(
        default_factory=dict,
        description="The other inputs of models with several sequences: name=reverse_complement_of:"
        "NAME, name=FASTA or name=control.",
        json_schema_extra={"default": ""},
    )

    @property
    def tiled(self) -> bool:
        """Whether the sample takes the whole genome and no region file."""
        return self.regions == TILE

    @property
    def has_genome(self) -> bool:
        """Whether the regions are of a genome; if not, they are sequences without coordinates."""
        return bool(self.fasta)

    @model_validator(mode="after")
    def _model_or_scores(self) -> "Sample":
        check_given(self)
        return self

    @model_validator(mode="after")
    def _genome_goes_with_what_needs_it(self) -> "Sample":
        columns = ("controls", "regions_format", "contig_aliases", "genes", "signal", "variants")
        needing = [name for name in (*columns, "genome") if getattr(self, name)]
        needing += [TILE] if self.tiled else []
        if needing and not self.has_genome:
            raise ValueError(
                f"'fasta' is empty, so the regions are sequences without a genome, for which there "
                f"is no {needing[0]!r}; name the genome in 'fasta', or leave {needing[0]!r} out"
            )
        if self.tiled and self.regions_format:
            raise ValueError(f"'regions_format' is for region files, and {TILE!r} has none")
        return self

    @model_validator(mode="after")
    def _exclude_goes_with_tile(self) -> "Sample":
        if self.exclude and not self.tiled:
            raise ValueError(
                f"'exclude' is for samples whose regions are {TILE!r}; take the regions to be "
                f"excluded out of {self.regions}"
            )
        return self

    @field_validator("sample")
    @classmethod
    def _name_can_name_a_folder(cls, name: str) -> str:
        if not re.fullmatch(_SAMPLE_NAME, name):
            raise ValueError(
                f"{name!r} names a folder, so it must start with a letter or digit and hold only "
                "letters (a-z, A-Z), digits, '_', '.' and '-'"
            )
        if name in _TAKEN:
            raise ValueError(
                f"{name!r} is the name of a file or folder beside the samples; take another"
            )
        return name


_REQUIRED = [name for name, item in Sample.model_fields.items() if item.is_required()]
_OPTIONAL = [name for name in Sample.model_fields if name not in _REQUIRED]


def load_samples(path: str | Path, genes: str = "") -> dict[str, Sample]:
    """Read the sample sheet into a dict from name to sample, in the order of the rows.

    Messages count rows from 1 as an editor or a spreadsheet does, comments and header included.

    Parameters
    ----------
    genes
        The gene annotation of each sample that has a genome and names none itself (config key
        ``genes``).

    Raises
    ------
    ConfigError
        If the sheet is missing or empty, lacks a column or has one too many, is not separated by
        tabs, or has rows that cannot be used. One message names them all.
    """
    table = read_table(read_text(path, "Sample sheet", _LARGEST, sheet=True))
    usual = [name for name in Sample.model_fields if name in (*_REQUIRED, "model", "fasta")]
    needed = ", ".join(usual)
    optional = ", ".join(name for name in _OPTIONAL if name not in usual)
    hint = (
        f"The columns, separated by tabs, are {needed}, and if needed {optional}; "
        "see config/README.md."
    )
    if table is None:
        raise refusal(path, ["it has no header and no row"], hint)
    (header_row, header), body, problems = table
    wrong = [f"row {header_row} (header): {problem}" for problem in _header_problems(header)]
    if wrong:
        raise refusal(path, wrong, hint)
    samples: dict[str, Sample] = {}
    first_row: dict[str, int] = {}
    for row, cells in body:
        name = dict(zip(header, cells, strict=False)).get("sample", "")
        if name in first_row:
            problems.append(f"row {row}: the sample {name!r} is in row {first_row[name]} already")
        first_row.setdefault(name, row)
        missing = [name for name in header[len(cells) :] if name in _REQUIRED]
        if missing:
            problems.append(
                f"row {row}: {len(cells)} columns found, {len(header)} expected"
                + ("; separate them by tabs, not by spaces or commas" if len(cells) == 1 else "")
            )
            continue
        try:
            values = zip(header, cells, strict=False)  # the last cells may be missing
            samples[name] = Sample.model_validate(
                {key: cell for key, cell in values if cell or key not in _OPTIONAL}
            )
        except ValidationError as error:
            problems += [f"row {row}: {problem}" for problem in in_words(error, Sample, "column")]
    if not body:
        problems.append("it has a header but no sample")
    if problems:
        raise refusal(path, problems, hint)
    return {name: _with_genes(sample, genes) for name, sample in samples.items()}


def _with_genes(sample: Sample, genes: str) -> Sample:
    """Return a sample with this annotation if it has a genome and names none."""
    wanted = genes and sample.has_genome and not sample.genes
    return sample.model_copy(update={"genes": genes}) if wanted else sample


def _header_problems(header: list[str]) -> Iterator[str]:
    known = list(Sample.model_fields)
    if len(header) == 1 and header != known[:1] and re.search(r"[ ,;]", header[0]):
        yield f"{header[0]!r} is a single column; separate columns by tabs, not spaces or commas"
        return
    if len(header) > _MOST_COLUMNS:
        yield f"it has {len(header)} columns; expected at most {len(known)}"
        return
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield f"column {name!r} occurs twice"
    for name in header:
        if name not in known:
            yield f"column {name!r} is not known; {nearest(name, known)}"
    for name in ("sample", "model", *_REQUIRED[1:]):
        if name not in header and not (name == "model" and "scores" in header):
            yield f"column {name!r} is missing"
