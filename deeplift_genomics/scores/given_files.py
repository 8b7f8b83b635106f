"""Score files that exist already, of this package and of others, told by their datasets.

ChromBPNet (1.0, `chrombpnet contribs_bw`) writes with deepdish, channels first: ``raw/seq`` the
sequences, ``shap/seq`` the hypothetical contributions, and ``projected_shap/seq`` their product; it
does not say where the windows are. bpnet-refactor writes ``hyp_scores``, ``input_seqs`` and
``coords_*``, channels last. Both pack with Blosc and store 16 bits. Of neither is known by which
model, method, references or settings the contributions were made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.hdf5 import open_typed, read_attributes
from deeplift_genomics.files.hdf5_open import open_to_read
from deeplift_genomics.files.hdf5_probe import look_for_faults
from deeplift_genomics.files.system_faults import read_through, refuse_system_fault
from deeplift_genomics.scores.file import SCORE_LAYOUT, require_hypothetical
from deeplift_genomics.scores.given_faults import no_scores, unreadable


class Form(NamedTuple):
    """A kind of score file: its program and datasets; `first` if channels come before bases."""

    program: str
    hypothetical: str
    sequences: str
    products: str = ""
    first: bool = False


OURS, CHROMBPNET, BPNET = "deeplift-genomics", "chrombpnet", "bpnet-refactor"
FORMS: dict[str, Form] = {
    OURS: Form("deeplift_genomics", "hyp_scores", "input_seqs"),
    CHROMBPNET: Form("ChromBPNet", "shap/seq", "raw/seq", "projected_shap/seq", first=True),
    BPNET: Form("bpnet-refactor", "hyp_scores", "input_seqs"),
}


class GivenPlaces(NamedTuple):
    """Contig and first base of each window of a score file (N,)."""

    chrom: NDArray[np.object_]
    start: NDArray[np.int64]


@dataclass(frozen=True)
class GivenFile:
    """An open score file of N windows of L bases.

    Attributes
    ----------
    path, file
        Its path, and the open file.
    form
        Its kind, a key of `FORMS`.
    n, length
        N, and L (bp).
    """

    path: Path
    file: h5py.File
    form: str
    n: int
    length: int

    @property
    def program(self) -> str:
        """Name of the program that wrote it."""
        return FORMS[self.form].program

    @property
    def score_type(self) -> str:
        """The type in which its scores are kept: float16 or float32."""
        half = self.file[FORMS[self.form].hypothetical].dtype == np.float16
        return "float16" if half else "float32"

    @property
    def attributes(self) -> dict[str, Any]:
        """What a file of this package says of itself; nothing of others."""
        return read_attributes(self.file) if self.form == OURS else {}

    def places(self) -> GivenPlaces | None:
        """Read where the windows are; None if the file does not say it.

        Raises
        ------
        InputError
            If places and windows do not belong together.
        """
        names, start = self.file.get("coords_chrom"), self.file.get("coords_start")
        if names is None or start is None:
            return None
        for item, kinds in ((names, "OSU"), (start, "iu")):
            sound = isinstance(item, h5py.Dataset) and item.dtype.kind in kinds
            if not sound or item.shape != (self.n,):
                raise InputError(
                    f"{self.path}: coords_chrom and coords_start must have a name and a whole "
                    f"number for each of its {self.n} windows; {item.name} has not."
                )
        return GivenPlaces(names.asstr()[:].astype(object), start[:].astype(np.int64))

    def hypothetical(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Read hypothetical contributions (n, L, 4) of n rows, in any order."""
        return self._read(FORMS[self.form].hypothetical, rows).astype(np.float32)

    def sequences(self, rows: NDArray[np.int64]) -> NDArray[np.int8]:
        """Read one-hot sequences (n, L, 4) of n rows, in any order.

        Raises
        ------
        InputError
            If they are no one-hot sequences.
        """
        name = FORMS[self.form].sequences
        found = self._read(name, rows)
        sound = ((found == 0) | (found == 1)).all(axis=(1, 2)) & (found.sum(axis=2) <= 1).all(
            axis=1
        )
        if not sound.all():
            raise InputError(
                f"{self.path}: {name} is not one-hot in row {int(rows[~sound][0])}, counted from "
                "0: expected 0 and 1, with at most one 1 for each base. Are these the sequences?"
            )
        return found.astype(np.int8)

    def products(self, rows: NDArray[np.int64]) -> NDArray[np.float32] | None:
        """Read contributions of the observed bases (n, L, 4), where the file has them."""
        name = FORMS[self.form].products
        return self._read(name, rows).astype(np.float32) if name and name in self.file else None

    def rows(self, name: str, rows: NDArray[np.int64]) -> NDArray[Any]:
        """Read rows of a dataset, in any order."""
        return _rows(self.file[name], rows)

    def _read(self, name: str, rows: NDArray[np.int64]) -> NDArray[Any]:
        """Read rows (n, L, 4) of a dataset, whichever axis has the channels."""
        dataset = self.file[name]
        found = _rows(dataset, rows)
        return found.swapaxes(1, 2) if _channels(dataset, FORMS[self.form]) == 1 else found


@contextmanager
def open_given(path: str | Path, form: str = "") -> Iterator[GivenFile]:
    """Open a score file of this package or another one.

    Parameters
    ----------
    form
        The kind that it must be, a key of `FORMS`; any if not given.

    Raises
    ------
    InputError
        If the file is missing, damaged, of no kind that is known or of another one than `form`, or
        packed in a way that this Python cannot unpack.
    """
    form = known_form(form)
    with suppress(ImportError):
        import hdf5plugin  # noqa: F401  # teaches HDF5 to unpack what these programs pack
    path = require_file(path, "Score file")
    if problem := look_for_faults(path):
        raise unreadable(path, problem)
    try:
        file = open_to_read(path)
    except OSError as error:
        raise unreadable(path, str(error)) from error
    with file:
        found = _tell_form(path, file)
        if form and found != form:
            raise InputError(
                f"{path} is a score file of {FORMS[found].program}, and not of "
                f"{FORMS[form].program}. Write --from {found}, or leave --from out."
            )
        try:
            yield GivenFile(path, file, found, *_sizes(path, file, FORMS[found]))
        except (KeyError, OSError, RuntimeError) as error:
            if "write failed" in str(error):  # of another file, on a full disk
                raise
            refuse_system_fault(error, path)
            read_through(path)
            raise unreadable(path, str(error)) from error


def check_target(given: GivenFile, target: str) -> None:
    """Raise InputError if a file says that it explains another target than the given one."""
    own = given.attributes.get("target", target)
    if own != target:
        raise InputError(
            f"{given.path} explains the target {own!r}, and is given for {target!r}. Name the "
            f"target {own!r}, or the file of {target!r}."
        )


def window_length(path: str | Path) -> int:
    """Return the bases of a window of a score file; errors are those of `open_given`."""
    with open_given(path) as given:
        return given.length


def known_form(name: str) -> str:
    """Return the key of a kind of score file, which may be written with capitals or a low line.

    >>> known_form("bpnet_refactor"), known_form("")
    ('bpnet-refactor', '')

    Raises
    ------
    InputError
        If it is not known.
    """
    form = name.replace("_", "-").lower()
    if form and form not in FORMS:
        near = get_close_matches(form, FORMS, n=1, cutoff=0.4)
        raise InputError(
            f"The kind of score file {name!r} is not known"
            + (f"; did you mean {near[0]!r}?" if near else ".")
            + f" The kinds are {', '.join(FORMS)}."
        )
    return form


def _tell_form(path: Path, file: h5py.File) -> str:
    """Return the kind of a file, told by its datasets."""
    kind = file.attrs.get("deeplift_genomics_type")
    if kind is not None:
        with open_typed(path, "scores", SCORE_LAYOUT) as ours:
            require_hypothetical(ours)
        return OURS
    for name, form in FORMS.items():
        parts = (file.get(form.hypothetical), file.get(form.sequences))
        if name != OURS and all(isinstance(part, h5py.Dataset) for part in parts):
            return name
    raise no_scores(path, file)


def _sizes(path: Path, file: h5py.File, form: Form) -> tuple[int, int]:
    """Return the numbers of windows and of bases; raise InputError unless all datasets agree."""
    sizes = {}
    for name in filter(None, (form.hypothetical, form.sequences, form.products)):
        dataset = file.get(name)
        if dataset is None:  # only the products, which follow from the others
            continue
        if not isinstance(dataset, h5py.Dataset) or dataset.ndim != 3 or 4 not in dataset.shape[1:]:
            shape = getattr(dataset, "shape", "none")
            wanted = "(windows, 4, bases)" if form.first else "(windows, bases, 4)"
            raise InputError(f"{path}: {name} has the shape {shape}; expected {wanted}.")
        if dataset.dtype.kind not in "iufb":
            raise InputError(f"{path}: {name} holds {dataset.dtype}; expected numbers.")
        sizes[name] = dataset.shape[0], dataset.shape[3 - _channels(dataset, form)]
    if len(set(sizes.values())) > 1:
        told = ", ".join(
            f"{name} {n} windows of {length} bp" for name, (n, length) in sizes.items()
        )
        raise InputError(f"{path}: its datasets do not belong together: {told}.")
    return next(iter(sizes.values()))


def _channels(dataset: h5py.Dataset, form: Form) -> int:
    """Return the axis of the bases A, C, G, T: that of the program's own files, if it can be."""
    usual = 1 if form.first else 2
    return usual if dataset.shape[usual] == 4 else 3 - usual


def _rows(dataset: h5py.Dataset, rows: NDArray[np.int64]) -> NDArray[Any]:
    """Read rows in any order; neighbouring ones together, which is far quicker."""
    first, stop = int(rows.min()), int(rows.max()) + 1
    if stop - first <= 4 * len(rows):
        return dataset[first:stop][rows - first]
    return np.stack([dataset[int(row)] for row in rows])
