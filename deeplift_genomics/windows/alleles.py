"""The windows of variants: the reference window, the alternative one, and how both align.

The reference window is centred on the variant. The alternative window is the same sequence with
the other allele: what is left of the variant stays in place, what is right of it shifts, and bases
of the genome enter or leave the window at its right end, so that both have one length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases, match_some_contigs
from deeplift_genomics.dna.genome import Genome
from deeplift_genomics.dna.sequence import ALPHABET, UNKNOWN, encode
from deeplift_genomics.dna.vcf import Variant
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import shortened
from deeplift_genomics.windows.cutting import check_cut
from deeplift_genomics.windows.dropped import LEAVES_CONTIG, NO_CONTIG, UNKNOWN_BASES
from deeplift_genomics.windows.edits import Edit, changed, trimmed

NO_SEQUENCE = "an allele is no sequence"
UNCHANGED = "both alleles are one"
OTHER_REF = "REF is not in the genome"
TOO_LONG = "too long for the window"
REPEATED = "repeats an earlier variant"

# reason, as in the table -> its meaning, as in the page
REASONS = {
    NO_SEQUENCE: "REF and ALT must be bases. Symbolic alleles, breakends, * and . have none.",
    UNCHANGED: "ALT is REF, so nothing changes.",
    NO_CONTIG: "The genome file has no chromosome of that name.",
    OTHER_REF: "The genome has other bases at that position than REF.",
    TOO_LONG: "An allele has more than half as many bases as the window.",
    LEAVES_CONTIG: "The window around the variant would reach beyond the chromosome's end.",
    UNKNOWN_BASES: "Too many bases of the window are N: the genome is not known there.",
    REPEATED: "The same change was given before; it counts once.",
}
_SHOWN = 40  # bases of an allele in a message


class LeftOut(NamedTuple):
    """A variant that is not explained; `reason` is a key of `REASONS`, `detail` the particulars."""

    variant: Variant
    reason: str
    detail: str


@dataclass(frozen=True, eq=False)
class Pair:
    """A variant with both windows.

    Attributes
    ----------
    variant
        As the file has it.
    start
        First base of both windows on the contig, 0-based.
    edit
        What differs.
    codes
        (2, L) int8: the reference window, and the alternative one.
    """

    variant: Variant
    start: int
    edit: Edit
    codes: NDArray[np.int8]


def cut_pairs(
    variants: Iterable[Variant],
    genome: Genome,
    length: int,
    *,
    max_unknown: float,
    aliases: Aliases = NO_ALIASES,
    source: str = "The VCF file",
) -> tuple[list[Pair], list[LeftOut]]:
    """Return both windows of each variant, and the variants that have none, with the reason.

    Parameters
    ----------
    genome
        The open genome.
    length
        Bases of a window.
    max_unknown
        Largest fraction of unknown bases in a window.
    aliases
        Other names of the contigs.
    source
        What holds the variants, for messages.

    Raises
    ------
    InputError
        If no contig is in the genome, no variant has windows, or REF is not in the genome for more
        than half of the variants where that can be told: the genome is another one.
    """
    check_cut(length, max_unknown)
    variants = list(variants)
    contigs = match_some_contigs(
        dict.fromkeys(variant.chrom for variant in variants),
        genome.lengths,
        source=source,
        target=f"{genome.what} {genome.path}",
        aliases=aliases,
    )
    cutter = _Cutter(genome, contigs, length, max_unknown)
    for variant in variants:
        cutter.add(variant)
    _check(cutter, source, str(genome.path))
    return cutter.pairs, cutter.left_out


class _Cutter:
    """The windows so far, and the variants that were left out."""

    def __init__(
        self, genome: Genome, contigs: dict[str, str], length: int, max_unknown: float
    ) -> None:
        self._genome, self._contigs = genome, contigs
        self._length, self._max_unknown = length, max_unknown
        self._first: dict[tuple[str, int, str, str], int] = {}  # change -> line
        self.pairs: list[Pair] = []
        self.left_out: list[LeftOut] = []

    def add(self, variant: Variant) -> None:
        """Cut the windows of a variant, or note why it has none."""
        found = self._cut(variant)
        if isinstance(found, Pair):
            self.pairs.append(found)
        else:
            self.left_out.append(LeftOut(variant, *found))

    def _cut(self, variant: Variant) -> Pair | tuple[str, str]:
        """Return the windows of a variant, or the reason why it has none and the particulars."""
        if reason := _no_sequence(variant):
            return NO_SEQUENCE, reason
        if variant.ref == variant.alt:
            return UNCHANGED, f"REF and ALT are {shortened(variant.ref, _SHOWN)}"
        contig = self._contigs.get(variant.chrom)
        if contig is None:
            return NO_CONTIG, "no contig of this name or its usual variants, or more than one"
        if reason := self._other_ref(variant, contig):
            return OTHER_REF, reason
        first, ref, alt = trimmed(variant.ref, variant.alt)
        if max(len(ref), len(alt)) > self._length // 2:
            longest = max(len(ref), len(alt))
            return TOO_LONG, f"{longest} bases differ, in a window of {self._length}"
        at = variant.start + first
        start = at + len(ref) // 2 - self._length // 2
        end = start + self._length + max(0, len(ref) - len(alt))
        size = self._genome.lengths[contig]
        if start < 0 or end > size:
            return LEAVES_CONTIG, f"window {start}-{end}; contig {contig} has {size} bases"
        change = (contig, at, ref, alt)
        if change in self._first:
            return REPEATED, f"same as line {self._first[change]}"
        self._first[change] = variant.line
        bases = encode(self._genome.bases(contig, start, end))
        edit = Edit(at - start, len(ref), len(alt))
        codes = np.stack([bases[: self._length], changed(bases, edit, encode(alt), self._length)])
        unknown = float((codes == UNKNOWN).mean(axis=1).max())
        if unknown > self._max_unknown:
            limit = f"{unknown:.4g} unknown, at most {self._max_unknown:g}"
            return UNKNOWN_BASES, f"window {start}-{end}; {limit}"
        return Pair(variant, start, edit, codes)

    def _other_ref(self, variant: Variant, contig: str) -> str:
        """Return how REF differs from the genome; ``""`` if it does not."""
        end, size = variant.start + len(variant.ref), self._genome.lengths[contig]
        if variant.start < 0 or end > size:
            return f"contig {contig} has the bases 1 to {size:,}"
        here = self._genome.bases(contig, variant.start, end).upper()
        if here == variant.ref:
            return ""
        swapped = self._genome.bases(
            contig, variant.start, min(size, variant.start + len(variant.alt))
        ).upper()
        hint = "; ALT is there: are both swapped?" if swapped == variant.alt else ""
        return (
            f"REF is {shortened(variant.ref, _SHOWN)}, the genome has {shortened(here, _SHOWN)}"
            f"{hint}"
        )


def _no_sequence(variant: Variant) -> str:
    """Return which allele is no sequence of bases; ``""`` if both are."""
    for name, allele in (("REF", variant.ref), ("ALT", variant.alt)):
        if not allele or set(allele) - set(ALPHABET):
            hint = ""
            if allele in ("-", ""):
                hint = "; write the base before it, too, as VCF does (A to AT, not - to T)"
            return f"{name} is {shortened(repr(allele), _SHOWN)}{hint}"
    return ""


def _check(cutter: _Cutter, source: str, genome: str) -> None:
    """Raise InputError if no variant has windows, or the genome is another one."""
    counts = Counter(one.reason for one in cutter.left_out)
    other, examples = counts[OTHER_REF], _examples(cutter.left_out)
    compared = len(cutter.pairs) + sum(
        count
        for reason, count in counts.items()
        if reason not in (NO_SEQUENCE, UNCHANGED, NO_CONTIG)
    )
    if other * 2 > compared:
        raise InputError(
            f"{source}: for {other} of {compared} variants REF is not in {genome} ({examples}). "
            "Variants and genome are of different assemblies, or positions are not counted from 1."
        )
    if not cutter.pairs:
        told = "; ".join(f"{reason}: {count}" for reason, count in counts.most_common())
        raise InputError(f"{source} has no variant that can be explained ({told}): {examples}.")


def _examples(left_out: Sequence[LeftOut]) -> str:
    """Return the first variant that was left out for each reason."""
    first: dict[str, LeftOut] = {}
    for one in left_out:
        first.setdefault(one.reason, one)
    return "; ".join(
        f"line {one.variant.line}, {shortened(str(one.variant), 80)}: {one.detail}"
        for one in first.values()
    )
