"""The options of methods that compare a window with perturbed ones."""

from __future__ import annotations

import math

from pydantic import field_validator, model_validator

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.settings.choices import MOTIF_WINDOW
from deeplift_genomics.settings.method_options import Options
from deeplift_genomics.settings.setting import setting

# bases: a longer window is not mutated as a whole unless its span says so
LONGEST_WHOLE = 600
# of segments, if the number of samples is not given
FEWEST_SAMPLES, SAMPLES_OF_SEGMENT = 200, 4


class MutagenesisOptions(Options):
    """Options of `in_silico_mutagenesis`."""

    span: list[int] = setting(
        [],
        "bp",
        "`[start, end]`: the bases that are mutated, counted from 0 in the window, without the "
        f"base at the end. If empty, all bases of windows of up to {LONGEST_WHOLE} bp are, and of "
        "longer ones the `central` bases.",
    )
    central: int = setting(
        MOTIF_WINDOW,
        "bp",
        "Bases around the window's centre that are mutated without a `span`. In a run, they are "
        "those of `motifs.window` unless they are given.",
        ge=1,
    )

    @field_validator("span")
    @classmethod
    def _span_is_a_stretch(cls, span: list[int]) -> list[int]:
        if span and not (len(span) == 2 and 0 <= span[0] < span[1]):
            raise ValueError(f"{span} is no span; expected [start, end] with 0 <= start < end")
        return span

    def span_in(self, length: int) -> tuple[int, int]:
        """Return the first base that is mutated of a window of that length, and the end."""
        if self.span:
            start, end = self.span
            if end > length:
                raise ConfigError(
                    f"The option 'span' of in_silico_mutagenesis is [{start}, {end}], and windows "
                    f"have {length} bases; expected an end of at most {length}."
                )
            return start, end
        if length <= LONGEST_WHOLE or self.central >= length:
            return 0, length
        start = (length - self.central) // 2
        return start, start + self.central

    @property
    def limit(self) -> tuple[str, int] | None:
        """The option by which only some bases of long windows get scores, and their number."""
        if not self.span:
            return "central", self.central
        start, end = self.span
        return ("span", end - start) if start else None

    @property
    def followed(self) -> dict[str, str]:
        """The options that were not given -> the settings of a run whose values they take."""
        unused = self.span or "central" in self.model_fields_set
        return {} if unused else {"central": "motifs.window"}


class OcclusionOptions(Options):
    """Options of `occlusion`."""

    length: int = setting(10, "bp", "Bases of a stretch that is replaced.", ge=1)
    stride: int = setting(
        5, "bp", "Distance from one stretch to the next one; at most `length`.", ge=1
    )
    by: str = setting(
        "reference",
        "name",
        "What replaces a stretch: `reference`, the bases of each reference there; `unknown`, "
        "zeros, as for N; or `shuffle`, its own bases in another order.",
        names=("reference", "unknown", "shuffle"),
    )
    draws: int = setting(5, "shuffles", "Shuffles of each stretch, for `by: shuffle`.", ge=1)

    @model_validator(mode="after")
    def _every_base_is_in_a_stretch(self) -> OcclusionOptions:
        if self.stride > self.length:
            raise ValueError(
                f"a stride of {self.stride} leaves out bases between stretches of {self.length}; "
                f"expected at most {self.length}"
            )
        return self

    @model_validator(mode="after")
    def _a_shuffle_moves_bases(self) -> OcclusionOptions:
        if self.by == "shuffle" and self.length < 2:
            raise ValueError("a stretch of one base has no other order; expected 2 bases or more")
        return self

    def references(self, of_method: bool) -> bool:
        """Tell whether stretches are replaced by those of references."""
        return self.by == "reference"

    def stochastic(self, of_method: bool) -> bool:
        """Tell whether stretches are shuffled."""
        return self.by == "shuffle"

    def starts(self, length: int) -> list[int]:
        """Return where the stretches of a window of that length start; the last one ends with it.

        Raises
        ------
        ConfigError
            If a stretch is longer than the window.
        """
        _require_shorter("length", "occlusion", self.length, length)
        last = length - self.length
        return [*range(0, last, self.stride), last]


class SegmentOptions(Options):
    """Options of methods that keep or replace whole segments."""

    segment: int = setting(
        10, "bp", "Bases of a segment; the last one of a window may have fewer.", ge=1
    )
    samples: int = setting(
        0,
        "samples",
        f"Perturbed windows for each reference; more give less noise. 0 means {FEWEST_SAMPLES}, or "
        f"{SAMPLES_OF_SEGMENT} for each segment if these are more.",
        ge=0,
    )

    def samples_of(self, segments: int) -> int:
        """Return the number of samples for so many segments.

        >>> [SegmentOptions().samples_of(segments) for segments in (50, 212)]
        [200, 848]
        """
        return self.samples or max(FEWEST_SAMPLES, SAMPLES_OF_SEGMENT * segments)

    def segments(self, length: int, method: str) -> int:
        """Return the number of segments of a window of that length.

        Raises
        ------
        ConfigError
            If a segment is longer than the window, or samples are too few to tell segments apart.
        """
        _require_shorter("segment", method, self.segment, length)
        number = math.ceil(length / self.segment)
        if self.samples_of(number) <= number:
            raise ConfigError(
                f"The option 'samples' of {method} is {self.samples}, and windows of {length} "
                f"bases have {number} segments of {self.segment}; expected at least {number + 1} "
                "samples, and better several times as many. Longer segments need fewer."
            )
        return number


class LimeOptions(SegmentOptions):
    """Options of `lime`."""

    width: float = setting(
        0.25,
        "distance",
        "Width of the kernel: samples at this cosine distance from the window weigh 1/e.",
        gt=0,
    )
    penalty: float = setting(
        1.0, "number", "Penalty of ridge regression on the squares of coefficients.", ge=0
    )

    def segments(self, length: int, method: str) -> int:
        """Return the number of segments; one, without which nothing is left, is refused, too."""
        number = super().segments(length, method)
        if number < 2:
            raise ConfigError(
                f"The option 'segment' of {method} is {self.segment}, and windows have {length} "
                f"bases; expected at most {length - 1}: the kernel needs two segments."
            )
        return number


class KernelShapOptions(SegmentOptions):
    """Options of `kernel_shap`."""


def _require_shorter(option: str, method: str, value: int, length: int) -> None:
    """Raise ConfigError if a stretch is longer than the window."""
    if value > length:
        raise ConfigError(
            f"The option '{option}' of {method} is {value}, and windows have {length} bases; "
            f"expected at most {length}."
        )
