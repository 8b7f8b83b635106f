"""What Snakemake imports at every job, and what only counts, leaves the large libraries alone."""

import subprocess
import sys

import pytest

HEAVY = ("numba", "scipy", "h5py", "numpy", "tensorflow", "pandas")
LIGHT = (
    "settings.config",
    "planning.count",
    "planning.paths",
    "windows.tiling",
    "motifs.meme_text",
    "motifs.memory",
    "record.portable",
)


@pytest.mark.parametrize("module", LIGHT)
def test_a_light_module_imports_no_large_library(module: str) -> None:
    code = f"""if True:
        import sys
        import deeplift_genomics.{module}
        print(*sorted(set({HEAVY}) & set(sys.modules)))
    """
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []


def test_the_package_imports_nothing_before_a_name_is_used() -> None:
    code = f"""if True:
        import sys
        import deeplift_genomics as dg
        names = dir(dg)
        print(*sorted(set({HEAVY + ("matplotlib", "keras")}) & set(sys.modules)))
    """
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
