"""When, from which commit and on which machine something was measured."""

import platform
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.attribution.team import ROOT, cores


@dataclass(frozen=True)
class Made:
    """The circumstances of a measurement; `trial` marks one of few rounds."""

    date: str
    commit: str
    machine: str
    trial: bool = False

    @classmethod
    def now(cls, trial: bool) -> "Made":
        """Return the present circumstances."""
        return cls(time.strftime("%Y-%m-%d"), _commit(), machine(), trial)


def _commit() -> str:
    """Return the commit of the checkout, and whether files were changed since."""

    def git(*command: str) -> str:
        done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True)
        return done.stdout.strip() if done.returncode == 0 else ""

    commit = git("rev-parse", "--short", "HEAD")
    changed = git("status", "--porcelain", "--", "deeplift_genomics", "benchmarks/attribution/*.py")
    return (commit or "unknown") + (" with changes" if changed else "")


def machine() -> str:
    """Describe processor, cores and memory in words."""
    cpu = Path("/proc/cpuinfo").read_text()
    lines = dict(line.split(":", 1) for line in cpu.splitlines() if ":" in line)
    said = {key.strip(): value.strip() for key, value in lines.items()}
    flags = set(said.get("flags", "").split())
    wide = [word for flag, word in (("avx512f", "AVX-512"), ("amx_tile", "AMX")) if flag in flags]
    memory = Path("/proc/meminfo").read_text().split()[1]
    features = f" with {' and '.join(wide)}" if wide else ""
    virtual = ", virtual" if "hypervisor" in flags else ""
    had = cpu.count("processor\t")
    used = f"{len(cores())} of {had}" if len(cores()) < had else f"{had}"
    return (
        f"{said.get('model name', platform.machine())}{features}{virtual}; {used} cores, "
        f"{int(memory) / 2**20:.0f} GB of memory; Linux, Python {platform.python_version()}"
    )
