"""The files of a model and of the user's own functions, and their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from deeplift_genomics.files.atomic import digest
from deeplift_genomics.settings.model_names import model_paths

# of the weights in memory, at most, while a model is loaded and computed; measured with weights of
# 13 to 51 million numbers, which came to 2 (SavedModel) to 4 (files of Keras)
COPIES = 4


def model_files(model: str | Path) -> list[Path]:
    """Return the files of a model, sorted; of a folder, those of a SavedModel."""
    files = []
    for path in model_paths(model):
        if path.is_dir():
            inside = [path / name for name in ("saved_model.pb", "keras_metadata.pb")]
            for part in ("variables", "assets"):
                inside += [item for item in (path / part).rglob("*") if item.is_file()]
            files += sorted(item for item in inside if item.is_file())
        else:
            files.append(path)
    return files


def model_digest(model: str | Path) -> str:
    """Return the SHA-256 of a model's file; of a folder or pair, that of all names and contents."""
    paths = model_paths(model)
    if len(paths) == 1 and not paths[0].is_dir():
        return digest(paths[0])
    digests = {}
    for path in paths:
        for file in model_files(path):
            digests[str(file.relative_to(path) if path.is_dir() else file.name)] = digest(file)
    listed = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    return hashlib.sha256(listed.encode()).hexdigest()


def memory_of_weights(files: Iterable[str | Path], *, float64: bool = False) -> int:
    """Return the bytes of memory that the weights in a model's files take while it is used.

    Keras holds `COPIES` of the largest weights at once while it reads them; in double precision the
    engine holds theirs of twice the size beside them. A model of 51 million weights, 205 MB, takes
    820 MB. Nothing need be known of the model but the sizes of its files; states of an optimiser in
    them count as weights.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    return (2 if float64 else 1) * COPIES * sum(map(_size, map(Path, files)))


def _size(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    inside = [path, *path.rglob("*")] if path.is_dir() else [path]
    return sum(item.stat().st_size for item in inside)


def code_files(functions: Iterable[str], folder: str | Path = ".") -> list[Path]:
    """Return the Python files of the functions, except those that are installed elsewhere."""
    files: list[Path] = []
    for function in functions:
        module = function.rpartition(":")[0]
        if module.endswith(".py"):
            files.append(Path(folder, module))
        else:
            stem = Path(folder, *module.split("."))
            files += [stem.with_suffix(".py"), stem / "__init__.py"]
    return sorted({path for path in files if path.is_file()})
