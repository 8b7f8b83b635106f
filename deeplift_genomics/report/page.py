"""The report: one HTML page per sample that needs no other file and no network.

It is written for two readers: one wants to know which motifs matter and has never seen a terminal,
the other must reproduce the figures years later. Nothing on the page depends on the clock or on the
machine.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.files.atomic import atomic_paths
from deeplift_genomics.report.methods_text import methods_text
from deeplift_genomics.report.read_sample import read_sample
from deeplift_genomics.report.render import Plots, render_page, render_section
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.report.sections import (
    details,
    files,
    glossary,
    known,
    loci,
    methods,
    motifs,
    nothing,
    order,
    origin,
    regions,
    signal,
    summary,
    trust,
    warnings,
)
from deeplift_genomics.windows.loci import check_loci, read_window_places

log = logging.getLogger(__name__)


def _always(run: SampleRun) -> bool:
    """Return True: most sections are on every page."""
    return True


class Section(NamedTuple):
    """A section of the page.

    `name` is the name of its module, of its template and of its anchor; `title` is its heading and
    its entry in the navigation. `context` turns a run into the variables of the template, and adds
    its drawings to the plots; `shown` decides whether the page has the section.
    """

    name: str
    title: str
    context: Callable[[SampleRun, Plots], dict[str, Any]]
    shown: Callable[[SampleRun], bool] = _always


SECTIONS = (
    Section("warnings", "Warnings", warnings.context, warnings.shown),
    Section("summary", "Summary", summary.context),
    Section("nothing", "No motif", nothing.context, nothing.shown),
    Section("trust", "How sure", trust.context),
    Section("motifs", "Motifs", motifs.context, motifs.shown),
    Section("details", "Each motif", details.context, details.shown),
    Section("known", "Known sites", known.context, known.shown),
    Section("loci", "Loci", loci.context, loci.shown),
    Section("order", "What to order", order.context, order.shown),
    Section("signal", "Observed against predicted", signal.context, signal.shown),
    Section("files", "Files", files.context),
    Section("regions", "Regions", regions.context),
    Section("glossary", "Glossary", glossary.context),
    Section("methods", "Methods", methods.context),
    Section("origin", "How it was made", origin.context),
)

# of this page, beside those of every page
STYLES = ("motifs.css", "viewer.css", "order.css")
SCRIPTS = (
    "motifs.js", "viewer_locus.js", "viewer_picture.js", "viewer_controls.js", "viewer.js",
    "outputs.js",
)  # fmt: skip


def write_report(
    output: str | Path,
    results: str | Path,
    *,
    row: Mapping[str, Any],
    config: Mapping[str, Any],
    genes: Path | None = None,
    contig_aliases: Path | None = None,
    required: Sequence[str] = (),
    known_motifs: Path | None = None,
    maps: Path | None = None,
    known_sites: Path | None = None,
    snakemake: str | None = None,
) -> None:
    """Write the page of one sample and, into its folder, the methods for a paper and their works.

    Parameters
    ----------
    output
        The HTML file to write.
    results
        The results folder, in which the files of the sample are found.
    row, config
        The sample's row of the sheet and the configuration, as plain values without absolute
        paths.
    genes
        Gene annotation, GTF or GFF3, if there is one.
    contig_aliases
        Table of contig names, if there is one.
    required
        Loci of ``report.loci`` that a window of the sample must hold; of the others, the page says
        if none does.
    known_motifs
        The file of known motifs, if the configuration names one.
    maps
        outputs.h5, if maps of the loci were made.
    known_sites
        BED file of sites that are known to matter, if the sheet names one.
    snakemake
        The version of Snakemake that runs the steps, if it does.

    Raises
    ------
    InputError
        If a file is missing, damaged or of another run than the rest, if no window holds a required
        locus, or if the page cannot be written.
    """
    run = read_sample(
        results,
        row,
        config,
        genes=genes,
        contig_aliases=contig_aliases,
        known_motifs=known_motifs,
        maps=maps,
        known_sites=known_sites,
        snakemake=snakemake,
    )
    if required:
        aliases = read_aliases(contig_aliases)
        check_loci(required, read_window_places(run.paths["windows"]), aliases)
    page, methods_of_run = render(run), methods_text(run)
    texts = {
        Path(output).name: page,
        run.paths["methods_text"].name: methods_of_run.text,
        run.paths["bibliography"].name: methods_of_run.bibtex,
    }
    with atomic_paths(*(Path(output).with_name(name) for name in texts)) as temporaries:
        for temporary, text in zip(temporaries, texts.values(), strict=True):
            temporary.write_text(text, encoding="utf-8", newline="\n")
    log.info("%s: %d motifs, %d bytes", output, len(run.motifs), len(page))


def render(run: SampleRun) -> str:
    """Return the page as HTML: the sections that this run shows, in order."""
    plots = Plots()
    shown = [section for section in SECTIONS if section.shown(run)]
    names = {"sections": {section.name for section in shown}}  # to which a template can link
    sections = [
        render_section(section.name, section.title, names | section.context(run, plots))
        for section in shown
    ]
    title = run.row.get("title") or run.sample
    about = [run.row.get(key) for key in ("assay", "cell_type", "genome")]
    subtitle = ", ".join(text for text in about if text)
    return render_page(
        f"{title} (motif report)",
        title,
        subtitle,
        sections=sections,
        plots=plots,
        scripts=SCRIPTS,
        letters=run.config.get("report", {}).get("letters", "default"),
        styles=STYLES,
    )
