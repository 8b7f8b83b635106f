"""THE table of metrics by which methods of attribution are evaluated: name -> what it says.

A metric is one row here, and a function in one of the files of `deeplift_genomics/evaluation/`,
which has its formula and source. Nothing here imports TensorFlow.
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class Metric(NamedTuple):
    """A row of the table of metrics.

    Attributes
    ----------
    title
        Its name for readers.
    part
        The part of the evaluation that it belongs to, one of `PARTS`.
    better
        "more" or "less", whichever is better; ``""`` where neither is, as of memory that is there.
    unit
        Unit of its values, in words.
    meaning
        What the number says, in one sentence.
    x
        What the numbers of a curve run over, in words; ``""`` for a single number.
    """

    title: str
    part: str
    better: Literal["more", "less", ""]
    unit: str
    meaning: str
    x: str = ""


# part of the evaluation -> its name for readers, in the order of the page
PARTS = {
    "faithfulness": "Faithfulness",
    "agreement": "Agreement with in-silico mutagenesis",
    "truth": "Known sites",
    "motifs": "Motifs",
    "sanity": "Sanity",
    "stability": "Stability",
    "cost": "Cost",
}
_TARGET = "units of the target"
_RANK = "rank correlation"

METRICS: dict[str, Metric] = {
    "deletion": Metric(
        "Deletion curve", "faithfulness", "more", _TARGET,
        "How far the target falls when the bases of the highest contributions are replaced by "
        "those of a reference.",
        x="share of bases replaced",
    ),
    "insertion": Metric(
        "Insertion curve", "faithfulness", "more", _TARGET,
        "How far the target rises when the bases of the highest contributions are put into a "
        "reference.",
        x="share of bases inserted",
    ),
    "comprehensiveness": Metric(
        "Comprehensiveness", "faithfulness", "more", _TARGET,
        "The mean fall of the target without the top 1, 5, 10, 20 and 50% of the bases.",
    ),
    "sufficiency": Metric(
        "Sufficiency", "faithfulness", "less", _TARGET,
        "The mean fall of the target if only the top 1, 5, 10, 20 and 50% of the bases stay.",
    ),
    "aopc": Metric(
        "AOPC", "faithfulness", "more", _TARGET,
        "The area over the perturbation curve: the mean fall of the target along the deletion "
        "curve.",
    ),
    "insertion_area": Metric(
        "Area under insertion", "faithfulness", "more", _TARGET,
        "The mean rise of the target along the insertion curve.",
    ),
    "completeness": Metric(
        "Completeness error", "faithfulness", "less", "share of summed |contributions|",
        "How far contributions miss the difference in target that they must add up to.",
    ),
    "agreement": Metric(
        "Agreement", "agreement", "more", _RANK,
        "Spearman's correlation of contributions with those of in-silico mutagenesis, over the "
        "bases that it computes.",
    ),
    "base_auroc": Metric(
        "auROC of bases", "truth", "more", "auROC",
        "How well |contribution| tells bases of known sites from the others of a region.",
    ),
    "base_auprc": Metric(
        "auPRC of bases", "truth", "more", "auPRC",
        "The average precision of the same ranking of bases.",
    ),
    "site_auroc": Metric(
        "auROC of sites", "truth", "more", "auROC",
        "How well summed |contribution| tells known sites from equally long stretches elsewhere in "
        "the region.",
    ),
    "site_auprc": Metric(
        "auPRC of sites", "truth", "more", "auPRC",
        "The average precision of the same ranking of stretches.",
    ),
    "motif_seqlets": Metric(
        "Seqlets of known motifs", "motifs", "", "seqlets",
        "Seqlets of the patterns that TF-MoDISco finds in a method's scores and that match the "
        "known motif which `level` names.",
    ),
    "known_motifs": Metric(
        "Known motifs found", "motifs", "more", "motifs",
        "How many known motifs the patterns match.",
    ),
    "cascading": Metric(
        "Layers randomised from the top", "sanity", "less", _RANK,
        "Spearman's correlation of contributions with those of the model whose upper layers, down "
        "to the one that `level` names, have random weights.",
        x="layers randomised",
    ),
    "independent": Metric(
        "One layer randomised", "sanity", "less", _RANK,
        "The same with random weights in one layer only, which `level` names.",
        x="layer, counted from the top",
    ),
    "seeds": Metric(
        "Other seeds", "stability", "more", _RANK,
        "Spearman's correlation of contributions with those of other seeds of references and of "
        "other random draws.",
    ),
    "reference_error": Metric(
        "Error by number of references", "stability", "less", "share of the contributions' norm",
        "The expected error of contributions that are averaged over so many references.",
        x="references",
    ),
    "references_needed": Metric(
        "References for an error of 1%", "stability", "less", "references",
        "The number of references with which the expected error is 1%.",
    ),
    "folds": Metric(
        "Other folds", "stability", "more", _RANK,
        "Spearman's correlation of contributions with those of the model's other folds.",
    ),
    "shift": Metric(
        "Shifted windows", "stability", "more", _RANK,
        "Spearman's correlation of contributions with those of the window moved by a few bases.",
        x="bases that the window is moved by",
    ),
    "reverse_complement": Metric(
        "Reverse complement", "stability", "more", _RANK,
        "Spearman's correlation of contributions with those of the other strand, turned back.",
    ),
    "seconds": Metric(
        "Time", "cost", "less", "seconds for a region",
        "The time that a region takes, without starting.",
    ),
    "memory": Metric(
        "Memory", "cost", "less", "MB",
        "The most memory that the whole process takes while the method runs.",
    ),
}  # fmt: skip
# the method, and a bound of the curves: bases in random order
RANDOM_ORDER = "random_order"
# metric by which a method may pick its scores -> the metrics that come from the same numbers, and
# do not rank that method
BARRED = {
    "deletion": frozenset({"deletion", "comprehensiveness", "aopc"}),
    "insertion": frozenset({"insertion", "insertion_area", "sufficiency"}),
}


def barred_by(picked_by: str) -> frozenset[str]:
    """Return the metrics that do not rank a method that picks its scores by a metric.

    >>> sorted(barred_by("deletion")), sorted(barred_by("agreement")), sorted(barred_by(""))
    (['aopc', 'comprehensiveness', 'deletion'], ['agreement'], [])
    """
    return BARRED.get(picked_by, frozenset({picked_by} if picked_by else ()))
