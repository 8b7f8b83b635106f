"""The motifs of a run by name, as its summary says them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from deeplift_genomics.cohort.unique import UNIQUE
from deeplift_genomics.errors import DeepLiftGenomicsError
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.files.words import first_few
from deeplift_genomics.motifs.names import BETWEEN_PARTS, labels_of
from deeplift_genomics.settings.motif_names import pattern_key
from deeplift_genomics.settings.results import RESULTS, files_of

_MOST = 10  # names in a line
_UNREADABLE = (DeepLiftGenomicsError, OSError)


def names_in_words(table: Path, motifs: Path, target: str) -> str:
    """Return the end of a line on a target's motifs: their names, most seqlets first.

    A motif of several patterns has their number behind its name. The text is ``""`` if the sample's
    table does not exist, is older than the motif file, or is empty.
    """
    try:
        if not is_from(table, [motifs]):
            return ""
        labels = labels_of(table, target).values()
    except _UNREADABLE as error:
        return f". {error}"
    patterns = Counter(label.motif for label in labels)
    names = [name if n == 1 else f"{name} ({n} patterns)" for name, n in patterns.items()]
    return f": {first_few(names, _MOST)}" if names else ""


def of_all_samples(results: Path, rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield lines on the motifs of all samples together, if there are several samples."""
    table = results / RESULTS["unique"].path
    try:
        if len(rows) < 2 or not is_from(table, motif_tables(results, rows)):
            return
        motifs = list(dict.fromkeys(row[0] for row in iterate_table(table, UNIQUE)))
    except _UNREADABLE as error:
        yield f"all samples together: {error}"
        return
    number = f"{len(motifs)} motif{'' if len(motifs) == 1 else 's'}"
    named = f": {first_few(motifs, _MOST)}" if motifs else ""
    yield f"all samples together: {number}{named}"
    yield f"    {table}"


def warning_of_unused_names(results: Path, names: Mapping[str, str]) -> str | None:
    """Return a warning if motifs of the database have own names, but are in no result, else None.

    It is told from the motifs of all samples, and is None while they are not there.
    """
    keys = [key for key in names if pattern_key(key) is None]
    table = results / RESULTS["unique"].path
    try:
        if not keys or not table.exists():
            return None
        columns = [list(UNIQUE.columns).index(name) for name in ("match_id", "parts")]
        found: set[str] = set()
        for row in iterate_table(table, UNIQUE):
            match_id, parts = (row[column] for column in columns)
            found |= {match_id, *parts.split(BETWEEN_PARTS)}
    except _UNREADABLE:
        return None  # the line on all samples says so
    unused = [key for key in keys if not {key, names[key]} & found]
    if not unused:
        return None
    which = "the key" if len(unused) == 1 else "the keys"
    return (
        f"motif_names has {which} {first_few(unused, 5)}, but no motif of this run has its best "
        "match there: motifs.tsv lists the identifiers that were matched."
    )


def motif_tables(results: Path, rows: Sequence[Mapping[str, str]]) -> list[Path]:
    """Return the motif table of each sample."""
    return [files_of(results, row)[0]["labels"] for row in rows]


def is_from(path: Path, sources: Sequence[Path]) -> bool:
    """Return whether a file exists and is not older than the files that it is made from."""
    return path.exists() and all(
        source.exists() and source.stat().st_mtime <= path.stat().st_mtime for source in sources
    )
