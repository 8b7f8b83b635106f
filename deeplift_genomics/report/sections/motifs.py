"""Motifs: a table with a row for each motif, its heads side by side."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.drawn import histogram, logo
from deeplift_genomics.report.families import family_of
from deeplift_genomics.report.measured import ABLATION, INSERTION, Measured, measure
from deeplift_genomics.report.motif_words import class_words, kind_words, place_words, sign_words
from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import Member, ReportMotif, SampleRun


def shown(run: SampleRun) -> bool:
    """Return whether there is a motif."""
    return bool(run.motifs)


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the rows of the table: motifs that raise the prediction, then those that lower it."""
    rows = [_row(run, motif, number, plots) for number, motif in enumerate(run.motifs)]
    return {
        "rows": sorted(rows, key=lambda row: row["lowers"]),
        "noun": run.noun,
        "several": len(run.targets) > 1,
        "n_motifs": len(rows),
        "n_patterns": sum(len(motif.members) for motif in run.motifs),
        "n_windows": run.n_windows,
        "max_q": run.config["annotation"]["max_q"],
        "within": run.config["clusters"]["within_sample"],
        "centre": place_words(run),
    }


def _row(run: SampleRun, motif: ReportMotif, number: int, plots: Plots) -> dict[str, Any]:
    """Return the cells of a motif."""
    label = motif.label
    heads = [
        _head(run, motif, number, members=members, plots=plots)
        for members in motif.by_target().values()
    ]
    changes = {name: measure(run, [motif.name], name) for name in (INSERTION, ABLATION)}
    return {
        "motif": motif,
        "label": label,
        "family": family_of(label.family).name if label.family else "",
        "class_words": class_words(label.family),
        "kind": kind_words(label),
        "sign": sign_words(motif),
        "lowers": all(member.pattern.sign < 0 for member in motif.members),
        "heads": heads,
        "first": heads[0],
        "found_in": f"{len(heads)} of {len(run.targets)} "
        + ("heads" if len(run.targets) > 1 else "head"),
        "inserted": _change(changes[INSERTION]),
        "removed": _change(changes[ABLATION]),
        "error": max((h["error"] for h in heads if h["error"] is not None), default=None),
        "agreement": min(
            (h["agreement"] for h in heads if h["agreement"] is not None), default=None
        ),
    }


def _head(
    run: SampleRun, motif: ReportMotif, number: int, *, members: list[Member], plots: Plots
) -> dict[str, Any]:
    """Return what a row says of one head: its main pattern and its instances."""
    main = max(members, key=lambda member: member.pattern.n_seqlets)
    target = main.target
    found = run.statistics[target.text]
    summary, stability = found.summaries[number], found.stability[number]
    near = f"{motif.name}, {target.text}: {summary.n} places around the {place_words(run)}"
    small = {"small": True}
    return {
        "target": target.text,
        "logo": logo(plots, main),
        "n": summary.n,
        "n_regions": summary.n_windows,
        "mean": summary.contribution.mean if summary.contribution else None,
        "where": histogram(plots, found.bins, summary, label=near, more=small) if summary.n else "",
        "error": stability.error,
        "agreement": stability.agreement,
        "sign": main.pattern.sign,
    }


def _change(found: Measured | None) -> dict[str, Any] | None:
    """Return an effect in words; None if it was not measured."""
    if found is None:
        return None
    return {
        "words": found.in_words.removeprefix("the ").removeprefix("predicted signal "),
        "interval": found.interval,
        "seen": found.seen,
        "verdict": found.verdict,
        "change": found.change,
    }
