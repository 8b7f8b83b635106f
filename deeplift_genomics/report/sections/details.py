"""Each motif: everything that is known of it, behind a click on its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

import numpy as np

from deeplift_genomics.instances.near_pairs import FURTHEST
from deeplift_genomics.motifs.alike import reads_alike
from deeplift_genomics.motifs.matches import LEFT, REPEAT, RIGHT
from deeplift_genomics.report.asked import NEEDS_MODEL
from deeplift_genomics.report.drawn import CWM, HYPOTHETICAL, PFM, histogram, logo, matrix_of
from deeplift_genomics.report.examples import Example
from deeplift_genomics.report.families import family_of
from deeplift_genomics.report.matched import (
    PartMatches,
    Under,
    known_matrices,
    matches_of,
    read_matches,
)
from deeplift_genomics.report.measured import ABLATION, INSERTION, measure
from deeplift_genomics.report.motif_effects import (
    effects_of,
    footprints_of,
    pairs_of,
    read_footprints,
)
from deeplift_genomics.report.motif_places import LISTED, examples_of, listed, read_examples
from deeplift_genomics.report.motif_words import kind_words, place_words, sign_words
from deeplift_genomics.report.neighbours import neighbours_of
from deeplift_genomics.report.render import Placeholder, Plots
from deeplift_genomics.report.sample_run import Member, ReportMotif, SampleRun
from deeplift_genomics.settings.motif_sections import Annotation

NEAR = 50  # bp from the summit
LONG = 20  # bases from which a known motif is drawn over two columns
_MANY_MOTIFS = "Not measured: effects.motifs says of how many motifs it is."
PART_WORDS = {"": "", LEFT: "left half", RIGHT: "right half", REPEAT: "each half"}


def shown(run: SampleRun) -> bool:
    """Return whether there is a motif."""
    return bool(run.motifs)


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return all that the page says of each motif."""
    found = _Details(run, plots)
    motifs = found.all()
    return {
        "motifs": motifs,
        "undrawn": found.undrawn,
        "motifs_by_number": [motif.anchor for motif in run.motifs],
        "noun": run.noun,
        "several": len(run.targets) > 1,
        "n_windows": run.n_windows,
        "centre": place_words(run),
        "near": NEAR,
        "furthest": FURTHEST,
        "listed": LISTED,
        "not_measured": _MANY_MOTIFS if "info" in run.paths else NEEDS_MODEL,
        "n_targets": len(run.targets),
        "folded": any(item["agreement"] is not None for item in motifs),
        "erred": any(item["error"] is not None for item in motifs),
    }


class _Details:
    """The details of all motifs, from files that are read once."""

    def __init__(self, run: SampleRun, plots: Plots) -> None:
        self._run, self._plots = run, plots
        self._matches = read_matches(
            {target.text: target.paths["matches"] for target in run.targets}
        )
        matched = any(match.motif_id for of in self._matches.values() for match in of)
        settings = Annotation(**run.config["annotation"])
        self._known = known_matrices(settings, run.known_motifs) if matched else {}
        # the file of known motifs, if it is not there any more
        self.undrawn = settings.database if matched and not self._known else ""
        self._footprints = read_footprints(run)
        self._examples = {
            target.text: read_examples(
                target.paths["instances"], run.statistics[target.text].summaries
            )
            for target in run.targets
        }
        self._names = [motif.name for motif in run.motifs]

    def all(self) -> list[dict[str, Any]]:
        """Return the details of each motif: those that raise the prediction come first."""
        found = [self._motif(number, motif) for number, motif in enumerate(self._run.motifs)]
        return sorted(found, key=lambda item: item["lowers"])

    def _motif(self, number: int, motif: ReportMotif) -> dict[str, Any]:
        """Return the details of one motif."""
        logos = {id(member): self._logos(member) for member in motif.members}
        heads = [self._head(number, motif, target) for target in motif.by_target()]
        matches = list(matches_of(motif, self._matches, self._known))
        return {
            "motif": motif,
            "label": motif.label,
            "family": family_of(motif.label.family).name if motif.label.family else "",
            "kind": kind_words(motif.label),
            "sign": sign_words(motif),
            "lowers": all(member.pattern.sign < 0 for member in motif.members),
            "palindrome": reads_alike(max(motif.members, key=_size).pattern),
            "logos": list(logos.values()),
            "matches": [self._part(part, logos) for part in matches],
            "alike": next((part.names for part in matches if not part.part), []),
            "loci": [_link(example) for example in self._run.loci.of_motif(motif.name)],
            "error": _extreme(max, (head["stability"].error for head in heads)),
            "agreement": _extreme(min, (head["stability"].agreement for head in heads)),
            "inserted": measure(self._run, [motif.name], INSERTION),
            "removed": measure(self._run, [motif.name], ABLATION),
            "heads": heads,
            "effects": _grouped(effects_of(self._run, motif)),
            "pairs": pairs_of(self._run, motif),
            "footprints": list(footprints_of(motif.name, self._footprints, self._plots)),
        }

    def _logos(self, member: Member) -> dict[str, Any]:
        """Return the three logos of a pattern and its numbers."""
        units = {CWM: "contribution", HYPOTHETICAL: "contribution", PFM: "bits"}
        drawn = {kind: logo(self._plots, member, kind, unit=unit) for kind, unit in units.items()}
        file = f"{self._run.sample}.{member.label.motif}.{member.target.text}"
        return {
            "target": member.target.text,
            "pattern": member.pattern.name,
            "n_seqlets": member.pattern.n_seqlets,
            "mean_contribution": member.pattern.mean_contribution,
            "scale": member.target.words.scale,
            "cwm": drawn[CWM],
            "hypothetical": drawn[HYPOTHETICAL],
            "pfm": drawn[PFM],
            "files": [
                ("Frequencies (MEME)", "meme", drawn[PFM], f"{file}.meme"),
                ("Contributions (TSV)", "tsv", drawn[CWM], f"{file}.cwm.tsv"),
                ("Logo (SVG)", "svg", drawn[CWM], f"{file}.svg"),
            ],
        }

    def _part(self, part: PartMatches, logos: dict[int, dict[str, Any]]) -> dict[str, Any]:
        """Return the matches of a motif or of a part of it."""
        return {
            "part": part.part,
            "words": PART_WORDS[part.part],
            "best": [
                {
                    "match": item.match,
                    "target": item.member.target.text,
                    "pattern": item.member.pattern.name,
                    "plot": self._aligned(item, logos[id(item.member)]),
                    "long": len(self._known.get(item.match.motif_id, ())) > LONG,
                }
                for item in part.best
            ],
            "others": part.others,
        }

    def _aligned(self, item: Under, logos: dict[str, Any]) -> Placeholder | str:
        """Return a known motif under the logo of the pattern by which it matched."""
        matrix = self._known.get(item.match.motif_id)
        if matrix is None:
            return ""
        under = matrix[::-1, ::-1] if item.reverse else matrix
        over = logos["pfm" if item.match.source == "PFM" else "cwm"]
        width = len(matrix_of(item.member, PFM))
        total = max(width, item.offset + len(under)) - min(0, item.offset)
        data = {
            "over": over.name,
            "under": np.round(under, 3).tolist(),
            "offset": item.offset,
            "names": [
                f"{item.member.label.motif} ({item.match.source})",
                f"{item.match.name} {item.match.motif_id}",
            ],
            "width": total * 16,
            "height": 140,
        }
        words = f"{item.match.name}, {item.match.overlap} bases in common"
        return self._plots.add(
            "aligned", data, f"{item.member.label.motif} above {words}", css="logo"
        )

    def _head(self, number: int, motif: ReportMotif, target: str) -> dict[str, Any]:
        """Return the numbers of a motif's instances for one head."""
        found, columns = self._run.statistics[target], self._run.instances[target]
        summary = found.summaries[number]
        left_out, neighbours = neighbours_of(number, self._names, found, self._plots)
        distance = np.abs(columns.distance[columns.of_motif(number)])
        where = f"{motif.name}, {target}: {summary.n} places around the {place_words(self._run)}"
        data = {"xlabel": "distance (bases)", "ylabel": "places", "places": listed(columns, number)}
        drawn = histogram(self._plots, found.bins, summary, label=where, more=data)
        return {
            "target": target,
            "summary": summary,
            "n_plus": summary.n - summary.n_minus,
            "where": drawn,
            "median_distance": round(float(np.median(distance))) if len(distance) else None,
            "n_near": int((distance <= NEAR).sum()),
            "stability": found.stability[number],
            "left_out": left_out,
            "neighbours": neighbours,
            "examples": examples_of(summary, self._examples[target]),
            "bed": f"{self._run.sample}.{motif.name}.{target}.bed",
        }


def _grouped(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of effects by the title of their experiment."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["title"], []).append(row)
    return found


def _link(example: Example) -> dict[str, str]:
    """Return the link that opens an example locus in the page's viewer."""
    href = f"#{quote(example.anchor, safe='=:')}"
    return {"words": example.rank, "href": href, "place": str(example.locus)}


def _extreme(
    choose: Callable[[Iterable[float]], float], values: Iterable[float | None]
) -> float | None:
    """Return the smallest or largest of the numbers that there are."""
    known = [value for value in values if value is not None]
    return choose(known) if known else None


def _size(member: Member) -> int:
    """Return the number of a pattern's seqlets."""
    return member.pattern.n_seqlets
