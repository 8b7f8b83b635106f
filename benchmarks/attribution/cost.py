"""What a large run costs, in core-hours and in plain words, from the tables of one core."""

import re
import statistics
from dataclasses import dataclass

from benchmarks.attribution.cases import ALL, CASES, Case
from benchmarks.attribution.material import REFERENCES
from benchmarks.attribution.measure import SUBCOMMAND, Table
from benchmarks.attribution.stored import Results
from benchmarks.attribution.words import fill, paragraphs

PEAKS = 250_000
PEERS = ("bpreveal", "tangermeme")
FIGURE = r"[\d.]+\s+times as\s+fast as \w+,\s+the\s+fastest of\s+four\s+other\s+programs"
EXAMPLES = {
    "bpnet64": "a BPNet of 64 filters",
    "bpnet512": "one of 512 filters",
    "chrombpnet": "a whole ChromBPNet",
}
NAMED = {"bpreveal": "BPReveal", "tangermeme": "tangermeme", "captum": "captum", "shap": "shap"}


@dataclass(frozen=True)
class Cost:
    """Core-hours of a model by ours and by the fastest peers; None was not measured."""

    title: str
    ours: float
    peers: dict[str, float | None]
    machine: str


def cost(case: Case, table: Table) -> Cost:
    """Return the core-hours for all peaks with 20 references.

    With fewer references, our time is scaled by the multiply-adds, and that of peers, which compute
    the window with every reference, by the references.
    """
    ours = table.row("ours")
    assert ours
    seconds = statistics.median(ours.cpu) * table.all_work / table.work
    peers: dict[str, float | None] = {}
    for name in PEERS:
        row = table.row(name)
        whole = REFERENCES / case.references
        peers[name] = hours(statistics.median(row.cpu) * whole) if row else None
    return Cost(case.title, hours(seconds), peers, table.made.machine)


def hours(seconds: float) -> float:
    """Return the hours of all peaks from the seconds of one."""
    return seconds * PEAKS / 3600


def in_words(number: float) -> str:
    """Return a number of hours as people say it: 0.4, 17, 960, 4,800."""
    digits = max(0, 1 - int(number >= 1) - int(number >= 10))
    if number >= 100:
        number = round(number, -1)
    return f"{number:,.{digits}f}"


def duration(number: float) -> str:
    """Return hours as "40 minutes", "17 hours" or "10 days"."""
    if number < 1.5:
        return f"{number * 60:.0f} minutes"
    return f"{number:.0f} hours" if number < 60 else f"{number / 24:.0f} days"


def section(results: Results) -> str:
    """Return the section on costs."""
    pairs = [(case, results.table(case.name, 1)) for case in CASES]
    costs = [cost(case, table) for case, table in pairs if table]
    lines = ["| core-hours | ours | BPReveal | tangermeme |", "|---|---|---|---|"]
    for each in costs:
        cells = [each.ours, *(each.peers[name] for name in PEERS)]
        shown = " | ".join("–" if value is None else in_words(value) for value in cells)
        lines.append(f"| {each.title} | {shown} |")
    by_title = {each.title: each for each in costs}
    examples = [
        f"""With {EXAMPLES[case.name]}, {PEAKS:,} peaks take {in_words(each.ours)} core-hours:
        {duration(each.ours)} on one core, {duration(each.ours / 32)} on 32 cores of this kind."""
        for case in CASES
        if case.name in EXAMPLES and (each := by_title.get(case.title))
    ]
    return "\n\n".join(
        [
            fill(
                f"""A core-hour is one core busy for one hour: a job of ten core-hours takes ten
                hours on one core, or one hour on ten. The table says what {PEAKS:,} peaks with
                {REFERENCES} references each cost, all heads, computed from the CPU time in the
                tables of one core; where these have fewer references, in proportion. It counts the
                scoring alone."""
            ),
            "\n".join(lines),
            paragraphs(" ".join(examples), _whole(results)) if examples else _whole(results),
        ]
    )


def _whole(results: Results) -> str:
    table = results.table("bpnet64", 1)
    row = table.row(SUBCOMMAND) if table else None
    if not table or not row or table.made.trial:
        return "Starting, reading, shuffling and writing come on top."
    more = 100 * (statistics.median(row.ratio) - 1)
    return f"""Starting, reading, shuffling and writing come on top: {more:.0f}% for the BPNet of 64
        filters in a job of {table.subcommand} windows, less in longer jobs and for larger models.
        The machines are those of the tables; another processor takes another time."""


def headline(results: Results) -> str:
    """Return how ours compares with the fastest peer, for the README."""
    table = results.table("bpnet64", 1)
    assert table
    peers = {row.name: statistics.median(row.ratio) for row in table.rows if row.name in NAMED}
    fastest = min(peers, key=lambda name: peers[name])
    times = f"{peers[fastest]:.1f} times as fast as {NAMED[fastest]}"
    return f"{times}, the fastest of four other programs"


def in_readme(text: str, results: Results) -> str:
    """Return the README with the figure of docs/performance.md, unless that is of a trial.

    Every peer must have been measured.
    """
    table = results.table("bpnet64", 1)
    if table is None or table.made.trial:
        return text
    if not all(table.row(peer) for peer in ALL):
        return text
    return re.sub(FIGURE, headline(results), text)
