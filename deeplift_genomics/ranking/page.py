"""The page that ranks the methods of attribution: SAMPLE/evaluation.html."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_path
from deeplift_genomics.ranking.answers import figures, sentences
from deeplift_genomics.ranking.charts import curves, dots
from deeplift_genomics.ranking.method_words import METHOD_WORDS
from deeplift_genomics.ranking.numbers import ISM, TargetNumbers, numbers_of
from deeplift_genomics.ranking.shown import DIRECTION, INTRODUCTIONS, MEANINGS, NOTES
from deeplift_genomics.ranking.table import all_numbers, leaders, ranking, seqlets
from deeplift_genomics.report.render import Plots, RenderedSection, render_page, render_section
from deeplift_genomics.report.sections.trust import SYMBOLS
from deeplift_genomics.report.terms import terms
from deeplift_genomics.report.words import target_words
from deeplift_genomics.scores.evaluations import Evaluation, read_evaluation
from deeplift_genomics.settings.metrics import METRICS, PARTS, barred_by
from deeplift_genomics.settings.perturbation_options import MutagenesisOptions

log = logging.getLogger(__name__)

# curves of a metric that are all in view; of more, the first six are, and a click shows the others
FEW, FIRST = 9, 6
# words of the report's glossary that this page uses, too
WORDS = (
    "region",
    "window",
    "reference",
    "target",
    "fold",
    "contribution",
    "completeness",
    "seqlet",
)


def write_ranking(
    evaluation: str | Path, output: str | Path, *, title: str = "", letters: str = "default"
) -> None:
    """Write the page of an evaluation.

    Parameters
    ----------
    evaluation
        SAMPLE/evaluation.h5.
    output
        The HTML file to write.
    title
        Name of the sample.
    letters
        The palette of the letters (``report.letters``).

    Raises
    ------
    InputError
        If the evaluation is missing, damaged or empty, or the page cannot be written.
    """
    found = read_evaluation(evaluation)
    if not len(found.table):
        raise InputError(
            f"{evaluation} has no numbers, so there is nothing to rank. Evaluate again, with at "
            "least one region and one method."
        )
    page = render(found, Path(evaluation).name, sample=title, letters=letters)
    with atomic_path(output) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    log.info("%s: %d methods, %d bytes", output, len(found.methods), len(page))


def render(evaluation: Evaluation, name: str, *, sample: str, letters: str) -> str:
    """Return the page as HTML; `name` is that of the file with the numbers."""
    plots, targets, about = Plots(), numbers_of(evaluation), evaluation.attributes
    confidence = f"{100 * float(about.get('confidence', 0.95)):g}%"
    sections = [
        _section("answer", "Answer", {"targets": [_answer(one, about) for one in targets]}),
        _section(
            "ranking", "Ranking", {"targets": [(one.target, ranking(one)) for one in targets]}
        ),
    ]
    for part, title in PARTS.items():
        shown = [(one.target, _part(one, part, plots)) for one in targets]
        if any(found["metrics"] or found["seqlets"] for _, found in shown):
            context = {
                "targets": shown,
                "introduction": f"{INTRODUCTIONS[part]}{_span_of_ism(evaluation, part)}",
                "part": part,
                "confidence": confidence,
            }
            sections.append(_section(part, title, context, template="part"))
    sections.append(_section("run", "What was run", _run(evaluation, name)))
    words = [term for term in terms() if term.on_evaluation or term.word in WORDS]
    sections.append(render_section("glossary", "Glossary", {"terms": words}))
    title = f"{sample}: which method to trust" if sample else "Which method to trust"
    return render_page(
        f"{title} (evaluation)",
        title,
        f"{len(evaluation.methods)} methods of attribution, evaluated in "
        f"{about.get('n_regions', '?')} regions",
        sections=sections,
        plots=plots,
        scripts=["intervals.js"],
        styles=["ranking.css"],
        letters=letters,
        parts=[one.target for one in targets],
    )


def _section(
    name: str, title: str, context: Mapping[str, Any], template: str = ""
) -> RenderedSection:
    several = {"several": len(context.get("targets", ())) > 1}
    return render_section(
        name, title, {**several, **context}, template=f"ranking/{template or name}"
    )


def _answer(numbers: TargetNumbers, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer of one target: sentences and figures."""
    words = target_words({"target": numbers.target})
    return {
        "target": numbers.target,
        "meaning": words.meaning,
        "title": numbers.title(numbers.subject),
        "sentences": [*sentences(numbers, about), *filter(None, [leaders(numbers)])],
        "figures": [figure._asdict() for figure in figures(numbers, about)],
        "symbols": SYMBOLS,
    }


def _part(numbers: TargetNumbers, part: str, plots: Plots) -> dict[str, Any]:
    """Return the charts and the tables of a part of the evaluation."""
    found = []
    for name, metric in METRICS.items():
        if metric.part != part or not numbers.of(name) or name == "motif_seqlets":
            continue
        panels = curves(plots, numbers, name) if metric.x else []
        in_view = len(panels) if len(panels) <= FEW else FIRST
        found.append(
            {
                "name": name,
                "about": metric,
                "meaning": MEANINGS.get(name, metric.meaning),
                "direction": DIRECTION.get(part, DIRECTION[metric.better]),
                "note": NOTES.get(name, ""),
                "panels": panels[:in_view],
                "further": panels[in_view:],
                "dots": None if panels else dots(plots, numbers, name),
                "rows": all_numbers(numbers, name),
                "levels": _levels(numbers, name),
                "missing": _missing(numbers, name),
            }
        )
    return {"metrics": found, "seqlets": seqlets(numbers) if part == "motifs" else None}


def _span_of_ism(evaluation: Evaluation, part: str) -> str:
    """Return a sentence on the bases that in-silico mutagenesis has computed, if not all."""
    options = evaluation.methods.get(ISM, {}).get("options") or {}
    length = int(evaluation.attributes.get("window_length", 0))
    start, end = MutagenesisOptions.model_validate(options).span_in(length) if length else (0, 0)
    if part not in ("faithfulness", "agreement") or end - start == length:
        return ""
    return (
        f" It has computed the bases {start:,} to {end:,} of windows of {length:,} bases here; "
        "in its order, the others count as 0."
    )


def _levels(numbers: TargetNumbers, metric: str) -> list[tuple[float, str]]:
    """Return the names of the places of a curve."""
    found = {value.x: value.level for own in numbers.of(metric).values() for value in own}
    return [(x, level) for x, level in sorted(found.items()) if level]


def _missing(numbers: TargetNumbers, metric: str) -> list[str]:
    """Return the methods that do not have a metric; of those that it bars, with the reason."""
    found = []
    for method, about in numbers.methods.items():
        if method not in numbers.of(metric):
            barred = metric in barred_by(str(about.get("picked_by", "")))
            found.append(numbers.title(method) + (" (picks its scores by it)" if barred else ""))
    return found


def _run(evaluation: Evaluation, name: str) -> dict[str, Any]:
    """Return what was evaluated, and how."""
    about = evaluation.attributes
    return {
        "methods": [
            {
                "name": method,
                "title": one.get("title") or method,
                "words": METHOD_WORDS.get(method, ""),
                "options": _options(one.get("options") or {}),
                "gives": one.get("gives", "bases"),
                "picked_by": one.get("picked_by", ""),
            }
            for method, one in evaluation.methods.items()
        ],
        "attributes": [(key, str(value)) for key, value in sorted(about.items())],
        "about": about,
        "file": name,
        "table": f"{Path(name).stem}.tsv",
    }


def _options(options: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return the options of a method as texts, without those that are empty."""
    return [
        (key, value if isinstance(value, str) else json.dumps(value))
        for key, value in options.items()
        if value not in ("", [])
    ]
