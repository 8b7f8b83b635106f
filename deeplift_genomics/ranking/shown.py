"""How the page shows each metric and each part of the evaluation, beside `settings.metrics`."""

from __future__ import annotations

# metric -> the heading of its column in the table that ranks methods; a curve stands there with its
# last value
COLUMNS = {
    "comprehensiveness": "Faithfulness",
    "agreement": "Agreement with mutagenesis",
    "site_auroc": "Known sites (auROC)",
    "known_motifs": "Known motifs",
    "cascading": "In a randomised model",
    "seeds": "Other seeds",
    "reverse_complement": "Other strand",
    "seconds": "Seconds for a region",
}

# part -> what its section says first
INTRODUCTIONS = {
    "faithfulness": "Do the bases that a method calls important matter to the model? The bases "
    "are replaced in the order of their contributions, and the model is asked each time. A good "
    "order loses much with few bases. Random order is the lower bound; the order of in-silico "
    "mutagenesis, which asks the model about every base, is hard to beat.",
    "agreement": "In-silico mutagenesis changes one base at a time and asks the model. A method "
    "that orders the bases in the same way can stand in for it. Two bases that can replace each "
    "other are missed by it, so a perfect agreement is no aim.",
    "truth": "Where the sites that matter are known, do they have the high contributions? A "
    "value of 0.5 (auROC) is chance, 1 is perfect. The model may have learned other sites as "
    "well, or not all of these: this judges model and method together.",
    "motifs": "TF-MoDISco was run on the contributions of each method that gives all four bases, "
    "in the regions of the evaluation only. More motifs are found in more regions: compare the "
    "methods with each other, not with the report.",
    "sanity": "A method that explains the model must notice when the model is destroyed. The "
    "weights are randomised layer by layer, and the contributions compared with those of the "
    "true model. It is normal that a part is left, or that signs turn, while the lowest layer, "
    "which reads the bases, keeps its weights. When all layers are random, nothing must be left: "
    "a method that keeps its scores then draws the sequence, not what the model has learned.",
    "stability": "Would the same question get the same answer again? With other references and "
    "random draws, with the window moved by a few bases, on the other strand, and by the model's "
    "other folds. Most bases of a region have contributions near 0, whose order is chance, so "
    "that rank correlations are far below 1 even where all that is large agrees. What other "
    "seeds give is the most that the other comparisons can reach; they also depend on the model.",
    "cost": "Measured in this run, on this machine, one method after the other.",
}

# metric -> its meaning for readers of the page, where that of its table is for readers of the file
MEANINGS = {
    "cascading": "Spearman's correlation of contributions with those of the model whose upper "
    "layers have random weights, from the top down to the one named.",
    "independent": "The same with random weights in one layer only.",
}

# metric -> what a reader must know beside its meaning
NOTES = {
    "deletion": "Good is a curve that rises early and stays above random order.",
    "insertion": "Good is a curve that rises early and stays above random order.",
    "completeness": "Only for methods that promise it.",
    "shift": "Good is a flat curve at the height of other seeds.",
    "cascading": "Good is 0 at the end: nothing is left of the scores when the model is gone. "
    "Weights are drawn once, so that a small model's number scatters around 0 by chance.",
    "independent": "A value near 1 says that the scores do not use what this layer has learned.",
    "reference_error": "Computed from the scores of single references. The error falls with the "
    "square root of their number.",
    "motif_seqlets": "More seqlets are more places from which the motif was built.",
    "seconds": "Starting is not counted.",
}


# direction of a metric, or its part -> the words for it
DIRECTION = {
    "more": "More is better.",
    "less": "Less is better.",
    "": "",
    "sanity": "Nearer to 0 is better.",
}
