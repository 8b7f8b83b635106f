"""All files of a small sample's page, whose numbers are known, and the page made from them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import h5py
import numpy as np

from deeplift_genomics.files.tables import write_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.models.info import write_model_info
from deeplift_genomics.motifs.matches import MATCHES, NO_MATCH
from deeplift_genomics.motifs.names import MOTIFS
from deeplift_genomics.motifs.patterns import read_motifs
from deeplift_genomics.report.page import write_report
from deeplift_genomics.report.read_sample import read_sample
from deeplift_genomics.report.render import Plots, render_section
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.scores.effects import EFFECTS, FOOTPRINT_LAYOUT, LAYOUT, write_effects
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.results import results_of
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.settings.target_names import split_targets
from deeplift_genomics.windows.dropped import Dropped, write_dropped
from deeplift_genomics.windows.file import Windows, write_windows
from tests.make_scores import Truth, make_score_file
from tests.report.example import DROPPED, PLANTED, Page, write_motifs
from tests.report.example import EFFECTS as STRENGTHS
from tests.report.oligos import write_sample_oligos
from tests.report.predicted import write_predictions

HEADS = (
    {"name": "counts_head", "shape": [2], "kind": "counts", "explained_before": None},
    {"name": "profile", "shape": [400, 2], "kind": "profile", "explained_before": None},
)
GATA = "Other C4 zinc finger-type factors: C4-GATA-related"
ZINC = "C2H2 zinc finger factors: More than 3 adjacent zinc fingers"
# planted motif -> label, identifier, factor, family, and further factors that match
KNOWN = {
    "GATA": ("GATA1", "MA0035.5", "GATA1", GATA, ("GATA2", "gata1", "GATA3")),
    "CTCF": ("CTCF", "MA0139.2", "CTCF", ZINC, ("CTCFL",)),
    "REST": ("unnamed_1", "", "", "", ()),
}
ABLATED = {"GATA1": -0.911, "CTCF": -1.5, "unnamed_1": 0.4}  # change of the target, two strands
INSERTED = {"GATA1": 0.911, "CTCF": 2.0, "unnamed_1": -0.3}


@dataclass
class MadeSample:
    """A sample's folder of results: what its page is made from.

    `truth` has the places of the motifs; `found` those of them that are seqlets and instances.
    """

    results: Path
    row: dict[str, Any]
    config: dict[str, Any]
    truth: Truth = field(default_factory=list)
    found: Truth = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of the sample."""
        return self.results / self.row["sample"]

    @cached_property
    def targets(self) -> list[str]:
        """The targets."""
        return split_targets(self.row["heads"])

    def path(self, name: str, target: str = "") -> Path:
        """Return a file by its name in the table of results."""
        found = [r for r in results_of(self.row) if (r.name, r.target) == (name, target)]
        return self.results / found[0].path

    def read(self) -> SampleRun:
        """Read the files of the page."""
        return read_sample(self.results, self.row, self.config)

    def page(self, output: Path | None = None) -> tuple[str, Page]:
        """Write the page; return its text and the parsed page."""
        output = output or self.folder / "report.html"
        write_report(output, self.results, row=self.row, config=self.config)
        return output.read_text(encoding="utf-8"), Page(output)

    def section(self, module: ModuleType) -> Page:
        """Make one section of the page, which is faster; return it parsed."""
        name = module.__name__.rpartition(".")[2]
        context = {"sections": set()} | module.context(self.read(), Plots())
        path = self.folder / f"{name}.html"
        path.write_text(render_section(name, name, context).body, encoding="utf-8")
        return Page(path)

    def copy(self, folder: Path) -> MadeSample:
        """Return a copy in another folder, to be changed."""
        shutil.copytree(self.results, folder)
        config = {key: dict(v) if isinstance(v, dict) else v for key, v in self.config.items()}
        return MadeSample(folder, dict(self.row), config, self.truth, self.found)

    def edit(self, change: Callable[[h5py.File], None], *names: str) -> None:
        """Change files of all targets, by default the score file and the motif file."""
        for target in self.targets:
            for name in names or ("scores", "motifs"):
                with h5py.File(self.path(name, target), "a") as file:
                    change(file)


def row_of(**cells: Any) -> dict[str, Any]:
    """Return a row of the sheet as the step `report` gets it: several files are one text."""
    given = {"sample": "demo", "model": "m.keras", "fasta": "g.fa", "regions": "peaks.bed"}
    return as_plain(Sample(**(given | cells)))


def make_sample(
    results: Path,
    *,
    n: int = 40,
    with_motifs: bool = True,
    dropped: Dropped | None = None,
    targets: str = "counts,profile",
    heads: Sequence[Mapping[str, Any]] = HEADS,
    **cells: Any,
) -> MadeSample:
    """Write the files of a sample's page: two positive patterns and a negative one.

    Not every window's CTCF is found, so that the patterns differ in number. Without motifs, the
    motif files say why.
    """
    sample = MadeSample(results, row_of(heads=targets, **cells), Config().model_dump(mode="json"))
    sample.folder.mkdir(parents=True)
    dropped = Dropped(DROPPED.records) if dropped is None else dropped
    write_dropped(sample.path("dropped"), dropped)
    for index, target in enumerate(sample.targets):
        scores, motifs = sample.path("scores", target), sample.path("motifs", target)
        strengths = [value / (1 + index) for value in STRENGTHS]
        sample.truth = make_score_file(scores, n, 500, PLANTED, seed=3, effects=strengths)
        sample.found = (
            [p for p in sample.truth if p[4] != "CTCF" or p[0] % 3] if with_motifs else []
        )
        with h5py.File(scores, "a") as file:
            file.attrs.update({"target": target, "n_dropped": dropped.n_windows})
            file.attrs["head"] = "counts_head" if target.startswith("counts") else "profile"
        note = "" if with_motifs else "Only 7 positive and 0 negative <seqlets> were found."
        write_motifs(motifs, scores, sample.found, note)
        _write_tables(sample, target)
        _write_effects(sample, target)
    _write_labels(sample)
    _write_windows(sample)
    write_predictions(sample)
    instances = sample.path("instances", sample.targets[0])
    labels = [known[0] for known in KNOWN.values()]
    write_sample_oligos(sample.path("oligos_table"), instances, labels)
    content = {"window_length": 500, "sequence": "s", "controls": [], "heads": list(heads)}
    write_model_info(sample.path("info"), content | {"models": [], "targets": sample.targets})
    return sample


def _motif_of(consensus: str) -> str:
    """Return the planted motif of a pattern."""
    return next(name for name, bases in PLANTED if bases == consensus.upper())


def _write_labels(sample: MadeSample) -> None:
    rows = []
    for name, _ in PLANTED:
        for target in sample.targets:
            for pattern in read_motifs(sample.path("motifs", target)):
                if _motif_of(pattern.consensus) != name:
                    continue
                label, id_, factor, family, _ = KNOWN[name]
                known = (id_, factor, family, 1e-9 if factor else None)
                own = (label, target, pattern.name, pattern.sign, False, 0, pattern.n_seqlets)
                rows.append((*own, pattern.consensus, *known, "single", ""))
    write_table(sample.path("labels"), MOTIFS, rows)


def _write_tables(sample: MadeSample, target: str) -> None:
    """Write the matches of the patterns, and an instance at each place that was found."""
    patterns = {_motif_of(p.consensus): p.name for p in read_motifs(sample.path("motifs", target))}
    rows: list[tuple[Any, ...]] = []
    for name, pattern in patterns.items():
        _, id_, factor, family, others = KNOWN[name]
        rest = (1e-12, 1e-9, 0, 8, "+")
        if not factor:
            rows.append((pattern, "", "", "", NO_MATCH, "", *[None] * 4, ""))
            continue
        rows += [(pattern, "", "PFM", id_, name_, family, *rest) for name_ in (factor, *others)]
    write_table(sample.path("matches", target), MATCHES, rows)
    scores = read_scores(sample.path("scores", target))
    places = sorted(
        (scores.chrom[row], int(scores.start[row]) + a, int(scores.start[row]) + b, row, s, name)
        for row, a, b, s, name in sample.found
    )
    write_table(
        sample.path("instances", target),
        INSTANCES,
        (
            (chrom, a, b, KNOWN[name][0], patterns[name], strand, 1.0, 0.8, 0.5, "A" * (b - a))
            + (scores.name[row], (a + b) // 2 - int(scores.summit[row]), "", "", None)
            for chrom, a, b, row, strand, name in places
        ),
    )


def _write_effects(sample: MadeSample, target: str) -> None:
    patterns = {_motif_of(p.consensus): p.name for p in read_motifs(sample.path("motifs", target))}
    rows = [
        row
        for name, pattern in patterns.items()
        for experiment, changes, n in (("insertion", INSERTED, 100), ("ablation", ABLATED, 30))
        for row in _rows_of_effect(KNOWN[name][0], pattern, experiment, changes, (target, n))
    ]
    write_table(sample.path("effects_table", target), EFFECTS, rows)
    attributes = {f"effects_{name}": value for name, value in sample.config["effects"].items()}
    write_effects(sample.path("effects", target), attributes, _arrays(patterns))


def _rows_of_effect(
    motif: str, pattern: str, experiment: str, changes: Mapping[str, float], of: tuple[str, int]
) -> list[tuple[Any, ...]]:
    """Return the rows of a motif: the target, both strands of the counts, and the shape."""
    target, n = of
    change = changes[motif]
    counts = target.startswith("counts")
    measures = [
        (target, None, "target", change if counts else change / 10),
        ("counts_head", 0, "output", change / 2),
        ("counts_head", 1, "output", change / 2),
        ("profile", None, "shape", abs(change) / 4),
    ]
    return [
        (motif, pattern, experiment, head, unit, measure)
        + (value, value - 0.2, value + 0.2, 0.01, value, value, n, 0.001, 0.004, "has an effect")
        + ("", "", None)
        for head, unit, measure, value in measures
    ]


def _arrays(patterns: Mapping[str, str]) -> dict[str, Any]:
    """Return the datasets of an effects file, without a pair of motifs."""
    sizes = {"K": 4, "M": 3, "L": 500, "m": len(patterns), "S": 4, "i": 3, "k": 1, "p": 0, "G": 5}
    sizes |= {"C": 2, "P": 400}
    layout = LAYOUT | {f"footprints/0/{name}": kind for name, kind in FOOTPRINT_LAYOUT.items()}
    arrays: dict[str, Any] = {}
    for name, (kind, axes) in layout.items():
        shape = [sizes[axis] if axis in sizes else int(axis) for axis in axes]
        arrays[name] = np.full(shape, "", object) if kind == "text" else np.zeros(shape, int)
        if kind == "number":
            arrays[name] = np.full(shape, 1 / 400)
    arrays["motifs/motif"] = np.array([KNOWN[name][0] for name in patterns], dtype=object)
    arrays["motifs/pattern"] = np.array(list(patterns.values()), dtype=object)
    arrays["footprints/0/head"] = np.array(["profile"], dtype=object)
    arrays["spacing/orientation"] = np.array(["++", "+-", "-+", "--"], dtype=object)
    return arrays


def _write_windows(sample: MadeSample) -> None:
    """Write the windows of the score files."""
    scores = read_scores(sample.path("scores", sample.targets[0]))
    codes = scores.sequences.argmax(axis=2).astype(np.int8)
    place = (scores.chrom, scores.start, scores.end, scores.summit, scores.name, scores.strand)
    write_windows(
        sample.path("windows"), Windows(*place, codes, {"window_length": 500, "contig_names": "{}"})
    )
