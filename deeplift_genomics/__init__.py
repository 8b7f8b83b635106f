"""DeepLIFT contribution scores, motifs and reports from trained sequence models.

The names below are imported on first use, so that importing the package costs nothing:
TensorFlow is loaded only by `load_model` and `attribute`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deeplift_genomics.attribution import Scores, attribute
    from deeplift_genomics.models import load_model
    from deeplift_genomics.references import dinucleotide_shuffle
    from deeplift_genomics.store import read_scores

__version__ = "0.1.0"
__all__ = ["Scores", "attribute", "dinucleotide_shuffle", "load_model", "read_scores"]

_HOMES = {
    "Scores": "attribution",
    "attribute": "attribution",
    "dinucleotide_shuffle": "references",
    "load_model": "models",
    "read_scores": "store",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
