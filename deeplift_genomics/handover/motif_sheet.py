"""The sheet of motifs: a row for each, its targets side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from deeplift_genomics.files.sheets import Column, decimals
from deeplift_genomics.instances.summary import Summary, bins_of, summarise_motif
from deeplift_genomics.motifs.matches import NO_MATCH
from deeplift_genomics.report.families import family_of
from deeplift_genomics.report.measured import ABLATION, INSERTION, Measured, measure
from deeplift_genomics.report.motif_words import kind_words, sign_words
from deeplift_genomics.report.sample_run import Member, ReportMotif, SampleRun

NOT_MEASURED = "not measured"
LOGO = "Logo"
_FIRST, _KNOWN = "Motif", "The known motif that it is most like"
_INSERTED, _REMOVED = "Put into shuffled sequence", "Taken out of its places"


class MotifRow(NamedTuple):
    """A motif as the sheet shows it.

    Attributes
    ----------
    motif
        The motif.
    lead
        Its pattern with the most seqlets, whose logo and consensus are shown.
    inserted, removed
        Its effects; None if they were not measured.
    found
        Target -> what its instances are like.
    """

    motif: ReportMotif
    lead: Member
    inserted: Measured | None
    removed: Measured | None
    found: dict[str, Summary]


def rows_of(run: SampleRun) -> list[MotifRow]:
    """Return a row for each motif of the sample, those with the most seqlets first."""
    bins = {
        target.text: bins_of(int(target.scores.attributes["window_length"]))
        for target in run.targets
    }
    return [
        MotifRow(
            motif,
            max(motif.members, key=lambda member: member.pattern.n_seqlets),
            measure(run, [motif.name], INSERTION),
            measure(run, [motif.name], ABLATION),
            {
                text: summarise_motif(run.instances[text], number, bins[text])
                for text in motif.by_target()
            },
        )
        for number, motif in enumerate(run.motifs)
    ]


def columns_of(run: SampleRun, rows: list[MotifRow], logo_width: float) -> list[Column]:
    """Return the columns of the sheet; `logo_width` is that of the column of logos, in characters."""
    columns = [*_names(rows, logo_width), *_effects()]
    for target in run.targets:
        columns += _of_target(run, target.text, rows)
    return columns


def _names(rows: list[MotifRow], logo_width: float) -> Iterator[Column]:
    """Yield the columns that say what a motif is."""
    group = _FIRST
    letters = max((len(row.lead.label.consensus) for row in rows), default=0)
    yield Column("Name", 20, "text", lambda row: row.motif.name,
        "The motif's name in all files: that of the known motif that it is most like, of its parts, "
        "or your own (motif_names in the configuration).", group)  # fmt: skip
    yield Column(LOGO, logo_width, "text", lambda row: None,
        "The bases by their mean contribution to the prediction: the higher a letter, the more the "
        "model goes by it; letters below the line speak against the signal. It reads as the known "
        "motif does.", group)  # fmt: skip
    yield Column("Consensus", min(50, max(14, 1.2 * letters + 2)), "bases", lambda row: row.lead.label.consensus,
        "The most frequent bases: upper case where nearly all places have the base, n where any "
        "base will do.", group)  # fmt: skip
    yield Column("Kind", 26, "wrapped", lambda row: kind_words(row.motif.label) or "single",
        "Whether it is one motif, two different ones side by side (composite), or one twice.",
        group)  # fmt: skip
    yield Column("Effect on the prediction", 17, "wrapped", lambda row: sign_words(row.motif),
        "Whether the model predicts more or less where the motif is.", group)  # fmt: skip
    group = _KNOWN
    yield Column("Factor", 16, "text", lambda row: row.motif.label.match_name or NO_MATCH,
        "Factors of a family have nearly the same motif: read it as \"a factor like this one\".",
        group)  # fmt: skip
    yield Column("Identifier", 12, "text", lambda row: row.motif.label.match_id,
        "Its identifier in the database of known motifs.", group)  # fmt: skip
    yield Column("Family", 17, "wrapped", lambda row: _family(row),
        "The family of the factor, as biologists call it.", group)  # fmt: skip
    yield Column("Class and family in the database", 34, "wrapped",
        lambda row: row.motif.label.family, "The same, as the database has it.",
        group)  # fmt: skip
    yield Column("q-value", 10, "chance", lambda row: row.motif.label.q_value,
        "The share of wrong matches that is expected among matches as good as this one: the "
        "smaller, the surer.", group)  # fmt: skip


def _family(row: MotifRow) -> str:
    text = row.motif.label.family
    return family_of(text).name if text else ""


def _effects() -> Iterator[Column]:
    """Yield the columns of the experiments on the model."""
    for group, name, meaning in (
        (_INSERTED, "inserted", "the motif is written into shuffled sequences, in which there is "
         "no signal"),
        (_REMOVED, "removed", "the motif's bases are replaced at some of the places where it was "
         "found"),
    ):  # fmt: skip
        of = _measured(name)
        yield Column("What the prediction does", 26, "wrapped",
            lambda row, of=of: of(row).in_words.removeprefix("the ") if of(row) else NOT_MEASURED,
            f"An experiment on the model, not in cells: {meaning}, and the prediction is compared.",
            group)  # fmt: skip
        yield Column("Fold", 8, "fold", lambda row, of=of: _fold(of(row)),
            "The same as a factor: 2 is twice the signal, 0.5 half of it. Empty if the change is "
            "no factor.", group)  # fmt: skip
        yield Column("95% interval", 18, "wrapped",
            lambda row, of=of: of(row).interval if of(row) else "",
            "Where the mean change is, with 95% confidence.", group)  # fmt: skip
        yield Column("Verdict", 15, "wrapped",
            lambda row, of=of: of(row).verdict if of(row) else "",
            "Whether the change is larger than with scrambled bases in the motif's place.",
            group)  # fmt: skip
        what = "Sequences" if name == "inserted" else "Places"
        yield Column(what, 11, "whole", lambda row, of=of: of(row).n if of(row) else None,
            f"{what} over which the change is a mean.", group)  # fmt: skip


def _measured(name: str) -> Callable[[MotifRow], Any]:
    return lambda row: getattr(row, name)


def _fold(found: Measured | None) -> float | None:
    """Return the factor of a change with three digits."""
    fold = found.scale.fold(found.change) if found else None
    return None if fold is None else float(f"{fold:.3g}")


def _of_target(run: SampleRun, target: str, rows: list[MotifRow]) -> Iterator[Column]:
    """Yield the columns of one target."""

    def found(row: MotifRow) -> Summary | None:
        return row.found.get(target)

    def share(row: MotifRow) -> float | None:
        summary = found(row)
        return None if summary is None else summary.n_windows / run.n_windows

    def mean(row: MotifRow) -> float | None:
        summary = found(row)
        return summary.contribution.mean if summary and summary.contribution else None

    def members(row: MotifRow) -> list[Member]:
        return row.motif.by_target().get(target, [])

    noun, group = run.noun, f"Target: {target}"
    yield Column("Patterns", 10, "wrapped",
        lambda row: ", ".join(member.pattern.name for member in members(row)),
        "Names of its patterns in the files of this target; empty if none was found.",
        group)  # fmt: skip
    yield Column("Seqlets", 9, "whole",
        lambda row: sum(member.pattern.n_seqlets for member in members(row)) or None,
        "Stretches of sequence from which the motif was made.", group)  # fmt: skip
    yield Column("Places", 9, "whole", lambda row: summary.n if (summary := found(row)) else None,
        f"Places of the motif in all {noun}s (instances).", group)  # fmt: skip
    yield Column(f"{noun.capitalize()}s with it, of {run.n_windows:,}", 12, "whole",
        lambda row: summary.n_windows if (summary := found(row)) else None,
        f"{noun.capitalize()}s that have one or more places.", group)  # fmt: skip
    yield Column(f"Share of {noun}s", 10, "percent", share,
        f"The same as a share of the {run.n_windows:,} {noun}s used.", group)  # fmt: skip
    yield Column("Mean contribution", 13, decimals(map(mean, rows)), mean,
        "Mean over its places of the contributions of its bases, added up "
        f"({_unit(run, target)}).", group)  # fmt: skip


def _unit(run: SampleRun, target: str) -> str:
    return next(item.words.scale for item in run.targets if item.text == target)
