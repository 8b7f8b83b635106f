"""The user's own functions, given as ``module:function``."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deeplift_genomics.errors import ModelError
from deeplift_genomics.files.system_faults import refuse_system_fault


def find_function(text: str, what: str) -> Callable[..., Any]:
    """Import the function of ``module:function`` or ``path/to/file.py:function``.

    Modules are looked for in the current folder first; paths are relative to it.

    Parameters
    ----------
    what
        The purpose of the function, with which messages begin.

    Raises
    ------
    ModelError
        If there is no such module or function, or its code fails when imported.
    SystemFaultError
        If the system keeps its file away.
    """
    module_name, _, name = text.rpartition(":")
    if not (module_name and name.isidentifier()):
        raise ModelError(
            f"{what} {text!r} names no function; write module:function, such as "
            "my_layers:objects for the function objects in my_layers.py."
        )
    try:
        with _current_folder_first():
            module = _import(module_name)
    # the user's own code may raise anything while it is imported, and may ask to exit
    except (Exception, SystemExit) as error:
        refuse_system_fault(error, module_name)
        raise ModelError(
            f"{what} {text!r}: {module_name} cannot be imported: {type(error).__name__}: {error}. "
            "A module must be in the current folder, or installed in the Python that runs this."
        ) from error
    function = getattr(module, name, None)
    if not callable(function):
        there = ", ".join(n for n, f in vars(module).items() if inspect.isfunction(f)) or "none"
        problem = f"has no function {name!r}"
        if function is not None:
            problem = f"has {name!r}, but it is not a function"
        raise ModelError(f"{what} {text!r}: {module_name} {problem}; its functions: {there}.")
    return function


@contextmanager
def _current_folder_first() -> Iterator[None]:
    """Look for modules in the current folder first."""
    folder = str(Path.cwd())
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def _import(name: str) -> Any:
    """Import a module, given by name or as a file."""
    if not name.endswith(".py"):
        return importlib.import_module(name)
    path = Path(name)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def custom_objects_of(text: str | None) -> dict[str, Any]:
    """Call the function ``module:function``; return name -> class or function.

    Raises
    ------
    ModelError
        If it cannot be imported, fails, or returns anything else.
    """
    if not text:
        return {}
    what = "custom_objects"
    try:
        found = find_function(text, what)()
    except ModelError:
        raise
    except Exception as error:  # whatever the user's own code raises
        raise ModelError(f"{what} {text!r} failed: {type(error).__name__}: {error}") from error
    if not isinstance(found, dict) or not all(
        isinstance(name, str) and callable(item) for name, item in found.items()
    ):
        raise ModelError(
            f"{what} {text!r} must return a dict of name -> class or function, such as "
            f"{{'MyLayer': MyLayer}}; it returned {str(found)[:200]!r}."
        )
    return found
