"""The first sheet of the workbook: what it is, what its columns mean, and what it does not say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from deeplift_genomics.files.sheets import Column
from deeplift_genomics.files.words import first_few
from deeplift_genomics.handover.lists import (
    INSTANCE_COLUMNS,
    MATCH_COLUMNS,
    count_instances,
    count_matches,
)
from deeplift_genomics.report.asked import model_in_words
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.scores.given import is_not_known
from deeplift_genomics.settings.results import RESULTS

READ_ME, MOTIFS, MATCHES, INSTANCES = "Read me", "Motifs", "Matches", "Instances"
_OF_SAMPLE = {"assay": "Assay", "cell_type": "Cell type", "genome": "Genome"}


def texts_of(
    run: SampleRun, columns: Sequence[Column], listed: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield the rows of the sheet: a label and a text; a label without one is a heading.

    Parameters
    ----------
    columns
        Those of the sheet of motifs; none if there is no motif.
    listed
        The lists that the workbook has: matches, instances.
    """
    yield f"Motifs of {run.row.get('title') or run.sample}", ""
    yield from _about(run)
    if not run.motifs:
        yield from why_none(run)
        return
    yield "The sheets", ""
    yield MOTIFS, "One row for each motif, those found most often first, with its logo."
    matches = "All known motifs that a motif, or a half of one, is significantly like."
    yield MATCHES, matches if MATCHES in listed else where(run, MATCHES)
    instances = f"Every place of each motif in the {run.noun}s."
    yield INSTANCES, instances if INSTANCES in listed else where(run, INSTANCES)
    yield "What it does not say", ""
    yield from _limits(run)
    yield from _of_columns(MOTIFS, columns)
    if MATCHES in listed:
        yield from _of_columns(MATCHES, MATCH_COLUMNS)
    if INSTANCES in listed:
        yield from _of_columns(INSTANCES, INSTANCE_COLUMNS)


def where(run: SampleRun, sheet: str) -> str:
    """Return where a list is that the workbook does not have."""
    instances = sheet == INSTANCES
    number = count_instances(run) if instances else count_matches(run)
    if not number:
        return "None was found."
    names = [target.paths[sheet.lower()].name for target in run.targets]
    more = "; for genome browsers, in the files .bed.gz and .bb" if instances else ""
    return (
        f"{number:,} are too many for a sheet. They are beside this workbook, in "
        f"{first_few(names, 10)}{more}."
    )


def why_none(run: SampleRun) -> Iterator[tuple[str, str]]:
    """Yield why no motif was found, and what to change."""
    yield "No motif was found", ""
    for target in run.targets:
        note = str(target.attributes.get("note", ""))
        yield f"Target: {target.text}", note or "TF-MoDISco found no pattern."
    yield (
        "What to do",
        f"Give more {run.noun}s, or set motifs.min_seqlets in the configuration to a smaller "
        "number, and run again. report.html shows what the model goes by in the strongest of them.",
    )


def _about(run: SampleRun) -> Iterator[tuple[str, str]]:
    """Yield what was asked, of how many regions, and what was found."""
    yield "Sample", run.sample
    for name, label in _OF_SAMPLE.items():
        if run.row.get(name):
            yield label, str(run.row[name])
    if is_not_known(run.attributes):
        yield "Model", f"{model_in_words(run)}. What a motif does to the prediction needs it."
    used, dropped = run.n_windows, run.dropped.n_windows
    yield f"{run.noun.capitalize()}s", f"{used:,} of {used + dropped:,} were used"
    for target in run.targets:
        yield (
            f"Target: {target.text}",
            f"{target.words.question} Explained is {target.words.meaning}",
        )
    patterns = sum(len(motif.members) for motif in run.motifs)
    if run.motifs:
        several = len(run.targets) > 1
        yield (
            "Found",
            f"{_count(len(run.motifs), 'motif')}, of {_count(patterns, 'pattern')}"
            f"{f' in {len(run.targets)} targets' if several else ''}. Patterns whose sequences are "
            "alike are one motif, in whichever target they were found.",
        )
    yield (
        "Files beside it",
        f"{_name('meme')}: the motifs as matrices, for the MEME suite and others. "
        f"{_name('labels')}: which pattern is which motif. report.html: the same in full, with "
        "figures. Folders .logos: each logo as PNG, SVG and PDF.",
    )


def _limits(run: SampleRun) -> Iterator[tuple[str, str]]:
    """Yield what a reader must not conclude."""
    yield (
        "A factor",
        "The name of a factor is that of the known motif that is most like. Factors of one family "
        "bind nearly the same sequence; the motif cannot tell them apart.",
    )
    yield (
        "An effect",
        "Effects are what the model predicts for changed sequences, not what cells do.",
    )
    for number, warning in enumerate(run.warnings, start=1):
        yield f"Warning {number}", warning


def _of_columns(sheet: str, columns: Sequence[Column]) -> Iterator[tuple[str, str]]:
    """Yield what the columns of a sheet mean, each meaning once."""
    yield f"Columns of the sheet {sheet}", ""
    said = set()
    for column in columns:
        if (column.heading, column.meaning) not in said:
            said.add((column.heading, column.meaning))
            yield column.heading, column.meaning


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _name(result: str) -> str:
    return RESULTS[result].path.rpartition("/")[2]
