"""A sample's whole folder of results, small and made up, for tests of its page.

Two heads, counts and profile. Each motif is planted once in every window, and its instances are the
planted places, so that every number of the page is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np

from deeplift_genomics.dna.sequence import decode, reverse_complement
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.models.info import write_model_info
from deeplift_genomics.motifs.matches import MATCHES, NO_MATCH
from deeplift_genomics.motifs.names import MOTIFS
from deeplift_genomics.motifs.patterns import core, read_motifs
from deeplift_genomics.report.page import write_report
from deeplift_genomics.scores.effects import EFFECTS, write_effects
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.windows.dropped import write_dropped
from deeplift_genomics.windows.file import Windows, write_windows
from tests.make_scores import Truth, make_score_file
from tests.report.example import DROPPED, write_motifs

HEADS = ("counts", "profile")
LENGTH = 500


class Planted(NamedTuple):
    """A motif of the sample: its label, bases, contribution, and match in JASPAR, if any."""

    label: str
    bases: str
    effect: float
    match_id: str = ""
    family: str = ""
    kind: str = "single"
    parts: str = ""


MADE = (
    Planted("GATA1", "AGATAAGA", 1.0, "MA0035.5", "Other C4 zinc finger-type factors: C4-GATA"),
    Planted(
        "CTCF",
        "CCACCAGGGGGCGC",
        2.5,
        "MA0139.2",
        "C2H2 zinc finger factors: More than 3 adjacent zinc fingers",
    ),
    Planted("unnamed_1", "TTCAGCACCATGG", -1.5),
)


class Sample(NamedTuple):
    """The folder of results, the row of the sheet, the configuration, and what was planted."""

    folder: Path
    row: dict[str, str]
    config: dict[str, Any]
    truth: dict[str, Truth]

    @property
    def own(self) -> Path:
        """The folder of the sample."""
        return self.folder / self.row["sample"]

    def page(self, **config: Any) -> str:
        """Write the sample's page and return it."""
        output = self.own / "report.html"
        write_report(output, self.folder, row=self.row, config=self.config | config)
        return output.read_text(encoding="utf-8")


def make_sample(
    folder: Path, motifs: Sequence[Planted] = MADE, *, n: int = 40, length: int = LENGTH
) -> Sample:
    """Write the results of a sample with `n` windows and return what it is."""
    row = {"sample": "demo", "heads": ",".join(HEADS), "fasta": "genome.fa", "model": "m.keras"}
    row |= dict.fromkeys(("title", "assay", "cell_type", "genome", "genes", "signal"), "")
    own = folder / "demo"
    own.mkdir(parents=True)
    write_dropped(own / "dropped.tsv", DROPPED)
    heads = [{"name": "counts", "shape": [1], "kind": "counts"}]
    heads += [{"name": "profile", "shape": [length, 2], "kind": "profile"}]
    write_model_info(
        own / "model.json",
        {"window_length": length, "controls": [], "heads": heads, "targets": list(HEADS)},
    )
    truth = {head: _write_target(own, head, motifs, n=n, length=length) for head in HEADS}
    _write_windows(own)
    _write_labels(own, motifs)
    config = as_plain(Config(samples="samples.tsv"))
    return Sample(folder, row, config, truth)


def _write_target(
    own: Path, head: str, motifs: Sequence[Planted], *, n: int, length: int
) -> Truth:
    """Write all files of one head; those of both have their motifs at the same places."""
    scores = own / f"{head}.scores.h5"
    truth = make_score_file(
        scores,
        n,
        length,
        [(motif.label, motif.bases) for motif in motifs],
        seed=3,
        effects=[motif.effect for motif in motifs],
        within=length - 100,
    )
    with h5py.File(scores, "a") as file:
        file.attrs.update({"n_dropped": len(DROPPED), "head": head, "target": head, "n_folds": 1})
    effects = {motif.label: motif.effect for motif in motifs}
    write_motifs(own / f"{head}.modisco.h5", scores, truth, planted=effects)
    _write_matches(own, head, motifs)
    _write_instances(own, head, truth, patterns=pattern_names(motifs))
    _write_effects(own, head, motifs, length=length)
    return truth


def pattern_names(motifs: Sequence[Planted]) -> dict[str, str]:
    """Return the pattern of each motif: all have as many seqlets, so they are in order."""
    names: dict[str, str] = {}
    for sign in ("pos", "neg"):
        of_sign = [motif for motif in motifs if (motif.effect > 0) == (sign == "pos")]
        names |= {motif.label: f"{sign}_{number}" for number, motif in enumerate(of_sign)}
    return names


def _write_windows(own: Path) -> None:
    """Write the windows file of a score file."""
    found = read_scores(own / "counts.scores.h5")
    codes = np.where(found.sequences.any(axis=2), found.sequences.argmax(axis=2), 4)
    places = {name: getattr(found, name) for name in ("chrom", "start", "end", "name", "strand")}
    write_windows(
        own / "windows.h5",
        Windows(
            codes=codes.astype(np.int8),
            **places,
            summit=found.summit,
            attributes=dict(found.attributes),
        ),
    )


def _write_matches(own: Path, head: str, motifs: Sequence[Planted]) -> None:
    """Write the matches; the known motif begins where the core of the pattern does."""
    names = pattern_names(motifs)
    patterns = {pattern.name: pattern for pattern in read_motifs(own / f"{head}.modisco.h5")}
    rows = []
    for motif in motifs:
        name = names[motif.label]
        first, _ = core(patterns[name], flank=0)
        if motif.match_id:
            cells = ("PFM", motif.match_id, motif.label, motif.family, 1e-9, 1e-7, first, 8, "+")
            rows.append((name, "", *cells))
        else:
            rows.append((name, "", "", "", NO_MATCH, "", None, None, None, None, ""))
        for part in ("left", "right") if motif.kind == "composite" else ():
            cells = ("CWM", "MA0139.2", "CTCF", "x: y", 1e-5, 1e-3, first, 5, "-")
            rows.append((name, part, *cells))
    write_table(own / f"{head}.matches.tsv", MATCHES, rows)


def _write_labels(own: Path, motifs: Sequence[Planted]) -> None:
    """Write SAMPLE/motifs.tsv."""
    rows = []
    for motif in motifs:
        for head in HEADS:
            name, sign = pattern_names(motifs)[motif.label], 1 if motif.effect > 0 else -1
            n = {p.name: p.n_seqlets for p in read_motifs(own / f"{head}.modisco.h5")}[name]
            match = (motif.match_id, motif.label if motif.match_id else "", motif.family)
            q = 1e-7 if motif.match_id else None
            cells = (motif.label, head, name, sign, False, 0, n, motif.bases, *match, q)
            rows.append((*cells, motif.kind, motif.parts))
    write_table(own / "motifs.tsv", MOTIFS, rows)


def _write_instances(own: Path, head: str, truth: Truth, *, patterns: dict[str, str]) -> None:
    """Write an instance for each planted place, in the order of the genome."""
    found = read_scores(own / f"{head}.scores.h5")
    contributions, rows = found.contributions, []
    inside: dict[int, set[str]] = {}
    for row, *_, label in truth:
        inside.setdefault(row, set()).add(label)
    for row, start, end, strand, label in truth:
        first = int(found.start[row])
        bases = decode(found.sequences[row, start:end].argmax(axis=1).astype(np.int8))
        total = float(contributions[row, start:end].sum())
        middle = first + (start + end) // 2
        rows.append(
            (
                str(found.chrom[row]), first + start, first + end, label, patterns[label], strand,
                0.9, 0.8, total, bases if strand == "+" else reverse_complement(bases),
                str(found.name[row]), middle - int(found.summit[row]),
                ";".join(sorted(inside[row] - {label})), "", None,
            )
        )  # fmt: skip
    rows.sort(key=lambda cells: (cells[0], cells[1], cells[2], cells[5], cells[4]))
    write_table(own / f"{head}.instances.tsv", INSTANCES, rows)


def _write_effects(own: Path, head: str, motifs: Sequence[Planted], *, length: int) -> None:
    """Write effects: inserting a motif adds its effect, removing it takes it away."""
    names, rows = pattern_names(motifs), []
    for motif in motifs:
        for experiment, sign in (("insertion", 1), ("ablation", -1)):
            mean = sign * motif.effect
            numbers = (mean, mean - 0.1, mean + 0.1, 0.01, None, None, 50, 0.005, 0.005)
            start = (motif.label, names[motif.label], experiment)
            rows.append((*start, head, None, "target", *numbers, "has an effect", "", "", None))
            rows.append((*start, "counts", 0, "output", *numbers, "has an effect", "", "", None))
            shape = (0.5, 0.4, 0.6, *numbers[3:])
            rows.append((*start, "profile", None, "shape", *shape, "has an effect", "", "", None))
    write_table(own / f"{head}.effects.tsv", EFFECTS, rows)
    m, profile = len(motifs), np.full((2, length), 1 / length)
    none = np.zeros
    arrays: dict[str, Any] = {
        "measures/head": [head], "measures/unit": [-1], "measures/kind": ["target"],
        "backgrounds/codes": none((1, length), np.int8), "backgrounds/row": [0],
        "motifs/motif": [motif.label for motif in motifs],
        "motifs/pattern": list(names.values()), "motifs/inserted": ["A"] * m,
        "motifs/position": none(m, np.int64),
        "insertion/changes": none((m, 2, 1, 1)), "insertion/scrambled": none((m, 1, 1)),
        "sampled_insertion/sequences": [["A"]] * m,
        "sampled_insertion/changes": none((m, 2, 1, 1)),
        "sampled_insertion/scrambled": none((m, 1, 1)),
        **{f"ablation/{name}": none(0, np.int64) for name in ("motif", "row", "start", "end")},
        **{f"ablation/{name}": none((0, 1)) for name in ("changes", "controls")},
        "spacing/orientation": ["++", "+-", "-+", "--"], "spacing/measure": [0],
        "spacing/preference": np.empty(0, object),
        **{f"spacing/{name}": none(0, np.int64) for name in ("left", "right")},
        **{f"spacing/{name}": none((0, 4, 3, 1)) for name in ("interaction", "standard_error",
                                                               "p_value")},
        "footprints/0/head": ["profile"], "footprints/0/background": profile,
        "footprints/0/inserted": np.broadcast_to(profile, (m, 2, 2, length)),
    }  # fmt: skip
    write_effects(own / f"{head}.effects.h5", {"target": head}, arrays)
