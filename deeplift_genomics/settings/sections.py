"""The sections of the configuration: every setting with its type, bounds, default and meaning."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, field_validator, model_validator

from deeplift_genomics.settings.choices import (
    DEVICES,
    OVERLAPS,
    REFERENCE_KINDS,
    RULES,
    SCORE_TYPES,
    SINGLE_KINDS,
    check_references,
)
from deeplift_genomics.settings.strict import Strict, as_value_error

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
        json_schema_extra={"enum": list(REFERENCE_KINDS)},
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
