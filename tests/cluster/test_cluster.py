"""A run through a real SLURM: what it requests, and what remains when jobs and nodes die."""

import re
import time
from collections import Counter
from pathlib import Path

import pytest

from deeplift_genomics.motifs.memory import motif_memory
from tests.cluster.runs import PER_SHARD, SCORES, SHARDS, Cluster, Run, digests, make_project
from tests.cluster.slurm import until


@pytest.fixture(scope="session")
def local_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run on this machine alone, as if it had one GPU."""
    folder = make_project(tmp_path_factory.mktemp("local") / "run")
    run = Run(folder, "default", "--cores", "2", "--set-resources", "attribute:gpu=1")
    assert run.wait() == 0, run.output
    return run


@pytest.fixture(scope="session")
def undisturbed(local_run: Run) -> dict[str, str]:
    """Return the results of an undisturbed run: path -> digest."""
    return digests(local_run.folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_project(tmp_path / "run")


def test_on_one_machine_one_job_at_a_time_has_the_gpu(local_run: Run) -> None:
    steps = re.findall(
        r"^localrule attribute|^Finished .*attribute", local_run.output, re.MULTILINE
    )
    assert [step.split()[0] for step in steps] == ["localrule", "Finished"] * SHARDS


def test_jobs_ask_for_what_they_need_and_for_more_where_that_was_too_little(
    cluster: Cluster, folder: Path, undisturbed: dict[str, str]
) -> None:
    # TensorFlow cannot be loaded into the first
    too_little = "attribute:mem_mb=300 * 10 ** (attempt - 1)"
    run = cluster.start(folder, "--set-resources", too_little)
    assert run.wait() == 0, run.output
    assert digests(folder) == undisturbed
    memory = motif_memory(SHARDS * PER_SHARD, 400, 20_000)
    assert Counter(cluster.records(run)) == {
        ("prepare_check_regions", "4000M", "COMPLETED"): 1,
        ("attribute", "300M", "FAILED"): SHARDS,
        ("attribute", "3000M", "COMPLETED"): SHARDS,
        ("merge", "2000M", "COMPLETED"): 1,
        ("tracks", "2000M", "COMPLETED"): 1,
        ("motifs", f"{memory // 10**6}M", "COMPLETED"): 1,
        ("names_annotate_join", "2000M", "COMPLETED"): 1,
        ("scan", "2000M", "COMPLETED"): 1,
        ("instances", "2000M", "COMPLETED"): 1,
        ("effects", "4000M", "COMPLETED"): 1,
        ("oligos", "4000M", "COMPLETED"): 1,
        ("predict", "4000M", "COMPLETED"): 1,
        ("predictions", "2000M", "COMPLETED"): 1,
        ("session", "2000M", "COMPLETED"): 1,
        ("finish_figures_logos_seqlets", "6000M", "COMPLETED"): 1,
        ("pages_report_workbook", "8000M", "COMPLETED"): 1,
        ("cluster", "4000M", "COMPLETED"): 1,
        ("index", "4000M", "COMPLETED"): 1,
        ("record_crate_provenance", "2000M", "COMPLETED"): 1,
    }


def test_a_second_run_finishes_what_cancelled_jobs_left(
    cluster: Cluster, folder: Path, undisturbed: dict[str, str]
) -> None:
    first = cluster.start(folder, "--retries", "1", SCORES)
    job = cluster.job_at_work(first)
    cluster.slurm.cancel(job)
    cluster.slurm.cancel(cluster.job_at_work(first, first.scoring()[job], since=time.time()))
    assert first.wait() == 1, first.output
    assert Counter(cluster.records(first)) == {
        ("prepare_check_regions", "4000M", "COMPLETED"): 1,
        ("attribute", "4000M", "COMPLETED"): SHARDS - 1,
        ("attribute", "4000M", "CANCELLED"): 1,
        ("attribute", "8000M", "CANCELLED"): 1,
    }
    assert not (folder / SCORES).exists()

    second = cluster.start(folder, "--set-resources", "attribute:gpu=1", "--", SCORES)
    assert second.wait() == 0, second.output
    assert sorted(second.jobs().values()) == ["attribute", "merge"]
    (job,) = (job for job, rule in second.jobs().items() if rule == "attribute")
    assert "gpu:1" in cluster.slurm.details(job)
    assert digests(folder)["demo/counts.scores.h5"] == undisturbed["demo/counts.scores.h5"]


def test_a_run_outlives_a_node_that_dies_and_comes_back(
    cluster: Cluster, folder: Path, undisturbed: dict[str, str]
) -> None:
    run = cluster.start(folder, SCORES)
    job = cluster.job_at_work(run)
    cluster.slurm.kill_node()
    cluster.slurm.start_node()
    until(lambda: cluster.slurm.node_lost(job), "SLURM misses the job")
    assert run.wait() == 0, run.output
    assert digests(folder)["demo/counts.scores.h5"] == undisturbed["demo/counts.scores.h5"]
    # SLURM puts the jobs of a lost node back into the queue, with the same request
    states = [
        (memory, state) for rule, memory, state in cluster.records(run) if rule == "attribute"
    ]
    assert ("4000M", "NODE_FAIL") in states
    assert states.count(("4000M", "COMPLETED")) == SHARDS
    assert list(run.jobs().values()).count("attribute") == SHARDS
