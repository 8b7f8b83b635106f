"""The configuration file: `Config`, and reading one from YAML or from Snakemake."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, ValidationInfo, field_validator

from deeplift_genomics.settings.allele_section import Alleles
from deeplift_genomics.settings.attribution_section import OF_A_STEP, Attribution
from deeplift_genomics.settings.evaluation_section import Evaluation
from deeplift_genomics.settings.methods import check_options_used
from deeplift_genomics.settings.motif_names import NAME, problems_of_names
from deeplift_genomics.settings.motif_sections import Annotation, Clusters, Effects, Instances
from deeplift_genomics.settings.oligo_section import Oligos
from deeplift_genomics.settings.publication_section import Publication
from deeplift_genomics.settings.report_sections import Report
from deeplift_genomics.settings.sections import (
    Hub,
    Motifs,
    References,
    Regions,
    Tracks,
)
from deeplift_genomics.settings.setting import setting
from deeplift_genomics.settings.strict import Strict, as_value_error, in_words, refusal
from deeplift_genomics.settings.yaml_files import TooMuchError, load_yaml, plain_values


class Config(Strict):
    """The configuration of a run (config.yaml)."""

    samples: str = setting(
        "config/samples.tsv", "path", "The sample sheet.", min_length=1, option=False
    )
    results: str = setting("results", "path", "Folder for all output.", min_length=1, option=False)
    regions: Regions = Regions()
    references: References = References()
    attribution: Attribution = Attribution()
    tracks: Tracks = Tracks()
    motifs: Motifs = Motifs()
    annotation: Annotation = Annotation()
    clusters: Clusters = Clusters()
    instances: Instances = Instances()
    effects: Effects = Effects()
    report: Report = Report()
    hub: Hub = Hub()
    oligos: Oligos = Oligos()
    publication: Publication = Publication()
    alleles: Alleles = Alleles()
    evaluation: Evaluation = Field(default=Evaluation(), validate_default=True)
    genes: str = setting(
        "",
        "path",
        "Gene annotation, GTF or GFF3, plain or gzipped, of every sample with a genome whose cell "
        "`genes` is empty.",
        option=False,
    )
    motif_names: dict[str, str] = setting(
        {},
        "key and name",
        "Your own names of motifs, used in all results. A key is a pattern, "
        "`SAMPLE/TARGET/PATTERN` such as `k562/counts/pos_0`, or the identifier of a motif of the "
        "database, such as `MA0139.2`. A name is one word of letters, digits and `._:+()-`.",
        json_schema_extra={"additionalProperties": {"type": "string", "pattern": NAME}},
    )

    @field_validator("results")
    @classmethod
    def _results_in_one_spelling(cls, path: str) -> str:
        """Return ``out`` for ``out/``, ``./out`` and ``out//``, of which Snakemake warns."""
        return str(Path(path))

    @field_validator("evaluation")
    @classmethod
    def _options_are_used(cls, evaluation: Evaluation, info: ValidationInfo) -> Evaluation:
        if found := info.data.get("attribution"):  # not there if it is wrong itself
            others = [*found.methods, *evaluation.all_methods]
            as_value_error(check_options_used, found.options, found.method, others)
        return evaluation

    @field_validator("motif_names")
    @classmethod
    def _motifs_have_names(cls, names: dict[str, str]) -> dict[str, str]:
        if problems := list(problems_of_names(names)):
            raise ValueError("; ".join(problems))
        return names


def load_config(path: str | Path) -> Config:
    """Read config.yaml.

    Raises
    ------
    ConfigError
        If the file is missing, is no YAML mapping, or holds unknown keys or values out of range.
        One message names them all.
    """
    return parse_config(load_yaml(path), source=path)


def parse_config(
    mapping: Any,
    source: str | Path = "The configuration",
    noun: str = "config key",
    *,
    of_a_step: bool = False,
) -> Config:
    """Check a configuration that is already a mapping, such as Snakemake's.

    Parameters
    ----------
    mapping
        Keys and values of the configuration.
    source, noun
        The place, and the word for a key, in messages.
    of_a_step
        Whether these are the settings of one step, whose method may be any, and not of a run.

    Raises
    ------
    ConfigError
        As `load_config`.
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
        return Config.model_validate(content, context={OF_A_STEP: of_a_step})
    except ValidationError as error:
        problems = in_words(error, Config, noun)
        raise refusal(source, problems, hint) from error


def as_written(mapping: Mapping[str, Any], arguments: Sequence[str]) -> dict[str, Any]:
    """Return a configuration whose texts are those of the command line, letter by letter.

    Snakemake reads ``--config results=2024_01`` as the number 202401.

    Parameters
    ----------
    mapping
        Snakemake's configuration.
    arguments
        What the user wrote after ``--config``, such as ``["results=2024_01"]``.
    """
    found = dict(mapping)
    texts = {name for name, field in Config.model_fields.items() if field.annotation is str}
    for name, sign, text in (argument.partition("=") for argument in arguments):
        if sign and text and name in texts & found.keys():
            quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
            found[name] = text[1:-1] if quoted else text
    return found
