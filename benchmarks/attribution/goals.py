"""The goals, what was measured of each, and obstacles."""

import statistics
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.attribution.measure import SUBCOMMAND, Table
from benchmarks.attribution.stored import Results
from benchmarks.attribution.words import OBSTACLES

SHARD = 500  # windows of a usual shard


@dataclass(frozen=True)
class Goal:
    """A goal with its values on one core and on the whole machine; None was not measured."""

    name: str
    what: str
    values: Sequence[float | None]
    goal: float
    more: bool = True
    unit: str = ""
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether every measured value reaches the goal; None if nothing was measured."""
        known = [value for value in self.values if value is not None]
        if not known:
            return None
        return all(value >= self.goal if self.more else value <= self.goal for value in known)

    def row(self) -> str:
        """Return the row of the table."""
        shown = ["–" if v is None else f"{v:.2f}{self.unit}" for v in self.values]
        shown += [""] * (2 - len(shown))
        word = {True: "reached", False: "not reached", None: "not measured"}[self.reached]
        sign = "≥" if self.more else "≤"
        goal = f"{sign} {self.goal:g}{self.unit}{self.note}"
        return f"| {self.what} | {' | '.join(shown)} | {goal} | {word} |"


def ratio(table: Table | None, name: str) -> float | None:
    """Return the median ratio of a contestant to ours."""
    row = table.row(name) if table else None
    return statistics.median(row.ratio) if row and row.ratio else None


def share(table: Table | None) -> float | None:
    """Return the median share of direct convolution."""
    return statistics.median(table.share) if table and table.share else None


def memory(table: Table | None) -> float | None:
    """Return the memory of a process that scores, in GB: of the subcommand if it was measured."""
    row = (table.row(SUBCOMMAND) or table.row("ours")) if table else None
    return row.peak / 1e9 if row else None


def goals(results: Results) -> list[Goal]:
    """Return all goals."""

    def both(case: str, of: str) -> list[float | None]:
        return [ratio(results.table(case, cores), of) for cores in (1, 2)]

    def shares(case: str) -> list[float | None]:
        return [share(results.table(case, cores)) for cores in (1, 2)]

    def peaks(case: str) -> list[float | None]:
        return [memory(results.table(case, cores)) for cores in (1, 2)]

    def value(probe: str, key: str) -> float | None:
        found = results.probes[probe].values[key] if probe in results.probes else None
        return statistics.median(found) if isinstance(found, list) else found

    def of_shard(cores: int) -> float | None:
        table = results.table("bpnet64", cores)
        return ratio(table, SUBCOMMAND) if table and table.subcommand >= SHARD else None

    one = results.table("bpnet64", 1)
    return [
        Goal("tangermeme64", "64 filters: tangermeme over ours", both("bpnet64", "tangermeme"), 13),
        Goal(
            "bpreveal64",
            "64 filters: BPReveal over ours",
            [ratio(one, "bpreveal")],
            8,
            note=", then 10",
        ),
        Goal(
            "tangermeme512",
            "512 filters: tangermeme over ours",
            both("bpnet512", "tangermeme"),
            9.5,
        ),
        Goal("share64", "64 filters: share of direct convolution", shares("bpnet64"), 1.0),
        Goal("share512", "512 filters: share of direct convolution", shares("bpnet512"), 1.6),
        Goal("znf143", "ZNF143 BPNet: tangermeme over ours", both("znf143", "tangermeme"), 14),
        Goal("tn5bias", "bias model: tangermeme over ours", both("tn5bias", "tangermeme"), 20),
        Goal("memory64", "64 filters: memory of a process", peaks("bpnet64"), 1, False, " GB"),
        Goal("memory512", "512 filters: memory of a process", peaks("bpnet512"), 2.5, False, " GB"),
        Goal(
            "again",
            "`attribute()` called again, over an `Explainer` made once",
            [value("again", "ratio")],
            1.05,
            False,
        ),
        Goal(
            "subcommand",
            f"the subcommand with {SHARD} windows, over the engine alone",
            [of_shard(cores) for cores in (1, 2)],
            1.05,
            False,
        ),
        Goal("copies", "copies of many weights in memory", [value("weights", "copies")], 4, False),
        Goal(
            "tasks",
            "160 outputs of a small classifier",
            [value("outputs", "seconds")],
            8,
            False,
            " s",
        ),
        Goal(
            "position",
            "one more output position of the BPNet, CPU time",
            [value("outputs", "each")],
            0.05,
            False,
            " s",
        ),
    ]


def page(results: Results) -> str:
    """Return the page on goals, for those who work on the engine."""
    found = goals(results)
    lines = ["| | one core | the whole machine | goal | |", "|---|---|---|---|---|"]
    lines += [goal.row() for goal in found]
    open_ones = [goal for goal in found if goal.reached is False]
    texts = ["`docs/performance.md` has the measurements, and says what a share is."]
    if open_ones:
        texts.append("Obstacles to those that are not reached:")
        texts.append(
            "\n".join(_bullet(f"{goal.what}: {OBSTACLES[goal.name]}") for goal in open_ones)
        )
    return "\n\n".join(["# Goals of the engine's speed", "\n".join(lines), *texts]) + "\n"


def _bullet(text: str) -> str:
    text = "- " + " ".join(text.split())
    return textwrap.fill(text, 100, subsequent_indent="  ", break_on_hyphens=False)
