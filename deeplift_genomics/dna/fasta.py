"""The genome: contigs of a FASTA file, plain, gzipped or bgzipped, and the names they go by.

pyfaidx indexes the file, always in a temporary folder: genomes often lie in shared, read-only
folders, and an index that someone left beside one may be older than it. Compressed files are
decompressed into the same folder, because plain gzip allows no random access and one way for both
is easier to trust. The folder is made where TMPDIR points and is gone afterwards.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyfaidx import Faidx, FastaIndexingError, FetchError

from deeplift_genomics.dna.sequence import UNKNOWN, encode
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.gzipped import is_gzipped, open_bytes

WHAT = "FASTA file"
_PIECE = 1 << 24  # bases fetched at a time: bounds the memory that text needs beside the codes
_REWRAP = "rewrite it with lines of equal length, for example with `seqkit seq -w 60`"

# What a byte of sequence may be: a base, N (or a gap or mask sign), an ambiguity code, no DNA
_NO_DNA, _AMBIGUOUS = 2, 1
_KIND = np.full(256, _NO_DNA, dtype=np.int8)
for _kind, _letters in ((0, "ACGTNX-."), (_AMBIGUOUS, "RYSWKMBDHV")):
    for _letter in _letters + _letters.lower():
        _KIND[ord(_letter)] = _kind


@dataclass(frozen=True)
class Contig:
    """One contig's sequence.

    Attributes
    ----------
    codes : int8 (length,)
        0 A, 1 C, 2 G, 3 T, 4 anything else.
    ambiguous : int64 (n,)
        Ascending positions of IUPAC codes other than N, which are all code 4 in `codes`.
    """

    codes: NDArray[np.int8]
    ambiguous: NDArray[np.int64]


class Genome:
    """Contigs of an indexed FASTA file; made by `open_genome`.

    Attributes
    ----------
    path : Path
        The user's file.
    lengths : dict of str to int
        Bases of each contig, in the order of the file.
    """

    def __init__(self, path: Path, faidx: Faidx) -> None:
        self.path = path
        self._faidx = faidx
        self.lengths: dict[str, int] = {name: row.rlen for name, row in faidx.index.items()}

    def contig(self, name: str) -> Contig:
        """Read a whole contig.

        Raises
        ------
        InputError
            If lines differ in length (the index then points to wrong bases) or the sequence holds
            characters that no DNA has.
        """
        length = self.lengths[name]
        codes = np.full(length, UNKNOWN, dtype=np.int8)
        ambiguous = []
        for start in range(0, length, _PIECE):
            stop = min(start + _PIECE, length)
            try:
                text = self._faidx.fetch(name, start + 1, stop)
            except (FetchError, UnicodeDecodeError, OSError) as error:
                raise InputError(
                    f"{WHAT} {self.path}: contig {name} cannot be read ({error})."
                ) from error
            # pyfaidx's index overlooks a last line that is longer than the others
            if len(text) != stop - start:
                raise InputError(
                    f"{WHAT} {self.path}: lines of contig {name} differ in length; {_REWRAP}."
                )
            kind = _KIND[np.frombuffer(text.encode("latin-1", "replace"), dtype=np.uint8)]
            no_dna = np.flatnonzero(kind == _NO_DNA)
            if len(no_dna):
                raise InputError(
                    f"{WHAT} {self.path}: contig {name} holds {text[no_dna[0]]!r} at position "
                    f"{start + no_dna[0]} (from 0), which is no DNA base or IUPAC code. Is this "
                    f"the genome (not RNA or protein), and no copy damaged on its way?"
                )
            codes[start:stop] = encode(text)
            ambiguous.append(np.flatnonzero(kind == _AMBIGUOUS) + start)
        return Contig(codes, np.concatenate([np.empty(0, np.int64), *ambiguous]))


@contextmanager
def open_genome(path: str | Path) -> Iterator[Genome]:
    """Index a FASTA file in a temporary folder and yield its contigs.

    Raises
    ------
    InputError
        If the file is missing, cut short, damaged, no FASTA, holds a name twice or lines of
        unequal length, or if the temporary folder cannot hold what it must.
    """
    path = require_file(path, WHAT)
    try:
        folder = tempfile.TemporaryDirectory(prefix="deeplift_genomics_")
    except OSError as error:
        raise _no_room(path, error) from error
    with folder as name:
        plain = Path(name) / "genome.fa"  # pyfaidx tells compression by name, so the name is ours
        with open_bytes(path, WHAT) as source:
            try:
                if is_gzipped(path):
                    with plain.open("wb") as target:
                        shutil.copyfileobj(source, target, 1 << 20)
                else:
                    plain.symlink_to(path.resolve())
            except OSError as error:
                # a damaged gzip is an OSError too, and open_bytes has the words for it
                if error.errno is None:
                    raise
                raise _no_room(path, error) from error
        faidx = _index(path, plain)
        try:
            genome = Genome(path, faidx)
            if not any(genome.lengths.values()):
                raise InputError(
                    f"{WHAT} {path} has names of contigs but no sequence. "
                    f"Were its line ends changed on the way? Expected Unix line ends."
                )
            yield genome
        finally:
            faidx.file.close()


def _index(path: Path, plain: Path) -> Faidx:
    """pyfaidx on the file `plain`; its errors in terms of the user's file `path`."""
    try:
        return Faidx(str(plain), indexname=f"{plain}.fai", as_raw=True)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{WHAT} {path} is not text. Expected FASTA, plain, gzipped or bgzipped."
        ) from error
    except FastaIndexingError as error:
        reason = str(error).replace(str(plain), str(path))
        if "Line length" in reason:
            raise InputError(f"{WHAT} {path}: {reason} Please {_REWRAP}.") from error
        raise InputError(
            f"{WHAT} {path} is no FASTA ({reason}) Expected lines beginning with > that name the "
            f"contigs, each followed by its sequence; plain, gzipped or bgzipped."
        ) from error
    except ValueError as error:
        if "Duplicate" not in str(error):
            raise
        raise InputError(
            f"{WHAT} {path} holds a contig's name twice ({error}); rename or remove one."
        ) from error
    except RuntimeError as error:  # what pyfaidx says to line lengths it has no words for
        raise InputError(f"{WHAT} {path}: lines differ in length; {_REWRAP}.") from error
    except OSError as error:
        raise _no_room(path, error) from error


def _no_room(path: Path, error: OSError) -> InputError:
    return InputError(
        f"{WHAT} {path} cannot be indexed in the temporary folder {tempfile.gettempdir()} "
        f"({error.strerror or error}). Set TMPDIR to a folder with room for the decompressed file."
    )
