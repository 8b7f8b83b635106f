"""Patterns as a table in Python: `read_patterns`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from deeplift_genomics.cohort.unique import UNIQUE
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.system_faults import reading
from deeplift_genomics.files.tables import read_table
from deeplift_genomics.motifs.names import MOTIFS, labels_of
from deeplift_genomics.motifs.patterns import Pattern, read_motif_attributes, read_motifs

if TYPE_CHECKING:
    import pandas

    from deeplift_genomics.cohort.patterns import Patterns

_HDF5 = b"\x89HDF\r\n\x1a\n"
_NAMES = (
    "motif",
    "turned",
    "shift",
    "match_id",
    "match_name",
    "family",
    "q_value",
    "kind",
    "parts",
)


def read_patterns(path: str | Path) -> Patterns:
    """Read the patterns of a target, of a sample or of a run as a table.

    Parameters
    ----------
    path
        ``TARGET.modisco.h5``, ``SAMPLE/motifs.tsv`` or ``RESULTS/motifs.tsv``. Which of them it is,
        its content tells, not its name.

    Returns
    -------
    Patterns
        A pandas table with a row for each pattern, whose ``plot()`` draws their logos, and
        ``plot("CTCF")`` those of one motif; docs/formats.md describes the columns. Of a motif
        file, the names are those of a ``motifs.tsv`` beside it, and missing without one; and the
        row has ``contribution``, the mean over the seqlets of the summed contributions, and
        ``ppm`` and ``cwm``, the base frequencies and mean contributions (W, 4) as the pattern
        reads, A C G T.

    Raises
    ------
    InputError
        If the file is missing or damaged or none of these, or the ``motifs.tsv`` beside a motif
        file is of other patterns.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> patterns = dg.read_patterns("results/demo/counts.modisco.h5")
    >>> patterns.set_index("pattern").loc["pos_0", "ppm"].shape
    (50, 4)
    >>> axes = patterns.plot("pos_0")
    """
    from deeplift_genomics.cohort.patterns import as_patterns

    path = require_file(path, "File of patterns")
    with reading(path), path.open("rb") as handle:
        begin = handle.read(200)
    if begin.startswith(_HDF5):
        return as_patterns(_of_motif_file(path), path)
    for kind in (MOTIFS, UNIQUE):
        if begin.startswith(kind.heading.partition(" version ")[0].encode() + b" version"):
            return as_patterns(read_table(path, kind), path)
    raise InputError(
        f"{path} holds no patterns; expected a TARGET.modisco.h5, or the motifs.tsv of a sample or "
        "of a run."
    )


def _of_motif_file(path: Path) -> pandas.DataFrame:
    """Return the patterns of one target, with their names where there are any."""
    import pandas

    patterns, target = read_motifs(path), str(read_motif_attributes(path)["target"])
    table = path.with_name("motifs.tsv")
    labels = {}
    if table.exists():
        labels = labels_of(table, target, [pattern.name for pattern in patterns])
    rows = []
    for pattern in patterns:
        label = labels.get(pattern.name)
        named = {name: getattr(label, name) if label else None for name in _NAMES}
        rows.append({**named, **_own(pattern, target)})
    columns = [*MOTIFS.columns, "contribution", "ppm", "cwm"]
    frame = pandas.DataFrame.from_records(rows, columns=columns)
    kinds = {bool: "boolean", int: "Int64", float: "float64"}
    return frame.astype(
        {name: kinds[kind] for name, kind in MOTIFS.columns.items() if kind in kinds}
    )


def _own(pattern: Pattern, target: str) -> dict[str, object]:
    """Return what a motif file says of a pattern."""
    return {
        "target": target,
        "pattern": pattern.name,
        "sign": pattern.sign,
        "n_seqlets": pattern.n_seqlets,
        "consensus": pattern.consensus,
        "contribution": pattern.mean_contribution,
        "ppm": pattern.ppm,
        "cwm": pattern.cwm,
    }
