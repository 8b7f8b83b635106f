"""The start of TensorFlow and Keras without packages that they import only if installed.

Keras imports pandas, scikit-learn, matplotlib and SciPy, which are installed for other steps.
Scoring needs none of them; without them a job starts a second sooner and takes 120 MB less.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

OPTIONAL = ("matplotlib", "pandas", "scipy", "sklearn")


def start_engine() -> None:
    """Import TensorFlow; afterwards the packages left out can be imported as usual."""
    with without_optional():
        import_module("deeplift_genomics.graph.backend")


@contextmanager
def without_optional() -> Iterator[None]:
    """Treat the packages as not installed, unless they are imported already."""
    hidden = [name for name in OPTIONAL if name not in sys.modules]
    # Python takes a module that is None for one that is not installed
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            if sys.modules[name] is None:
                del sys.modules[name]
