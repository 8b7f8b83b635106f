"""Figures of trust: how far to believe the page, each with a verdict.

The limits are told, with what they were taken from, in docs/methods.md under "Figures of trust".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from deeplift_genomics.errors import InputError
from deeplift_genomics.record.warnings import ABOVE_SHUFFLES, share_above_shuffles
from deeplift_genomics.report.agreement import Alike, correlate, expected_repeat
from deeplift_genomics.report.figure import FAIL, LOOK, PASS, UNKNOWN, Figure, verdict_of
from deeplift_genomics.report.fit import fit_figure
from deeplift_genomics.report.sample_run import SampleRun, TargetRun
from deeplift_genomics.report.words import number_in_text
from deeplift_genomics.scores.given import is_not_known
from deeplift_genomics.settings.choices import SINGLE_KINDS
from deeplift_genomics.settings.target_names import PROFILE_KINDS, TargetSum, parse_target_name

# verdict -> from which number on, or up to which one: good, and bad beyond the second
COMPLETENESS = (0.01, 0.1)
SECOND_PATH = (0.001, 0.01)
STABILITY = (0.9, 0.7)
FOLDS = (0.7, 0.5)
HEADS = 0.7
SHUFFLES = (ABOVE_SHUFFLES, 0.6)
MOST_TARGETS = 16  # whose scores are read

Meanings = Mapping[str, str]  # verdict -> one sentence


def completeness(run: SampleRun) -> Figure | None:
    """Return the largest residual of all targets, as a share of the median difference."""
    found = {
        target.text: target.scores.completeness
        for target in run.targets
        if target.scores.completeness is not None
    }
    if not found and is_not_known(run.attributes):
        meaning = (
            "The contributions were given, without what the model predicts for windows and "
            "references: nobody can tell whether they add up."
        )
        return Figure("Completeness", UNKNOWN, "not known", meaning, "trust-completeness")
    if not found:
        return None
    text, worst = max(found.items(), key=lambda item: item[1].largest_relative)
    value = worst.largest_relative
    meanings = {
        PASS: "The contributions of a window add up to what the model predicts for it beyond its "
        "references. This checks the arithmetic, not the model.",
        LOOK: "Some contributions miss a part of the prediction: see the residuals below.",
        FAIL: "Contributions do not add up to the prediction: do not rely on their sizes.",
        UNKNOWN: "Window and references are predicted alike, so there is nothing to add up.",
    }
    return _figure(
        "Completeness",
        "trust-completeness",
        value,
        limits=COMPLETENESS,
        shown=f"{number_in_text(100 * value)}% is the largest residual, of the median difference"
        + (f" ({text})" if len(found) > 1 else ""),
        meanings=meanings,
    )


def second_path(run: SampleRun) -> Figure | None:
    """Return how far contributions are from those by a second path; None in older files."""
    found = {t.text: t.scores.second_path for t in run.targets}
    known = {text: one for text, one in found.items() if one is not None}
    if not run.n_windows or not known:
        return None
    text, worst = max(known.items(), key=lambda item: item[1].largest)
    if not len(worst):
        double = run.attributes.get("precision") == "float64"
        meaning = (
            "Scores are in double precision, which is the second path itself."
            if double
            else "No window was computed a second time: attribution.second_path was 0."
        )
        return Figure("Computed twice", UNKNOWN, "not measured", meaning, "trust-second-path")
    meanings = {
        PASS: "The fast way to compute contributions gives what the plain one gives.",
        LOOK: "Single precision, or a shortcut, changes some contributions a little: see the "
        "second path below.",
        FAIL: "Contributions depend on how they are computed: do not rely on them. Compute them "
        "with attribution.float64.",
    }
    n, models = worst.n_windows, run.targets[0].scores.agreement
    each = f" by each of {models.n_folds} models" if models is not None else ""
    precision = "single" if worst.in_single else "double"
    return _figure(
        "Computed twice",
        "trust-second-path",
        worst.largest,
        limits=SECOND_PATH,
        shown=f"{n:,} of {run.n_windows:,} windows were computed a second time{each}, in "
        f"{precision} precision and without shortcuts: the largest difference was "
        f"{number_in_text(100 * worst.largest)}% of a window's largest "
        f"contribution{_named(text, run)}",
        meanings=meanings,
    )


def stability(run: SampleRun) -> Figure | None:
    """Return how well contributions by other references would agree, of the worst target."""
    number = run.targets[0].scores.n_references
    if not run.n_windows or not number:
        return None
    some = run.targets[:MOST_TARGETS]
    found = _worst({target.text: expected_repeat(target.paths["scores"]) for target in some})
    if found is None:
        fixed = run.attributes.get("reference_kind") in SINGLE_KINDS
        meaning = (
            "The reference is fixed, so nothing depends on chance."
            if fixed
            else "There is one reference, so the choice cannot be judged: ask for more "
            "(references.number)."
        )
        return Figure(
            "Stability over references", UNKNOWN, "not measured", meaning, "trust-stability"
        )
    text, worst = found
    meanings = {
        PASS: f"Other references would give nearly the same letters: {number} were enough.",
        LOOK: "Other references would change single letters: trust motifs, not single bases. More "
        f"references help (references.number, now {number}).",
        FAIL: "The letters depend on which references were drawn: ask for more "
        f"(references.number, now {number}).",
        UNKNOWN: "All contributions are alike, so there is nothing to compare.",
    }
    return _figure(
        "Stability over references",
        "trust-stability",
        worst.median,
        limits=STABILITY,
        shown=f"{worst.median:.2f} is the expected correlation with {number} other references, "
        f"{_of_windows(run, worst)}{_named(text, run)}",
        meanings=meanings,
    )


def heads(run: SampleRun) -> Figure | None:
    """Return how alike the contributions of the first target and of each other one are."""
    alike = [target for target in run.targets if _is_plain(target)][:MOST_TARGETS]
    if len(alike) < 2 or not run.n_windows:
        return None
    first = alike[0].paths["scores"]
    found = _worst({t.text: correlate(first, t.paths["scores"]) for t in alike[1:]})
    assert found is not None  # a correlation is never None
    text, worst = found
    meanings = {
        PASS: f"{alike[0].text} and {text} are largely driven by the same bases.",
        LOOK: f"{alike[0].text} and {text} are driven by different bases. They answer different "
        "questions, so this is no error: read them apart.",
        UNKNOWN: "All contributions of a target are alike, so there is nothing to compare.",
    }
    verdict = verdict_of(worst.median, HEADS, -1)
    shown = (
        f"{worst.median:.2f} is the correlation of {alike[0].text} and {text}, "
        f"{_of_windows(run, worst)}"
    )
    return Figure(
        "Agreement of heads", verdict, shown, meanings[verdict], "trust-heads", worst.median
    )


def folds(run: SampleRun) -> Figure | None:
    """Return how well the folds agree, of the worst target."""
    found = [(t.text, t.scores.agreement) for t in run.targets if t.scores.agreement is not None]
    if not found:
        return None
    text, worst = min(found, key=lambda item: (item[1].median, item[0]))
    n_folds = worst.n_folds
    meanings = {
        PASS: f"The {n_folds} models use the same bases: what they share is hardly chance.",
        LOOK: f"The {n_folds} models agree in part: trust what all of them show.",
        FAIL: f"The {n_folds} models use different bases: the mean of them hides that.",
        UNKNOWN: "The models give all bases the same contribution, so there is nothing to compare.",
    }
    return _figure(
        "Agreement of folds",
        "trust-folds",
        worst.median,
        limits=FOLDS,
        shown=f"{worst.median:.2f} is the median correlation of two models along a window"
        f"{_named(text, run)}",
        meanings=meanings,
    )


def shuffles(run: SampleRun) -> Figure | None:
    """Return the share of regions for which the model predicts more than for their shuffles."""
    shares = {
        target.text: share
        for target in run.targets
        if (share := share_above_shuffles(target.numbers)) is not None
    }
    if not shares:
        return None
    text, value = min(shares.items(), key=lambda item: item[1])
    meanings = {
        PASS: f"The model tells these {run.noun}s from shuffled sequence.",
        LOOK: f"The model hardly tells some of these {run.noun}s from shuffled sequence.",
        FAIL: f"The model does not know these {run.noun}s. Is it the right genome, and the right "
        "model?",
    }
    count = round(value * run.n_windows)
    return _figure(
        f"{run.noun.capitalize()}s against shuffles",
        "trust-shuffles",
        value,
        limits=SHUFFLES,
        shown=f"{count:,} of {run.n_windows:,} {run.noun}s are predicted above their shuffles"
        f"{_named(text, run)}",
        meanings=meanings,
    )


# a figure that a run does not have is None
FIGURES: tuple[Callable[[SampleRun], Figure | None], ...] = (
    completeness,
    second_path,
    stability,
    heads,
    folds,
    shuffles,
    fit_figure,
)


@lru_cache(maxsize=1)
def figures_of(run: SampleRun) -> tuple[Figure, ...]:
    """Return the figures of trust that a run has."""
    return tuple(figure for make in FIGURES if (figure := make(run)) is not None)


def _figure(
    name: str,
    id_: str,
    value: float,
    *,
    limits: tuple[float, float],
    shown: str,
    meanings: Meanings,
) -> Figure:
    """Return a figure with the verdict of its number."""
    verdict = verdict_of(value, *limits)
    told = "not defined" if verdict == UNKNOWN else shown
    return Figure(name, verdict, told, meanings[verdict], id_, None if value != value else value)


def _worst(found: Mapping[str, Alike | None]) -> tuple[str, Alike] | None:
    """Return the target with the smallest median, and its numbers."""
    known = [(text, one) for text, one in found.items() if one is not None]
    return min(known, key=lambda item: (item[1].median, item[0]), default=None)


def _is_plain(target: TargetRun) -> bool:
    """Return whether a target is counts or a profile of a whole head, and no sum of targets."""
    try:
        name = parse_target_name(target.text)
    except InputError:
        return False
    if isinstance(name, TargetSum):
        return False
    return name.kind in ("counts", *PROFILE_KINDS) and name.index is None


def _of_windows(run: SampleRun, one: Alike) -> str:
    """Return of which windows a number is the median."""
    some = "" if one.n_windows == run.n_windows else f" of {run.n_windows:,}"
    return f"the median of {one.n_windows:,}{some} windows"


def _named(text: str, run: SampleRun) -> str:
    """Return the target that a number is of, if there are several."""
    return f" ({text})" if len(run.targets) > 1 else ""
