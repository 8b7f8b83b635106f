"""docs/performance.md, from what was measured."""

import platform
import statistics
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.attribution.material import LOADED, REFERENCES, YARDSTICK
from benchmarks.attribution.measure import DISTURBED, SUBCOMMAND, Row, Table
from benchmarks.attribution.subcommand import STAGES, Start

NAMES = {
    "ours": "ours, `Explainer`",
    SUBCOMMAND: "ours, `attribute` subcommand",
    "tangermeme": "tangermeme `deep_lift_shap`",
    "captum": "captum `DeepLiftShap`",
    "shap": "shap `DeepExplainer` (PyTorch)",
}


@dataclass(frozen=True)
class Results:
    """All of a benchmark, and the machine in words."""

    tables: list[Table]
    starts: list[Start]
    machine: str
    rounds: int
    subcommand_windows: int
    multiply_adds: int

    @classmethod
    def fromdict(cls, stored: dict[str, Any]) -> "Results":
        """From what `asdict` gave."""
        tables = []
        for item in stored.pop("tables"):
            rows = [Row(**row) for row in item.pop("rows")]
            tables.append(Table(**item, rows=rows))
        starts = [Start(**item) for item in stored.pop("starts")]
        return cls(**stored, tables=tables, starts=starts)


def machine() -> str:
    """Processor, cores and memory in words."""
    cpu = Path("/proc/cpuinfo").read_text()
    lines = dict(line.split(":", 1) for line in cpu.splitlines() if ":" in line)
    said = {key.strip(): value.strip() for key, value in lines.items()}
    flags = set(said.get("flags", "").split())
    wide = [word for flag, word in (("avx512f", "AVX-512"), ("amx_tile", "AMX")) if flag in flags]
    memory = Path("/proc/meminfo").read_text().split()[1]
    features = f" with {' and '.join(wide)}" if wide else ""
    virtual = ", virtual" if "hypervisor" in flags else ""
    return (
        f"{said.get('model name', platform.machine())}{features}{virtual}; "
        f"{cpu.count('processor')} cores, {int(memory) / 2**20:.0f} GB of memory; "
        f"Linux, Python {platform.python_version()}"
    )


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Median and range."""
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def render(results: Results) -> str:
    """The page."""
    ours = [table for table in results.tables if table.network == YARDSTICK]
    real = [table for table in results.tables if table.network != YARDSTICK]
    parts = [_head(results), "## A BPNet of 2,114 bp", _how(results)]
    parts += [_table(table) for table in ours]
    parts += ["## What is to be reached", _goals(ours), "## The start of a job", _start(results)]
    if real:
        parts += ["## Real models", _REAL, *[_table(table) for table in real]]
    parts += ["## Made with", _made_with(results)]
    return "\n\n".join(parts) + "\n"


def _fill(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 100, break_on_hyphens=False)


def _head(results: Results) -> str:
    return "# Performance\n\n" + _fill(
        f"""Written by `make benchmark`, which measures all of it anew. Times are seconds per
        window with {REFERENCES} references, both heads (counts and profile), by the clock:
        median and, in brackets, range over {results.rounds} rounds. Ratios are taken within a
        round: a run of each program over the mean of the runs of ours right before and right
        after it. A table during which other programs kept more than {DISTURBED} cores busy is
        marked, and measured again by `--disturbed`."""
    )


def _how(results: Results) -> str:
    return "\n\n".join(
        _fill(text)
        for text in (
            """First convolution 21 wide, 64 filters; eight residual layers 3 wide, dilation 2 to
            256; valid padding and cropping; a profile head 75 wide to 1,000 positions, a counts
            head. Random weights, the same in Keras and in PyTorch, whose outputs are compared
            first. All explain the same two scalars, against the same references: log-counts, and
            the sum of centred logits weighted by the mean of the softmax of window and reference,
            held fixed ([methods](methods.md), target `profile`). A peer computes the whole network
            for each head. Agreement with ours is that of hypothetical contributions; of shap, which
            has none, of contributions.""",
            f"""`Explainer` is what `attribute()` makes at each call; it is made once, outside the
            time, as in a run of thousands of windows, and explains {LOADED} windows held in
            memory in turn. The subcommand is the whole process: it starts, loads and compiles,
            reads {results.subcommand_windows} windows per process, shuffles references and writes
            the scores.
            Peers are loaded and warmed up before, get references ready-made, and write nothing;
            tangermeme runs with the batch size whose best run was fastest here.""",
            f"""The floor: {results.multiply_adds / 1e9:.2f} G multiply-adds that cannot be
            avoided for a window (the window and each reference forward to both heads, and for
            each reference and head one walk back; gradients of data only), over the rate of a
            oneDNN convolution in TensorFlow (3 wide, 64 to 64 channels, dilation 16, 20 sequences
            of 1,600 positions), measured right before each run of ours.""",
        )
    )


_REAL = _fill(
    """The same without a goal, on CTCF peaks of hg19 chr22: a BPNet of ZNF143 (64 filters, nine
    layers, two strands, `same` padding), and a ChromBPNet model of Tn5 bias (128 filters, five
    layers). They are not part of this repository."""
)


def _title(table: Table) -> str:
    if table.cores == 1:
        return "one core"
    return (
        f"the whole machine: {table.processes} processes of one thread for ours, "
        f"{table.cores} threads for each peer"
    )


def _table(table: Table) -> str:
    lines = [
        f"**{table.network}, {_title(table)}**\n",
        "| | s per window | CPU s per window | over ours | memory of a process | correlation "
        "(counts, profile) | largest difference |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in table.rows:
        ratio = spread(row.ratio) if row.ratio else "1"
        agreement = [row.agreement[head] for head in ("counts", "profile") if row.agreement]
        correlation = ", ".join(f"{item[0]:.6f}" for item in agreement)
        difference = ", ".join(f"{item[1]:.0e}" for item in agreement)
        name = NAMES[row.name]
        if row.name == "tangermeme":
            name += f", batches of {table.batch_size}"
        lines.append(
            f"| {name} | {spread(row.seconds, 3)} | {statistics.median(row.cpu):.2f} | {ratio} | "
            f"{row.peak / 1e9:.2f} GB | {correlation} | {difference} |"
        )
    rates = [2 * rate / 1e9 for rate in table.rate]
    lines.append(
        f"\nShare of the floor: {spread(table.share)}, of ours; the convolution runs at "
        f"{spread(rates, 0)} GF/s. Other programs kept {table.others:.2f} cores busy meanwhile."
    )
    if table.disturbed:
        lines.append(
            "**Disturbed**: peers with several threads lose more by that than processes of one "
            "thread do, so ratios are too high."
            if table.cores > 1
            else "**Disturbed**: times and rates are worse than on an idle machine."
        )
    if table.after_first:
        lines.append(
            f"The subcommand's windows after the first: {spread(table.after_first)} times ours."
        )
    return "\n".join(lines)


def _goals(tables: Sequence[Table]) -> str:
    lines = [
        "| | one core | the whole machine | to reach | at the floor itself |",
        "|---|---|---|---|---|",
    ]

    def add(
        what: str,
        values: Sequence[float],
        goal: float,
        more: bool,
        unit: str = "",
        limits: Sequence[float] = (),
    ) -> None:
        shown = " | ".join(f"{value:.2f}{unit}" for value in values)
        sign = "≥" if more else "≤"
        reached = [value >= goal if more else value <= goal for value in values]
        word = "reached" if all(reached) else "reached in part" if any(reached) else "not reached"
        limit = ", ".join(f"{value:.1f}" for value in limits)
        lines.append(f"| {what} | {shown} | {sign} {goal:g}{unit}: {word} | {limit} |")

    def ratios(name: str) -> list[float]:
        return [statistics.median(table.row(name).ratio) for table in tables]

    shares = [statistics.median(table.share) for table in tables]
    for peer, goal in (("tangermeme", 13), ("captum", 16), ("shap", 16)):
        found = ratios(peer)
        limits = [ratio / share for ratio, share in zip(found, shares, strict=True)]
        add(f"{peer} over ours", found, goal, True, limits=limits)
    add("share of the floor", shares, 0.75, True, limits=[1.0] * len(shares))
    peaks = [table.row(SUBCOMMAND).peak / 1e9 for table in tables]
    add("memory of a process of the subcommand", peaks, 1, False, " GB")
    add("whole subcommand over the engine", ratios(SUBCOMMAND), 1.1, False)
    firsts = [statistics.median(table.first) for table in tables]
    add("start of the subcommand to first window scored", firsts, 12, False, " s")
    return "\n".join(lines) + "\n\n" + _OBSTACLES


_OBSTACLES = "\n\n".join(
    _fill(text)
    for text in (
        """What the last column says: a peer's time over the floor, which is the ratio if ours cost
        no more than its convolutions. The goals were set on a machine on which peers were nearly
        twice as slow beside the same convolution.""",
        """What stands between ours and the floor is memory. Convolutions take the floor's time (146
        of 217 ms on one core, by TensorFlow's own profile); between them, multipliers are added,
        scaled and padded (60 ms): for each residual layer, nine arrays of 2 MB per four references
        are read or written, at about 25 GB/s. Tried, and kept: references four at a time (9% less
        time, 150 MB less), several results in one pass (2%). Tried without gain: other chunk sizes,
        other allocators and huge pages, one walk for both heads, paddings and reshapes inside or
        outside of the compiled parts.""",
        """The subcommand's start, stage by stage below, is what it takes beyond the engine: six
        seconds are an eighth of what 200 windows take, and a twentieth of a shard of 500. Reading,
        shuffling and writing together are what the windows after the first show.""",
    )
)


def _start(results: Results) -> str:
    runs = [start.seconds for start in results.starts]
    lines = [f"| | s, median and range of {len(runs)} |", "|---|---|"]
    lines += [
        f"| {name} | {spread(column, 1)} |"
        for name, column in zip(STAGES, zip(*runs, strict=True), strict=True)
    ]
    lines.append(f"| together | {spread([sum(run) for run in runs], 1)} |")
    peak = statistics.median(start.peak for start in results.starts)
    whole = results.tables[0].row(SUBCOMMAND).peak
    text = f"""Stage by stage, to the first window, in a process that does what the subcommand
        does. It takes {peak / 1e9:.2f} GB at most until then; the subcommand, with
        {results.subcommand_windows} windows, {whole / 1e9:.2f} GB."""
    return "\n".join(lines) + "\n\n" + _fill(text)


def _made_with(results: Results) -> str:
    versions: dict[str, str] = {}
    for of_team in results.tables[0].versions.values():
        versions |= of_team
    listed = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    return _fill(
        f"""{results.machine}. {listed}. Threads are bound in each process; peers run in
        environments of their own (`benchmarks/attribution/requirements/`)."""
    )
