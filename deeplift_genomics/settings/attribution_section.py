"""The settings for computing scores."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationInfo, model_validator

from deeplift_genomics.settings.choices import CONVOLUTIONS, DEVICES, RULES, SCORE_TYPES
from deeplift_genomics.settings.methods import DEFAULT, METHODS, check_gives_bases, check_methods
from deeplift_genomics.settings.setting import setting
from deeplift_genomics.settings.strict import Strict, as_value_error

# the context of a validation: settings of one step, which makes no motifs, and not of a run
OF_A_STEP = "of_a_step"


class Attribution(Strict):
    """Settings for computing scores."""

    method: str = setting(
        DEFAULT,
        "name",
        "Method of attribution whose scores the motifs, the tracks and the report are made of "
        "(`TARGET.scores.h5`). docs/methods.md tells which method to choose when.",
        json_schema_extra={"enum": list(METHODS)},
    )
    methods: list[str] = setting(
        [],
        "list of names",
        "Further methods, whose scores are written beside those (`TARGET.METHOD.scores.h5`).",
        option=False,
        json_schema_extra={"items": {"type": "string", "enum": list(METHODS)}},
    )
    options: dict[str, Any] = setting(
        {},
        "options, or method: options",
        "Options of `attribution.method`, such as `steps: 50`; those of further methods are below "
        "their names. docs/methods.md lists the options of each method.",
    )
    rules: str = setting(
        RULES[0],
        "name",
        "DeepLIFT's rules for nonlinear operations: `rescale`, `reveal_cancel` or "
        "`genomics_default`. The last one takes RevealCancel after dense layers and Rescale "
        "elsewhere.",
        names=RULES,
        stored="rules",
    )
    float64: bool = setting(
        False,
        "true or false",
        "Compute in double precision. This is slower, and residuals are smaller. "
        "`attribution.score_type` decides how scores are stored in either case.",
        stored="precision",
        as_stored=lambda double: "float64" if double else "float32",
    )
    convolutions: str = setting(
        CONVOLUTIONS[0],
        "name",
        "How convolutions of 3 taps and 256 or more channels are computed on a CPU: `fast`, with "
        "half the multiplications (minimal filtering), or `direct`. Scores differ by rounding, and "
        "models with fewer channels are the same by both. `float64` is always direct.",
        names=CONVOLUTIONS,
        stored="convolutions",
    )
    device: str = setting(
        DEVICES[0],
        "name",
        "Where scores are computed: `cpu`, `gpu` or `gpu_or_cpu`. Without a GPU, a `gpu` job fails "
        "and a `gpu_or_cpu` job uses the CPU; one file may then hold scores of both, which agree "
        "to about 6 digits. A job that may use a GPU asks for the resource `gpu`.",
        names=DEVICES,
    )
    windows_per_batch: int = setting(
        1,
        "windows",
        "Windows computed at once, each with all its references; 0 means as many as the GPU's "
        "memory holds, and 1 on a CPU. 1 is fastest on a CPU; more windows need more memory. A "
        "change of it does not score again.",
        ge=0,
        watched=False,
    )
    tolerance: float = setting(
        0.001,
        "share",
        "Largest residual accepted, as a share of the summed absolute contributions. Contributions "
        "must add up to the difference in the target (completeness); the run fails if they miss it "
        "by more for any window and reference.",
        gt=0,
        stored="tolerance",
    )
    second_path: int = setting(
        3,
        "windows",
        "Windows of each shard that are computed a second time, in double precision and without "
        "rewrites for speed, and compared with its scores; 0 for none. The seed chooses them. They "
        "take a few percent of the time of a shard of 500 windows. Of a run with `float64`, which "
        "takes that path itself, there are none. A change of it does not score again.",
        ge=0,
        watched=False,
    )
    second_path_bound: float = setting(
        0.01,
        "share",
        "Largest difference accepted between the contributions by both paths, as a share of the "
        "window's largest one; the job fails above it. A change of it does not score again.",
        gt=0,
        watched=False,
    )
    score_type: str = setting(
        SCORE_TYPES[0],
        "name",
        "How scores are stored: `float32` or `float16`. `float16` halves the files and rounds "
        "each score to 0.05% of itself. Scores are read back as float32.",
        names=SCORE_TYPES,
        stored="score_type",
    )

    @model_validator(mode="after")
    def _methods_are_known(self, info: ValidationInfo) -> Attribution:
        as_value_error(check_methods, self.method, self.methods, self.options)
        if not (info.context or {}).get(OF_A_STEP):
            as_value_error(check_gives_bases, self.method)
        return self
