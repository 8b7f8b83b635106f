"""Files that may be gzipped or bgzipped; the first bytes tell, not the name.

A download that was cut short must never pass for a shorter file. The gzip library notices a cut
inside a member, but a bgzip file is a chain of members and can be cut between two. A whole bgzip
file ends with a known empty block, so a file without that block was cut short.
"""

import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.system_faults import reading

_GZIP = b"\x1f\x8b"
_BGZIP_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
# (offset, bytes) that mark compressions that are not supported
_OTHERS = {
    "bzip2": (4, b"1AY&SY"),
    "xz": (0, b"\xfd7zXZ\x00"),
    "zstd": (0, b"\x28\xb5\x2f\xfd"),
    "zip": (0, b"PK\x03\x04"),
}
_TAR_AT, _TAR = 257, b"ustar"
# names of the first entry of the zip files that spreadsheet programs write
_SPREADSHEET = (b"[Content_Types]", b"_rels/", b"docProps/", b"xl/", b"mimetype")
_ZIP_NAME = 30  # offset of the first entry's name


def is_gzipped(path: str | Path) -> bool:
    """Return whether the file begins with the two bytes that mark gzip (and so bgzip)."""
    with reading(path), Path(path).open("rb") as handle:
        return handle.read(2) == _GZIP


def is_bgzipped(path: str | Path) -> bool:
    """Return whether the file is bgzipped: gzipped in blocks, so that it can be indexed."""
    with reading(path), Path(path).open("rb") as handle:
        return _is_bgzip_header(handle.read(18))


@contextmanager
def open_bytes(path: str | Path, what: str) -> Iterator[BinaryIO]:
    """Yield a binary handle on the content of a file that is plain, gzipped or bgzipped.

    Parameters
    ----------
    path : str or Path
    what : str
        The kind of file, with which error messages begin, such as "Regions file".

    Raises
    ------
    InputError
        If the file is missing, cut short, damaged, or compressed in another way. The error for a
        damaged file may be raised only while the handle is being read.
    SystemFaultError
        If the system keeps the file's bytes away. Any error of the system within the block counts
        as one of this file.
    """
    path = require_file(path, what)
    try:
        with reading(path), path.open("rb") as raw:
            _refuse_other_compression(raw, path, what)
            if raw.read(2) != _GZIP:
                raw.seek(0)
                _refuse_archive(raw.read(_TAR_AT + len(_TAR)), path, what)
                raw.seek(0)
                yield raw
                return
            _refuse_cut_bgzip(raw, path, what)
            raw.seek(0)
            with gzip.GzipFile(fileobj=raw, mode="rb") as handle:
                _refuse_archive(handle.peek(_TAR_AT + len(_TAR)), path, what)
                yield cast(BinaryIO, handle)
    except EOFError as error:
        raise _cut_short(path, what) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"{what} {path} is a damaged gzip file ({error}). Fetch or make it again; "
            "`gzip -t` tells whether a copy is whole."
        ) from error


def _refuse_other_compression(raw: BinaryIO, path: Path, what: str) -> None:
    """Raise InputError if the file is compressed, but not with gzip."""
    head = raw.read(_ZIP_NAME + 16)
    raw.seek(0)
    for kind, (offset, magic) in _OTHERS.items():
        if head[offset:].startswith(magic):
            if kind == "zip" and head[_ZIP_NAME:].startswith(_SPREADSHEET):
                raise InputError(
                    f"{what} {path} is a spreadsheet program's own file. Save it as text, tab "
                    "delimited."
                )
            raise InputError(
                f"{what} {path} is compressed with {kind}, which is not supported. "
                "Expected plain text, gzip or bgzip: decompress it first."
            )


def _refuse_archive(head: bytes, path: Path, what: str) -> None:
    """Raise InputError if a file's first bytes are those of a tar archive."""
    if head[_TAR_AT:].startswith(_TAR):
        raise InputError(
            f"{what} {path} is an archive of files (tar). Unpack it: tar -xf {path}. Of a genome, "
            "join the contigs' files into one: cat *.fa > genome.fa"
        )


def _refuse_cut_bgzip(raw: BinaryIO, path: Path, what: str) -> None:
    """Raise InputError if the file is bgzipped and lacks the block at its end."""
    raw.seek(0)
    if not _is_bgzip_header(raw.read(18)):
        return
    raw.seek(max(0, raw.seek(0, os.SEEK_END) - len(_BGZIP_END)))
    if raw.read() != _BGZIP_END:
        raise _cut_short(path, what)


def _is_bgzip_header(head: bytes) -> bool:
    """Return whether a file's first bytes are those of a block of bgzip."""
    return head[:2] == _GZIP and len(head) == 18 and bool(head[3] & 4) and head[12:14] == b"BC"


def _cut_short(path: Path, what: str) -> InputError:
    """Return the error for a gzipped file that was cut short."""
    return InputError(
        f"{what} {path} is cut short: its gzip data end too early. "
        "Fetch or make it again; `gzip -t` tells whether a copy is whole."
    )
