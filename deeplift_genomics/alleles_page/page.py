"""The page of a sample's variants: SAMPLE/alleles.html."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from deeplift_genomics.alleles_page.drawn import MOST_CHANGED, drawing
from deeplift_genomics.design.table import DIFFERENCE, FOLD, SHAPE, Outcome
from deeplift_genomics.files.atomic import atomic_path
from deeplift_genomics.files.words import shortened
from deeplift_genomics.report.render import Plots, RenderedSection, render_page, render_section
from deeplift_genomics.report.sections.order import in_words
from deeplift_genomics.report.terms import terms
from deeplift_genomics.scores.allele_tables import BROKEN, MADE, Alleles, MotifChange
from deeplift_genomics.scores.alleles import Letters, open_letters, read_alleles
from deeplift_genomics.settings.allele_section import Alleles as Settings
from deeplift_genomics.windows.alleles import REASONS

log = logging.getLogger(__name__)

MOST_EFFECTS = 4  # numbers of a variant that the page tells; the table beside it has them all
RARE = 0.05  # share of random changes with as large an effect, of a variant that stands out
# kinds of effects in the order of the page -> what changes
_WHAT = {FOLD: "Predicted signal", DIFFERENCE: "Predicted value", SHAPE: "Place of the signal"}
_LONGEST = 24  # bases of an allele
WORDS = (
    *("variant", "allele", "window", "reference", "head", "target", "contribution"),
    *("completeness", "motif", "pattern", "instance", "n-fold", "Jensen-Shannon distance"),
)


def write_page(
    numbers: str | Path,
    output: str | Path,
    *,
    title: str = "",
    settings: Settings | None = None,
    letters: str = "default",
) -> None:
    """Write the page of variants.

    Parameters
    ----------
    numbers
        SAMPLE/alleles.h5.
    output
        The HTML file to write.
    title
        Name of the sample.
    settings
        How many variants are drawn, and how far; the defaults if not given.
    letters
        The palette of the letters (``report.letters``).

    Raises
    ------
    InputError
        If the file is missing or damaged, or the page cannot be written.
    """
    page = render(Path(numbers), title=title, settings=settings or Settings(), letters=letters)
    with atomic_path(output) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    log.info("%s: %d bytes", output, len(page))


def render(numbers: Path, *, title: str, settings: Settings, letters: str) -> str:
    """Return the page as HTML."""
    found, plots = read_alleles(numbers), Plots()
    order, effects = strongest_first(found), shown_effects(found)
    drawn = order[: settings.drawn]
    with open_letters(numbers) as read:
        panels = [
            _panel(read, found, i, plots, effects=effects, flank=settings.flank) for i in drawn
        ]
    several = {"several": len(found.targets) > 1}
    sections = [
        _section("short", "In short", _short(found, order)),
        _section("variants", "Variants", _table(found, order, effects, set(drawn))),
    ]
    if panels:
        context = {"panels": panels, "n": len(found), "most": MOST_CHANGED, **several}
        sections.append(_section("letters", "Letters", context))
    if found.left_out:
        sections.append(_section("left-out", "Left out", _left_out(found)))
    sections.append(_section("how", "How this was made", _how(found, numbers)))
    words = [term for term in terms() if term.word in WORDS]
    sections.append(render_section("glossary", "Glossary", {"terms": words}))
    heading = f"{title}: variants" if title else "Variants"
    source = found.attributes.get("variants", "a VCF file")
    return render_page(
        heading,
        heading,
        f"{len(found):,} variants of {source}, both alleles explained",
        sections=sections,
        plots=plots,
        scripts=["alleles.js"],
        styles=["alleles.css"],
        letters=letters,
        parts=found.targets,
    )


def _table(
    found: Alleles,
    order: Sequence[int],
    effects: Sequence[tuple[int, Outcome]],
    drawn: Collection[int],
) -> dict[str, Any]:
    """Return the table of all variants."""
    rows = [_row(found, i, effects, drawn=i in drawn) for i in order]
    return {
        "rows": rows,
        "outcomes": [_what(outcome) for _, outcome in effects],
        "random": any(row["share"] is not None for row in rows),
    }


def _how(found: Alleles, numbers: Path) -> dict[str, Any]:
    """Return what the page was made from, and the files beside it."""
    return {
        "numbers": numbers.name,
        "table": f"{numbers.stem}.tsv",
        "motifs": f"{numbers.stem}.motifs.tsv",
        "about": found.attributes,
        "attributes": [(key, str(value)) for key, value in sorted(found.attributes.items())],
    }


def _section(name: str, title: str, context: dict[str, Any]) -> RenderedSection:
    return render_section(name, title, context, template=f"alleles/{name}")


def strongest_first(found: Alleles) -> list[int]:
    """Return the numbers of the variants by the size of their effect, those without one last."""

    def size(i: int) -> float:
        effect = found.columns["effect"][i]
        return abs(effect) if isfinite(effect) else -1.0

    return sorted(range(len(found)), key=lambda i: (-size(i), i))


def shown_effects(found: Alleles) -> list[tuple[int, Outcome]]:
    """Return the column of each effect that the page tells, and what it is."""
    known = []
    for column, text in enumerate(found.outcomes):
        kind, _, head = text.partition(":")
        if kind in _WHAT:
            known.append((column, Outcome(kind, head)))
    known.sort(key=lambda one: list(_WHAT).index(one[1].kind))
    return known[:MOST_EFFECTS]


def _what(outcome: Outcome) -> str:
    """Return what changes, as a heading.

    >>> _what(Outcome("log2_fold", "counts"))
    'Predicted signal (counts)'
    """
    return f"{_WHAT[outcome.kind]} ({outcome.name})"


def _name(found: Alleles, i: int) -> dict[str, Any]:
    """Return how a variant is named on the page."""
    columns = found.columns
    ref, alt = (shortened(columns[name][i], _LONGEST) for name in ("ref", "alt"))
    place = f"{columns['chrom'][i]}:{columns['position'][i]:,}"
    return {
        "anchor": f"variant-{i}",
        "place": place,
        "change": f"{ref}>{alt}",
        "name": f"{place} {ref}>{alt}",
        "id": columns["id"][i],
    }


def _effects(
    found: Alleles, i: int, effects: Sequence[tuple[int, Outcome]]
) -> list[dict[str, Any]]:
    """Return the effects of a variant as numbers and in words."""
    rows = []
    for column, outcome in effects:
        value = float(found.effects[i, column])
        known = isfinite(value)
        words = in_words(outcome, value) if known else "–"
        rows.append({"value": value if known else None, "words": words, "what": _what(outcome)})
    return rows


def _row(
    found: Alleles, i: int, effects: Sequence[tuple[int, Outcome]], *, drawn: bool
) -> dict[str, Any]:
    """Return the cells of a variant in the table."""
    share = found.columns["random_share"][i]
    return {
        **_name(found, i),
        "drawn": drawn,
        "effects": _effects(found, i, effects),
        "share": share if isfinite(share) else None,
        "motifs": found.columns["motifs"][i],
    }


def _short(found: Alleles, order: Sequence[int]) -> dict[str, Any]:
    """Return the sentences of the first section."""
    shares = [share for share in found.columns["random_share"] if isfinite(share)]
    changed = Counter(status for _, status in {(one.variant, one.status) for one in found.motifs})
    first = None
    kind, _, head = (found.columns["effect_of"][order[0]] if order else "").partition(":")
    if kind in _WHAT:
        effect, outcome = float(found.columns["effect"][order[0]]), Outcome(kind, head)
        first = {**_name(found, order[0]), "what": _what(outcome)}
        first["words"] = in_words(outcome, effect)
    return {
        "n": len(found),
        "n_left_out": len(found.left_out),
        "first": first,
        "n_compared": len(shares),
        "n_rare": sum(share <= RARE for share in shares),
        "rare": RARE,
        "with_motifs": bool(found.attributes.get("motif_files")),
        "broken": changed[BROKEN],
        "made": changed[MADE],
    }


def _panel(
    read: Callable[[int, str], Letters],
    found: Alleles,
    i: int,
    plots: Plots,
    *,
    effects: Sequence[tuple[int, Outcome]],
    flank: int,
) -> dict[str, Any]:
    """Return what is shown of one variant."""
    name, parts = _name(found, i), []
    for target in found.targets:
        letters = read(i, target)
        before, after = (float(value) for value in letters.target)
        motifs = [one for one in found.motifs if one.variant == i and one.target == target]
        told = "; ".join(f"{one.motif} {one.status}" for one in motifs) or "no motif changed"
        label = f"Letters of both alleles of {name['name']} for {target}, and their difference"
        parts.append(
            {
                "target": target,
                "plot": plots.add(
                    "alleles",
                    drawing(found, i, letters, target=target, flank=flank),
                    f"{label}: {told}",
                ),
                "before": before,
                "after": after,
                "motifs": [_motif(one) for one in motifs],
            }
        )
    share = found.columns["random_share"][i]
    return {
        **name,
        "effects": _effects(found, i, effects),
        "n_random": (number := int(found.attributes.get("random_changes", 0))),
        "n_as_large": round(share * number) if isfinite(share) else None,
        "targets": parts,
        "long": max(found.columns[key][i] for key in ("removed", "added")) > MOST_CHANGED,
    }


def _motif(one: MotifChange) -> dict[str, Any]:
    """Return what is told of a motif."""
    return {
        "motif": one.motif,
        "status": one.status,
        "before": one.reference_contribution,
        "after": one.alternative_contribution,
        "match_before": one.reference_match,
        "match_after": one.alternative_match,
    }


def _left_out(found: Alleles) -> dict[str, Any]:
    """Return the variants that were not explained, and the reasons."""
    counts = Counter(one["left_out"] for one in found.left_out)
    rows = [
        {
            "place": f"{one['chrom']}:{one['position']:,}",
            "change": f"{shortened(one['ref'], _LONGEST)}>{shortened(one['alt'], _LONGEST)}",
            **{key: one[key] for key in ("line", "id", "left_out", "detail")},
        }
        for one in found.left_out
    ]
    reasons = [(reason, count, REASONS.get(reason, "")) for reason, count in counts.most_common()]
    return {"rows": rows, "reasons": reasons}
