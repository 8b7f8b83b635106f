"""The page docs/performance.md, from the measurements."""

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
    """The results of a whole benchmark, and the machine in words."""

    tables: list[Table]
    starts: list[Start]
    machine: str
    rounds: int
    subcommand_windows: int
    multiply_adds: int

    @classmethod
    def fromdict(cls, stored: dict[str, Any]) -> "Results":
        """Return the results that `asdict` turned into a dictionary."""
        tables = []
        for item in stored.pop("tables"):
            rows = [Row(**row) for row in item.pop("rows")]
            tables.append(Table(**item, rows=rows))
        starts = [Start(**item) for item in stored.pop("starts")]
        return cls(**stored, tables=tables, starts=starts)


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
    return (
        f"{said.get('model name', platform.machine())}{features}{virtual}; "
        f"{cpu.count('processor')} cores, {int(memory) / 2**20:.0f} GB of memory; "
        f"Linux, Python {platform.python_version()}"
    )


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Format the median and the range."""
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def render(results: Results) -> str:
    """Return the page."""
    ours = [table for table in results.tables if table.network == YARDSTICK]
    real = [table for table in results.tables if table.network != YARDSTICK]
    parts = [_head(results), "## A BPNet of 2,114 bp", _how(results)]
    parts += [_table(table) for table in ours]
    parts += ["## Goals", _goals(ours), "## The start of a job", _start(results)]
    if real:
        parts += ["## Real models", _REAL, *[_table(table) for table in real]]
    parts += ["## Machine and versions", _made_with(results)]
    return "\n\n".join(parts) + "\n"


def _fill(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 100, break_on_hyphens=False)


def _head(results: Results) -> str:
    return "# Performance\n\n" + _fill(
        f"""`make benchmark` measures everything on this page and writes it. Times are seconds per
        window with {REFERENCES} references, for both heads (counts and profile), by wall clock:
        the median and, in brackets, the range over {results.rounds} rounds. A ratio is taken
        within a round: one run of a program over the mean of our runs right before and right
        after it. If other programs kept more than {DISTURBED} cores busy during a table, the table
        is marked, and `--disturbed` measures it again."""
    )


def _how(results: Results) -> str:
    return "\n\n".join(
        _fill(text)
        for text in (
            """The first convolution is 21 wide with 64 filters; eight residual layers follow, 3
            wide, with dilation 2 to 256; padding is valid, with cropping. The profile head is 75
            wide and predicts 1,000 positions; a second head predicts counts. Weights are random and
            the same in Keras and in PyTorch; the outputs of both are compared first. All programs
            explain the same two scalars against the same references: log-counts, and the sum of
            centred logits weighted by the mean of the softmax of window and reference, held fixed
            ([methods](methods.md), target `profile`). A peer computes the whole network for each
            head. Agreement with ours is measured on hypothetical contributions; for shap, which has
            none, on contributions.""",
            f"""`Explainer` is the object that `attribute()` makes at each call. Here it is made
            once, outside the timed part, as in a run of thousands of windows, and explains {LOADED}
            windows in memory in turn. The subcommand is the whole process: it starts, loads and
            compiles, reads {results.subcommand_windows} windows per process, shuffles references
            and writes the scores. Peers are loaded and warmed up before, get ready-made references,
            and write nothing; tangermeme runs with the batch size whose best run was fastest
            here.""",
            f"""The floor is the time of the {results.multiply_adds / 1e9:.2f} G multiply-adds that
            no program can avoid for a window (the window and each reference forward to both heads,
            and one walk back for each reference and head; gradients of data only), at the rate of
            a oneDNN convolution in TensorFlow (3 wide, 64 to 64 channels, dilation 16, 20 sequences
            of 1,600 positions), measured right before each run of ours.""",
        )
    )


_REAL = _fill(
    """The same comparison, without a goal, on CTCF peaks of hg19 chr22. The models are a BPNet of
    ZNF143 (64 filters, nine layers, two strands, `same` padding) and a ChromBPNet model of Tn5 bias
    (128 filters, five layers). They are not part of this repository."""
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
        "| | s per window | CPU s per window | over ours | memory per process | correlation "
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
        f"\nOur share of the floor: {spread(table.share)}. The convolution runs at "
        f"{spread(rates, 0)} GF/s. Other programs kept {table.others:.2f} cores busy meanwhile."
    )
    if table.disturbed:
        lines.append(
            "**Disturbed**: that slows peers with several threads more than processes of one "
            "thread, so ratios are too high."
            if table.cores > 1
            else "**Disturbed**: times and rates are worse than on an idle machine."
        )
    if table.after_first:
        lines.append(
            "The subcommand's time per window after the first is "
            f"{spread(table.after_first)} times ours."
        )
    return "\n".join(lines)


def _goals(tables: Sequence[Table]) -> str:
    lines = [
        "| | one core | the whole machine | goal | at the floor itself |",
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
    add("memory of a subcommand's process", peaks, 1, False, " GB")
    add("whole subcommand over the engine", ratios(SUBCOMMAND), 1.1, False)
    firsts = [statistics.median(table.first) for table in tables]
    add("from the subcommand's start to its first window scored", firsts, 12, False, " s")
    return "\n".join(lines) + "\n\n" + _OBSTACLES


_OBSTACLES = "\n\n".join(
    _fill(text)
    for text in (
        """The last column is a peer's time over the floor: the ratio if our time were that of the
        convolutions alone. The goals were set on a machine on which peers were nearly twice as slow
        relative to the same convolution.""",
        """Memory traffic separates our time from the floor. Convolutions take the floor's time (146
        of 217 ms on one core, by TensorFlow's own profile). Between them, multipliers are added,
        scaled and padded (60 ms): for each residual layer, nine arrays of 2 MB per four references
        are read or written, at about 25 GB/s. Two changes helped and were kept: references four at
        a time (9% less time, 150 MB less), and several results in one pass (2%). Nothing was gained
        by other chunk sizes, other allocators and huge pages, one walk for both heads, or paddings
        and reshapes inside or outside of the compiled parts.""",
        """Beyond the engine, the subcommand's main cost is its start, shown stage by stage below:
        six seconds are an eighth of the time of 200 windows, and a twentieth of that of a shard of
        500. The windows after the first show the cost of reading, shuffling and writing
        together.""",
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
    text = f"""The stages up to the first window, in a process that does the same as the
        subcommand. It uses at most {peak / 1e9:.2f} GB until then; the subcommand, with
        {results.subcommand_windows} windows, uses {whole / 1e9:.2f} GB."""
    return "\n".join(lines) + "\n\n" + _fill(text)


def _made_with(results: Results) -> str:
    versions: dict[str, str] = {}
    for of_team in results.tables[0].versions.values():
        versions |= of_team
    listed = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    return _fill(
        f"""{results.machine}. {listed}. Threads are bound in each process; each peer runs in
        an environment of its own (`benchmarks/attribution/requirements/`)."""
    )
