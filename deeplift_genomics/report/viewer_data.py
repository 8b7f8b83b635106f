"""The data of the viewer in a sample's page: its loci, and what stands along each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.gene_models import Neighbourhood, genes_around
from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.motifs.colours import colours_of
from deeplift_genomics.report.examples import Example, ExampleLocus
from deeplift_genomics.report.instance_list import MotifPlace, joined
from deeplift_genomics.report.locus_numbers import (
    pack,
    read_contributions,
    read_sequences,
)
from deeplift_genomics.report.locus_profiles import read_profiles
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.windows.loci import read_window_places

_MOST_NAMED = 12  # motifs in an alternative text


class ShownLocus:
    """A locus with all that the page shows of it.

    Attributes
    ----------
    locus
        The locus.
    sequence
        Its bases.
    contributions
        Target -> contribution of each base, (bases,).
    instances
        The instances of all targets, from left to right.
    genes
        The genes; None without an annotation.
    profiles
        Tracks, as `locus_profiles.read_profiles` gives them.
    """

    def __init__(
        self,
        locus: ExampleLocus,
        sequence: str,
        contributions: dict[str, NDArray[np.float32]],
        instances: list[MotifPlace],
        *,
        genes: Neighbourhood | None = None,
        profiles: Sequence[dict[str, Any]] = (),
    ) -> None:
        self.locus, self.sequence, self.contributions = locus, sequence, contributions
        self.instances, self.genes, self.profiles = instances, genes, profiles

    @property
    def motifs(self) -> list[tuple[MotifPlace, list[str]]]:
        """The instances from left to right, those of several targets at one place as one."""
        return joined(self.instances)

    @property
    def label(self) -> str:
        """The locus in words, for readers who do not see it."""
        places = [
            f"{place.motif} at {place.locus} ({place.strand} strand)"
            for place, _ in self.motifs[:_MOST_NAMED]
        ]
        more = len(self.motifs) - len(places)
        places += [f"{more} more"] if more > 0 else []
        found = "; ".join(places) or "no instance of a motif"
        return (
            f"Contributions of the bases at {self.locus.shown}, {self.locus.called}, to "
            f"{' and '.join(self.contributions)}. From left to right: {found}."
        )

    def total(self, target: str) -> float:
        """Return the sum of the contributions to a target."""
        return float(self.contributions[target].sum(dtype=np.float64))


def shown_loci(run: SampleRun) -> list[ShownLocus]:
    """Return the loci of a page with all that it shows of them."""
    loci = run.loci.loci
    first = run.targets[0].paths["scores"]
    contributions = {
        target.text: read_contributions(target.paths["scores"], loci) for target in run.targets
    }
    genes, profiles = _genes(run, loci), _profiles(run, loci)
    return [
        ShownLocus(
            locus,
            sequence,
            {target: values[index] for target, values in contributions.items()},
            list(run.instance_list.within(locus.shown)),
            genes=genes[index] if genes else None,
            profiles=profiles[index] if profiles else (),
        )
        for index, (locus, sequence) in enumerate(
            zip(loci, read_sequences(first, loci), strict=True)
        )
    ]


def _genes(run: SampleRun, loci: Sequence[ExampleLocus]) -> list[Neighbourhood]:
    """Return the genes of each locus; an empty list without an annotation."""
    if run.genes is None or not loci:
        return []
    places = read_window_places(run.paths["windows"])
    return genes_around(
        run.genes,
        [locus.shown for locus in loci],
        places.contigs,
        read_aliases(run.contig_aliases),
    )


def _profiles(run: SampleRun, loci: Sequence[ExampleLocus]) -> list[list[dict[str, Any]]]:
    """Return the tracks of each locus; an empty list if nothing was predicted along windows."""
    if "predictions" not in run.paths:
        return []
    return read_profiles(run.paths["predictions"], loci)


def viewer_data(run: SampleRun, shown: Sequence[ShownLocus]) -> dict[str, Any]:
    """Return the data of the viewer, as ``assets/viewer.js`` reads them.

    Positions are 0-based; within a locus they count from its first base.
    """
    labels = [motif.name for motif in run.motifs]
    colours = colours_of(labels)
    lanes = [{"name": item.text, "unit": item.words.scale} for item in run.targets]
    return {
        "lanes": lanes,
        "motifs": [[name, f"rgb({colours[name]})"] for name in labels],
        "loci": [_as_plain(one, labels, [item.text for item in run.targets]) for one in shown],
    }


def _as_plain(shown: ShownLocus, labels: list[str], targets: list[str]) -> dict[str, Any]:
    """Return one locus as JSON has it."""
    part = shown.locus.shown
    genes = shown.genes
    return {
        "contig": part.contig,
        "start": part.start,
        "region": shown.locus.region,
        "called": shown.locus.called,
        "window": [shown.locus.window.start, shown.locus.window.end],
        "examples": [
            {
                "words": example.words,
                "motif": example.motif,
                # None: a whole region, of which the script shows the strongest part first
                "place": _within(example, shown.locus),
            }
            for example in shown.locus.examples
        ],
        "label": shown.label,
        "bases": shown.sequence,
        "contributions": [pack(shown.contributions[target]) for target in targets],
        "instances": [
            [
                targets.index(place.target),
                labels.index(place.motif),
                place.locus.start - part.start,
                place.locus.end - part.start,
                place.strand,
                float(f"{place.contribution:.3g}"),
            ]
            for place in shown.instances
        ],
        "profiles": list(shown.profiles),
        "genes": None if genes is None else _genes_as_plain(genes, part),
    }


def _within(example: Example, locus: ExampleLocus) -> list[int] | None:
    """Return where an example is in the part that is shown; None if it is a whole region."""
    if example.locus == locus.window:
        return None
    shown = locus.shown
    bounds = (max(example.locus.start, shown.start), min(example.locus.end, shown.end))
    return [bound - shown.start for bound in bounds]


def _genes_as_plain(genes: Neighbourhood, part: Locus) -> dict[str, Any]:
    """Return the genes of a locus as JSON has them, cut to what can be seen."""

    def seen(position: int) -> int:
        return max(-1, min(position - part.start, part.end - part.start + 1))

    return {
        "inside": [
            [
                model.gene.name,
                model.gene.strand,
                seen(model.gene.start),
                seen(model.gene.end),
                [[seen(start), seen(end)] for start, end in model.exons],
            ]
            for model in genes.genes
        ],
        "nearest": list(genes.nearest) if genes.nearest else None,
    }
