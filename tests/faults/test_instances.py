"""Files that belong together: a kill, or a full disk, leaves none of them half-written."""

import gzip
from pathlib import Path

import pytest

from deeplift_genomics.errors import DiskError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.instances.files import Outputs, write_instances
from tests.faults.helpers import kill_at
from tests.faults.test_disk import small_disk
from tests.instances.test_files import instance, names_in, outputs_in, scores

__all__ = ["scores"]  # a fixture

WRITE = """
import sys, time
from pathlib import Path
from deeplift_genomics.instances import files
from tests.instances.test_files import INSTANCES, outputs_in

def slowly(function):
    def call(*arguments):
        print("writes", function.__name__, flush=True)
        time.sleep(60 if function.__name__ == sys.argv[3] else 0)
        return function(*arguments)
    return call

for name in ("write_rows", "write_bed", "write_bigbed"):
    setattr(files, name, slowly(getattr(files, name)))
files.write_instances(INSTANCES, outputs_in(Path(sys.argv[1])), sys.argv[2])
"""


def write(outputs: Outputs, scores: Path, copies: int = 1) -> None:
    places = (instance("chr1:40-50", "+", 0, 0) for _ in range(copies))
    write_instances(places, outputs, scores)


@pytest.mark.parametrize("moment", ["write_rows", "write_bed", "write_bigbed"])
def test_a_kill_leaves_the_old_files(scores: Path, tmp_path: Path, moment: str) -> None:
    outputs = outputs_in(tmp_path)
    write(outputs, scores)
    before = [digest(path) for path in outputs]
    kill_at(moment, WRITE, str(tmp_path), str(scores), moment)
    assert [digest(path) for path in outputs] == before
    assert len(names_in(tmp_path)) > len(outputs)  # what it had begun
    write(outputs, scores)
    assert names_in(tmp_path) == sorted(path.name for path in outputs)
    assert [digest(path) for path in outputs] == before


@pytest.mark.parametrize("room", [0, 8_192, 50_000])
def test_a_full_disk(scores: Path, tmp_path: Path, room: int) -> None:
    with small_disk(tmp_path / "disk") as disk:
        if not disk.mounted:
            pytest.skip("no disk can be mounted; tests/instances tries a limit on file sizes")
        outputs = outputs_in(disk.folder)
        disk.fill(room)
        message = r"Cannot write .*counts\.instances\..*: No space left on device\. Nothing is left"
        with pytest.raises(DiskError, match=message):
            write(outputs, scores, copies=1_000)
        assert [name for name in names_in(disk.folder) if name != ".filler"] == []
        disk.make_room()
        write(outputs, scores, copies=1_000)
        assert len(gzip.decompress(outputs.bed.read_bytes()).splitlines()) == 1_001
