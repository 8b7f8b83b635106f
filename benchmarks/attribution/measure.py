"""One table of the page: all contestants on one network, in turns, ours between any two others."""

import os
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.attribution import subcommand
from benchmarks.attribution.cases import Case, Effort
from benchmarks.attribution.made import Made
from benchmarks.attribution.material import REFERENCES, Material
from benchmarks.attribution.team import Team

SUBCOMMAND = "ours, whole subcommand"
DISTURBED = 0.1  # cores that other programs kept busy
BATCHED = ("bpreveal", "tangermeme")  # take a batch size
SCANS = 4  # runs of each batch size; the first warms up
PAUSE = 0.2  # seconds after each run, until threads that wait actively are idle


@dataclass
class Row:
    """One contestant's wall and CPU seconds per window, and its ratio to ours, for each round."""

    name: str
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    ratio: list[float] = field(default_factory=list)
    peak: int = 0
    # head -> correlation with ours, largest difference as a share of the largest score
    agreement: dict[str, tuple[float, float]] = field(default_factory=dict)


@dataclass
class Table:
    """The measurements of one network on a number of cores.

    `work` is the number of multiply-adds for a window, `all_work` that with 20 references. `share`
    is floor over ours, `rate` is in multiply-adds per second. `others` is the mean number of cores
    that programs beside the benchmark kept busy.
    """

    case: str
    cores: int
    processes: int
    rows: list[Row]
    share: list[float]
    rate: list[float]
    batch_sizes: dict[str, int]
    versions: dict[str, dict[str, str]]
    work: int
    all_work: int
    made: Made
    others: float = 0.0
    subcommand: int = 0  # windows per process

    @property
    def disturbed(self) -> bool:
        """Whether other programs used enough of the machine to matter."""
        return self.others > DISTURBED

    def row(self, name: str) -> Row | None:
        """Return the row of the contestant with this name, if it took part."""
        return next((row for row in self.rows if row.name == name), None)

    @classmethod
    def fromdict(cls, stored: dict[str, Any]) -> "Table":
        """Return the table that `asdict` turned into a dictionary."""
        rows = [Row(**row) for row in stored.pop("rows")]
        return cls(**stored | {"rows": rows, "made": Made(**stored["made"])})


def best_batch_size(kind: str, material: Material, cores: int, sizes: Sequence[int]) -> int:
    """Return a peer's fastest batch size; a separate process keeps other sizes' memory apart.

    Sizes are run in turns, and the fastest run of each counts: other programs can only slow a run
    down, and no size must lose by that.
    """
    if len(sizes) == 1:
        return sizes[0]
    found: dict[int, list[float]] = {size: [] for size in sizes}
    with Team(kind, material.folder, 1, cores) as team:
        for _ in range(SCANS):
            for size in sizes:
                team.set(batch_size=size)
                found[size].append(team.run(1))
    listed = ", ".join(f"{size}: {min(seconds):.2f}" for size, seconds in found.items())
    print(f"  {kind}, seconds per window by batch size: {listed}", file=sys.stderr)
    return min(found, key=lambda size: min(found[size]))


def measure(
    case: Case, material: Material, cores: int, effort: Effort, *, peers: Sequence[str], made: Made
) -> Table:
    """Measure with `cores`: ours in as many processes of one thread, peers in one process."""
    print(f"{case.title}, with {cores} of the cores", file=sys.stderr)
    busy, own, began = _busy(), _own(), time.perf_counter()
    sizes = effort.batch_sizes or (case.references,)
    batch = {
        kind: best_batch_size(kind, material, cores, sizes) for kind in BATCHED if kind in peers
    }
    with ExitStack() as stack:
        ours = stack.enter_context(Team("ours", material.folder, cores))
        floor = stack.enter_context(Team("floor", material.folder, cores))
        teams = {kind: stack.enter_context(Team(kind, material.folder, 1, cores)) for kind in peers}
        for kind, size in batch.items():
            teams[kind].set(batch_size=size)
        agreement = _agreement(material, ours, teams, effort.compared)
        turns = _Turns(material, ours, floor, effort)
        for i in range(effort.rounds):
            for kind, team in teams.items():
                turns.other(kind, team)
            if effort.subcommand and i < effort.subcommand_rounds:
                turns.subcommand()
            print(f"  {time.strftime('%H:%M:%S')} round {i + 1} done", file=sys.stderr)
        turns.ours()
        table = turns.table(case, cores, batch, {"ours": ours, **teams}, made)
    for row in table.rows:
        row.agreement = agreement.get(row.name, {})
    table.others = max(0.0, (_busy() - busy - (_own() - own)) / (time.perf_counter() - began))
    print(f"  other programs kept {table.others:.2f} cores busy", file=sys.stderr)
    return table


def _busy() -> float:
    """Return the CPU seconds of all programs on this machine: user, nice, system, interrupts."""
    spent = Path("/proc/stat").read_text().split()[1:9]
    return sum(int(spent[i]) for i in (0, 1, 2, 5, 6)) / os.sysconf("SC_CLK_TCK")


def _own() -> float:
    """Return the CPU seconds of this process and of the children that it has waited for."""
    return sum(os.times()[:4])


class _Turns:
    """Runs in sequence, in which every other contestant is between two runs of ours."""

    def __init__(self, material: Material, ours: Team, floor: Team, effort: Effort) -> None:
        self.material, self.effort = material, effort
        self.ours_team, self.floor_team = ours, floor
        self.work = material.network.unavoidable(material.references)
        self.rows: dict[str, Row] = {"ours": Row("ours")}
        self.others: list[tuple[str, float]] = []  # in the order of the runs of ours
        self.share: list[float] = []
        self.rate: list[float] = []

    def ours(self) -> None:
        """Run the floor, and ours right after it."""
        self.floor_team.run(len(self.floor_team.workers))
        rate = self.floor_team.rate
        time.sleep(PAUSE)
        processes = len(self.ours_team.workers)
        windows = -(-self.effort.ours // processes) * processes
        seconds = self._record("ours", self.ours_team, windows)
        self.rate.append(rate)
        self.share.append(self.work / rate / seconds)

    def _record(self, name: str, team: Team, windows: int) -> float:
        seconds = team.run(windows)
        row = self.rows.setdefault(name, Row(name))
        row.seconds.append(seconds)
        row.cpu.append(team.cpu)
        row.peak = team.peak
        time.sleep(PAUSE)
        return seconds

    def other(self, name: str, team: Team) -> None:
        """Run ours, and then another contestant."""
        self.ours()
        self.others.append((name, self._record(name, team, self.effort.peers)))

    def subcommand(self) -> None:
        """Run ours, and then the subcommand in as many processes, one shard each."""
        self.ours()
        material, processes = self.material, len(self.ours_team.workers)
        windows = self.effort.subcommand * processes
        done = subcommand.run(material.model, material.windows, material.folder, processes)
        row = self.rows.setdefault(SUBCOMMAND, Row(SUBCOMMAND))
        row.seconds.append(done.seconds / windows)
        row.cpu.append(done.cpu / windows)
        row.peak = max(row.peak, done.peak)
        self.others.append((SUBCOMMAND, row.seconds[-1]))

    def table(
        self, case: Case, cores: int, batch: dict[str, int], teams: dict[str, Team], made: Made
    ) -> Table:
        """Return the table; ratios are to the mean of our runs before and after."""
        ours = self.rows["ours"].seconds
        beside = [statistics.mean(pair) for pair in pairwise(ours)]
        for (name, seconds), of_ours in zip(self.others, beside, strict=True):
            self.rows[name].ratio.append(seconds / of_ours)
        return Table(
            case.name,
            cores,
            cores,
            list(self.rows.values()),
            self.share,
            self.rate,
            batch,
            {name: team.versions for name, team in teams.items()},
            self.work,
            self.material.network.unavoidable(REFERENCES),
            made,
            subcommand=self.effort.subcommand,
        )


def _agreement(
    material: Material, ours: Team, peers: dict[str, Team], windows: int
) -> dict[str, dict[str, tuple[float, float]]]:
    """Compare peers with ours on the first windows; the runs warm them up, too."""
    folder = material.folder
    for name, team in {"ours": ours, **peers}.items():
        team.scores(windows, folder / f"{name}.npz")
    sequences = np.load(folder / "sequences.npy")[:windows]
    expected = np.load(folder / "ours.npz")
    agreement: dict[str, dict[str, tuple[float, float]]] = {}
    for name in peers:
        found = np.load(folder / f"{name}.npz")
        agreement[name] = {}
        for head in material.network.heads:
            a, b = expected[head], found[head]
            if b.ndim == 2:  # contributions of the observed bases
                a = (a * sequences).sum(axis=-1)
            difference = np.abs(a - b).max() / np.abs(a).max()
            correlation = np.corrcoef(a.ravel(), b.ravel())[0, 1]
            agreement[name][head] = float(correlation), float(difference)
    return agreement
