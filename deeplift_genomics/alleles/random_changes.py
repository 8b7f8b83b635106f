"""Random changes of a reference window, of the same kind as a variant: what any such change does.

They are in the central half of the window and share no base with the variant. As many bases are
removed and added as by the variant, and what is added is random; of a substitution, each base
becomes another one.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.windows.alleles import Pair
from deeplift_genomics.windows.edits import Edit, changed


def random_changes(pair: Pair, number: int, seed: int) -> list[tuple[Edit, NDArray[np.int8]]]:
    """Return random edits of a reference window, and the window (L,) after each.

    They depend on the seed and on the variant only. There are fewer, or none, where the window has
    no room for another place.
    """
    length, own = pair.codes.shape[1], pair.edit
    size = max(own.removed, own.added, 1)
    places = np.arange(length // 4, max(length // 4, length - length // 4 - size))
    places = places[(places + size <= own.at) | (places >= own.at + size)]
    if not len(places):
        return []
    key = zlib.crc32(f"{pair.variant} {pair.start}".encode())
    random = np.random.default_rng([seed, key])
    # bases right of the window that the alternative allele brings into it
    more = max(0, own.removed - own.added)
    bases = np.concatenate([pair.codes[0], pair.codes[1, length - more :]])
    found = []
    for at in random.choice(places, number).tolist():
        added = random.integers(0, 4, own.added)
        if own.removed == own.added:
            there = bases[at : at + own.removed]
            added = np.where(there < 4, (there + random.integers(1, 4, own.added)) % 4, added)
        edit = Edit(at, own.removed, own.added)
        found.append((edit, changed(bases, edit, added.astype(np.int8), length)))
    return found
