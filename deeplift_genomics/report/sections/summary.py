"""Summary: what was asked, the answers in short, and what was found, a line for each family."""

from __future__ import annotations

from typing import Any

import numpy as np

from deeplift_genomics.motifs.matches import NO_MATCH
from deeplift_genomics.motifs.patterns import trimmed
from deeplift_genomics.report.answers import answers_of
from deeplift_genomics.report.asked import (
    dropped_in_words,
    experiment_of,
    heads_in_words,
    model_in_words,
    questions_of,
)
from deeplift_genomics.report.found import Line, lines_of
from deeplift_genomics.report.measured import Measured
from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import ReportMotif, SampleRun
from deeplift_genomics.report.words import reference_words

AT_ONCE = 8  # lines that are shown without a click


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return what was asked, the answers, and the lines of the families."""
    lines = [_line(number, line, run, plots) for number, line in enumerate(lines_of(run))]
    return {
        "experiment": experiment_of(run),
        "window_length": run.targets[0].scores.window_length,
        "noun": run.noun,
        "questions": questions_of(run),
        "n_used": run.n_windows,
        "n_dropped": run.dropped.n_windows,
        "dropped": dropped_in_words(run),
        "model": model_in_words(run),
        "heads": heads_in_words(run),
        "method": run.attributes.get("method", ""),
        "compared": reference_words(run.attributes, run.targets[0].scores.n_references),
        "answers": answers_of(run),
        "lines": lines[:AT_ONCE],
        "further": lines[AT_ONCE:],
        "several": len(run.targets) > 1,
    }


def _line(number: int, line: Line, run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return what a family's line shows."""
    unmatched = line.name == NO_MATCH
    title = line.title
    if unmatched:
        n = len(line.motifs)
        title = f"{NO_MATCH}: {n} motif{'' if n == 1 else 's'} like no known one"
    return {
        "number": number,
        "title": title,
        "anchor": line.motifs[0].anchor,
        "labels": [motif.name for motif in line.motifs],
        "lowers": line.sign < 0,
        "several": unmatched and len(line.motifs) > 1,
        "n_places": line.n_places,
        "n_regions": line.n_regions,
        "n_windows": run.n_windows,
        "n_shared": line.n_shared,
        "ablation": _measured(line.ablation),
        "insertion": _measured(line.insertion),
        "logo": _logo(line.motifs[0], plots),
    }


def _measured(found: Measured | None) -> dict[str, Any] | None:
    """Return an effect in words."""
    if found is None:
        return None
    return {
        "words": found.in_words,
        "interval": found.interval,
        "n": found.n,
        "seen": found.seen,
        "verdict": found.verdict,
        "fold": found.scale.fold(found.change),
        "change": found.change,
    }


def _logo(motif: ReportMotif, plots: Plots) -> Any:
    """Return the logo of a motif's contributions, of its pattern with the most seqlets."""
    member = max(motif.members, key=lambda member: member.pattern.n_seqlets)
    heights = trimmed(member.pattern).cwm
    turned = member.label.turned
    if turned:
        heights = heights[::-1, ::-1]
    largest = float(np.abs(heights).max()) or 1.0
    return plots.add(
        "logo",
        {"heights": np.round(heights / largest, 3).tolist(), "found": turned},
        f"Logo of {motif.name}: {member.label.consensus}",
    )
