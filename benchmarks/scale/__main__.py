"""The whole benchmark, as described in the package."""

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scale.material import contig_lengths, write_genome, write_model, write_regions
from deeplift_genomics.planning.calibration import run_watched

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "scale.md"
GENOME, REGIONS, PER_SHARD, REFERENCES = 300_000_000, 300_000, 20_000, 2


@dataclass(frozen=True)
class Step:
    """The cost of one step's processes: wall seconds, CPU seconds, bytes."""

    name: str
    jobs: int
    seconds: float
    cpu: float
    peak: int
    disk: int


def run_step(name: str, commands: Sequence[Sequence[str]], outputs: Sequence[Path]) -> Step:
    """Run the jobs of one step, as many at a time as there are cores."""
    start = time.perf_counter()
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        used = list(pool.map(run_watched, commands))
    seconds = time.perf_counter() - start
    disk = sum(path.stat().st_size for path in outputs)
    step = Step(
        name,
        len(commands),
        seconds,
        sum(job.cpu for job in used),
        max(job.memory for job in used),
        disk,
    )
    print(step, flush=True)
    return step


def measure(folder: Path, genome: int, number: int, per_shard: int) -> list[Step]:
    """Run all steps in `folder`, and return their costs."""
    fasta, bed, model = (folder / name for name in ("genome.fa", "regions.bed", "model.keras"))
    info, windows, dropped = (folder / name for name in ("model.json", "windows.h5", "dropped.tsv"))
    scores, track = folder / "counts.scores.h5", folder / "counts.bw"
    lengths = contig_lengths(genome)
    write_genome(fasta, lengths)
    write_regions(bed, lengths, number)
    write_model(model)
    n_shards = -(-number // per_shard)
    shards = [folder / f"{i}.h5" for i in range(1, n_shards + 1)]
    check = ["check", str(model), "--targets", "counts", "--output", str(info)]
    cut = ["regions", "--regions", str(bed), "--fasta", str(fasta), "--model-info", str(info)]
    cut += ["--output", str(windows), "--dropped", str(dropped)]
    score = ["attribute", "--model", str(model), "--windows", str(windows), "--targets", "counts"]
    score += ["--references.number", str(REFERENCES), "--attribution.windows_per_batch", "32"]
    jobs = [
        [*score, "--shard", f"{i}-of-{n_shards}", "--output", str(path)]
        for i, path in enumerate(shards, start=1)
    ]
    join = ["merge", *map(str, shards), "--target", "counts", "--output", str(scores)]
    draw = ["tracks", "--scores", str(scores), "--output", str(track)]
    return [
        run_step("check", [check], [info]),
        run_step("regions", [cut], [windows, dropped]),
        run_step("attribute", jobs, shards),
        run_step("merge", [join], [scores]),
        run_step("tracks", [draw], [track]),
    ]


def render(steps: Sequence[Step], genome: int, number: int) -> str:
    """Return the page."""
    lines = [
        "# Scale",
        "",
        "`make scale` writes this page. It runs the steps on a simulated genome of "
        f"{genome / 1e6:g} Mb in 24 contigs,",
        f"with {number:,} regions, windows of 200 bp, a model of one convolution and {REFERENCES} "
        f"references, on {len(os.sched_getaffinity(0))} cores.",
        "The cost of the engine itself is in [performance.md](performance.md).",
        "",
        "| step | jobs | wall time (s) | CPU time (s) | memory per process | disk |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {step.name} | {step.jobs} | {step.seconds:.0f} | {step.cpu:.0f} | "
        f"{step.peak / 1e9:.2f} GB | {step.disk / 1e9:.2f} GB |"
        for step in steps
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(prog="benchmarks.scale", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a hundredth of the size, without a page"
    )
    quick = parser.parse_args().quick
    genome, number, per_shard = (
        value // (100 if quick else 1) for value in (GENOME, REGIONS, PER_SHARD)
    )
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        steps = measure(Path(folder), genome, number, per_shard)
    page = render(steps, genome, number)
    print(page)
    if not quick:
        PAGE.write_text(page)


if __name__ == "__main__":
    main()
