"""Genomes as FASTA files, plain, gzipped or bgzipped, and the choice of a reader for a genome.

pyfaidx indexes the file, always in a temporary folder: genomes are often in shared, read-only
folders, and an index beside the genome may be older than the genome. Compressed files are
decompressed into the same folder, because plain gzip allows no random access, and one way for
gzip and bgzip is easier to trust. The folder is made in TMPDIR and removed afterwards.
"""

import tempfile
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pyfaidx import Faidx, FastaIndexingError, FetchError

from deeplift_genomics.dna.genome import Genome
from deeplift_genomics.dna.kind import is_twobit
from deeplift_genomics.dna.twobit import open_twobit
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.gzipped import is_gzipped, open_bytes
from deeplift_genomics.files.system_faults import (
    FULL,
    fault,
    reading,
    reason_of,
    system_fault,
)

WHAT = "FASTA file"
_EXPECTED = (
    "lines beginning with > that name the contigs, each followed by its sequence; plain, gzipped "
    "or bgzipped"
)
_BEGINNING, _SHOWN = 1000, 40  # bytes that are read of a first line, and those that are shown
_REWRAP = "rewrite it with lines of equal length, for example with `seqkit seq -w 60`"


class _Fasta(Genome):
    """The contigs of an indexed FASTA file."""

    def __init__(self, path: Path, faidx: Faidx) -> None:
        super().__init__(path, WHAT, {name: row.rlen for name, row in faidx.index.items()})
        self._faidx = faidx

    def bases(self, name: str, start: int, stop: int) -> str:
        """Return the letters of [start, stop) of a contig.

        Raises
        ------
        InputError
            If lines differ in length: the index then points to wrong bases.
        """
        try:
            text = self._faidx.fetch(name, start + 1, stop)
        except (FetchError, UnicodeDecodeError, OSError) as error:
            if (number := system_fault(error)) is not None:
                raise fault(self.path, number) from error
            raise InputError(
                f"{WHAT} {self.path}: contig {name} cannot be read ({error})."
            ) from error
        # pyfaidx does not notice a last line that is longer than the others
        if len(text) != stop - start:
            raise InputError(
                f"{WHAT} {self.path}: lines of contig {name} differ in length; {_REWRAP}."
            )
        return text


@contextmanager
def open_genome(path: str | Path, *, rewrap: bool = False) -> Iterator[Genome]:
    """Open a genome, FASTA or 2bit, and yield its contigs; FASTA is indexed in a temporary folder.

    Parameters
    ----------
    rewrap
        Whether lines may differ in length and end with blanks; this takes a copy of the file.

    Raises
    ------
    InputError
        If the file is missing, cut short, damaged, of another kind, holds a name twice or lines of
        unequal length, or if the temporary folder has no room.
    SystemFaultError
        If the system keeps the file's bytes away.
    """
    path = require_file(path, WHAT)
    if is_twobit(path):
        with open_twobit(path) as genome:
            yield genome
        return
    try:
        folder = tempfile.TemporaryDirectory(prefix="deeplift_genomics_")
    except OSError as error:
        raise _no_room(path, error) from error
    with folder as name:
        plain = Path(name) / "genome.fa"  # pyfaidx infers compression from the name
        if rewrap:
            _copy(path, plain, _unwrapped)
        elif is_gzipped(path) or _begins_with_mark(path):
            _copy(path, plain, _blocks)
        else:
            with open_bytes(path, WHAT):  # refuses other compressions
                plain.symlink_to(path.resolve())
        faidx = _index(path, plain)
        try:
            genome = _Fasta(path, faidx)
            if any("\0" in name for name in genome.lengths):  # HDF5 takes no such text
                raise _no_text(path)
            if not any(genome.lengths.values()):
                raise InputError(
                    f"{WHAT} {path} has names of contigs but no sequence. "
                    "Were its line ends changed? Expected Unix line ends."
                )
            yield genome
        finally:
            faidx.file.close()


def _copy(path: Path, target: Path, convert: Callable[[BinaryIO], Iterable[bytes]]) -> None:
    """Write what `convert` makes of the decompressed content of a file."""
    with open_bytes(path, WHAT) as source:
        try:
            with target.open("wb") as file:
                file.writelines(_read(path, convert(source)))
        except OSError as error:
            # a damaged gzip file raises OSError, too, and open_bytes makes the message
            if error.errno is None:
                raise
            raise _no_room(path, error) from error


def _read(path: Path, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield parts of a file; name the file in errors of the system."""
    with reading(path):
        yield from parts


def _blocks(source: BinaryIO) -> Iterator[bytes]:
    """Yield a content as it is, without the mark of UTF-8 that Windows' editors begin with."""
    yield source.read(1 << 20).removeprefix(BOM_UTF8)
    yield from iter(lambda: source.read(1 << 20), b"")


def _begins_with_mark(path: Path) -> bool:
    """Return whether a file begins with the mark of UTF-8."""
    with reading(path), path.open("rb") as file:
        return file.read(len(BOM_UTF8)) == BOM_UTF8


def _unwrapped(source: BinaryIO) -> Iterator[bytes]:
    """Yield FASTA with names only, and each sequence on one line without blanks at its ends."""
    end = b""
    for number, line in enumerate(source):
        text = line if number else line.removeprefix(BOM_UTF8)
        if text.startswith(b">"):
            yield end + b">" + b"".join(text[1:].split()[:1]) + b"\n"
        else:
            yield text.strip()
        end = b"\n"


def _without_descriptions(source: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of FASTA; of those that name a contig, the name only."""
    for line in source:
        name = line[1:].split()[:1] if line.startswith(b">") else []
        yield b">" + name[0] + line[len(line.rstrip(b"\r\n")) :] if name else line


def look_at_fasta(path: str | Path) -> None:
    """Read the beginning of a genome, so that a wrong file is found early.

    Raises
    ------
    InputError
        If the file is missing, compressed in another way, empty, or does not begin as FASTA does.
    """
    with open_bytes(path, WHAT) as handle:
        lines = (line.strip() for line in iter(lambda: handle.readline(_BEGINNING), b""))
        first = next((line.removeprefix(BOM_UTF8) for line in lines if line), b"")
    if not first.startswith((b">", b";")):
        shown = first[:_SHOWN].decode("utf-8", "replace")
        begins = f"begins with {shown!r}" if first else "is empty"
        raise InputError(f"{WHAT} {path} {begins}. Expected the genome: {_EXPECTED}; or 2bit.")


def _index(path: Path, plain: Path) -> Faidx:
    """Index the file `plain` with pyfaidx; errors name the user's file `path`."""
    try:
        return _faidx(path, plain)
    except UnicodeDecodeError:
        pass
    # one odd byte in a description is no reason to refuse a genome, and nothing reads descriptions
    try:
        with plain.open("rb") as file:
            if file.read(1) not in (b">", b";", b"\n", b"\r"):
                raise _no_text(path)
        plain.unlink()
        _copy(path, plain, _without_descriptions)
        return _faidx(path, plain)
    except UnicodeDecodeError as error:
        raise _no_text(path) from error


def _faidx(path: Path, plain: Path) -> Faidx:
    """Index a file that may hold bytes that are no text."""
    try:
        return Faidx(str(plain), indexname=f"{plain}.fai", as_raw=True)
    except FastaIndexingError as error:
        reason = str(error).replace(str(plain), str(path))
        if "Line length" in reason:
            raise InputError(f"{WHAT} {path}: {reason} Please {_REWRAP}.") from error
        raise InputError(f"{WHAT} {path} is not FASTA ({reason}) Expected {_EXPECTED}.") from error
    except UnicodeDecodeError:
        raise
    except ValueError as error:
        if "Duplicate" not in str(error):
            raise
        raise InputError(
            f"{WHAT} {path} holds the name of a contig twice ({error}); rename or remove one."
        ) from error
    except RuntimeError as error:  # pyfaidx raises it for some lines of unequal length
        raise InputError(f"{WHAT} {path}: lines differ in length; {_REWRAP}.") from error
    except OSError as error:
        number = system_fault(error)
        if number is not None and number not in FULL:
            raise fault(path, number) from error
        raise _no_room(path, error) from error


def _no_text(path: Path) -> InputError:
    """Return the error for a file that holds bytes of no text in names or sequences."""
    return InputError(
        f"{WHAT} {path} is not text in UTF-8. Expected FASTA, plain, gzipped or bgzipped, or 2bit."
    )


def _no_room(path: Path, error: OSError) -> InputError:
    """Return the error for a temporary folder that cannot be written to."""
    return InputError(
        f"{WHAT} {path} cannot be indexed in the temporary folder {tempfile.gettempdir()} "
        f"({reason_of(error)}). Set TMPDIR to a folder with room for the decompressed file."
    )
