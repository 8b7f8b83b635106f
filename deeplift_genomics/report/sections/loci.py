"""Loci: example loci in a viewer, and a table of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from deeplift_genomics.report.examples import Example
from deeplift_genomics.report.output_maps import drawn_maps
from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.report.viewer_data import ShownLocus, shown_loci, viewer_data


def shown(run: SampleRun) -> bool:
    """Return whether the page has loci to show, or to say that it has not."""
    return bool(run.loci.loci or run.loci.missing)


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the viewer and the rows of the table."""
    loci = shown_loci(run)
    targets = [target.text for target in run.targets]
    viewer = None
    if loci:
        viewer = plots.add("locus", viewer_data(run, loci), loci[0].label)
    return {
        "viewer": viewer,
        "targets": targets,
        "noun": run.noun,
        "genome": bool(run.row.get("fasta")),
        "rows": [_row(one, targets) for one in loci],
        "missing": run.loci.missing,
        "without_motifs": not run.motifs,
        "maps": None if run.maps is None else drawn_maps(run.maps, plots),
    }


def _row(one: ShownLocus, targets: list[str]) -> dict[str, Any]:
    """Return the cells of a locus."""
    return {
        "place": str(one.locus.shown),
        "region": one.locus.called,
        "part": one.locus.shown != one.locus.window,
        "examples": list(_links(one.locus.examples)),
        "motifs": list(_motifs(one, len(targets))),
        "totals": [one.total(target) for target in targets],
        "genes": _genes(one),
    }


def _links(examples: Sequence[Example]) -> Iterator[dict[str, Any]]:
    """Yield the link that opens each example, and why it is shown; a place has one anchor."""
    places = [example.anchor for example in examples]
    for number, (example, place) in enumerate(zip(examples, places, strict=True)):
        yield {
            "words": example.words,
            "id": "" if place in places[:number] else place,
            "href": f"#{quote(place, safe='=:')}",
            "value": example.value,
        }


def _motifs(one: ShownLocus, n_targets: int) -> Iterator[dict[str, str]]:
    """Yield name and strand of each instance, and its targets if it is not one of all."""
    for place, targets in one.motifs:
        only = ", ".join(targets) if len(targets) < n_targets else ""
        yield {"name": place.motif, "strand": place.strand, "targets": only}


def _genes(one: ShownLocus) -> str:
    """Return the genes of a locus in words; an empty text without an annotation."""
    if one.genes is None:
        return ""
    if one.genes.genes:
        return ", ".join(f"{model.gene.name} ({model.gene.strand})" for model in one.genes.genes)
    if one.genes.nearest is None:
        return "none on this contig"
    name, distance = one.genes.nearest
    return (
        f"nearest: {name}, {abs(distance):,} bp {'down' if distance > 0 else 'up'}stream of its TSS"
    )
