"""The conclusions of docs/reproduction.md, and the reasons where a claim does not hold."""

from __future__ import annotations

from typing import Any

from benchmarks.reproduction.claims import (
    GENOMICS,
    GUIDED,
    GXI,
    IG,
    RESCALE,
    REVEAL,
    row_of,
)
from benchmarks.reproduction.deletion import MUTAGENESIS
from benchmarks.reproduction.prose import fill
from benchmarks.stored import Results


def why_missed(simulation: Results) -> str:
    """Return why methods miss matches, in the numbers of Rescale and gradient × input."""
    rescale, gradient = (row_of(simulation, name) for name in (RESCALE, GXI))
    missed, strong = rescale["missed"]["TAL1"], simulation["strong"]["TAL1"]
    spared, beside = missed - rescale["missed_falling"], missed - rescale["missed_alone"]
    falling, by_gradient = simulation["falling"], gradient["missed"]["TAL1"]
    needed = gradient["missed_falling"]
    weaker = row_of(simulation, GENOMICS)["missed_base_2"]
    flat, one, many = simulation["with_references"]
    return fill(
        f"""(With logarithms to base 2, matches are strong that are weaker; genomics-default then
        misses {weaker[0]} of {weaker[1]}. The paper's main text does not say which it takes.)

        The paper's finding is right, and says less than it seems to. Of the {missed} matches
        that Rescale misses with a flat reference, {spared} can be spared: the output does not
        fall when they are replaced. (Of all {strong} strong matches, it falls for {falling}.)
        {beside} are in sequences with further TAL1 motifs. So Rescale answers what would happen
        if this one were gone, and RevealCancel answers another question: what share each of
        several motifs has that can stand in for each other. Gradient × input is worse than both:
        the output does fall for {needed} of the {by_gradient} matches that it misses.

        The reason is the reference. At the flat one, the median output for "both" is
        {flat["at_references"]:.1f} before the sigmoid, a probability near one half, and
        {flat["at_sequences"]:.1f} at the sequences with both motifs: the model does not see that
        anything is missing. At shuffles, which look like the negatives of the training, it is
        {many["at_references"]:.1f}. With one shuffle for each sequence, Rescale misses
        {one["missed"]}, and with {many["number"]} it misses {many["missed"]}. This package takes
        shuffles by default, and with them there is no such reason to prefer RevealCancel."""
    )


def conclusion(results: Results) -> str:
    """Return the conclusion, with the reasons where a claim does not hold."""
    paragraphs = (_noise(results), _partners(results), _strength(results), _deletion(results))
    return "\n\n".join(map(fill, paragraphs))


def _noise(results: Results) -> str:
    simulation, demo = results["simulation"], results["demo"]
    reveal, genomics = (
        row_of(simulation, name, "shuffled")["on_motifs"][0] for name in (REVEAL, GENOMICS)
    )
    there, here = (
        row_of(demo, name, "shuffled")["counts"]["on_sites"][0] for name in (REVEAL, GENOMICS)
    )
    return f"""The arguments by toy networks hold exactly. So does what the paper finds of false
        negatives with its reference (why they matter less than they seem to: see below), that
        scores by gradients are inflated, and that RevealCancel at convolutions is noisy: with
        shuffled references, {reveal:.0%} of its absolute scores are on motifs, against
        {genomics:.0%} for genomics-default; on the demo {there:.0%} against {here:.0%}."""


def _partners(results: Results) -> str:
    simulation = results["simulation"]
    guided = row_of(simulation, GUIDED)["together"]["chance"]
    least = min(
        row_of(simulation, name)["together"]["chance"] for name in (GXI, IG, RESCALE, REVEAL)
    )
    return f"""That GATA1 beside TAL1 counts: guided backpropagation shows it a little (chance
        {guided:.2f}, where 0.5 is nothing), the others clearly ({least:.2f} or more). The paper
        judged by eye, from dots that cover each other."""


def _strength(results: Results) -> str:
    def follows(name: str, references: str = "flat") -> str:
        row = row_of(results["simulation"], name, references)
        return f"{row['follows_strength']['TAL1']:.2f}"

    on_demo = {
        name: row_of(results["demo"], name, "none" if name in (GXI, GUIDED) else "flat")
        for name in (GXI, GUIDED, RESCALE)
    }
    gradient, guided, rescale = (
        f"{row['counts']['follows_strength']:.2f}" for row in on_demo.values()
    )
    return f"""Strength of a match: with the paper's input less the reference, gradient × input
        follows it least of all methods, as claimed ({follows(GXI)} for TAL1), and guided
        backpropagation less than the rules of DeepLIFT ({follows(GUIDED)}), but no less than
        integrated gradients ({follows(IG)}). It is the factor that flattens them: multiplied by
        the input alone, both follow the strength as well as Rescale ({follows(GXI, "none")} and
        {follows(GUIDED, "none")} against {follows(RESCALE)}). The sudden rise is that of the
        motifs: scores of all methods rise steeply below log-odds of 7, because the cores of both
        allow no other base; a mismatch there costs almost 6, and few matches are in between. On
        the demo, where strength sets the number of reads, gradient × input falls behind even by
        the input alone: the correlation with counts is {gradient}, against {guided} for guided
        backpropagation and {rescale} for Rescale."""


def _deletion(results: Results) -> str:
    def fall(name: str) -> str:
        row: dict[str, Any] = row_of(results["deletion"], name, "shuffled")
        return f"{row['comprehensiveness'][0]:.2f}"

    falls = ", ".join(f"{name} {fall(name)}" for name in (GXI, GUIDED, IG, RESCALE, REVEAL))
    return f"""Deletion on the ZNF143 model takes away, as comprehensiveness with shuffled
        references: {falls}; in-silico mutagenesis {fall(MUTAGENESIS)}. The rules of DeepLIFT find
        what the model uses sooner than gradient × input and integrated gradients do; guided
        backpropagation, whose scores the paper faults, does as well as they do on this model.
        RevealCancel, the best method on the paper's digits (section 4.1), has no advantage there,
        and is noisier on the demo: these models have no dense layer inside, and at convolutions it
        also scores what cancels."""
