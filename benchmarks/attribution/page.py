"""The page docs/performance.md, from the stored measurements."""

import statistics
from collections.abc import Sequence

from benchmarks.attribution import cost
from benchmarks.attribution.cases import CASES, Case
from benchmarks.attribution.made import Made
from benchmarks.attribution.material import REFERENCES
from benchmarks.attribution.measure import DISTURBED, SUBCOMMAND, Row, Table
from benchmarks.attribution.probe import TASKS
from benchmarks.attribution.stored import Probe, Results
from benchmarks.attribution.subcommand import STAGES
from benchmarks.attribution.words import ABOUT, FLOOR, HEADINGS, HOW, fill, paragraphs

NAMES = {
    "ours": "ours, `Explainer`",
    SUBCOMMAND: "ours, `attribute` subcommand",
    "bpreveal": "BPReveal `TFDeepExplainer`",
    "tangermeme": "tangermeme `deep_lift_shap`",
    "captum": "captum `DeepLiftShap`",
    "shap": "shap `DeepExplainer` (PyTorch)",
}


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Format the median and the range."""
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def render(results: Results) -> str:
    """Return the page."""
    page = _Page(results)
    parts = [_HEAD, f"## What {cost.PEAKS:,} peaks cost", cost.section(results)]
    parts += ["## How it is measured", paragraphs(*HOW, FLOOR)]
    for case in CASES:
        if tables := results.tables.get(case.name):
            parts += [f"## {HEADINGS[case.name]}", paragraphs(*ABOUT[case.name])]
            parts += [page.table(case, table) for table in tables]
    parts += page.probes()
    parts += ["## Machines and versions", page.made_with()]
    return "\n\n".join(parts) + "\n"


_HEAD = "# Performance\n\n" + fill(
    f"""`make benchmark` measures all of this page and writes it. Times are seconds per window
    by wall clock: the median and, in brackets, the range over the rounds. A ratio is taken within a
    round: one run of a program over the mean of our runs right before and right after it. Unless a
    section says otherwise, there are {REFERENCES} references per window. Each table says when, from
    which commit and on which of the machines named at the end it was measured:
    `make benchmark ONLY=bpnet64` measures one part anew and leaves the others as they are. If other
    programs kept more than {DISTURBED} cores busy during a table, the table is marked, and
    `python -m benchmarks.attribution --disturbed` measures it again."""
)


class _Page:
    """The parts of the page that name machines by letters."""

    def __init__(self, results: Results) -> None:
        self.results = results
        tables = [table for each in results.tables.values() for table in each]
        made = [item.made for item in (*tables, *results.probes.values())]
        self.machines = sorted({item.machine for item in made})

    def letter(self, made: Made) -> str:
        return "ABCDEFGHIJ"[self.machines.index(made.machine)]

    def when(self, made: Made) -> str:
        trial = " **A trial run of few rounds.**" if made.trial else ""
        return f"Measured on {made.date} at {made.commit} on machine {self.letter(made)}.{trial}"

    def table(self, case: Case, table: Table) -> str:
        heads = "counts, profile" if len(_heads(table)) > 1 else "output"
        lines = [
            f"**{case.title}, {_title(table)}**\n",
            f"| | s per window | CPU s per window | over ours | memory per process | correlation "
            f"({heads}) | largest difference |",
            "|---|---|---|---|---|---|---|",
        ]
        whole = case.references == REFERENCES
        lines += [_row(row, table) for row in table.rows if whole or row.name != SUBCOMMAND]
        texts = [self.when(table.made)]
        if not whole and (row := table.row(SUBCOMMAND)):
            texts.append(
                f"A process of the subcommand with {REFERENCES} references takes "
                f"{row.peak / 1e9:.2f} GB."
            )
        if case.floor:
            rates = [2 * rate / 1e9 for rate in table.rate]
            texts.append(
                f"Our share of direct convolution, which runs at {spread(rates, 0)} GF/s: "
                f"{spread(table.share)}."
            )
        texts.append(f"Other programs kept {table.others:.2f} cores busy meanwhile.")
        if table.disturbed:
            texts.append(_DISTURBED[table.cores > 1])
        return "\n".join(lines) + "\n\n" + fill(" ".join(texts))

    def probes(self) -> list[str]:
        """Return the sections of what is measured for ours alone."""
        found, parts = self.results.probes, []
        if "start" in found:
            parts += ["## The start of a job", self._start(found["start"])]
        said = [_PROBES[name](found[name]) + " " + self.when(found[name].made)
                for name in _PROBES if name in found]  # fmt: skip
        if said:
            parts += ["## Calls again, many weights, many outputs", paragraphs(*said)]
        return parts

    def _start(self, probe: Probe) -> str:
        runs = [start["seconds"] for start in probe.values["starts"]]
        lines = [f"| | s, median and range of {len(runs)} |", "|---|---|"]
        lines += [
            f"| {name} | {spread(column, 1)} |"
            for name, column in zip(STAGES, zip(*runs, strict=True), strict=True)
        ]
        lines.append(f"| together | {spread([sum(run) for run in runs], 1)} |")
        peak = statistics.median(start["peak"] for start in probe.values["starts"])
        text = f"""The stages up to the first window of the BPNet of 64 filters, in a process that
            does the same as the subcommand. It uses at most {peak / 1e9:.2f} GB until then.
            {self.when(probe.made)}"""
        return "\n".join(lines) + "\n\n" + fill(text)

    def made_with(self) -> str:
        """Return the machines by letter, and the versions of the newest tables."""
        lines = [f"- {self.letter_of(i)}: {name}." for i, name in enumerate(self.machines)]
        versions: dict[str, str] = {}
        tables = [table for each in self.results.tables.values() for table in each]
        for table in sorted(tables, key=lambda table: table.made.date):
            for of_team in table.versions.values():
                versions |= of_team
        listed = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
        text = f"""{listed}. Threads are bound in each process; each peer runs in an environment of
            its own (`benchmarks/attribution/requirements/`), BPReveal with Python 3.12."""
        return "\n".join(lines) + "\n\n" + fill(text)

    @staticmethod
    def letter_of(index: int) -> str:
        return "ABCDEFGHIJ"[index]


_DISTURBED = {
    False: "**Disturbed**: times and rates are worse than on an idle machine.",
    True: """**Disturbed**: that slows peers with several threads more than processes of one thread,
        so ratios are too high.""",
}
_PROBES = {
    "again": lambda probe: (
        f"""`attribute()` called again on the same model takes {spread(probe.values["ratio"])} times
        the time of an `Explainer` made once (two windows of the BPNet of 64 filters)."""
    ),
    "weights": lambda probe: (
        f"""A model with a wide dense layer, of {probe.values["weights"][0] / 1e6:.1f} or
        {probe.values["weights"][1] / 1e6:.1f} million weights, takes
        {probe.values["peaks"][0] / 1e9:.1f} or {probe.values["peaks"][1] / 1e9:.1f} GB:
        {probe.values["copies"]:.1f} copies of the weights."""
    ),
    "outputs": lambda probe: (
        f"""{TASKS} outputs of a small classifier (3 windows, 4 references) take
        {probe.values["seconds"]:.1f} s in one call, with compilation. Each output position more of
        the BPNet of 64 filters takes {probe.values["each"]:.2f} CPU seconds (one window,
        {REFERENCES} references, {probe.values["positions"][0]} and {probe.values["positions"][1]}
        positions)."""
    ),
}


def _title(table: Table) -> str:
    if table.cores == 1:
        return "one core"
    return (
        f"the whole machine: {table.processes} processes of one thread for ours, "
        f"{table.cores} threads for each peer"
    )


def _heads(table: Table) -> list[str]:
    return next((sorted(row.agreement) for row in table.rows if row.agreement), [])


def _row(row: Row, table: Table) -> str:
    ratio = spread(row.ratio) if row.ratio else "1"
    agreement = [row.agreement[head] for head in _heads(table) if row.agreement]
    correlation = ", ".join(f"{item[0]:.6f}" for item in agreement)
    difference = ", ".join(f"{item[1]:.0e}" for item in agreement)
    name = NAMES[row.name]
    if row.name == SUBCOMMAND:
        name += f", {table.subcommand} windows"
    if row.name in table.batch_sizes:
        name += f", batches of {table.batch_sizes[row.name]}"
    return (
        f"| {name} | {spread(row.seconds, 3)} | {statistics.median(row.cpu):.2f} | {ratio} | "
        f"{row.peak / 1e9:.2f} GB | {correlation} | {difference} |"
    )
