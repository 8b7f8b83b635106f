"""What numba compiled is used again, also where its folder cannot be written to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deeplift_genomics.motifs.tomtom import compare
from tests.conftest import ROOT
from tests.motifs.made_patterns import made_database

CODE = """
from deeplift_genomics.motifs import compiled
{before}
from deeplift_genomics.motifs.tomtom import compare
from tests.motifs.made_patterns import made_database
matrices = made_database(30).matrices
compare(matrices[:4], matrices, threads=2)
import sys
from numba.core.dispatcher import Dispatcher
module = sys.modules["memelite.tomtom"]
functions = [item for item in vars(module).values() if isinstance(item, Dispatcher)]
print(sum(bool(item.stats.cache_misses) for item in functions))
print(sum(bool(item.stats.cache_hits) for item in functions) > 0)
print(module._tomtom.stats.cache_path)
import numba
print(repr(numba.config.CACHE_DIR))
"""
WRITABLE = ""
READ_ONLY = "compiled._is_writable = lambda folder: False"


@pytest.mark.parametrize("before", [WRITABLE, READ_ONLY])
def test_a_new_process_compiles_nothing(before: str) -> None:
    matrices = made_database(30).matrices
    compare(matrices[:4], matrices)  # compiled now, if not when the environment was made
    code = CODE.format(before=before)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    misses, hits, path, after = done.stdout.split()
    assert (misses, hits, after) == ("0", "True", "''")
    assert ("deeplift-genomics-" in path) == (before == READ_ONLY)


NOWHERE = """
import os, sys, tempfile
from numba.core.caching import CacheImpl, UserProvidedCacheLocator
CacheImpl._locator_classes = [UserProvidedCacheLocator]  # no folder of numba can be written to
from deeplift_genomics.motifs import compiled
assert callable(compiled.import_tomtom())
print(sys.modules["memelite.tomtom"]._tomtom.stats.cache_path)
"""


def test_a_job_has_a_folder_of_its_own_where_there_is_no_other() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NOWHERE], capture_output=True, text=True, check=True
    )
    assert "deeplift-genomics-" in done.stdout


def test_environments_are_made_with_all_of_it_compiled() -> None:
    script = ROOT / "envs" / "motifs.post-deploy.sh"
    for path in (ROOT / "Makefile", script):
        assert "python -m deeplift_genomics.motifs.tomtom\n" in path.read_text()
    python = Path(sys.executable).parent
    variables = os.environ | {"PATH": f"{python}{os.pathsep}{os.environ['PATH']}"}
    variables.pop("PYTHONPATH", None)
    for checkout in ({}, {"DEEPLIFT_GENOMICS_CHECKOUT": str(ROOT)}):
        subprocess.run(["bash", script], env=variables | checkout, check=True)
