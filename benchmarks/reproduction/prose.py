"""The words of docs/reproduction.md around its tables."""

from __future__ import annotations

import textwrap

from benchmarks.reproduction.deletion import DRAWS
from benchmarks.reproduction.methods import SHUFFLES, STEPS
from benchmarks.reproduction.simulated import BEST, PRIOR, STRONG
from benchmarks.reproduction.simulation import REPLACEMENTS


def fill(text: str) -> str:
    """Return paragraphs with lines of 100 characters."""
    parts = (" ".join(part.split()) for part in text.split("\n\n"))
    return "\n\n".join(textwrap.fill(part, 100, break_on_hyphens=False) for part in parts)


HEAD = """# The DeepLIFT paper, measured again

`make reproduction` measures everything on this page and writes it. The numbers decide the words of
each verdict.

The claims are those of Shrikumar, Greenside and Kundaje, "Learning important features through
propagating activation differences" (ICML 2017, arXiv 1704.02685). Model and sequences are those of
the authors' notebook, a simulation of TAL1 and GATA1; they are not part of this repository. The
same methods are then compared on the sites planted in the bundled demo, and by deletion and
insertion on a BPNet of ZNF143."""

SOURCES = fill(
    """Each claim was read in the main text of the paper, at the place that the table names, or in
    the notebook `examples/genomics/genomics_simulation.ipynb` of kundajelab/deeplift. The text was
    at hand, and not its drawings or its supplement. So these could **not be verified**: which
    logarithm the paper's log-odds have, and its matrices (appendix F); what its figures show
    for GATA1 (appendix G) and with shuffled references (appendix J); how many intervals its
    integrated gradients take on DNA; and that the notebook's model is the one of its figures,
    though its layers are those that section 4.2 lists."""
)

TOYS = fill(
    f"""The networks of the paper's figures, computed in double precision. The reference is 0 for
    each input. Contributions are complete if they add up to the first row.

    Gradient × input gives nothing where the output is saturated, and the whole input, 10.25, for an
    output of 0.25 just above the threshold. Guided backpropagation also stops at each negative
    weight, so of a minimum it gives the first input alone. The paper says that integrated gradients
    solve saturation and thresholds, if good integrals are paid for (section 2.2.3). So it is: with
    {STEPS} steps they are wrong at the threshold, because the path crosses it between two steps;
    more steps bring them to Rescale's values."""
)

SIMULATION = f"""A convolutional network with three outputs classifies sequences of 200 bases: both
    motifs, GATA1, TAL1. The test set has {{number}} sequences ({{groups}}); one to three
    instances of a motif were embedded. Scores explain the outputs before their sigmoids. As in
    the paper, the {BEST} best matches of each motif in each sequence are looked at, and the
    score of a match is the sum over its bases.

    A match is strong if its log-odds exceed {STRONG:g} (natural logarithm, against a background
    of 0.3 A, 0.2 C, 0.2 G, 0.3 T). The paper's matrices are not at hand: these are estimated
    from the embedded instances, with {PRIOR} added to each probability. "Flat" is the paper's
    reference, the frequencies of the background; "shuffled" are {SHUFFLES} dinucleotide shuffles
    of each sequence, as in the notebook. By its "input" in gradient × input and guided
    backpropagation × input, the paper means the input less the flat reference (section 4.2). The
    rows "flat" are that, and the claims are held against them; the rows "none" multiply by the
    input alone, as others do."""

FALSE_NEGATIVES = fill(
    f"""A strong match in a sequence with both motifs is missed if its score for the task "both"
    is 0 or less. To see what the model makes of a match, its bases are replaced by those of
    {REPLACEMENTS} shuffles of the sequence, and the output before the sigmoid falls, or does
    not. The last column is Spearman's correlation of that fall with the score, over all strong
    matches of TAL1."""
)

DEMO = """{windows} windows of the demo hold {sites} planted sites, and nothing else was planted.
    The columns: auROC of sites against other stretches, and of their bases; sites with a score
    of 0 or less; Spearman's correlation of a site's score with its strength in the simulation;
    the share of all absolute scores on sites. Genomics-default equals Rescale here, because no
    nonlinearity follows a dense layer.

    This truth is easy: no method misses a site, and all tell sites from other stretches. They
    differ in the bases, and in how much they score where nothing was planted."""

DELETION = f"""{{windows}} windows of the ZNF143 model, around peaks of ZNF143 and CTCF on chr22,
    measured by the functions of `snakemake evaluation`. The bases with the highest scores are
    replaced by those at the same places of {DRAWS} dinucleotide shuffles, and the predicted
    log-counts (both strands added) fall: the more, the better the scores name what the model uses.
    Replacing all bases takes {{fall:.2f}} away. More can fall before that, while bases that lower
    the prediction are still there. Comprehensiveness is the mean fall over 1, 5, 10, 20 and 50% of
    the bases, AOPC the area under the whole curve. Insertion goes the other way: the top bases are
    put into the shuffles, and the prediction rises. Intervals are over windows. In-silico
    mutagenesis ranks bases by asking the model itself, base by base. Genomics-default equals
    Rescale, as on the demo."""

HOW = fill(
    f"""Every score comes from `deeplift_genomics.attribute`: `gradient_x_input`,
    `guided_backpropagation` (both times the sequence, or times the sequence less the flat
    reference, summed over the four bases), `integrated_gradients` with {STEPS} steps of
    Gauss–Legendre (the notebook takes 10 intervals and the middle of each; on digits, the paper
    found 5 and 10 alike), and `deeplift` with the rules `rescale`,
    `reveal_cancel` and `genomics_default`; all but the toy networks in single precision.

    For auROC, the sites of a task's motifs are compared with other stretches of the same width,
    in the sequences that are positive for the task; motifs that the task does not ask for count
    neither way. Intervals (95%) are bootstraps over sequences. "Chance" is that of a strong TAL1
    match beside GATA1 to have a higher score than one in a sequence with TAL1 alone. The numbers
    are stored in `benchmarks/reproduction/results/reproduction.json`."""
)
