"""Ctrl-C and SIGTERM; two runs in one folder; two processes that write one file."""

import signal
from pathlib import Path

from deeplift_genomics.files.atomic import digest
from tests.faults.conftest import Project
from tests.faults.helpers import (
    LAST,
    RESULTS,
    SCORES,
    SHARDS,
    TARGET,
    assert_same,
    finish,
    outputs,
    scoring,
    start,
    start_step,
    temporary,
)


def test_ctrl_c(project: Project, undisturbed: Path) -> None:
    folder = project("regions", "attribute")
    before = outputs(folder)
    run = start(folder, SCORES)
    run.until(lambda: scoring(folder))
    job = run.job("attribute")
    assert job is not None
    job.suspend()  # so that it cannot end before all have the signal
    try:
        run.signal_all(signal.SIGINT)
        run.until(lambda: "Terminating processes on user request" in run.said)
    finally:
        job.resume()
    assert run.wait() != 0
    assert "Traceback" not in run.said
    assert outputs(folder) == before
    assert finish(folder, SCORES).count("rule attribute:") == 1
    assert_same(folder, undisturbed)


def test_sigterm_and_a_second_run(project: Project, undisturbed: Path) -> None:
    """Check that SIGTERM lets running jobs end and starts no other."""
    folder = project("regions", "attribute")
    run = start(folder, SCORES)
    run.until(lambda: scoring(folder))
    job = run.job("attribute")
    assert job is not None
    job.suspend()  # so that the first run lasts until the second one sees it
    try:
        second = start(folder, SCORES)
        assert second.wait() == 1
        assert "no other Snakemake process is trying to create the same files" in second.said
        assert "Traceback" not in second.said
        run.process.send_signal(signal.SIGTERM)
        run.until(lambda: "Will exit after finishing currently running jobs" in run.said)
    finally:
        job.resume()
    assert run.wait() != 0
    assert digest(folder / LAST) == digest(undisturbed / LAST)
    assert not (folder / SCORES).exists()
    assert "rule attribute:" not in finish(folder, SCORES)
    assert_same(folder, undisturbed)


def test_two_processes_write_one_shard(undisturbed: Path, tmp_path: Path) -> None:
    """Check that the later process wins; the other notices, reports it and leaves no file."""
    output = tmp_path / "shard.h5"
    command = ["attribute", "--model", "model.keras", "--windows", RESULTS / "windows.h5"]
    command += ["--targets", TARGET, "--references.number", 10, "--shard", f"{SHARDS}-of-{SHARDS}"]
    first = start_step(undisturbed, *command, "--output", output)
    first.until(lambda: " 1 of " in first.said)
    first.process.send_signal(signal.SIGSTOP)
    (begun,) = temporary(output)
    try:
        second = start_step(undisturbed, *command, "--output", output)
        second.until(lambda: temporary(output) not in ([], [begun]))
    finally:
        first.process.send_signal(signal.SIGCONT)
    assert first.wait() == 1
    assert "another process has begun to write it since" in first.said
    assert "Traceback" not in first.said
    assert second.wait() == 0, second.said
    assert digest(output) == digest(undisturbed / LAST)
    assert [path.name for path in tmp_path.iterdir() if "shard" in path.name] == [output.name]
