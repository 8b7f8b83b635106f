"""kill -9 of a job, of the merge and of Snakemake: a second run gives the same results."""

import signal
from pathlib import Path

from tests.faults.conftest import Project
from tests.faults.helpers import (
    LAST,
    SCORES,
    assert_same,
    catch,
    finish,
    has_ended,
    scoring,
    start,
    temporary,
    wait_for,
)


def test_an_attribution_job_is_killed(project: Project, undisturbed: Path) -> None:
    folder = project("regions", "attribute")
    run = start(folder, SCORES)
    run.until(lambda: scoring(folder))
    job = run.job("attribute")
    assert job is not None
    job.kill()
    assert run.wait() == 1
    assert "Error in rule attribute" in run.said
    assert temporary(folder / LAST), "the job had ended before it was killed"
    assert not (folder / LAST).exists()
    said = finish(folder, SCORES)
    assert said.count("rule attribute:") == 1, said
    assert_same(folder, undisturbed)


def test_the_merge_is_killed(project: Project, undisturbed: Path) -> None:
    folder = project("regions", "attribute", "last")
    for _ in range(5):  # it takes about 20 ms, and may be missed
        run = start(folder, "--notemp", SCORES)
        job = catch(run, "merge", lambda: temporary(folder / SCORES))
        if job is not None:
            break
        assert run.wait() == 0, run.said
        (folder / SCORES).unlink()
    assert job is not None
    job.kill()
    assert run.wait() == 1
    assert temporary(folder / SCORES)
    assert not (folder / SCORES).exists()
    assert "rule attribute:" not in finish(folder, SCORES)
    assert_same(folder, undisturbed)


def test_snakemake_and_all_its_jobs_are_killed(project: Project, undisturbed: Path) -> None:
    folder = project("regions", "attribute")
    run = start(folder, SCORES)
    run.until(lambda: scoring(folder))
    run.signal_all(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    assert temporary(folder / LAST)
    assert not (folder / LAST).exists()
    again = start(folder, SCORES)
    assert again.wait() == 1
    assert "--unlock" in again.said
    finish(folder, "--unlock")
    assert finish(folder, SCORES).count("rule attribute:") == 1
    assert_same(folder, undisturbed)


def test_snakemake_is_killed_and_its_job_goes_on(project: Project, undisturbed: Path) -> None:
    """Let the orphan end while the second run is in the middle of the same shard."""
    folder = project("regions", "attribute")
    run = start(folder, SCORES)
    run.until(lambda: scoring(folder))
    orphan = run.job("attribute")
    assert orphan is not None
    run.process.kill()
    run.wait()
    orphan.suspend()
    try:
        begun = temporary(folder / LAST)
        assert begun, "the job had ended before Snakemake was killed"
        finish(folder, "--unlock")
        second = start(folder, SCORES)
        second.until(lambda: temporary(folder / LAST) not in ([], begun))
        job = second.job("attribute")
        assert job is not None
        job.suspend()
    finally:
        orphan.resume()
    try:
        wait_for(lambda: has_ended(orphan))
        assert not (folder / LAST).exists()
    finally:
        job.resume()
    assert second.wait() == 0, second.said
    assert_same(folder, undisturbed)
