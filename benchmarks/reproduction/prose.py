"""The words of docs/reproduction.md that are not made from numbers alone."""

from __future__ import annotations

import textwrap

from benchmarks.reproduction.claims import (
    GENOMICS,
    GUIDED,
    GXI,
    IG,
    RESCALE,
    REVEAL,
    row_of,
)
from benchmarks.reproduction.deletion import DRAWS, MUTAGENESIS
from benchmarks.reproduction.methods import SHUFFLES, STEPS
from benchmarks.reproduction.simulated import BEST, PRIOR, STRONG
from benchmarks.reproduction.simulation import REPLACEMENTS
from benchmarks.reproduction.stored import Results


def fill(text: str) -> str:
    """Return paragraphs with lines of 100 characters."""
    parts = (" ".join(part.split()) for part in text.split("\n\n"))
    return "\n\n".join(textwrap.fill(part, 100, break_on_hyphens=False) for part in parts)


HEAD = "# The DeepLIFT paper, measured again\n\n" + fill(
    """`make reproduction` measures everything on this page and writes it; the words of each verdict
    follow from the numbers.

    The claims are those of Shrikumar, Greenside and Kundaje, "Learning important features through
    propagating activation differences" (ICML 2017, arXiv 1704.02685). The sequences and the model
    are the paper's own: a simulation of TAL1 and GATA1. They are not part of this repository. The
    same methods are then compared on the sites planted in the bundled demo, and by deletion on a
    BPNet of ZNF143."""
)

TOYS = fill(
    """The networks of the paper's figures, computed in double precision. The reference is 0 for
    each input. Contributions that add up to the first row are complete."""
) + "\n\n" + fill(
    f"""Gradient × input gives nothing where the output is saturated, and the whole input, 10.25, for
    an output of 0.25 just above the threshold. Guided backpropagation also stops at each negative
    weight. Integrated gradients with {STEPS} steps are wrong at the threshold, because no step is at
    the place where the path crosses it; more steps bring them to Rescale's values."""
)

SIMULATION = fill(
    f"""A convolutional network with three outputs classifies sequences of 200 bases: both motifs,
    GATA1, TAL1. The test set has {{number}} sequences ({{groups}}); one to three instances of each
    motif were embedded. Scores explain the outputs before their sigmoids. As in the paper, the {BEST}
    best matches of each motif in each sequence are looked at, and the score of a match is the sum
    over its bases. A match is strong if its log-odds (natural logarithm, against a background of 0.3
    A, 0.2 C, 0.2 G, 0.3 T) exceed {STRONG:g}. The matrices are estimated from the embedded instances,
    with {PRIOR} added to each probability: the paper's own are not at hand. "Flat" is a reference
    with the background's frequencies, as in the paper; "shuffled" are {SHUFFLES} dinucleotide
    shuffles of each sequence."""
)

FALSE_NEGATIVES = fill(
    f"""A strong match in a sequence with both motifs is missed if its score for the task "both" is
    0 or less. To see what the model makes of each match, its bases are replaced by those of
    {REPLACEMENTS} shuffles of the sequence: the output before the sigmoid falls, or does not. The
    last column is Spearman's correlation of that fall with the score, over all strong matches of
    TAL1."""
)

DEMO = fill(
    """{windows} windows of the demo hold {sites} planted sites; the truth has no others. The columns
    mean what they mean above: auROC of sites against other stretches, and of bases; sites with a
    score of 0 or less; Spearman's correlation of a site's score with its strength in the simulation;
    and the share of the sum of |scores| on sites. Genomics-default equals Rescale here, because no
    nonlinearity follows a dense layer."""
)

DELETION = fill(
    f"""{{windows}} windows of the ZNF143 model, around peaks of ZNF143 and CTCF on chr22. The bases
    with the highest scores are replaced by those at the same places of {DRAWS} dinucleotide shuffles
    of the window, and the predicted log-counts (both strands added) fall: the faster, the better the
    scores name what the model uses. Replacing all bases takes away {{fall:.2f}}; more can fall before
    that, because bases that lower the prediction are then still there. The last column is the mean
    over the shares, with its interval over windows. The order of in-silico mutagenesis is found by
    asking the model itself, base by base."""
)

HOW = fill(
    f"""Every score comes from `deeplift_genomics.attribute`: `gradient_x_input`,
    `guided_backpropagation` (times the sequence), `integrated_gradients` with {STEPS} steps of
    Gauss–Legendre (the paper takes 10 intervals), and `deeplift` with the rules `rescale`,
    `reveal_cancel` and `genomics_default`. All are in single precision but for the toy networks.
    Sites are compared with all stretches of the same width that overlap no embedded motif, in the
    sequences that are positive for the task; bases of motifs that the task does not ask for count
    neither way. Intervals (95%) are bootstraps over sequences. "Chance" is that of a strong TAL1
    match beside GATA1 to have a higher score than one in a sequence with TAL1 alone. The numbers are
    stored in `benchmarks/reproduction/results/reproduction.json`."""
)


def why_missed(simulation: Results) -> str:
    """Return why methods miss matches, in the numbers of Rescale and gradient × input."""
    rescale, gradient = (row_of(simulation, name) for name in (RESCALE, GXI))
    missed, strong = rescale["missed"]["TAL1"], simulation["strong"]["TAL1"]
    falling, shuffled = simulation["falling"], row_of(simulation, RESCALE, "shuffled")
    return fill(
        f"""So the paper's finding is right, and says less than it seems to. Of the {missed} matches
        that Rescale misses with a flat reference, {missed - rescale["missed_falling"]} are also
        matches that the model can spare: replacing one does not lower the output. (Of all {strong}
        strong matches, it does for {falling}.) {missed - rescale["missed_alone"]} are in sequences
        with further TAL1 motifs. The zeros of Rescale are then a true answer to "what if this one
        were gone?", and RevealCancel answers another question: what each of several motifs that can
        replace each other has a share in. Gradient × input is worse: {gradient["missed_falling"]} of
        its {gradient["missed"]["TAL1"]} missed matches do lower the output when they are replaced.

        With shuffled references Rescale misses {shuffled["missed"]["TAL1"]}. A flat reference is a
        sequence that no training example resembles; a shuffle is one without the motifs, at which
        hidden units are where they are for real negatives. This package takes shuffles by default,
        so the reason to prefer RevealCancel is gone in its defaults."""
    )


def conclusion(results: Results) -> str:
    """Return the conclusion, with the reasons where a claim does not hold."""
    simulation, demo, deletion = (results[name] for name in ("simulation", "demo", "deletion"))

    def curve(method: str) -> dict:
        return row_of(deletion, method, "shuffled")

    guided = row_of(simulation, GUIDED)
    least = min(
        row_of(simulation, name)["together"]["chance"] for name in (GXI, IG, RESCALE, REVEAL)
    )
    strength = {
        name: row_of(demo, name, "shuffled")["counts"]["follows_strength"]
        for name in (GXI, GUIDED, RESCALE)
    }
    noise = [
        row_of(part, name, "shuffled")
        for part in (simulation, demo)
        for name in (REVEAL, GENOMICS)
    ]
    best = curve(MUTAGENESIS)["area"][0]
    areas = "; ".join(
        f"{name} {curve(name)['area'][0]:.2f}" for name in (GXI, GUIDED, IG, RESCALE, REVEAL)
    )
    return fill(
        f"""The arguments by toy networks hold exactly. So does what the paper says of false
        negatives with a flat reference, and that RevealCancel at convolutions is noisy: with shuffled
        references, {noise[0]["on_motifs"][0]:.0%} of its |scores| are on motifs, against
        {noise[1]["on_motifs"][0]:.0%} for genomics-default; on the demo {noise[2]["counts"]["on_sites"][0]:.0%}
        against {noise[3]["counts"]["on_sites"][0]:.0%}.

        Partners of a motif: guided backpropagation shows them a little (chance
        {guided["together"]["chance"]:.2f}, where 0.5 is nothing), the others clearly ({least:.2f} or
        more). The paper judged by eye, from dots that cover each other.

        Strength of a match: by rank correlation, the claim against gradients does not hold on this
        simulation. All methods jump below log-odds of 7, because the core of both motifs allows no
        other base: one mismatch costs almost 6, and few matches have log-odds between 3 and 7. Above,
        the ranks by gradients follow strength about as well as the others, even though the values
        differ. On the demo, where strength sets the number of reads, the paper's claim does hold:
        there the correlation with counts is {strength[GXI]:.2f} for gradient × input and
        {strength[GUIDED]:.2f} for guided backpropagation, against {strength[RESCALE]:.2f} for
        Rescale.

        Deletion on the ZNF143 model, mean fall of log-counts with shuffled references: {areas};
        in-silico mutagenesis {best:.2f}. So on this model, too, gradients at the window find less of
        what the model uses, and the rules of DeepLIFT differ little. RevealCancel, the paper's best
        method, is not the best one here or on the demo: these models have no dense layer inside, and
        RevealCancel at convolutions also explains noise that cancels. Our default, Rescale with
        shuffled references, is among the best in every table of this page."""
    )
