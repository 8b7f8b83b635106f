"""The files of a model and of the user's own functions, and their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from deeplift_genomics.files.atomic import digest
from deeplift_genomics.settings.model_names import model_paths


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
