"""The input of a sample's page, read from the files of one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from deeplift_genomics.design.table import Oligos, read_oligo_table
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.instances.columns import Columns, read_columns
from deeplift_genomics.instances.statistics import Searched, Statistics, count_and_compare
from deeplift_genomics.models.info import HeadInfo
from deeplift_genomics.motifs.names import Label, read_motif_table
from deeplift_genomics.motifs.patterns import Pattern
from deeplift_genomics.record.warnings import Numbers
from deeplift_genomics.report.examples import LONGEST, ExampleLoci
from deeplift_genomics.report.instance_list import InstanceList
from deeplift_genomics.report.loci import LocusChoice, Sources
from deeplift_genomics.report.locus_numbers import most_fitting
from deeplift_genomics.report.numbers import ScoreSummary
from deeplift_genomics.report.words import TargetWords, target_words
from deeplift_genomics.scores.effects import EFFECTS
from deeplift_genomics.settings.choices import SEQUENCES
from deeplift_genomics.settings.motif_sections import Instances
from deeplift_genomics.settings.report_sections import Report
from deeplift_genomics.windows.dropped import Dropped


@dataclass(frozen=True)
class TargetRun:
    """What the run found for one target of the sample.

    Attributes
    ----------
    text
        The target, as written in the sample sheet.
    paths
        Its files: name in `settings.results.RESULTS` -> path.
    scores
        Numbers and attributes of the score file.
    attributes
        Attributes of the motif file.
    patterns
        The patterns of the motif file, positive ones first.
    labels
        Name of a pattern -> its row of SAMPLE/motifs.tsv.
    numbers
        The numbers that the warnings are told from.
    heads
        The heads of the sample's model; none if scores were given in its place.
    """

    text: str
    paths: Mapping[str, Path]
    scores: ScoreSummary
    attributes: Mapping[str, Any]
    patterns: list[Pattern]
    labels: Mapping[str, Label]
    numbers: Numbers
    heads: tuple[HeadInfo, ...]

    @cached_property
    def words(self) -> TargetWords:
        """The target in words."""
        return target_words(self.scores.attributes, self.heads)


class Member(NamedTuple):
    """One pattern of a motif: its target, the pattern, and its row of SAMPLE/motifs.tsv."""

    target: TargetRun
    pattern: Pattern
    label: Label


class ReportMotif(NamedTuple):
    """A motif of the sample: the patterns of its targets that are one motif, in their order.

    `label` is the row of the first member: name, best match, family, kind and parts are those of
    the motif.
    """

    name: str
    label: Label
    members: list[Member]

    @property
    def anchor(self) -> str:
        """The id of the motif's details on the page, to which links lead."""
        return f"motif-{self.name}"

    def by_target(self) -> dict[str, list[Member]]:
        """Return the members of each target that has any, by its text."""
        found: dict[str, list[Member]] = {}
        for member in self.members:
            found.setdefault(member.target.text, []).append(member)
        return found

    @property
    def n_seqlets(self) -> int:
        """Number of seqlets of all members."""
        return sum(member.pattern.n_seqlets for member in self.members)


@dataclass(frozen=True, eq=False)
class SampleRun:
    """What the page of a sample is made from; two are never equal, so that results can be kept.

    Attributes
    ----------
    row
        The sample's row of the sheet as plain texts, without absolute paths.
    config
        The configuration, likewise.
    paths
        The sample's own files: name in `settings.results.RESULTS` -> path.
    targets
        In the order of the sheet.
    dropped
        The dropped regions.
    warnings
        Reasons to doubt the results, in sentences.
    genes
        Gene annotation, GTF or GFF3, if there is one.
    contig_aliases
        Table of contig names, if there is one.
    known_motifs
        The file of known motifs, if the configuration names one.
    maps
        outputs.h5, if maps of the loci were made.
    known_sites
        BED file of sites that are known to matter, if the sheet names one.
    snakemake
        The version of Snakemake that runs the steps, if it does.
    """

    row: Mapping[str, Any]
    config: Mapping[str, Any]
    paths: Mapping[str, Path]
    targets: list[TargetRun]
    dropped: Dropped
    warnings: list[str]
    genes: Path | None = None
    contig_aliases: Path | None = None
    known_motifs: Path | None = None
    maps: Path | None = None
    known_sites: Path | None = None
    snakemake: str | None = None

    @property
    def sample(self) -> str:
        """Name of the sample."""
        return str(self.row["sample"])

    @property
    def attributes(self) -> Mapping[str, Any]:
        """Attributes of the first target's score file: those of windows and models are common."""
        return self.targets[0].scores.attributes

    @property
    def n_windows(self) -> int:
        """Number of windows, which all targets share."""
        return self.targets[0].scores.n_windows

    @property
    def tiled(self) -> bool:
        """Whether the regions are tiles of a genome."""
        return "tile_stride" in self.attributes

    @property
    def noun(self) -> str:
        """The word for what was cut into windows: region, tile or sequence."""
        if self.attributes.get("regions_format") == SEQUENCES:
            return "sequence"
        return "tile" if self.tiled else "region"

    @property
    def heads(self) -> tuple[HeadInfo, ...]:
        """The heads of the sample's model; none if scores were given in its place."""
        return self.targets[0].heads

    @cached_property
    def instances(self) -> dict[str, Columns]:
        """The instances of each target, by its text; their motifs are numbered as in `motifs`."""
        labels = [motif.name for motif in self.motifs]
        return {
            target.text: read_columns(target.paths["instances"], labels) for target in self.targets
        }

    @cached_property
    def statistics(self) -> dict[str, Statistics]:
        """The instances of each target in numbers, by its text."""
        overlap = Instances(**self.config.get("instances", {})).max_overlap
        return {
            target.text: count_and_compare(
                self.instances[target.text],
                target.paths["scores"],
                Searched(self.n_windows, target.scores.window_length, overlap),
            )
            for target in self.targets
        }

    @cached_property
    def effects(self) -> dict[str, list[dict[str, Any]]]:
        """The rows of each target's table of effects, by its text: column -> cell.

        There are none if scores were given in place of a model.
        """
        return {
            target.text: [
                dict(zip(EFFECTS.columns, cells, strict=True))
                for cells in iterate_table(target.paths["effects_table"], EFFECTS)
            ]
            if "effects_table" in target.paths
            else []
            for target in self.targets
        }

    @cached_property
    def oligos(self) -> Oligos:
        """The oligos that test the motifs; none if scores were given in place of a model."""
        if "oligos_table" not in self.paths:
            return Oligos([], [])
        return read_oligo_table(self.paths["oligos_table"])

    @cached_property
    def motifs(self) -> list[ReportMotif]:
        """The motifs of the sample, in the order of SAMPLE/motifs.tsv."""
        found: dict[str, list[Member]] = {}
        for label in read_motif_table(self.paths["labels"]):
            target = next(item for item in self.targets if item.text == label.target)
            pattern = next(item for item in target.patterns if item.name == label.pattern)
            found.setdefault(label.motif, []).append(Member(target, pattern, label))
        return [ReportMotif(name, of[0].label, of) for name, of in found.items()]

    @cached_property
    def _choice(self) -> LocusChoice:
        """The choice of the page's loci."""
        report = Report(**self.config["report"])
        length = min(LONGEST, self.targets[0].scores.window_length)
        most = min(report.most_loci, most_fitting(length, len(self.targets)))
        return LocusChoice(
            Sources(
                windows=self.paths["windows"],
                scores={target.text: target.paths["scores"] for target in self.targets},
                instances=self.instance_list,
                motifs={
                    motif.name: [member.target.text for member in motif.members]
                    for motif in self.motifs
                },
                named=report.loci,
                aliases=self.contig_aliases,
                most=most,
            )
        )

    @property
    def loci(self) -> ExampleLoci:
        """The loci of the page's viewer."""
        return self._choice.chosen

    @cached_property
    def instance_list(self) -> InstanceList:
        """All instances of all targets."""
        return InstanceList(self.instances)
