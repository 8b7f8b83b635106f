"""The scores of this package: ``python -m benchmarks.peers_of_methods.ours FOLDER``."""

from functools import cache
from pathlib import Path

from numpy.typing import NDArray

from benchmarks.peers_of_methods.cases import CASES
from benchmarks.peers_of_methods.sides import Question, answer
from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.model import Model


@cache
def model_of(folder: Path) -> Model:
    """Load the model of a folder once."""
    (path,) = folder.glob("model.*")
    return load_model(path)


def explain(question: Question) -> NDArray:
    """Return what of the scores is compared."""
    case = question.case
    scores = attribute(
        model_of(question.folder),
        question.windows,
        question.references,
        "counts",
        float64=True,
        method=case.method,
        options=question.options,
    )["counts"]
    if case.view == "hypothetical":
        return scores.hypothetical
    return scores.contributions if case.view == "contributions" else scores.contributions.sum(-1)


if __name__ == "__main__":
    answer("ours", dict.fromkeys(CASES, explain), ("tensorflow-cpu", "keras", "numpy"))
