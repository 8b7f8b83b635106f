"""The explainer that the settings of a run ask for."""

from __future__ import annotations

from collections.abc import Sequence

from deeplift_genomics.attribution.explain import Explainer
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.scored import chosen_method
from deeplift_genomics.settings.strict import as_plain


def configured_explainer(
    model: Model,
    targets: Sequence[str],
    config: Config,
    batch_size: int,
    *,
    most_references: int | None = None,
    float64: bool | None = None,
    plain: bool = False,
) -> Explainer:
    """Return the explainer by the settings of a run.

    Those that count are named by `scored.scoring_keys`. `float64`, if given, is in place of the
    setting, and `plain` is for the second path.

    Raises
    ------
    InputError, ModelError, UnsupportedOperationError
        As `Explainer` raises them.
    """
    chosen, settings = chosen_method(as_plain(config)), config.attribution
    number = config.references.number if chosen.references else 0
    return Explainer(
        model,
        targets,
        number if most_references is None else min(number, most_references),
        rules=settings.rules,
        batch_size=batch_size,
        tolerance=settings.tolerance,
        float64=settings.float64 if float64 is None else float64,
        chosen=chosen,
        seed=config.references.seed,
        convolutions=settings.convolutions,
        plain=plain,
    )
