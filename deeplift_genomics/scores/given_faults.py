"""Why a file that was given as a score file is none, in words for the user."""

from __future__ import annotations

from pathlib import Path

import h5py

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5_probe import CUT_SHORT, NOT_HDF5
from deeplift_genomics.files.words import first_few


def no_scores(path: Path, file: h5py.File) -> InputError:
    """Return the error for an HDF5 file whose datasets are not those of a score file."""
    expected = (
        "Expected the datasets shap/seq and raw/seq (ChromBPNet), or hyp_scores and input_seqs "
        "(bpnet-refactor, deeplift_genomics)"
    )
    if "model_weights" in file or "model_config" in file.attrs:
        return InputError(
            f"{path} is a Keras model, and no score file. {expected}. To explain the model, lay "
            f"out a run with it: deeplift-genomics init FOLDER --model {path.name}."
        )
    datasets: list[str] = []
    file.visititems(
        lambda name, item: datasets.append(name) if isinstance(item, h5py.Dataset) else None
    )
    has = first_few(datasets, 6) if datasets else "none"
    return InputError(f"{path} is no score file that is known. {expected}; it has {has}.")


# words of HDF5 where the code that unpacks a dataset is missing
_FILTERS = ("filter", "plugin", "can't open directory")


def unreadable(path: Path, problem: str) -> InputError:
    """Return the error for a file of the user that HDF5 cannot read."""
    if any(word in problem for word in _FILTERS):
        return InputError(
            f"{path} is packed in a way that this Python cannot unpack, as ChromBPNet and "
            "bpnet-refactor do with Blosc. Install the package that can (pip install hdf5plugin), "
            f"or pack the file anew (h5repack -f GZIP=1 {path.name} NEW). HDF5 says: {problem}"
        )
    if problem in (CUT_SHORT, NOT_HDF5):
        return InputError(f"{path} cannot be read as a score file: it is {problem}.")
    return InputError(f"{path} cannot be read as a score file. HDF5 says: {problem}")
