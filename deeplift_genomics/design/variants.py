"""The inserts of a locus: as in the genome, with the motif ablated, and with its bases scrambled.

Ablated: the bases of the instance are those at the same place of a dinucleotide shuffle of its
window, as the step `effects` replaces them. Scrambled: they are in another order. Either is drawn
again until

- the motif's matches where the instance was (the middle within 2 bp) are gone, rare or not;
- no rare match shares a base with it, but one of another motif that was at that place before;
- there is no restriction site that is to be avoided.

`matches` says what a match is, and when it is rare. All is looked at on both strands, and in the
whole oligo, with its constant ends.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.design.loci import Locus
from deeplift_genomics.design.matches import Match, Matcher
from deeplift_genomics.design.table import ABLATED, SCRAMBLED, WILD_TYPE
from deeplift_genomics.dna.sequence import UNKNOWN, decode, encode
from deeplift_genomics.dna.shuffle import shuffle_codes
from deeplift_genomics.files.words import first_few
from deeplift_genomics.instances.overlaps import SAME_PLACE
from deeplift_genomics.settings.oligo_section import Oligos
from deeplift_genomics.settings.restriction import Found, find_sites

TRIES = 1000  # draws for each insert, at most
_FIRST_TRIES = 20  # of which few inserts need more


class Variant(NamedTuple):
    """An insert of a locus: its group, number in the group from 1, and bases (length,)."""

    group: str
    number: int
    codes: NDArray[np.int8]


class Refused(Exception):
    """A locus whose inserts cannot all be made; the message says why, as the end of a sentence."""


@dataclass
class Designer:
    """The rules by which inserts are made.

    Attributes
    ----------
    settings
        The section `oligos`.
    matcher
        The motifs of the sample.
    length
        Bases of an insert.
    """

    settings: Oligos
    matcher: Matcher
    length: int

    def __post_init__(self) -> None:
        self._left, self._right = encode(self.settings.left_end), encode(self.settings.right_end)
        self._avoided = self.settings.avoided

    def variants(self, locus: Locus, window: NDArray[np.int8]) -> list[Variant]:
        """Return all inserts of a locus in its window (L,).

        Raises
        ------
        Refused
            If one of them cannot be made.
        """
        wild = window[locus.insert : locus.insert + self.length]
        self._check_wild_type(wild)
        found = [Variant(WILD_TYPE, 1, wild)]
        replaced = self._replaced(locus, window)
        found.append(Variant(ABLATED, 1, self._first(locus, found, replaced, "replaced")))
        orders = self._orders(locus, wild)
        for number in range(1, self.settings.scrambles + 1):
            codes = self._first(locus, found, orders, "scrambled")
            found.append(Variant(SCRAMBLED, number, codes))
        return found

    def oligo(self, insert: NDArray[np.int8]) -> NDArray[np.int8]:
        """Return an insert between its constant ends."""
        return np.concatenate([self._left, insert, self._right])

    def _check_wild_type(self, wild: NDArray[np.int8]) -> None:
        """Raise Refused if an insert from the genome cannot be ordered as it is."""
        if (wild == UNKNOWN).any():
            raise Refused("the genome has unknown bases (N) there")
        if sites := self._sites(wild):
            names = dict.fromkeys(str(site.avoided) for site in sites)
            raise Refused(f"a site of {first_few(names, 3)} is in the insert or across its ends")
        if made := self._across_ends(wild):
            raise Refused(f"{first_few(made, 3)} would match across a constant end")

    def _sites(self, insert: NDArray[np.int8]) -> list[Found]:
        """Return the restriction sites that an oligo may not have."""
        first, last = len(self._left), len(self._left) + len(insert)
        return [
            site
            for site in find_sites(decode(self.oligo(insert)), self._avoided)
            # one within an end is the user's own, which the settings allow or refuse
            if site.end > first and site.start < last
        ]

    def _across_ends(self, insert: NDArray[np.int8]) -> list[str]:
        """Return the motifs that match where an insert and a constant end meet."""
        oligo, found = self.oligo(insert), set()
        for at in (len(self._left), len(self._left) + len(insert)):
            if 0 < at < len(oligo):
                inside = self.matcher.find(oligo, at - 1, at) & self.matcher.find(oligo, at, at + 1)
                found |= {self.matcher.motif(match) for match in inside}
        return sorted(found)

    def _matches(self, locus: Locus, insert: NDArray[np.int8], *, rare: bool = True) -> set[Match]:
        """Return the matches in an oligo on the bases of the instance."""
        first, last = (len(self._left) + at for at in locus.core)
        return self.matcher.find(self.oligo(insert), first, last, rare=rare)

    def _own(self, locus: Locus, insert: NDArray[np.int8]) -> set[Match]:
        """Return the matches of the motif, rare or not, where the instance is."""
        middle = sum(locus.core) + 2 * len(self._left)
        return {
            match
            for match in self._matches(locus, insert, rare=False)
            if self.matcher.motif(match) == locus.motif
            and abs(2 * match.start + self.matcher.width(match) - middle) <= 2 * SAME_PLACE
        }

    def _replaced(self, locus: Locus, window: NDArray[np.int8]) -> Iterator[NDArray[np.int8]]:
        """Yield the bases of an instance in shuffles of its window."""
        for first, last in ((0, _FIRST_TRIES), (_FIRST_TRIES, TRIES)):
            shuffled = shuffle_codes(window[None], last, self.settings.seed)[0]
            yield from shuffled[first:, locus.site.start : locus.site.end]

    def _orders(self, locus: Locus, wild: NDArray[np.int8]) -> Iterator[NDArray[np.int8]]:
        """Yield the bases of an instance in other orders."""
        place = f"{locus.motif} {locus.chrom} {locus.start} {locus.end}"
        random = np.random.default_rng([self.settings.seed, zlib.crc32(place.encode())])
        for _ in range(TRIES * self.settings.scrambles):
            yield random.permutation(wild[slice(*locus.core)])

    def _first(
        self,
        locus: Locus,
        found: list[Variant],
        drawn: Iterator[NDArray[np.int8]],
        what: str,
    ) -> NDArray[np.int8]:
        """Return the insert with the first bases drawn that fulfil all rules."""
        wild, problems = found[0].codes, Counter[str]()
        own = self._own(locus, wild)
        before = {
            match
            for match in self._matches(locus, wild)
            if self.matcher.motif(match) != locus.motif
        }
        taken = {variant.codes.tobytes() for variant in found}
        for bases in drawn:
            insert = wild.copy()
            insert[slice(*locus.core)] = bases
            if insert.tobytes() in taken:
                problems["using the same bases again"] += 1
                continue
            new = self._matches(locus, insert) - before
            made = min((self.matcher.motif(match) for match in new), default="")
            if made == locus.motif or own & self._own(locus, insert):
                problems["it matching still"] += 1
            elif made:
                problems[f"making {made}"] += 1
            elif sites := self._sites(insert):
                problems[f"making a site of {sites[0].avoided}"] += 1
            else:
                return insert
        ((common, _),) = problems.most_common(1) or [("using the same bases again", 0)]
        raise Refused(f"the motif could not be {what} without {common}")
