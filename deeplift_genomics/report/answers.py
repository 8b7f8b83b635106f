"""The five questions of a reader, each with its answer and where the page says more."""

from __future__ import annotations

from typing import NamedTuple

from deeplift_genomics.motifs.matches import NO_MATCH
from deeplift_genomics.report.asked import NEEDS_MODEL
from deeplift_genomics.report.figure import FAIL, LOOK, PASS
from deeplift_genomics.report.found import Line, lines_of
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.report.trust import figures_of

MOST = 4  # families that an answer names


class Answer(NamedTuple):
    """A question, its answer, and the section that says more."""

    question: str
    answer: str
    section: str


def answers_of(run: SampleRun) -> list[Answer]:
    """Return the answers: which factor, where, how strong, how sure, what to order."""
    lines = lines_of(run)
    return [
        Answer("Which factor?", _which(lines), "motifs" if lines else "nothing"),
        Answer("Where?", _where(lines, run), "loci"),
        Answer("How strong?", _strong(lines, run), "motifs" if lines else "nothing"),
        Answer("How sure?", _sure(run), "trust"),
        Answer("What to order?", _order(run), "order"),
    ]


def _which(lines: list[Line]) -> str:
    if not lines:
        return "No motif was found."
    known = [line for line in lines if line.name != NO_MATCH]
    named = ", ".join(_short(line) for line in known[:MOST])
    more = len(known) - MOST
    text = f"{named} and {more} more" if more > 0 else named
    unknown = sum(len(line.motifs) for line in lines if line.name == NO_MATCH)
    if unknown:
        motifs = f"{unknown} unknown motif{'' if unknown == 1 else 's'}"
        text = f"{text}; {motifs}" if text else motifs
    return text


def _short(line: Line) -> str:
    """Return the factor of a family of one, otherwise the family."""
    alone = line.factors and line.name.endswith(("zinc finger", "zinc cluster"))
    return line.factors[0] if alone else line.name


def _where(lines: list[Line], run: SampleRun) -> str:
    total = sum(line.n_places for line in lines)
    if not total:
        return "At no place that was called."
    most = max(lines, key=lambda line: line.n_regions)
    return (
        f"{total:,} places; {_short(most)} in {most.n_regions:,} of {run.n_windows:,} {run.noun}s"
    )


def _strong(lines: list[Line], run: SampleRun) -> str:
    if "info" not in run.paths:
        return NEEDS_MODEL
    measured = [line for line in lines if line.ablation is not None and line.ablation.seen]
    if not measured:
        tried = any(line.ablation is not None for line in lines)
        return "No effect was seen." if tried else "Not measured."
    strongest = max(measured, key=_size)
    assert strongest.ablation is not None
    return f"Without {_short(strongest)}, {strongest.ablation.in_words}"


def _size(line: Line) -> tuple[bool, float]:
    """Return how much an ablation changes; factors before changes in units of the target."""
    assert line.ablation is not None
    found = line.ablation
    logs = found.scale.logs
    return logs is not None, abs(found.change) / (logs or 1.0)


def _sure(run: SampleRun) -> str:
    figures = figures_of(run)
    counts = {verdict: sum(f.verdict == verdict for f in figures) for verdict in (PASS, LOOK, FAIL)}
    judged = sum(counts.values())
    if not judged:
        return "Nothing could be judged."
    text = f"{counts[PASS]} of {judged} figures pass"
    if counts[LOOK]:
        text += f", {counts[LOOK]} to look at"
    if counts[FAIL]:
        text += f", {counts[FAIL]} fail{'s' if counts[FAIL] == 1 else ''}"
    return text


def _order(run: SampleRun) -> str:
    oligos = run.oligos.designed
    if "oligos" not in run.paths:
        return "Nothing: oligos are designed with the model."
    if not oligos:
        return "Nothing yet: no oligos were designed."
    n = len({row.motif for row in oligos})
    name = run.paths["oligos"].name
    return f"{len(oligos):,} oligos that test {n} motif{'' if n == 1 else 's'}, ready in {name}"
