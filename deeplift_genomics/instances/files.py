"""The files of a target's instances: a table, BED9 with its index, and bigBed."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import h5py

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.genes import Genes, read_genes
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_paths, writing
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.files.tables import write_rows
from deeplift_genomics.instances.bigbed import write_bigbed
from deeplift_genomics.instances.browser import places_of, write_bed
from deeplift_genomics.instances.instance import Instance
from deeplift_genomics.instances.table import INSTANCES, read_windows_of, rows_of
from deeplift_genomics.motifs.colours import colours_of
from deeplift_genomics.scores.file import SCORE_LAYOUT, contig_lengths
from deeplift_genomics.settings.choices import SEQUENCES

log = logging.getLogger(__name__)


class Outputs(NamedTuple):
    """The files of a target's instances: `tabix` indexes `bed`; `bigbed` may be left out."""

    table: Path
    bed: Path
    tabix: Path
    bigbed: Path | None = None


class Annotation(NamedTuple):
    """A gene annotation, GTF or GFF3, and the table of contig names that goes with it."""

    genes: Path
    contig_aliases: Path | None = None


def write_instances(
    instances: Iterable[Instance],
    outputs: Outputs,
    scores_path: str | Path,
    *,
    labels: Sequence[str] = (),
    annotation: Annotation | None = None,
) -> int:
    """Write the instances of a target, one at a time, and return their number.

    ::

        write_instances(
            call_instances(shards, scores, motif_table, max_overlap=...),
            Outputs(table, bed, tabix, bigbed),
            scores,
            labels=[label.motif for label in read_motif_table(motif_table)],
            annotation=Annotation(genes, contig_aliases) if genes else None,
        )

    Parameters
    ----------
    instances
        Sorted by contig and start. Nothing is taken from it before the files that are read are
        checked.
    outputs
        All appear together, when all are complete.
    scores_path
        The score file, whose rows the instances name.
    labels
        Labels of all motifs of the sample, in the order of SAMPLE/motifs.tsv: they decide the
        colours, which are then the same in the files of all its targets.
    annotation
        Where the nearest genes are from; without it, the columns of genes are empty.

    Raises
    ------
    InputError
        If the score file or the annotation is missing or damaged, or does not fit.
    DiskError
        If a file cannot be completed.
    """
    with open_typed(scores_path, "scores", SCORE_LAYOUT) as file:
        windows = read_windows_of(file)
        contigs = _contigs(file)
    genes = _read_genes(annotation, contigs)
    motifs: dict[str, None] = dict.fromkeys(labels)
    with atomic_paths(*(path for path in outputs if path)) as (table, bed, tabix, *bigbeds):
        checked = _checked(instances, contigs, motifs, scores_path)
        with writing(table):
            number = write_rows(table, INSTANCES, rows_of(checked, windows, genes))
        colours = colours_of(motifs)
        write_bed(bed, tabix, places_of(table, colours))
        for bigbed in bigbeds:
            write_bigbed(bigbed, contigs, places_of(table, colours))
    log.info("%s: %d instances", outputs.table, number)
    return number


def _contigs(file: h5py.File) -> dict[str, int]:
    """Return the length of each contig; sequences without a genome are contigs of their own."""
    if file.attrs.get("regions_format") == SEQUENCES:
        names = file["coords_chrom"].asstr()[:]
        return dict.fromkeys(names, file["hyp_scores"].shape[1])
    return contig_lengths(file)


def _read_genes(annotation: Annotation | None, contigs: dict[str, int]) -> Genes | None:
    """Return the genes of an annotation, if there is one."""
    if annotation is None:
        return None
    return read_genes(annotation.genes, contigs, read_aliases(annotation.contig_aliases))


def _checked(
    instances: Iterable[Instance],
    contigs: Mapping[str, int],
    motifs: dict[str, None],
    scores_path: str | Path,
) -> Iterator[Instance]:
    """Yield the instances, and add their motifs to those that are known.

    One that is not on its contig is refused: the libraries that write the files would wait for
    ever, or stop without a reason.
    """
    for one in instances:
        if not 0 <= one.start < one.end <= contigs.get(one.chrom, 0):
            raise InputError(
                f"{scores_path} is damaged: {one.chrom}:{one.start}-{one.end} in its windows is "
                "not in the genome. Delete it and run again."
            )
        motifs.setdefault(one.motif)
        yield one
