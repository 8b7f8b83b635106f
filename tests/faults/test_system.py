"""Faults of the system, made by a preloaded library, are never taken for damage of a file."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pyBigWig
import pytest

from deeplift_genomics.errors import InputError, SystemFaultError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.files.hdf5_probe import probe
from deeplift_genomics.files.system_faults import REMEDIES, number_in, system_fault
from tests.conftest import ROOT
from tests.dna.twobit_files import write_twobit
from tests.faults.helpers import RESULTS, SCORES, SHARD_FILES, TARGET

DEMO = ROOT / "resources" / "demo"
MOTIFS = RESULTS / f"{TARGET}.modisco.h5"
NOT_ANSWERING = (errno.EIO, errno.ESTALE, errno.EMFILE, errno.EACCES, errno.ENOMEM)
Faulty = Callable[..., subprocess.CompletedProcess]


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Faulty:
    """Return a function that runs a command while a call fails for files of some name."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("a C compiler is needed")
    library = tmp_path_factory.mktemp("faulty") / "faulty.so"
    source = Path(__file__).with_name("faulty.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)

    def run(
        call: str, number: int, word: str, *command: object, folder: Path, after: int = 0
    ) -> subprocess.CompletedProcess:
        faults = {"FAULT_CALL": call, "FAULT_NUMBER": str(number), "FAULT_FILE": word}
        return subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=folder,
            env=os.environ
            | faults
            | {"LD_PRELOAD": str(library), "FAULT_AFTER": str(after), "PYTHONPATH": str(ROOT)},
            text=True,
            capture_output=True,
        )

    return run


def assert_blames_the_system(done: subprocess.CompletedProcess, number: int, name: str) -> None:
    """Check that the message has the file, the system's words and a remedy, and no bad advice."""
    assert done.returncode == 1, done.stderr
    message = done.stderr.strip().splitlines()[-1]
    assert message.startswith("error: "), done.stderr
    assert name in message and os.strerror(number) in message, message
    assert message.endswith(REMEDIES[number]), message
    assert "Traceback" not in done.stderr
    for word in ("elete", "damaged", "opy or", "cut short", "again or", "not FASTA", "not HDF5"):
        assert word not in message, message


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an input of each kind."""
    folder = tmp_path_factory.mktemp("inputs")
    for name in ("genome.fa.gz", "regions.narrowPeak", "model.keras"):
        shutil.copy(DEMO / name, folder / name)
    rng = np.random.default_rng(0)
    bases = "".join(rng.choice(list("ACGT"), 20_000))
    (folder / "plain.fa").write_text(f">chr1\n{bases}\n")
    (folder / "plain.fa.fai").write_text("chr1\t20000\t6\t20000\t20001\n")
    write_twobit(folder / "genome.2bit", {"chr1": bases})
    (folder / "peaks.bed").write_text("chr1\t5000\t5100\n")
    (folder / "names.tsv").write_text("chr1\tNC_1\n")
    with pyBigWig.open(str(folder / "control.bw"), "w") as track:
        track.addHeader([("chr1", 20_000)])
        track.addEntries("chr1", 0, values=rng.random(20_000), span=1, step=1)
    info = {"window_length": 100, "controls": [{"name": "c", "shape": [1]}], "heads": []}
    (folder / "model.json").write_text(json.dumps(info))
    with h5py.File(folder / "given.h5", "w") as file:
        file["raw/seq"], file["shap/seq"] = np.zeros((2, 4, 100), np.int8), np.ones((2, 4, 100))
    return folder


CUT = ["--regions", "peaks.bed", "--fasta", "plain.fa", "--model-info", "model.json"]
TWOBIT = [*CUT[:3], "genome.2bit", *CUT[4:]]
GZIPPED = [*CUT[:3], "genome.fa.gz", *CUT[4:]]
TILED = ["--regions", "tile", *CUT[2:], "--exclude", "peaks.bed"]
# the file that cannot be read, and the options of the step `regions` that reads it
READERS = {
    "peaks.bed": CUT,
    "plain.fa": CUT,
    "genome.fa.gz": GZIPPED,
    "genome.2bit": TWOBIT,
    "model.json": CUT,
    "given.h5": [*CUT[:4], "--scores", "given.h5"],
    "control.bw": [*CUT, "--controls", "control.bw"],
    "names.tsv": [*CUT, "--contig-aliases", "names.tsv"],
    "plain.fa.fai": TILED,
}


@pytest.mark.parametrize("call", ["open", "read"])
@pytest.mark.parametrize("name", READERS)
def test_an_input_that_the_system_keeps_away(
    inputs: Path, faulty: Faulty, tmp_path: Path, name: str, call: str
) -> None:
    number = NOT_ANSWERING[(sum(map(ord, name)) + len(call)) % len(NOT_ANSWERING)]
    output = ["--output", tmp_path / "windows.h5", "--dropped", tmp_path / "dropped.tsv"]
    command = ["-m", "deeplift_genomics", "regions", *READERS[name], *output]
    done = faulty(call, number, f"/{name}" if call == "read" else name, *command, folder=inputs)
    assert_blames_the_system(done, number, name)
    assert not (tmp_path / "windows.h5").exists()


SCORED = ["--scores", SCORES]
STEPS: dict[str, list[object]] = {
    "tracks": ["tracks", *SCORED],
    "annotate": ["annotate", "--motifs", MOTIFS],
    "seqlets": ["seqlets", *SCORED, "--motifs", MOTIFS],
    "scan": ["scan", *SCORED, "--motifs", MOTIFS],
    "merge": ["merge", "--target", TARGET, *SHARD_FILES],
}


@pytest.mark.parametrize(
    ("step", "call", "number", "after"),
    [
        ("tracks", "open", errno.EACCES, 0),
        ("tracks", "read", errno.EIO, 0),
        ("tracks", "read", errno.ESTALE, 400_000),  # in the midst of the scores
        ("annotate", "read", errno.EIO, 0),
        ("seqlets", "read", errno.EMFILE, 0),
        ("scan", "read", errno.EIO, 0),
        ("merge", "read", errno.EIO, 400_000),
    ],
)
def test_a_result_that_the_system_keeps_away(
    undisturbed: Path, faulty: Faulty, tmp_path: Path, step: str, call: str, number: int, after: int
) -> None:
    read = {"merge": SHARD_FILES[1], "annotate": MOTIFS}
    name = read.get(step, SCORES).name
    command = ["-m", "deeplift_genomics", *STEPS[step], "--output", tmp_path / "output"]
    done = faulty(call, number, name, *command, folder=undisturbed, after=after)
    assert_blames_the_system(done, number, name)
    assert list(tmp_path.iterdir()) == []
    again = subprocess.run([sys.executable, *map(str, command)], cwd=undisturbed)
    assert again.returncode == 0  # the retry of a job succeeds


def test_a_model_that_the_system_keeps_away(inputs: Path, faulty: Faulty, tmp_path: Path) -> None:
    command = ["-m", "deeplift_genomics", "check", "model.keras", "--output", tmp_path / "m.json"]
    done = faulty("read", errno.EIO, "/model.keras", *command, folder=inputs)
    assert_blames_the_system(done, errno.EIO, "model.keras")


def test_the_file_of_a_function_is_named(inputs: Path, faulty: Faulty) -> None:
    (inputs / "mine.py").write_text("def objects():\n    return {}\n")
    command = ["-m", "deeplift_genomics", "check", "model.keras", "--custom-objects"]
    done = faulty("open", errno.EACCES, "mine.py", *command, "mine.py:objects", folder=inputs)
    assert_blames_the_system(done, errno.EACCES, "mine.py cannot be read")


def test_a_writer_whose_disk_fails(inputs: Path, faulty: Faulty, tmp_path: Path) -> None:
    command = ["-m", "deeplift_genomics", "regions", *CUT, "--output", tmp_path / "windows.h5"]
    command += ["--dropped", tmp_path / "dropped.tsv"]
    done = faulty("open", errno.EMFILE, "windows.h5", *command, folder=inputs)
    assert done.returncode == 1
    assert re.search(r"Cannot write \S*windows.h5: Too many open files", done.stderr), done.stderr
    assert "ulimit -n" in done.stderr and "Make room" not in done.stderr


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_file_system_without_locks(
    undisturbed: Path, faulty: Faulty, tmp_path: Path, number: int
) -> None:
    command = ["-m", "deeplift_genomics", *STEPS["merge"], "--output", tmp_path / SCORES.name]
    done = faulty("flock", number, "/", *command, folder=undisturbed)
    assert done.returncode == 0, done.stderr
    assert digest(tmp_path / SCORES.name) == digest(undisturbed / SCORES)
    assert "has no locks" in done.stderr


def test_libraries_open_models_without_locks(inputs: Path, faulty: Faulty, tmp_path: Path) -> None:
    command = ["-m", "deeplift_genomics", "check", "model.keras", "--output", tmp_path / "m.json"]
    done = faulty("flock", errno.ENOLCK, "/", *command, folder=inputs)
    assert done.returncode == 0, done.stderr


HOLD = "import h5py, sys; file = h5py.File(sys.argv[1], 'r+'); print('open', flush=True); input()"


def test_a_file_that_a_notebook_holds_open(
    undisturbed: Path, tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    scores = shutil.copy(undisturbed / SCORES, tmp_path / SCORES.name)
    notebook = subprocess.Popen(
        [sys.executable, "-c", HOLD, scores],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={key: value for key, value in os.environ.items() if key != "HDF5_USE_FILE_LOCKING"},
    )
    assert notebook.stdin and notebook.stdout and notebook.stdout.readline() == b"open\n"
    try:
        command = ["tracks", "--scores", scores, "--output", tmp_path / "a.bw"]
        done = subprocess.run(
            [sys.executable, "-m", "deeplift_genomics", *map(str, command)],
            stderr=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("is open for writing in another program") == 1
        with h5py.File(scores, "r+", locking=False) as file:  # what a writer leaves half-way
            file.attrs["coords"] = 1
        data = bytearray(Path(scores).read_bytes())
        data[:8] = bytes(8)
        Path(scores).write_bytes(data)
        with pytest.raises(InputError, match="Close it there") as caught:
            probe(Path(scores))
        assert "elete" not in str(caught.value)
    finally:
        notebook.communicate(b"\n")


def test_too_many_open_files_in_earnest(undisturbed: Path) -> None:
    code = (
        "import resource, sys; from deeplift_genomics.cli import main; import h5py, fcntl\n"
        "import deeplift_genomics.scores.tracks\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
        "held = []\n"
        "try:\n    while True: held.append(open('/dev/null'))\n"
        "except OSError: held.pop(); held.pop()\n"
        "main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, "tracks", "--scores", SCORES, "--output", "a.bw"]
    done = subprocess.run(
        [*map(str, command)],
        cwd=undisturbed,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Too many open files" in done.stderr, done.stderr
    assert "elete" not in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("file read failed: time = x, filename = 'a.h5', errno = 5, error message = 'I/O'", 5),
        ("[Errno 24] Too many open files: 'a'", 24),
        ("UNKNOWN: a/saved_model.pb; Input/output error", errno.EIO),
        ("truncated file: eof = 96, sblock->base_addr = 0, stored_eof = 2048", None),
        ("file signature not found", None),
    ],
)
def test_what_libraries_say(text: str, number: int | None) -> None:
    assert number_in(text) == number
    assert system_fault(OSError(text)) == number


def test_a_fault_that_led_to_another_error() -> None:
    first = OSError(errno.EIO, "Input/output error")
    second = ValueError("this is no model")
    second.__cause__ = first
    assert system_fault(second) == errno.EIO
    assert system_fault(FileNotFoundError(errno.ENOENT, "none")) is None


def test_memory_that_a_file_asks_for_is_its_own_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("x", (1 << 40,), np.float32, chunks=(1 << 20,))
    with pytest.raises(InputError, match="claims"):
        probe(path)


def test_a_child_that_is_killed_says_nothing_of_the_file(tmp_path: Path) -> None:
    from deeplift_genomics.files.first_look import first_look

    path = tmp_path / "file"
    path.write_text("text")
    with pytest.raises(SystemFaultError, match=r"stopped from outside \(SIGKILL\)"):
        first_look(path, lambda _: os.kill(os.getpid(), 9))
