"""No motif: why there is none, what to change, and the strongest loci as letters."""

from __future__ import annotations

from typing import Any

import numpy as np

from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun, TargetRun
from deeplift_genomics.report.strongest import Stretch, strongest

NUMBER = 10  # loci of the first target


def shown(run: SampleRun) -> bool:
    """Return whether no target has a motif."""
    return not run.motifs


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the reason for each target, the settings to change, and the strongest loci."""
    target = run.targets[0]
    window = int(target.attributes.get("window", target.scores.window_length))
    loci = strongest(target.paths["scores"], window, NUMBER) if run.n_windows else []
    least = target.attributes.get("min_seqlets")
    return {
        "reasons": [(item.text, item.attributes.get("note") or "") for item in run.targets],
        "least": least,
        "suggested": _suggested(run, least),
        "clustered": least is not None and min(_most_seqlets(run)) > int(least),
        "noun": run.noun,
        "n_used": run.n_windows,
        "n_dropped": run.dropped.n_windows,
        "target": target.text,
        "scale": target.words.scale,
        "loci": [_locus(locus, target, plots) for locus in loci],
    }


def _suggested(run: SampleRun, least: Any) -> int | None:
    """Return a smaller `motifs.min_seqlets` that would cluster what was not clustered."""
    few = [number for number in _most_seqlets(run) if least is not None and number <= int(least)]
    found = max(few, default=0)
    return max(1, min(int(least) // 2, found - 1)) if found > 1 else None


def _most_seqlets(run: SampleRun) -> list[int]:
    """Return, for each target, the number of seqlets of the sign that has more."""
    return [
        max(int(target.attributes.get(f"n_seqlets_{sign}", 0)) for sign in ("positive", "negative"))
        for target in run.targets
    ]


def _locus(locus: Stretch, target: TargetRun, plots: Plots) -> dict[str, Any]:
    """Return a locus with its letters."""
    place = f"{locus.chrom}:{locus.start + 1:,}-{locus.end:,}"
    bases = "".join(
        "ACGT"[int(np.abs(row).argmax())] if np.abs(row).any() else "n" for row in locus.letters
    )
    plot = plots.add(
        "logo",
        {
            "heights": [[float(f"{x:.3g}") for x in row] for row in locus.letters.tolist()],
            "unit": "contribution",
        },
        f"Contributions at {place} ({target.text}): {bases}",
    )
    return {"place": place, "region": locus.region, "total": locus.total, "plot": plot}
