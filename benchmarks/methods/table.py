"""The table of docs/methods.md that tells which method to choose, made from the stored numbers."""

from __future__ import annotations

from benchmarks.methods.cost import GOALS
from benchmarks.reproduction.prose import fill
from benchmarks.reproduction.simulated import ROOT
from benchmarks.stored import Results
from deeplift_genomics.settings.methods import METHODS, Method
from deeplift_genomics.settings.published import between_marks

PAGE = ROOT / "docs" / "methods.md"
STORED = ROOT / "benchmarks" / "methods" / "results" / "methods.json"
BEGIN, END = "<!-- choice: made by `make methods` -->", "<!-- end of choice -->"

# method -> when to choose it
WHEN: dict[str, str] = {
    "deeplift": "Unless there is a reason for another: complete to rounding, and steady with few "
    "references.",
    "gradient": "For a first look at very many windows, or for the map of all four bases without "
    "references.",
    "gradient_x_input": "As the plain baseline that other work compares with.",
    "integrated_gradients": "To check DeepLIFT by a method that depends on the function alone, as "
    "where a model has many products, gates or attention.",
    "expected_gradients": "For the same with many references, of which each is looked at briefly.",
    "smoothgrad": "Where gradients are too noisy to read.",
    "guided_backpropagation": "As a cheap order of the bases that raise the target. It also scores "
    "motifs that the target does not use ([reproduction](reproduction.md)), and hardly bases that "
    "lower it.",
    "deconvolution": "To repeat older work: here it is no better than chance.",
    "lrp": "Without references, on a chain of convolutions and dense layers; it shares out the "
    "target itself, and no difference.",
    "grad_cam": "To see in which part of a long window a layer answers; coarse.",
    "in_silico_mutagenesis": "Where single substitutions are the question: variants, oligos. It "
    "asks the model itself, and misses bases that stand in for each other.",
    "occlusion": "For what stretches are worth, in a model that no derivative passes.",
    "lime": "For what segments are worth each, by a linear model; slow.",
    "kernel_shap": "For what segments are worth where they work together: it shares out what they "
    "do jointly, and adds up; slow.",
    "attention": "To see which tokens a model reads, not what they do to the target.",
    "attention_rollout": "For the same through all layers.",
    "attention_x_gradient": "For tokens that are read and that the target depends on.",
    "randomized_path_integration": "To see how much the choice of baselines does: other seeds give "
    "other maps.",
}


def with_table(text: str, results: Results) -> str:
    """Return the page with a new table.

    Raises
    ------
    ValueError
        If the page has no place for it.
    """
    return between_marks(text, BEGIN, END, f"{table(results)}\n")


def table(results: Results) -> str:
    """Return the rows, and what their columns are."""
    cells = [
        ["method", "choose it", "gives", "time", "faithfulness", "agreement", "sites", "motifs"],
        ["---"] * 8,
        *(_row(name, method, results) for name, method in METHODS.items()),
    ]
    rows = "\n".join(f"| {' | '.join(row)} |" for row in cells)
    return f"{rows}\n\n{_notes(results)}"


def _row(name: str, method: Method, results: Results) -> list[str]:
    """Return the cells of a method."""
    time = results["ratios"].get(name)
    gives = method.gives + (", complete" if method.complete else "")
    both = [
        [results[sample]["methods"].get(name, {}).get(key) for sample in ("ZNF143", "demo")]
        for key in ("faithfulness", "agreement")
    ]
    of_demo = results["demo"]["methods"].get(name, {})
    sites, motifs = of_demo.get("sites"), of_demo.get("motifs")
    return [
        f"`{name}`",
        WHEN[name],
        gives,
        "" if time is None else f"{time:.2g}",
        *(", ".join(_number(value) for value in pair if value is not None) for pair in both),
        "" if sites is None else _number(sites),
        "" if motifs is None else f"{motifs:.0f}",
    ]


def _number(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}"  # no "-0.00"


def _words(label: str) -> str:
    """Return the label of a case for a text."""
    name, _, case = label.partition(", ")
    return f"`{name}` with {case}" if case else f"`{name}`"


def _notes(results: Results) -> str:
    """Return what the columns are, and the cases that were timed beside."""
    ratios = results["ratios"]
    further = "; ".join(
        f"{_words(label)} {ratios[label]:.2g}" for label in ratios if label not in METHODS
    )
    grown = max(many / few for few, many in results["memory"].values())
    goals = " and ".join(f"{_words(label)} at most {goal:g}" for label, goal in GOALS.items())
    text = f"""\
*Time* is that of a window of the ZNF143 model for both heads on one core, with 20 references where
a method takes any, and DeepLIFT's ({results["seconds"]:.2g} s) as 1; the median of rounds in which
all methods take turns. Beside the defaults: {further}. The goals were {goals}. The others
are measured by `snakemake evaluation` for `counts`, in {results["ZNF143"]["regions"]} regions of
the ZNF143 model and {results["demo"]["regions"]} of the demo, with each method's options at their
defaults. *Faithfulness* is comprehensiveness, as the share of the way from random order (0) to the
order of in-silico mutagenesis (1), and *agreement* the rank correlation with in-silico mutagenesis,
both for ZNF143 and the demo. *Sites* is the auPRC of bases of planted sites, and *motifs* the known
motifs that TF-MoDISco finds, of 4 that were planted, both in the demo ([Evaluation](#evaluation)).
The models have no attention.

Memory does not grow with the work: ten times the windows, steps, samples, mutants or baselines take
{grown:.2f} times the memory of a process at most, in the demo (`python -m
benchmarks.methods.memory`)."""
    return fill(text)
