"""The sheet of motifs: a row for each, its targets side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from deeplift_genomics.files.sheets import Column, decimals
from deeplift_genomics.instances.summary import Summary, bins_of, summarise_motif
from deeplift_genomics.motifs.matches import NO_MATCH
from deeplift_genomics.report.families import family_of
from deeplift_genomics.report.measured import ABLATION, INSERTION, Measured, measure
from deeplift_genomics.report.motif_words import kind_words, sign_words
from deeplift_genomics.report.sample_run import Member, ReportMotif, SampleRun, TargetRun

NOT_MEASURED = "not measured"
LOGO = "Logo"


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


_Effect = Callable[[MotifRow], Measured | None]


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
    """Return the columns of the sheet; the width of a logo is in characters."""
    groups: dict[str, Iterable[Column]] = {
        "Motif": _of_motif(rows, logo_width),
        "The known motif that it is most like": _KNOWN,
        "Put into shuffled sequence": _of_effect(
            lambda row: row.inserted,
            "the motif is written into shuffled sequences, in which there is no signal",
            Column("Sequences", 11, "whole", _number_of(lambda row: row.inserted),
                   "Shuffled sequences over which the change is a mean."),
        ),
        "Taken out of its places": _of_effect(
            lambda row: row.removed,
            "the motif's bases are replaced at some of the places where it was found",
            Column("Places changed", 11, "whole", _number_of(lambda row: row.removed),
                   "Places over which the change is a mean."),
        ),
        **{f"Target: {target.text}": _of_target(run, target, rows) for target in run.targets},
    }  # fmt: skip
    return [column._replace(group=group) for group, columns in groups.items() for column in columns]


def _of_motif(rows: list[MotifRow], logo_width: float) -> list[Column]:
    """Return the columns that say what a motif is."""
    letters = max((len(row.lead.label.consensus) for row in rows), default=0)
    return [
        Column("Name", 20, "text", lambda row: row.motif.name,
            "The motif's name in all files: that of the known motif that it is most like, those "
            "of its parts, or your own (motif_names in the configuration)."),
        Column(LOGO, logo_width, "text", lambda row: None,
            "The bases by their mean contribution to the prediction: the higher a letter, the more "
            "the model goes by it; letters below the line speak against the signal. It reads as "
            "the known motif does."),
        Column("Consensus", min(50, max(14, 1.2 * letters + 3)), "bases",
            lambda row: row.lead.label.consensus,
            "The most frequent bases: upper case where nearly all places have the base, n where "
            "any base will do."),
        Column("Kind", 26, "wrapped", lambda row: kind_words(row.motif.label) or "single",
            "Whether it is one motif, two different ones side by side (composite), or one twice."),
        Column("Effect on the prediction", 17, "wrapped", lambda row: sign_words(row.motif),
            "Whether the model predicts more or less where the motif is."),
    ]  # fmt: skip


_KNOWN = (
    Column("Factor", 16, "text", lambda row: row.motif.label.match_name or NO_MATCH,
        'Factors of a family have nearly the same motif: read it as "a factor like this one".'),
    Column("Identifier", 12, "text", lambda row: row.motif.label.match_id,
        "Its identifier in the database of known motifs."),
    Column("Family", 17, "wrapped", lambda row: family_of(row.motif.label.family).name
        if row.motif.label.family else "", "The factor's family, as biologists call it."),
    Column("Class and family in the database", 34, "wrapped", lambda row: row.motif.label.family,
        "The same, as the database has it."),
    Column("q-value", 10, "chance", lambda row: row.motif.label.q_value,
        "The share of wrong matches that is expected among matches as good as this one: the "
        "smaller, the surer."),
)  # fmt: skip


def _of_effect(effect: _Effect, meaning: str, number: Column) -> list[Column]:
    """Return the columns of an experiment on the model; the last one is how often it was made."""

    def words(row: MotifRow) -> str:
        found = effect(row)
        return found.in_words.removeprefix("the ") if found else NOT_MEASURED

    def fold(row: MotifRow) -> float | None:
        found = effect(row)
        factor = found.scale.fold(found.change) if found else None
        return None if factor is None else float(f"{factor:.3g}")

    def interval(row: MotifRow) -> str:
        found = effect(row)
        return found.interval if found else ""

    def verdict(row: MotifRow) -> str:
        found = effect(row)
        return found.verdict if found else ""

    return [
        Column("What the prediction does", 26, "wrapped", words,
            f"An experiment on the model, not in cells: {meaning}, and the prediction is compared "
            "with that before."),
        Column("Fold", 9, "fold", fold,
            "The same as a factor: 2 is twice the signal, 0.5 half of it. Empty if the change is "
            "no factor."),
        Column("95% interval", 18, "wrapped", interval,
            "Where the mean change is, with 95% confidence."),
        Column("Verdict", 15, "wrapped", verdict,
            "Whether the change is larger than with scrambled bases in the motif's place."),
        number,
    ]  # fmt: skip


def _number_of(effect: _Effect) -> Callable[[MotifRow], int | None]:
    """Return a function from a row to how often an experiment was made."""

    def number(row: MotifRow) -> int | None:
        found = effect(row)
        return found.n if found else None

    return number


def _of_target(run: SampleRun, target: TargetRun, rows: list[MotifRow]) -> list[Column]:
    """Return the columns of one target."""

    def of_found(value: Callable[[Summary], Any]) -> Callable[[MotifRow], Any]:
        return lambda row: value(row.found[target.text]) if target.text in row.found else None

    def members(row: MotifRow) -> list[Member]:
        return row.motif.by_target().get(target.text, [])

    mean = of_found(lambda summary: summary.contribution and summary.contribution.mean)
    noun, used = run.noun, f"{run.n_windows:,}"
    return [
        Column("Patterns", 12, "wrapped",
            lambda row: ", ".join(member.pattern.name for member in members(row)),
            "Names of its patterns in the files of this target; empty if it has none."),
        Column("Seqlets", 10, "whole",
            lambda row: sum(member.pattern.n_seqlets for member in members(row)) or None,
            "Stretches of sequence from which the motif was made."),
        Column("Places", 10, "whole", of_found(lambda summary: summary.n),
            f"Places of the motif in all {noun}s (instances)."),
        Column(f"{noun.capitalize()}s with it, of {used}", 13, "whole",
            of_found(lambda summary: summary.n_windows),
            f"{noun.capitalize()}s that have one or more places."),
        Column(f"Share of {noun}s", 11, "percent",
            of_found(lambda summary: summary.n_windows / run.n_windows),
            f"The same as a share of the {used} {noun}s used."),
        Column("Mean contribution", 14, decimals(map(mean, rows)), mean,
            "Mean over its places of the contributions of its bases, added up "
            f"({target.words.scale})."),
    ]  # fmt: skip
