"""Mutated copies of real files: bytes changed, cut, moved, and pieces of other files inserted."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

Mutation = Callable[[random.Random, bytearray], None]

# bytes with a meaning for at least one reader
TOKENS = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b"\xe2\x80\xa8", b"\r", b"\r\n", b"\x0b"),
    *(b"\x1c", b"\x85", b"\t", b"\n", b"\n\n", b">", b"#", b" ", b'"', b"'", b":", b"- ", b"|"),
    *(b"-1", b"1e400", b"NaN", b".inf", b"1_000", b"0x10", b"9" * 20, b"-" + b"9" * 5000),
    *(b"\xd9\xa1", b"null", b"true", b"!!python/object/apply:os.getcwd []", b"&a", b"*a", b"<<: "),
    *(b"{", b"}", b"[" * 50, b"]", b"../", b"$(touch pwned)", b"%s", b"{0}", b"track\t"),
    *(b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", b"BZh91AY&SY", b"," * 20),
)
EXTREMES = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)


def _place(rng: random.Random, data: bytearray) -> int:
    """Return a place in the file, half of the time near the beginning, where headers are."""
    size = len(data) if rng.random() < 0.5 else min(len(data), 512)
    return rng.randrange(size) if size else 0


def _set_byte(rng: random.Random, data: bytearray) -> None:
    if data:
        data[_place(rng, data)] = rng.choice([*EXTREMES, rng.randrange(256)])


def _flip_bit(rng: random.Random, data: bytearray) -> None:
    if data:
        data[_place(rng, data)] ^= 1 << rng.randrange(8)


def _set_number(rng: random.Random, data: bytearray) -> None:
    """Overwrite 2 to 8 bytes, such as a size or an address, with ones, zeros or a small number."""
    width, at = rng.choice([2, 4, 8]), _place(rng, data)
    value = rng.choice([0, 1, 255, 2 ** (8 * width) - 1, 2 ** (8 * width - 1), rng.getrandbits(16)])
    data[at : at + width] = value.to_bytes(width, rng.choice(["little", "big"]))


def _cut_off(rng: random.Random, data: bytearray) -> None:
    del data[_place(rng, data) :]


def _delete(rng: random.Random, data: bytearray) -> None:
    at = _place(rng, data)
    del data[at : at + rng.choice([1, 1, 2, 8, 100])]


def _repeat(rng: random.Random, data: bytearray) -> None:
    at, size = _place(rng, data), rng.choice([1, 8, 60, 600])
    data[at:at] = data[at : at + size] * rng.choice([1, 1, 5])


def _move(rng: random.Random, data: bytearray) -> None:
    start, size = _place(rng, data), rng.choice([1, 8, 60])
    piece = data[start : start + size]
    at = _place(rng, data)
    data[at : at + size] = piece


def _token(rng: random.Random, data: bytearray) -> None:
    at = _place(rng, data)
    data[at : at + rng.choice([0, 0, 1, 4])] = rng.choice(TOKENS)


def _lines(rng: random.Random, data: bytearray) -> None:
    """Exchange two lines, or remove or double one."""
    lines = data.split(b"\n")
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    if rng.random() < 0.5:
        lines[a], lines[b] = lines[b], lines[a]
    else:
        lines[a : a + 1] = [lines[a]] * rng.choice([0, 2])
    data[:] = b"\n".join(lines)


def _field(rng: random.Random, data: bytearray) -> None:
    """Empty one field of a line, or replace it by a token or another field."""
    lines = data.split(b"\n")
    row = rng.randrange(len(lines))
    fields = lines[row].split(b"\t")
    fields[rng.randrange(len(fields))] = rng.choice([b"", rng.choice(fields), rng.choice(TOKENS)])
    lines[row] = b"\t".join(fields)
    data[:] = b"\n".join(lines)


BINARY: Sequence[Mutation] = (
    *(_set_byte, _set_byte, _flip_bit, _flip_bit, _set_number, _set_number),
    *(_cut_off, _delete, _repeat, _move, _token),
)
TEXT: Sequence[Mutation] = (
    *(_set_byte, _flip_bit, _cut_off, _delete, _repeat, _move),
    *(_token, _token, _token, _lines, _field, _field),
)


def mutate(rng: random.Random, content: bytes, mutations: Sequence[Mutation]) -> bytes:
    """Return a copy with one to eight mutations, most often one."""
    data = bytearray(content)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 8])):
        rng.choice(mutations)(rng, data)
    return bytes(data)
