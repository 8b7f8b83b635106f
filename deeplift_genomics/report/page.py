"""The report: one HTML page per sample and target that needs no other file and no network.

It is written for two readers: one wants to know which motifs matter and has never seen a terminal,
the other must reproduce the figures years later. The page contains everything that it shows, and
nothing on it depends on the clock or on the machine.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from deeplift_genomics.files.atomic import atomic_path
from deeplift_genomics.report.run import Run, read_run
from deeplift_genomics.report.sections import (
    completeness,
    details,
    folds,
    origin,
    patterns,
    regions,
    summary,
    warnings,
)
from deeplift_genomics.report.words import number
from deeplift_genomics.version import __version__

log = logging.getLogger(__name__)

TEMPLATES = Path(__file__).parent / "templates"


def _always(run: Run) -> bool:
    """Return True: most sections are on every page."""
    return True


class Section(NamedTuple):
    """A section of the page.

    `name` is the name of its module, of its template and of its anchor; `title` is its heading and
    its entry in the navigation. `context` turns a run into the variables of the template; `shown`
    decides whether the page has the section.
    """

    name: str
    title: str
    context: Callable[[Run], dict[str, Any]]
    shown: Callable[[Run], bool] = _always


SECTIONS = (
    Section("warnings", "Warnings", warnings.context, warnings.shown),
    Section("summary", "Summary", summary.context),
    Section("patterns", "Patterns", patterns.context),
    Section("details", "Each pattern", details.context, details.shown),
    Section("regions", "Regions", regions.context),
    Section("folds", "Do the models agree?", folds.context, folds.shown),
    Section("completeness", "Do the numbers add up?", completeness.context),
    Section("origin", "How it was made", origin.context),
)


def write_report(
    output: str | Path,
    sample: str,
    scores_path: str | Path,
    motifs_path: str | Path,
    *,
    logos_folder: str | Path,
    dropped_path: str | Path,
    config: Mapping[str, Any] | None = None,
) -> None:
    """Write the page of one sample and target.

    Parameters
    ----------
    output
        The HTML file to write.
    sample
        Name of the sample, for the heading.
    scores_path, motifs_path
        The score file of the target and the motifs file made from it.
    logos_folder
        The folder of logos that `draw_logos` wrote for that motifs file.
    dropped_path
        The list of dropped regions, ``dropped.tsv``.
    config
        The configuration to print, as given.

    Raises
    ------
    InputError
        If a file is missing, damaged or of another run than the rest, or the page cannot be
        written.
    """
    run = read_run(
        sample,
        scores_path,
        motifs_path,
        logos_folder=logos_folder,
        dropped_path=dropped_path,
        config=config,
    )
    page = _render(run)
    with atomic_path(output) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    log.info("%s: %d patterns, %d bytes", output, len(run.patterns), len(page))


def _render(run: Run) -> str:
    """Return the page as HTML: the sections that this run shows, in order."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["number"] = number
    sections = []
    for section in SECTIONS:
        if section.shown(run):
            template = environment.get_template(f"sections/{section.name}.html.j2")
            # the template has escaped its variables already
            body = Markup(template.render(section.context(run)))
            sections.append({"name": section.name, "title": section.title, "body": body})
    return environment.get_template("page.html.j2").render(
        sample=run.sample, target=run.target, sections=sections, version=__version__
    )
