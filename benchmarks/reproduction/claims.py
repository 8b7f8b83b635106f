"""What the paper claims, beside what was measured; the numbers decide the verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.stored import Results

GXI, GUIDED, IG = "gradient × input", "guided backpropagation × input", "integrated gradients"
RESCALE, REVEAL, GENOMICS = "Rescale", "RevealCancel", "genomics-default"
OTHERS = (GXI, IG, RESCALE)
AS_IN_PAPER = "flat"  # the paper's reference, where a method has one
HALF = 0.05  # a chance within so much of 0.5 tells nothing apart
CLOSE = 1e-6  # toy networks are computed in double precision


@dataclass(frozen=True)
class Claim:
    """A claim of the paper, and whether each part of it holds.

    Attributes
    ----------
    paper, where
        The claim, and the place where it was read.
    measured
        What was measured.
    """

    paper: str
    where: str
    measured: str
    holds: tuple[bool, ...]

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        if all(self.holds):
            return "confirmed"
        return "confirmed in part" if any(self.holds) else "**contradicted**"


def row_of(part: Results, method: str, references: str = AS_IN_PAPER) -> dict[str, Any]:
    """Return the numbers of a method with these references, or without any."""
    found = {row["references"]: row for row in part["methods"] if row["method"] == method}
    return found.get(references) or found["none"]


def claims(results: Results) -> list[Claim]:
    """Return all claims, in the order of the page."""
    simulation = results["simulation"]
    return [
        *_toys(results["toys"]),
        *_missed(simulation),
        _foreign(simulation),
        _together(simulation),
        _gradual(simulation),
        _inflated(simulation),
        _noise(simulation),
        _shuffled(simulation),
    ]


def _toys(toys: Results) -> list[Claim]:
    saturated = {name: rows[1] for name, rows in toys["saturation"]["methods"].items()}
    jump = {name: rows[1][0] for name, rows in toys["threshold"]["methods"].items()}
    least = {name: rows[0] for name, rows in toys["minimum"]["methods"].items()}
    lift = (RESCALE, REVEAL, GENOMICS)
    return [
        Claim(
            "Gradients, times the input or guided, do not see an input whose effect is saturated; "
            "integrated gradients and DeepLIFT do.",
            "sections 2.2 and 3.5, figure 1",
            f"y = 1 at i1 = i2 = 1: {GXI} {_pair(saturated[GXI])}, {GUIDED} "
            f"{_pair(saturated[GUIDED])}, {IG} {_pair(saturated[IG])}, DeepLIFT "
            f"{_pair(saturated[RESCALE])}",
            (
                _near(saturated[GXI], [0, 0]) and _near(saturated[GUIDED], [0, 0]),
                all(_near(saturated[name], [0.5, 0.5]) for name in (IG, *lift)),
            ),
        ),
        Claim(
            f"Where an input passes a threshold, {GXI} jumps by the bias; DeepLIFT is continuous.",
            "sections 3.1 and 3.5.2, figure 2",
            f"y = 0.25 at i1 = 10.25: {GXI} {jump[GXI]:g}, DeepLIFT {jump[RESCALE]:g}",
            (
                abs(jump[GXI] - 10.25) < CLOSE,
                all(abs(jump[name] - 0.25) < CLOSE for name in lift),
            ),
        ),
        Claim(
            f"Of a minimum of two inputs, {GXI}, {GUIDED.split(' ×')[0]}, {IG} and Rescale give "
            "all to one, Rescale to the smaller; RevealCancel gives each half.",
            "section 3.5.3, figure 3",
            f"min(3, 1): {GXI} {_pair(least[GXI])}, {GUIDED} {_pair(least[GUIDED])}, {IG} "
            f"{_pair(least[IG])}, Rescale {_pair(least[RESCALE])}, RevealCancel "
            f"{_pair(least[REVEAL])}",
            (
                all(sum(abs(x) > CLOSE for x in least[name]) == 1 for name in (GXI, GUIDED, IG)),
                _near(least[RESCALE], [0, 1]),
                _near(least[REVEAL], [0.5, 0.5]),
            ),
        ),
    ]


def _missed(simulation: Results) -> list[Claim]:
    number = simulation["strong"]["TAL1"]

    def of(*names: str) -> tuple[str, list[int]]:
        found = [row_of(simulation, name)["missed"]["TAL1"] for name in names]
        said = ", ".join(f"{name} {n}" for name, n in zip(names, found, strict=True))
        return f"{said} of {number}", found

    none, some = of(REVEAL, GENOMICS, GUIDED), of(*OTHERS)
    return [
        Claim(
            "RevealCancel, everywhere or at the dense layer alone, and guided backpropagation miss "
            "no strong match of TAL1.",
            "section 4.2, figure 5b",
            none[0],
            tuple(n == 0 for n in none[1]),
        ),
        Claim(
            "Gradient × input, integrated gradients and Rescale miss some.",
            "section 4.2, figure 5b",
            some[0],
            tuple(n > 0 for n in some[1]),
        ),
    ]


def _foreign(simulation: Results) -> Claim:
    shares = {
        name: row_of(simulation, name)["foreign"]["TAL1"]
        for name in (GUIDED, GXI, IG, RESCALE, REVEAL, GENOMICS)
    }
    said = ", ".join(f"{name} {round(100 * share)}%" for name, share in shares.items())
    rest = max(share for name, share in shares.items() if name != GUIDED)
    return Claim(
        "Guided backpropagation scores TAL1 for GATA1's task, where it has no part.",
        "section 4.2, figure 5",
        f"a match of TAL1 gets this much of what one of GATA1 gets: {said}",
        (shares[GUIDED] > 2 * rest,),
    )


def _together(simulation: Results) -> Claim:
    chances = {
        name: row_of(simulation, name)["together"]["chance"]
        for name in (GUIDED, GXI, IG, RESCALE, REVEAL, GENOMICS)
    }
    said = ", ".join(f"{name} {chance:.2f}" for name, chance in chances.items())
    return Claim(
        "For the task 'both', TAL1 counts for more beside GATA1 than alone; guided backpropagation "
        "does not show it.",
        "section 4.2, figure 5a",
        f"chance that a match beside GATA1 has the higher score of two: {said}",
        (
            abs(chances[GUIDED] - 0.5) < HALF,
            all(chance > 0.5 + HALF for name, chance in chances.items() if name != GUIDED),
        ),
    )


def _gradual(simulation: Results) -> Claim:
    def follows(name: str) -> dict[str, float]:
        return row_of(simulation, name)["follows_strength"]

    names = (GXI, GUIDED, IG, RESCALE, REVEAL, GENOMICS)
    said = "; ".join(
        f"{motif} " + ", ".join(f"{name} {follows(name)[motif]:.2f}" for name in names)
        for motif in ("TAL1", "GATA1")
    )
    return Claim(
        "Scores by gradient × input and guided backpropagation rise suddenly at log-odds of about "
        "7, and above follow the strength of a match little; the others rise more gradually.",
        "section 4.2, figure 5a",
        f"Spearman's correlation above 7: {said}",
        tuple(
            follows(name)[motif] < min(follows(other)[motif] for other in names[2:])
            for name in names[:2]
            for motif in ("TAL1", "GATA1")
        ),
    )


def _inflated(simulation: Results) -> Claim:
    means = {
        name: row_of(simulation, name)["own"]
        for name in (GXI, GUIDED, IG, RESCALE, REVEAL, GENOMICS)
    }
    others = (IG, RESCALE, REVEAL, GENOMICS)
    said = "; ".join(
        f"{motif} " + ", ".join(f"{name} {of[motif]:.1f}" for name, of in means.items())
        for motif in ("TAL1", "GATA1")
    )
    return Claim(
        "Scores by gradient × input and guided backpropagation are inflated beside the others.",
        "section 4.2, axes of figure 5a",
        f"mean score of strong matches for their own task: {said}",
        tuple(
            means[name][motif] > max(means[other][motif] for other in others)
            for name in (GXI, GUIDED)
            for motif in ("TAL1", "GATA1")
        ),
    )


def _noise(simulation: Results) -> Claim:
    reveal, genomics = (row_of(simulation, name)["on_motifs"] for name in (REVEAL, GENOMICS))
    return Claim(
        "Rescale at convolutions with RevealCancel at dense layers (genomics-default) is less "
        "noisy than RevealCancel everywhere.",
        "section 4.2, figures 5 and 6",
        f"share of all absolute scores on embedded motifs: {genomics[0]:.0%} "
        f"({genomics[1]:.0%} to {genomics[2]:.0%}) against {reveal[0]:.0%} ({reveal[1]:.0%} to "
        f"{reveal[2]:.0%})",
        (genomics[1] > reveal[2],),
    )


def _shuffled(simulation: Results) -> Claim:
    flat, shuffled = (row_of(simulation, RESCALE, kind) for kind in ("flat", "shuffled"))
    default = [row_of(simulation, GENOMICS, kind)["on_motifs"] for kind in ("flat", "shuffled")]
    areas = [row["areas"][0]["sites"] for row in (flat, shuffled)]
    return Claim(
        "A flat reference can make artefacts; the mean over shuffled ones can be more robust.",
        "the authors' notebook, which measures nothing",
        f"Rescale, task 'both': misses {flat['missed']['TAL1']} against "
        f"{shuffled['missed']['TAL1']}, auROC {areas[0][0]:.3f} against {areas[1][0]:.3f}; "
        f"genomics-default: {default[0][0]:.0%} of absolute scores on motifs against "
        f"{default[1][0]:.0%}",
        (
            shuffled["missed"]["TAL1"] < flat["missed"]["TAL1"],
            areas[1][1] > areas[0][2],
            default[1][1] > default[0][2],
        ),
    )


def _pair(values: list[float]) -> str:
    return "(" + ", ".join(f"{value:g}" for value in values) + ")"


def _near(values: list[float], expected: list[float]) -> bool:
    return all(abs(a - b) < CLOSE for a, b in zip(values, expected, strict=True))
