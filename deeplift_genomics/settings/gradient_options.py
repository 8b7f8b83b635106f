"""The options of the methods that compute gradients, at the window or along a path."""

from __future__ import annotations

from pydantic import model_validator

from deeplift_genomics.settings.method_options import Options
from deeplift_genomics.settings.setting import setting

STEPS = "Places on the path from each reference at which the gradient is taken."
QUADRATURES = ("gauss_legendre", "trapezoid", "riemann")
BASES = ("gradient", "gradient_x_input", "integrated_gradients")
FORMS = ("mean", "squared", "variance")


class GradientOptions(Options):
    """Options of `gradient`."""

    correction: str = setting(
        "none",
        "name",
        "`none`, or `mean`: the mean over the four bases is subtracted at each position.",
        names=("none", "mean"),
    )


class IntegratedGradientsOptions(Options):
    """Options of `integrated_gradients`."""

    steps: int = setting(20, "places on each path", STEPS, ge=1, le=10_000)
    quadrature: str = setting(
        QUADRATURES[0],
        "name",
        "`gauss_legendre`; `trapezoid`, which takes both ends as well; or `riemann`, the right end "
        "of each step.",
        names=QUADRATURES,
    )
    tolerance: float = setting(
        # with 20 steps, the worst of 700 pairs of the demo's profile has 2.3, and 1 in 100 has 1
        5.0,
        "share",
        "Largest residual accepted, as a share of the summed absolute contributions, in place of "
        "`attribution.tolerance`. The default stops a run where nothing adds up; 0.1 with 200 "
        "steps is strict.",
        gt=0,
    )

    @property
    def held_to(self) -> float:
        """The tolerance of completeness."""
        return self.tolerance

    @property
    def if_incomplete(self) -> str:
        """What to do where contributions do not add up."""
        return (
            f"This is the error of the quadrature: raise the option 'steps' (now {self.steps}), or "
            "its 'tolerance' if these are acceptable. If more steps do not help, the model has "
            "jumps, which no gradient sees: use deeplift."
        )


class ExpectedGradientsOptions(Options):
    """Options of `expected_gradients`."""

    samples: int = setting(
        5, "points on each path", "Random points on the path from each reference.", ge=1, le=10_000
    )


class SmoothGradOptions(Options):
    """Options of `smoothgrad`."""

    base: str = setting(
        BASES[0],
        "name",
        "The method that is applied to the noisy windows: `gradient`, `gradient_x_input` or "
        "`integrated_gradients`.",
        names=BASES,
    )
    sigma: float = setting(
        0.15,
        "of one base",
        "Standard deviation of the noise on each of the four values.",
        gt=0,
        le=10,
    )
    samples: int = setting(50, "noisy windows", "Noisy copies of each window.", ge=1, le=10_000)
    form: str = setting(
        FORMS[0],
        "name",
        "`mean` of the maps of all noisy windows, mean of their squares (`squared`), or their "
        "`variance`.",
        names=FORMS,
    )
    steps: int = setting(
        20, "places on each path", f"{STEPS} For integrated gradients.", ge=1, le=10_000
    )

    @model_validator(mode="after")
    def _a_variance_is_of_two(self) -> SmoothGradOptions:
        if self.form == "variance" and self.samples < 2:
            raise ValueError("the form 'variance' needs samples of at least 2; one has none")
        return self

    def references(self, of_method: bool) -> bool:
        """Tell whether windows are compared with references."""
        return self.base == "integrated_gradients"


class RandomizedPathOptions(Options):
    """Options of `randomized_path_integration`."""

    baselines: int = setting(
        10,
        "baselines",
        "Random baselines of each window, each of which gives a map.",
        ge=1,
        le=1000,
    )
    kind: str = setting(
        "mixture",
        "name",
        "`shuffle`: dinucleotide shuffles of the window; `gaussian`: the window, dampened, with "
        "noise; or `mixture`: each baseline is one or the other, by chance.",
        names=("shuffle", "gaussian", "mixture"),
    )
    sigma: float = setting(
        0.5,
        "of one base",
        "Standard deviation of the noise of Gaussian baselines. At 1 they are noise alone.",
        gt=0,
        le=1,
    )
    steps: int = setting(20, "places on each path", STEPS, ge=1, le=10_000)
    metric: str = setting(
        "deletion",
        "name",
        "The metric that picks the map of a window: `deletion` or `insertion`, the larger the "
        "better. The method is not ranked by what it was picked by.",
        names=("deletion", "insertion"),
    )

    @property
    def picked_by(self) -> str:
        """The metric by which the method picks its map, and by which it cannot be ranked."""
        return self.metric
