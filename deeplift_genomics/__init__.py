"""DeepLIFT contribution scores, motifs and reports from trained sequence models.

The names below are imported on first use, so that importing the package costs nothing:
TensorFlow is loaded only by `load_model`, `attribute`, `attribute_outputs` and `explain`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from deeplift_genomics.version import __version__

if TYPE_CHECKING:
    from deeplift_genomics.attribution.explain import attribute
    from deeplift_genomics.attribution.locus import explain
    from deeplift_genomics.attribution.outputs import OutputScores, attribute_outputs
    from deeplift_genomics.attribution.scores import Scores
    from deeplift_genomics.cohort.read import read_patterns
    from deeplift_genomics.design.table import read_oligos
    from deeplift_genomics.dna.sequence import one_hot
    from deeplift_genomics.dna.shuffle import dinucleotide_shuffle
    from deeplift_genomics.instances.table import read_instances
    from deeplift_genomics.models.load import load_model
    from deeplift_genomics.models.options import LoadOptions
    from deeplift_genomics.scores.effects import read_effects
    from deeplift_genomics.scores.file import read_scores
    from deeplift_genomics.scores.outputs import read_outputs
    from deeplift_genomics.scores.predictions import read_predictions

__all__ = [
    "LoadOptions",
    "OutputScores",
    "Scores",
    "__version__",
    "attribute",
    "attribute_outputs",
    "dinucleotide_shuffle",
    "explain",
    "load_model",
    "one_hot",
    "read_effects",
    "read_instances",
    "read_oligos",
    "read_outputs",
    "read_patterns",
    "read_predictions",
    "read_scores",
]

_HOMES = {
    "LoadOptions": "models.options",
    "OutputScores": "attribution.outputs",
    "Scores": "attribution.scores",
    "attribute": "attribution.explain",
    "attribute_outputs": "attribution.outputs",
    "dinucleotide_shuffle": "dna.shuffle",
    "explain": "attribution.locus",
    "load_model": "models.load",
    "one_hot": "dna.sequence",
    "read_effects": "scores.effects",
    "read_instances": "instances.table",
    "read_oligos": "design.table",
    "read_outputs": "scores.outputs",
    "read_patterns": "cohort.read",
    "read_predictions": "scores.predictions",
    "read_scores": "scores.file",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return list(__all__)
