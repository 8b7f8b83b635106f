"""The sections of the configuration: every setting with its default, bounds, unit and meaning.

Each setting is defined once: here, in `attribution_section` for scores, in `motif_sections` for
what is made of the patterns, or in `report_sections` for what people get to see. Made from these
definitions are the options of the command line (`options`), the attributes of the result files and
what `verify` expects of them (`options.stored_settings`), and the JSON schema,
``config/config.yaml`` and the table of ``config/README.md`` (`published`). To change one, edit it
there and run ``make published``.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import ConfigDict, field_validator, model_validator

from deeplift_genomics.settings.choices import (
    MOTIF_WINDOW,
    OVERLAPS,
    REFERENCE_KINDS,
    SINGLE_KINDS,
    check_references,
)
from deeplift_genomics.settings.setting import setting
from deeplift_genomics.settings.strict import Strict, as_value_error

NO_EMAIL = "none@example.org"  # a domain that nobody can have
_EMAIL = r"[!-?A-~]+@[!-?A-~]+"
SHORTEST_MOTIF_WINDOW = 30  # bp; the core of a seqlet and its flanks


class Tile(Strict):
    """Settings for samples with `regions: tile`."""

    stride: int = setting(
        1000,
        "bp",
        "Bases from the start of a window to the start of the next. Windows overlap if this is "
        "less than their length.",
        ge=1,
        stored="tile_stride",
    )
    contigs: list[str] = setting(
        [],
        "list of names",
        "Contigs to tile. An empty list means all contigs of the genome.",
        stored="tile_contigs",
        as_stored=",".join,
    )
    leave_out: list[str] = setting(
        [],
        "list of names",
        "Contigs not to tile.",
        stored="tile_leave_out",
        as_stored=",".join,
    )


class Regions(Strict):
    """Settings for cutting windows."""

    max_unknown: float = setting(
        0.05,
        "fraction",
        "Largest fraction of a window's bases that may be unknown (N or ambiguous). A window with "
        "more is dropped and listed in `dropped.tsv`.",
        ge=0,
        le=1,
        stored="max_unknown",
    )
    max_dropped: float = setting(
        0.5,
        "share",
        "Largest share of the regions that may be dropped. A run stops if more have no window, as "
        "with coordinates of another assembly. Repeats, and regions that `regions.merge_within` "
        "leaves out, do not count.",
        ge=0,
        le=1,
    )
    merge_within: int = setting(
        0,
        "bp",
        "Distance of centres below which one window is taken of several; 0 takes them all. It is "
        "that of the strongest region: of the largest signalValue (column 7 of narrowPeak and "
        "broadPeak, fold_enrichment of MACS), then of the largest score (column 5), then the first "
        "in the file. The others are listed in `dropped.tsv`. Tiles and sequences are not merged.",
        ge=0,
        stored="merge_within",
    )
    per_shard: int = setting(
        500,
        "windows",
        "Windows scored by one attribution job. A smaller number gives more and shorter jobs. The "
        "scores do not depend on it, but a change of it scores the windows again.",
        ge=1,
        option=False,
    )
    tile: Tile = Tile()


def _require_one_of_single_kinds(schema: dict[str, Any]) -> None:
    schema["if"] = {"properties": {"kind": {"enum": list(SINGLE_KINDS)}}, "required": ["kind"]}
    schema["then"] = {"properties": {"number": {"const": 1}}, "required": ["number"]}


class References(Strict):
    """Settings for the sequences that windows are compared with."""

    model_config = ConfigDict(json_schema_extra=_require_one_of_single_kinds)

    kind: str = setting(
        "dinucleotide_shuffle",
        "name",
        "Kind of reference: `dinucleotide_shuffle`, `flat` or `zeros`. `dinucleotide_shuffle` "
        "shuffles the window and keeps the count of every dinucleotide; each such sequence is "
        "equally likely. `flat` is 0.3 A, 0.2 C, 0.2 G, 0.3 T at every base. N stays N in all "
        "kinds.",
        stored="reference_kind",
        json_schema_extra={"enum": list(REFERENCE_KINDS)},
    )
    number: int = setting(
        20,
        "references per window",
        "Number of references, over which scores are averaged. It must be 1 for `flat` and "
        "`zeros`, whose references are all alike.",
        ge=1,
        stored="reference_number",
    )
    seed: int = setting(
        1,
        "integer",
        "Seed of the shuffles. Shuffle k of a window depends on this seed, on the window's bases "
        "and on k only.",
        ge=0,
        stored="seed",
    )

    @field_validator("kind")
    @classmethod
    def _kind_is_known(cls, kind: str) -> str:
        as_value_error(check_references, kind, 1)
        return kind

    @model_validator(mode="after")
    def _number_suits_kind(self) -> References:
        if self.kind in SINGLE_KINDS and self.number != 1:
            raise ValueError(
                f"references.number is {self.number}, but references.kind {self.kind!r} gives one "
                "reference only; set references.number to 1"
            )
        return self


class Tracks(Strict):
    """Settings for contributions along the genome."""

    overlap: str = setting(
        OVERLAPS[0],
        "name",
        "Value of a base that several windows hold: `centre` or `mean`. `centre` takes the window "
        "whose centre is nearest, `mean` the mean over all windows.",
        names=OVERLAPS,
    )


class Hub(Strict):
    """Settings for the track hub, which is made of the samples whose `genome` is given."""

    email: str = setting(
        "",
        "address",
        "Address of whom visitors of the track hub may ask. UCSC's browser requires one, so "
        f"without it the hub has `{NO_EMAIL}`.",
        json_schema_extra={"pattern": f"^({_EMAIL})?$"},
    )

    @field_validator("email")
    @classmethod
    def _email_is_one_word(cls, email: str) -> str:
        if email and not re.fullmatch(_EMAIL, email):
            raise ValueError(f"{email!r} is no address; expected one such as name@university.edu")
        return email


class Motifs(Strict):
    """Settings for TF-MoDISco."""

    window: int = setting(
        MOTIF_WINDOW,
        "bp",
        "Bases around the window's centre in which motifs are searched for. "
        "`in_silico_mutagenesis` scores them in windows of more than 600 bp, unless its options "
        "name others; a change of this setting then scores windows again by that method.",
        ge=SHORTEST_MOTIF_WINDOW,
    )
    max_seqlets: int = setting(
        20000,
        "seqlets",
        "Largest number of seqlets of each sign that are clustered. More seqlets take more time "
        "and memory.",
        ge=1,
        stored="max_seqlets",
    )
    seqlet_fdr: float = setting(
        0.05,
        "rate",
        "False discovery rate at which stretches of high contribution count as seqlets.",
        gt=0,
        lt=1,
        stored="seqlet_fdr",
    )
    n_leiden: int = setting(
        2,
        "clusterings",
        "Leiden clusterings from different seeds, of which the best is kept. modisco-lite's "
        "command line takes 2.",
        ge=1,
        stored="n_leiden",
    )
    min_seqlets: int = setting(
        100,
        "seqlets",
        "Seqlets of one sign (raising or lowering the target) are clustered only if there are more "
        "than this.",
        ge=1,
        stored="min_seqlets",
    )
    seed: int = setting(
        1,
        "integer",
        "Seed of the order in which windows are read, so that `motifs.max_seqlets` favours no "
        "chromosome.",
        ge=0,
        stored="motifs_seed",
    )
