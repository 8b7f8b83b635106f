"""Places of a motif: the strongest, median and weakest ones, and a list for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.files.tables import pick_rows
from deeplift_genomics.instances.columns import Columns
from deeplift_genomics.instances.summary import Summary
from deeplift_genomics.instances.table import INSTANCES

LISTED = 500  # places of a motif and head that the page holds for its BED file


def read_examples(path: Path, summaries: Iterable[Summary]) -> dict[int, dict[str, Any]]:
    """Return the rows of the strongest, median and weakest instances: number -> column -> cell."""
    wanted = {row for one in summaries for row in (*one.strongest, *one.median, *one.weakest)}
    return {
        number: dict(zip(INSTANCES.columns, cells, strict=True))
        for number, cells in pick_rows(path, INSTANCES, wanted).items()
    }


def examples_of(summary: Summary, rows: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a motif, each once, with its rank; a few instances have but one rank."""
    ranks: dict[int, str] = {}
    for rank in ("strongest", "median", "weakest"):
        for row in getattr(summary, rank):
            ranks.setdefault(row, rank)
    return [{"rank": rank, "place": _place(rows[row]), **rows[row]} for row, rank in ranks.items()]


def _place(row: dict[str, Any]) -> str:
    """Return the place of an instance, as genome browsers and the page's viewer write it."""
    return str(Locus(row["chrom"], row["start"], row["end"]))


def listed(columns: Columns, motif: int) -> dict[str, Any]:
    """Return the strongest instances of a motif, at most `LISTED`, in the order of the genome.

    Returns
    -------
    dict
        ``contigs``; ``name``; and ``rows`` of number of the contig, start, width, 1 for the minus
        strand, and 1000 times the similarity.
    """
    rows = columns.of_motif(motif)
    size = np.abs(columns.contribution[rows])
    chosen = np.sort(rows[np.argsort(-size, kind="stable")[:LISTED]])
    contigs, contig = np.unique(columns.contig[chosen], return_inverse=True)
    score = np.round(1000 * np.clip(columns.similarity[chosen], 0, 1)).astype(np.int64)
    values = (contig.reshape(-1), columns.start[chosen], columns.width[chosen])
    table = np.stack([*values, columns.minus[chosen], score], axis=1)
    return {
        "contigs": [columns.contigs[index] for index in contigs.tolist()],
        "name": columns.motifs[motif],
        "rows": table.tolist(),
    }
