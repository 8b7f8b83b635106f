"""What variants are explained from: the files, both windows of each variant, and its controls."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.fasta import open_genome
from deeplift_genomics.dna.vcf import WHAT, read_variants
from deeplift_genomics.errors import InputError
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.config import Config
from deeplift_genomics.windows.alleles import LeftOut, Pair, cut_pairs
from deeplift_genomics.windows.controls import control_writer, plan_controls
from deeplift_genomics.windows.file import Windows, read_windows, write_windows

log = logging.getLogger(__name__)

# rows -> input name -> controls of these variants
Controls = Callable[[slice], Mapping[str, NDArray]]


@dataclass(frozen=True)
class Inputs:
    """The files that variants are explained from.

    Attributes
    ----------
    fasta, variants
        The genome, and the VCF file.
    aliases
        Table of contig names.
    controls
        BigWig files of the controls, strands in order.
    motifs
        Motif files of targets; instances are called of those of `targets`.
    motif_table
        SAMPLE/motifs.tsv, for the names of motifs.
    """

    fasta: Path
    variants: Path
    aliases: Path | None = None
    controls: Sequence[Path] = ()
    motifs: Sequence[Path] = ()
    motif_table: Path | None = None


def cut_windows(inputs: Inputs, length: int, config: Config) -> tuple[list[Pair], list[LeftOut]]:
    """Return the windows of the variants, and the variants without; log what is lost."""
    most, source = config.alleles.most, f"{WHAT} {inputs.variants}"
    variants = list(islice(read_variants(inputs.variants), most + 1))
    if len(variants) > most:
        raise InputError(
            f"{source} has more than {most:,} variants, the most that are explained at once "
            "(alleles.most). Choose candidates, or raise that setting."
        )
    aliases = read_aliases(inputs.aliases)
    with open_genome(inputs.fasta) as genome:
        pairs, left_out = cut_pairs(
            variants,
            genome,
            length,
            max_unknown=config.regions.max_unknown,
            aliases=aliases,
            source=source,
        )
    for reason, count in Counter(one.reason for one in left_out).most_common():
        log.warning("%d of %d variants left out: %s", count, len(variants), reason)
    return pairs, left_out


@contextmanager
def controls_of(
    model: Model, inputs: Inputs, pairs: Sequence[Pair]
) -> Iterator[tuple[Controls, dict[str, Any]]]:
    """Yield the controls of the reference windows, from a file of its own, and their attributes.

    Both alleles get them: there are no reads of an allele that the genome does not have.
    """
    shapes = {item.name: item.shape for item in model.controls}
    if not inputs.controls:
        yield (lambda rows: {}), {}
        return
    aliases = read_aliases(inputs.aliases)
    plan = plan_controls(shapes, inputs.controls, model.window_length, aliases)
    start = np.array([pair.start for pair in pairs], np.int64)
    blank = np.full(len(pairs), "", object)
    windows = Windows(
        chrom=np.array([pair.variant.chrom for pair in pairs], object),
        start=start,
        end=start + model.window_length,
        summit=start + model.window_length // 2,
        name=blank,
        strand=blank,
        codes=np.stack([pair.codes[0] for pair in pairs]),
    )
    with TemporaryDirectory(prefix="deeplift_genomics_") as folder:
        path = Path(folder) / "windows.h5"
        write_windows(path, windows, control_writer(plan, windows))
        stored = next(iter(read_windows(path, slice(0, 1)).control_attributes.values()))
        attributes = {
            "control_files": stored["files"],
            "control_digests": stored["digests"],
            "control_n_missing": stored["n_missing"],
        }
        yield (lambda rows: read_windows(path, rows).controls), attributes
