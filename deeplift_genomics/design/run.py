"""The oligos of a sample: places chosen, inserts made, their effects predicted, files written."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.design.loci import Loci, Locus, find_loci, is_apart
from deeplift_genomics.design.matches import read_matcher
from deeplift_genomics.design.outcomes import Changed, Outcomes
from deeplift_genomics.design.table import ABLATED, LEFT_OUT, WILD_TYPE, Oligo, Oligos, write_oligos
from deeplift_genomics.design.variants import Designer, Refused, Variant
from deeplift_genomics.design.workbook import write_workbook
from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.effects.ablation import Places
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_paths, writing
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.motifs.names import read_motif_table
from deeplift_genomics.motifs.patterns import read_motif_attributes
from deeplift_genomics.settings.motif_sections import Instances
from deeplift_genomics.settings.oligo_section import Oligos as Settings
from deeplift_genomics.settings.oligo_section import insert_length
from deeplift_genomics.windows.file import check_length, read_places, read_rows

log = logging.getLogger(__name__)

_LOOKED_AT = 50  # places of a motif that are tried, at most
_TOGETHER = 16  # windows predicted at a time
_LONGEST_NAME = 24  # characters of a motif's name in that of an oligo
NO_MOTIF = (
    "The sample has no motif, so there is nothing to test. See the report for how to find motifs."
)
NO_INSTANCE = "No instance of it is called in the regions."
NONE_WANTED = "oligos.per_motif is 0, so no oligos are designed."


@dataclass(frozen=True)
class Files:
    """The files of a sample that its oligos are made from.

    Attributes
    ----------
    windows
        The windows file.
    labels
        The motif table.
    motifs, instances
        The motif file, and the table of instances, of each target, in one order.
    """

    windows: Path
    labels: Path
    motifs: Sequence[Path]
    instances: Sequence[Path]


@dataclass(frozen=True)
class Designed:
    """The inserts of a locus of a motif, which is number `number` from 1, and its window (L,)."""

    locus: Locus
    number: int
    variants: Sequence[Variant]
    window: NDArray[np.int8]


def design_oligos(
    predictor: Predictor,
    files: Files,
    settings: Settings,
    *,
    instances: Instances,
    sample: str,
    table: Path,
    workbook: Path,
) -> Oligos:
    """Design the oligos that test the motifs of a sample, and write table and workbook.

    The files are the same, byte by byte, for the same inputs and settings.

    Raises
    ------
    InputError, ModelError
        If the files are not of one run, or do not fit the model, or an insert is longer than the
        window.
    """
    place = read_places(files.windows)
    length = predictor.window_length
    check_length(files.windows, place.length, model=predictor.models[0].name, expected=length)
    inserts = insert_length(settings.length, length)
    targets = [str(read_motif_attributes(path).get("target", "")) for path in files.motifs]
    outcomes = Outcomes(predictor, targets)
    designer = Designer(settings, read_matcher(files.motifs, files.labels, instances), inserts)
    motifs = list(dict.fromkeys(label.motif for label in read_motif_table(files.labels)))
    loci = find_loci(
        dict(zip(targets, files.instances, strict=True)),
        Places(place.chrom.tolist(), place.start, place.length),
        inserts,
    )
    if unknown := loci.keys() - set(motifs):
        raise InputError(
            f"{files.labels} has no motif {min(unknown)}, of which there are instances: the tables "
            "are of different runs. Give the files of one run, or call the instances again."
        )
    rows: list[Oligo] = []
    names = oligo_names(motifs)
    for motif in Progress(motifs, what="oligos", unit="motif"):
        known = loci.get(motif, Loci([], Counter()))
        designed, reasons = _of_motif(designer, known, files.windows)
        rows += _rows(designer, outcomes, designed, files.windows, name=names[motif])
        if len(designed) < settings.per_motif or not settings.per_motif:
            note = _why(settings.per_motif, len(designed), motif in loci, reasons)
            rows.append(Oligo(group=LEFT_OUT, motif=motif, note=note))
    if not motifs:
        rows.append(Oligo(group=LEFT_OUT, note=NO_MOTIF))
    found = Oligos(_marked(rows), outcomes.outcomes)
    with atomic_paths(table, workbook) as (temporary, book):
        with writing(temporary):
            write_oligos(temporary, found)
        write_workbook(book, found, settings, sample)
    log.info("%s: %d oligos of %d motifs", table, len(found.designed), len(motifs))
    return found


def oligo_names(motifs: Sequence[str]) -> dict[str, str]:
    """Return the first part of the names of each motif's oligos: letters, digits, ``-``, unique.

    >>> oligo_names(["FOS::JUNB", "FOS/JUNB", "é"])
    {'FOS::JUNB': 'FOS-JUNB', 'FOS/JUNB': 'FOS-JUNB-2', 'é': 'motif'}
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for motif in motifs:
        word = re.sub("[^A-Za-z0-9]+", "-", motif).strip("-")[:_LONGEST_NAME].strip("-") or "motif"
        name, number = word, 1
        while name.lower() in taken:
            number += 1
            name = f"{word}-{number}"
        taken.add(name.lower())
        names[motif] = name
    return names


def _of_motif(designer: Designer, loci: Loci, windows: Path) -> tuple[list[Designed], Counter[str]]:
    """Return the best loci whose inserts can be made, and why others could not."""
    chosen: list[Designed] = []
    reasons = Counter(loci.reasons)
    for locus in loci.usable[:_LOOKED_AT]:
        if len(chosen) == designer.settings.per_motif:
            break
        if not is_apart(locus, [one.locus for one in chosen], designer.length):
            continue
        codes, _ = read_rows(windows, [locus.site.row])
        try:
            variants = designer.variants(locus, codes[0])
        except Refused as error:
            reasons[str(error)] += 1
        else:
            chosen.append(Designed(locus, len(chosen) + 1, variants, codes[0]))
    return chosen, reasons


def _why(wanted: int, number: int, called: bool, reasons: Counter[str]) -> str:
    """Return why a motif has fewer oligos than were asked for, or none."""
    if not wanted:
        return NONE_WANTED
    if not called:
        return NO_INSTANCE
    have = f"{number or 'None'} of {wanted} places {'has' if number == 1 else 'have'} oligos."
    if not reasons:
        return f"{have} There are no more instances in windows of their own that hold the insert."
    told = "; ".join(f"{count} because {reason}" for reason, count in reasons.most_common())
    return f"{have} Others could not be used: {told}."


def _rows(
    designer: Designer,
    outcomes: Outcomes,
    designed: Sequence[Designed],
    windows: Path,
    *,
    name: str,
) -> Iterator[Oligo]:
    """Yield the oligos of a motif with their effects."""
    for first in range(0, len(designed), _TOGETHER):
        block = designed[first : first + _TOGETHER]
        codes, controls = read_rows(windows, [one.locus.site.row for one in block])
        base = outcomes.windows(codes, controls)
        made = [(row, one, item) for row, one in enumerate(block) for item in one.variants]
        changed = Changed(
            np.stack([_in_window(one, item) for _, one, item in made]),
            np.array([row for row, _, _ in made], np.int64),
        )
        effects = outcomes.measure(base, changed)
        for (_, one, item), values in zip(made, effects, strict=True):
            yield _row(designer, one, item, effects=values.tolist(), name=name)


def _in_window(one: Designed, item: Variant) -> NDArray[np.int8]:
    """Return the window of a locus with an insert in its place."""
    window = one.window.copy()
    window[one.locus.insert : one.locus.insert + len(item.codes)] = item.codes
    return window


_SUFFIX = {WILD_TYPE: "wt", ABLATED: "abl"}


def _row(
    designer: Designer, one: Designed, item: Variant, *, effects: list[float], name: str
) -> Oligo:
    """Return the row of an oligo."""
    locus, wild = one.locus, one.variants[0].codes
    changed = item.codes != wild
    insert = decode(item.codes)
    sequence = decode(designer.oligo(item.codes))
    shown = "".join(
        base.lower() if new else base for base, new in zip(insert, changed, strict=True)
    )
    suffix = _SUFFIX.get(item.group, f"scr{item.number}")
    return Oligo(
        oligo=f"{name}_{one.number}_{suffix}",
        group=item.group,
        motif=locus.motif,
        locus=one.number,
        chrom=locus.chrom,
        start=locus.first,
        end=locus.first + len(insert),
        motif_start=locus.start,
        motif_end=locus.end,
        strand=locus.strand,
        region=locus.region,
        targets=";".join(sorted(locus.support)),
        others=";".join(sorted(locus.others)),
        length=len(sequence),
        gc=sum(base in "GC" for base in sequence) / len(sequence),
        changed=int(changed.sum()),
        sequence=sequence,
        insert=shown,
        effects=tuple(effects),
    )


def _marked(rows: Sequence[Oligo]) -> list[Oligo]:
    """Return the rows, of which those with the sequence of an earlier oligo name that."""
    first: dict[str, str] = {}
    marked = []
    for row in rows:
        same = first.setdefault(row.sequence, row.oligo) if row.sequence else ""
        marked.append(row._replace(same_as="" if same == row.oligo else same))
    return marked
