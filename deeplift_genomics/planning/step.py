"""The forecast of one step, and the rates that several of them share."""

from __future__ import annotations

from dataclasses import dataclass

# measured by `make scale` (docs/scale.md) on one core of a machine of 2026
START = 0.6  # s: start of Python and libraries, in a step without TensorFlow
SMALL_STEP = 400e6  # bytes


@dataclass(frozen=True)
class StepForecast:
    """The forecast for one step of one sample.

    Attributes
    ----------
    jobs
        Number of jobs.
    seconds, longest
        CPU seconds of all jobs together and of the longest one.
    memory
        Bytes of memory of a job.
    disk, temporary
        Bytes on disk that stay, and that are removed after the merge.
    on_gpu
        Whether its jobs run on GPUs.
    threads
        Cores that a job asks for.
    """

    sample: str
    name: str
    jobs: int
    seconds: float
    longest: float
    memory: float
    disk: float = 0.0
    temporary: float = 0.0
    on_gpu: bool = False
    threads: int = 1

    def wall(self, cores: int, gpus: int = 1) -> float:
        """Return seconds by the clock with `cores` jobs at a time, or `gpus` if they use GPUs."""
        at_once = gpus if self.on_gpu else max(1, cores // self.threads)
        return max(self.longest, self.seconds / min(at_once, self.jobs))
