"""Known sites: how many of the sites that are known to matter did seqlets and instances find?"""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.known_sites import found_sites
from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun


def shown(run: SampleRun) -> bool:
    """Return whether the sheet names known sites, and there is a window to find them in."""
    return run.known_sites is not None and run.n_windows > 0


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return what was found of the sites of each name, in each target."""
    assert run.known_sites is not None  # `shown`
    found = found_sites(run, run.known_sites)
    anchors = {motif.name: motif.anchor for motif in run.motifs}
    return {
        "file": run.row["known_sites"],
        "rows": [(target.text, one, anchors.get(one.motif)) for target, of in found for one in of],
        "window": int(run.config.get("motifs", {}).get("window", 0)),
    }
