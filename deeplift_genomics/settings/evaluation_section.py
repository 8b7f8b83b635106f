"""The section of the configuration for the evaluation of methods.

It is defined as those of `sections`.
"""

from __future__ import annotations

from pydantic import field_validator

from deeplift_genomics.settings.methods import METHODS, choose
from deeplift_genomics.settings.setting import setting
from deeplift_genomics.settings.strict import Strict, as_value_error

_USUAL = ("deeplift", "gradient_x_input", "integrated_gradients", "in_silico_mutagenesis")
# the method whose order of bases bounds the others', and with which they are compared
ORACLE = "in_silico_mutagenesis"


class Evaluation(Strict):
    """Settings for comparing methods of attribution, by `snakemake evaluation`."""

    methods: list[str] = setting(
        list(_USUAL),
        "list of names",
        "Methods that are compared. Differences are told to the first one. "
        f"`{ORACLE}` is computed in any case, because others are compared with it.",
        json_schema_extra={"items": {"type": "string", "enum": list(METHODS)}, "minItems": 1},
    )
    regions: int = setting(
        100,
        "windows",
        "Windows in which methods are compared, spread over the file. All are taken if there are "
        "no more.",
        ge=1,
        stored="evaluation_regions",
    )
    retested: int = setting(
        10,
        "windows",
        "How many of them are scored again and again, to see what scores depend on: random "
        "weights, other seeds, moved windows, the other strand, the other folds. 0 leaves that "
        "out.",
        ge=0,
        stored="evaluation_retested",
    )
    draws: int = setting(
        5,
        "references",
        "References by whose bases those of a window are replaced. They are others than those of "
        "the methods.",
        ge=1,
        stored="evaluation_draws",
    )
    seeds: int = setting(
        3,
        "seeds",
        "Other seeds with which windows are scored again.",
        ge=0,
        stored="evaluation_seeds",
    )
    truth: str = setting(
        "",
        "path",
        "BED file of sites that are known to matter, such as those planted into simulated "
        "sequences, in the coordinates of the regions, for all samples. Empty: those of the column "
        "`known_sites` of the sheet.",
        option=False,
    )
    seed: int = setting(
        1,
        "integer",
        "Seed of the choice of windows, of the references by whose bases others are replaced, and "
        "of random weights.",
        ge=0,
        stored="evaluation_seed",
    )
    per_shard: int = setting(
        20,
        "windows",
        "Windows evaluated by one job. Results do not depend on it.",
        ge=1,
        option=False,
    )

    @field_validator("methods")
    @classmethod
    def _methods_are_known(cls, methods: list[str]) -> list[str]:
        if not methods:
            raise ValueError("expected one method at least, such as deeplift")
        for name in methods:
            as_value_error(choose, name)
        return list(dict.fromkeys(methods))

    @property
    def all_methods(self) -> list[str]:
        """The methods that are computed: those that are compared, and the one to compare with."""
        return list(dict.fromkeys([*self.methods, ORACLE]))
