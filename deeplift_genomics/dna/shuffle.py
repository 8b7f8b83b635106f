"""The uniform dinucleotide shuffle.

A shuffle keeps the number of every dinucleotide and the first and last base of every run of ACGT,
and each sequence with these properties is equally likely. Written as a path over the four bases,
such sequences are the Eulerian paths of one multigraph, and a uniform path is drawn in two steps
(the BEST theorem of van Aardenne-Ehrenfest and de Bruijn, 1951; Kandel, Matias, Unger and Winkler,
Discrete Appl. Math. 71:171, 1996):

1. the last exit of every base but the final one: a uniform random tree towards the final base, by
   loop-erased random walks (Wilson, STOC 1996);
2. the other exits of every base in uniformly random order, drawn while walking.

Keeping the last exits of the input instead of step 1, as many implementations do, reaches only a
part of the possible sequences and repeats the end of the input.
"""

from collections.abc import Callable
from typing import Any, overload

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from deeplift_genomics.dna.sequence import UNKNOWN, codes_of, decode, encode, one_hot
from deeplift_genomics.errors import InputError


def compiled(function: Callable) -> Callable:
    """Compile with numba; keep the result on disk if a folder for it is writable."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:  # neither the package's folder nor the user's cache can be written
        return njit(nogil=True)(function)


# ---- Random numbers: splitmix64 (Steele, Lea and Flood, OOPSLA 2014) ----------------------------

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MULTIPLY_1 = np.uint64(0xBF58476D1CE4E5B9)
_MULTIPLY_2 = np.uint64(0x94D049BB133111EB)
_27, _30, _31, _32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)


@compiled
def _mix(state: Any) -> Any:
    """Scramble 64 bits."""
    state = (state ^ (state >> _30)) * _MULTIPLY_1
    state = (state ^ (state >> _27)) * _MULTIPLY_2
    return state ^ (state >> _31)


@compiled
def _below(limit: Any, states: Any, k: Any) -> Any:
    """Return a random integer in [0, limit) from generator `k`.

    Scaling 32 bits is faster than a remainder; chances are off by less than limit / 2^32.
    """
    states[k] += _STEP
    return (np.int64(_mix(states[k]) >> _32) * limit) >> 32


@compiled
def _seed_generators(codes: Any, seed: Any, states: Any) -> None:
    """Start each generator k from the seed, the sequence and k alone."""
    key = np.uint64(codes.size)
    for code in codes:
        key = (key ^ np.uint64(code + 1)) * _MULTIPLY_1
        key ^= key >> _31
    key = _mix(key ^ _mix(seed + _STEP))
    for k in range(states.size):
        states[k] = _mix(key + np.uint64(k) * _STEP)


# ---- One run of ACGT ----------------------------------------------------------------------------
#
# Compiled functions take all arguments by position: numba fails to type calls of one compiled
# function by another that has keyword-only arguments.
#
# `exits[v, w]` counts the steps from base v to any of the bases 0..w, so that `exits[v, 3]` is
# their number and a random u below it picks the next base as the number of entries that are <= u.


@compiled
def _count_exits(run: Any, exits: Any) -> None:
    """Fill `exits` with the cumulative counts of the steps from each base."""
    exits[:] = 0
    for i in range(run.size - 1):
        exits[run[i], run[i + 1]] += 1
    for v in range(4):
        for w in range(1, 4):
            exits[v, w] += exits[v, w - 1]


# Positional: see above.
@compiled
def _draw_last_exits(exits: Any, final: Any, last: Any, states: Any, k: Any) -> None:
    """Fill `last` with a random tree towards `final`, each edge weighted by its count."""
    in_tree = 1 << final  # a set of bases, as bits
    for start in range(4):
        if exits[start, 3] == 0:
            continue
        v = start
        while not (in_tree >> v) & 1:  # a later visit overwrites, and so erases, a loop
            u = _below(exits[v, 3], states, k)
            last[v] = 3 - (u < exits[v, 0]) - (u < exits[v, 1]) - (u < exits[v, 2])
            v = last[v]
        v = start
        while not (in_tree >> v) & 1:
            in_tree |= 1 << v
            v = last[v]


# Positional: see above.
@compiled
def _walk(exits: Any, last: Any, first: Any, states: Any, k: Any, out: Any) -> None:
    """Fill `out`: draw exits without replacement, and take the last exits at the end."""
    v = np.int64(first)
    out[0] = v
    for i in range(1, out.size):
        row = exits[v]
        remaining = row[3]
        if remaining == 0:
            v = last[v]
        else:
            u = _below(remaining, states, k)
            upto_a, upto_c, upto_g = u < row[0], u < row[1], u < row[2]
            row[0] -= upto_a
            row[1] -= upto_c
            row[2] -= upto_g
            row[3] = remaining - 1
            v = np.int64(3 - upto_a - upto_c - upto_g)
        out[i] = v


@compiled
def _shuffle_run(run: Any, states: Any, out: Any) -> None:
    """Shuffle codes (L,) without unknown bases into `out` (R, L), row k by generator k."""
    exits, remaining = np.empty((4, 4), np.int64), np.empty((4, 4), np.int64)
    last = np.zeros(4, np.int64)
    _count_exits(run, exits)
    final = np.int64(run[-1])
    for k in range(states.size):
        _draw_last_exits(exits, final, last, states, k)
        remaining[:] = exits
        for v in range(4):
            if v != final and exits[v, 3] > 0:  # the last exit is kept for the end
                remaining[v, last[v] :] -= 1
        _walk(remaining, last, run[0], states, k, out[k])


@compiled
def _shuffle_windows(windows: Any, seed: Any, out: Any) -> None:
    """Shuffle windows (N, L) into `out` (N, R, L), each run of ACGT on its own."""
    length = windows.shape[1]
    states = np.empty(out.shape[1], np.uint64)
    for n in range(windows.shape[0]):
        codes = windows[n]
        _seed_generators(codes, seed, states)
        start = 0
        while start < length:
            stop = start
            while stop < length and codes[stop] != UNKNOWN:
                stop += 1
            if stop > start:
                _shuffle_run(codes[start:stop], states, out[n, :, start:stop])
            else:
                out[n, :, start] = UNKNOWN
                stop += 1
            start = stop


# ---- Shuffles for callers -----------------------------------------------------------------------


def shuffle_codes(codes: ArrayLike, number: int, seed: int) -> NDArray[np.int8]:
    """Return uniform dinucleotide shuffles of windows given as codes.

    Parameters
    ----------
    codes
        (N, L) integers: 0 A, 1 C, 2 G, 3 T, 4 unknown. Unknown bases stay where they are.
    number
        Shuffles per window, R.
    seed
        Shuffle k of a window depends on the seed, the window's codes and k, but not on the other
        windows or on `number`.

    Returns
    -------
    (N, R, L) int8

    Raises
    ------
    InputError
        If the codes are not integers from 0 to 4 in two dimensions, or `number` is below 1.
    """
    codes = np.asarray(codes)
    if codes.ndim != 2 or not np.issubdtype(codes.dtype, np.integer):
        raise InputError(
            f"Codes to shuffle have shape {codes.shape} and type {codes.dtype}; "
            "expected integers (windows, bases)."
        )
    if codes.size and not (codes.min() >= 0 and codes.max() <= UNKNOWN):
        raise InputError(
            f"Codes to shuffle reach from {codes.min()} to {codes.max()}; "
            "expected 0 A, 1 C, 2 G, 3 T and 4 for any other base."
        )
    _check_number(number)
    out = np.empty((len(codes), number, codes.shape[1]), dtype=np.int8)
    windows = np.ascontiguousarray(codes, dtype=np.int8)
    _shuffle_windows(windows, np.uint64(int(seed) % 2**64), out)
    return out


@overload
def dinucleotide_shuffle(sequence: str, number: int, seed: int = 0) -> list[str]: ...
@overload
def dinucleotide_shuffle(sequence: NDArray, number: int, seed: int = 0) -> NDArray: ...
def dinucleotide_shuffle(
    sequence: str | NDArray, number: int, seed: int = 0
) -> list[str] | NDArray:
    """Shuffle sequences but keep the count of each dinucleotide; all outcomes are equally likely.

    The first and last base of every run of ACGT stay in place, and so does every unknown base (N,
    an IUPAC ambiguity code, a row of zeros). Lower case counts as upper case.

    Parameters
    ----------
    sequence
        A string of L bases, or a one-hot array (L, 4) or (N, L, 4), channels A C G T.
    number
        Shuffles per sequence, R.
    seed
        Shuffle k depends on the seed, the sequence and k only.

    Returns
    -------
    A list of R strings for a string; for arrays (R, L, 4) or (N, R, L, 4) of the same type.

    Raises
    ------
    InputError
        If the array is not one-hot or has another shape, or `number` is below 1.

    Examples
    --------
    >>> dinucleotide_shuffle("AANCCC", 2)
    ['AANCCC', 'AANCCC']
    """
    if isinstance(sequence, str):
        return [decode(row) for row in shuffle_codes(encode(sequence)[None], number, seed)[0]]
    array = np.asarray(sequence)
    _check_one_hot(array)
    codes = codes_of(array)
    shuffled = shuffle_codes(np.atleast_2d(codes), number, seed)
    return one_hot(shuffled if array.ndim == 3 else shuffled[0], array.dtype)


def _check_number(number: int) -> None:
    """Raise InputError unless the number of references is a whole number from 1."""
    if not isinstance(number, int | np.integer) or isinstance(number, bool) or number < 1:
        raise InputError(f"The number of references is {number!r}; expected 1 or more.")


def _check_one_hot(array: NDArray) -> None:
    """Raise InputError unless an array is one-hot and has two or three axes."""
    if array.ndim not in (2, 3) or array.shape[-1] != 4 or array.dtype.kind not in "biuf":
        raise InputError(
            f"The sequence to shuffle is an array of shape {array.shape} and type {array.dtype}; "
            "expected a string, or a one-hot array (bases, 4) or (sequences, bases, 4)."
        )
    wrong = ~((array == 0) | (array == 1)).all(axis=-1) | (np.count_nonzero(array, axis=-1) > 1)
    if wrong.any():
        place = tuple(int(index) for index in np.argwhere(wrong)[0])
        where = f"base {place[-1]}" + (f" of sequence {place[0]}" if len(place) == 2 else "")
        raise InputError(
            f"The sequence to shuffle is not one-hot: {where} (counted from 0) is "
            f"{array[place].tolist()}; expected a single 1, or zeros for an unknown base."
        )
