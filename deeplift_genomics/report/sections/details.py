"""Each pattern: its numbers and all its logos, on both strands."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.dna.sequence import reverse_complement
from deeplift_genomics.motifs.patterns import Pattern
from deeplift_genomics.report.images import read_logo
from deeplift_genomics.report.run import Run
from deeplift_genomics.report.sections.patterns import by_effect

LOGOS = {
    "cwm": "Contributions",
    "hcwm": "Hypothetical contributions",
    "pfm": "Base frequencies",
}
STRANDS = {"fwd": "as found", "rc": "reverse complement"}
SCALES = {("cwm", "fwd"): 1.5}  # the logo to look at first is larger than the rest


def shown(run: Run) -> bool:
    """Return whether there is a pattern to show."""
    return bool(run.patterns)


def context(run: Run) -> dict[str, Any]:
    """Return every pattern with its logos, by effect."""
    return {
        "groups": [
            group._asdict() | {"patterns": [_details(run, pattern) for pattern in group.patterns]}
            for group in by_effect(run.patterns)
        ]
    }


def _details(run: Run, pattern: Pattern) -> dict[str, Any]:
    """Return a pattern's numbers and figures."""
    return {
        "name": pattern.name,
        "consensus": pattern.consensus,
        "n_seqlets": pattern.n_seqlets,
        "mean_contribution": pattern.mean_contribution,
        "figures": [_figure(run, pattern, kind, strand) for kind in LOGOS for strand in STRANDS],
    }


def _figure(run: Run, pattern: Pattern, kind: str, strand: str) -> dict[str, Any]:
    """Return one logo of a pattern with its size on the page and its label."""
    image = read_logo(run.logos_folder, pattern.name, kind, strand)
    scale = SCALES.get((kind, strand), 1)
    consensus = pattern.consensus
    return {
        "image": image,
        "width": round(image.width * scale),
        "height": round(image.height * scale),
        "label": LOGOS[kind],
        "strand": STRANDS[strand],
        "consensus": reverse_complement(consensus) if strand == "rc" else consensus,
    }
