"""Runs of the workflow, through SLURM or on this machine, each in its own folder."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from deeplift_genomics.files.atomic import digest
from tests.cluster.slurm import Slurm, until
from tests.conftest import ROOT
from tests.workflow.conftest import DEMO_ROW, write_project

BIN = Path(sys.executable).parent
SHARDS, PER_SHARD = 2, 20
SCORES = "results/demo/counts.scores.h5"
# the profile waits as long as a large cluster with shared file systems needs; a test need not.
# sacct has no accounting here. The first query is after 4 s, the next 14 s later.
QUICKLY = shlex.split(
    "--slurm-status-command squeue --slurm-no-account --slurm-init-seconds-before-status-checks 4"
    " --latency-wait 15"
)


def make_project(folder: Path) -> Path:
    """Write a project with some of the demo's regions, in few and short jobs."""
    row = DEMO_ROW.replace("resources/demo/regions.narrowPeak", "regions.narrowPeak")
    write_project(
        folder,
        [row.replace("counts,profile", "counts")],
        regions=f"{{per_shard: {PER_SHARD}}}",
        references="{number: 4}",
    )
    lines = (ROOT / "resources/demo/regions.narrowPeak").read_text().splitlines()
    chosen = lines[: SHARDS * PER_SHARD]
    (folder / "regions.narrowPeak").write_text("\n".join(chosen) + "\n")
    return folder


def digests(folder: Path) -> dict[str, str]:
    """Return path below `results` -> digest, for all files but logs and records of time."""
    results = folder / "results"
    paths = (path.relative_to(results) for path in results.rglob("*") if path.is_file())
    kept = (path for path in paths if not {"logs", "benchmarks"} & set(path.parts))
    records = ("provenance.json", "ro-crate-metadata.json", ".snakemake_timestamp")
    return {str(path): digest(results / path) for path in kept if path.name not in records}


class Run:
    """A running snakemake, which is stopped if it takes much too long."""

    def __init__(self, folder: Path, profile: str, *arguments: str, seconds: int = 400) -> None:
        self.folder = folder
        self._output = folder / "snakemake.out"
        command = ["timeout", "-k", "10", str(seconds), BIN / "snakemake"]
        command += ["--snakefile", ROOT / "Snakefile", "--directory", folder]
        command += ["--workflow-profile", ROOT / "profiles" / profile, *arguments]
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                stdout=output,
                stderr=output,
                cwd=folder,
                env=os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
            )

    @property
    def output(self) -> str:
        return self._output.read_text()

    def wait(self) -> int:
        return self._process.wait()

    def jobs(self) -> dict[str, str]:
        """Return job number -> the rule, or the group of rules, of the job."""
        found = re.findall(r"SLURM jobid (\d+) \(log: \S*/(?:rule|group)_(\w+)/", self.output)
        return dict(found)

    def scoring(self) -> dict[str, Path]:
        """Return job number -> shard, for the jobs that score."""
        found = re.findall(r"/rule_attribute/demo_([\w-]+)_([\w-]+)/(\d+)\.log\)", self.output)
        folder = self.folder / "results/demo/shards"
        return {job: folder / f"fold-{fold}.{shard}.h5" for fold, shard, job in found}


class Cluster:
    """A SLURM on which runs start, with the requests and ends of their jobs."""

    def __init__(self, slurm: Slurm) -> None:
        self.slurm = slurm

    def start(self, folder: Path, *arguments: str) -> Run:
        return Run(folder, "slurm", *QUICKLY, *arguments)

    def records(self, run: Run) -> list[tuple[str, str, str]]:
        """Return rule or group, requested memory and state of each job, each time that it ended."""
        rules = run.jobs()
        return [
            (rules[row["JobId"]], re.findall(r"mem=(\w+)", row["Tres"])[0], row["JobState"])
            for row in self.slurm.ledger()
            if row["JobId"] in rules
        ]

    def job_at_work(self, run: Run, shard: Path | None = None, since: float = 0) -> str:
        """Return the number of a job that scores (this shard), as soon as it begins to write."""
        found: list[str] = []

        def at_work() -> list[str]:
            for job, path in run.scoring().items():
                # the output of a killed job is there until the next one begins
                written = path.parent.glob(f".{path.name}.*.tmp.h5")
                begun = any(item.stat().st_mtime > since for item in written)
                if begun and path == (shard or path) and "=RUNNING" in self.slurm.details(job):
                    found.append(job)
            return found

        until(at_work, "a job that writes scores", 180)
        return found[0]
