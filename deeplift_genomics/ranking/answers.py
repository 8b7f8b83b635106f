"""The answer in short: sentences on the first method, and figures with verdicts.

The limits are told, with what they were taken from, in docs/methods.md under "Verdicts of the
evaluation".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf, isfinite, nan
from typing import Any

from deeplift_genomics.ranking.charts import in_words, short
from deeplift_genomics.ranking.numbers import ISM, TargetNumbers, Value
from deeplift_genomics.report.figure import FAIL, LOOK, PASS, UNKNOWN, Figure, verdict_of
from deeplift_genomics.report.trust import FOLDS, STABILITY
from deeplift_genomics.settings.metrics import RANDOM_ORDER

TOP = 0.05  # share of bases that the first sentence is about
# good, and bad beyond the second
FAITHFULNESS = (0.8, 0.5)
AGREEMENT = (0.4, 0.2)
SITES = (0.9, 0.75)
RANDOMISED = (0.1, 0.3)
# an expected error e leaves a correlation of about 1 - e^2, so these are the limits of stability
REFERENCES = (round((1 - STABILITY[0]) ** 0.5, 2), round((1 - STABILITY[1]) ** 0.5, 2))
STRANDS = (0.8, -inf)  # how alike the strands are is the model's, and no fault of a method

Attributes = Mapping[str, Any]
Meanings = Mapping[str, str]


def sentences(numbers: TargetNumbers, attributes: Attributes) -> list[str]:
    """Return what the evaluation says of the first method, in sentences."""
    makers = (_of_deletion, _of_agreement, _of_randomised, _of_references)
    return [text for make in makers if (text := make(numbers, attributes))]


def _of_deletion(numbers: TargetNumbers, attributes: Attributes) -> str:
    """Return how much of the prediction goes with the top bases."""
    own, whole = (numbers.at("deletion", numbers.subject, x) for x in (TOP, 1))
    if own is None or whole is None or not isfinite(whole.mean):
        return ""
    if not (whole.low > 0 or (whole.n == 1 and whole.mean > 0)):
        return (
            "The prediction in these regions is not clearly above that of their references (the "
            f"difference is {in_words(whole)}), so no share of it can be told."
        )
    title = numbers.title(numbers.subject)
    share = own.mean / whole.mean
    part = _percent(share) if share < 1 else "all, or more,"
    text = (
        f"Replacing the top {_percent(own.x)} of the bases, in the order of {title}, takes away "
        f"{part} of what the prediction has beyond its references ({short(own.mean)} of "
        f"{short(whole.mean)}{_interval(own, attributes, 3, '; ')})"
    )
    others = []
    bounds = {ISM: "the order of in-silico mutagenesis", RANDOM_ORDER: "random order"}
    for method, words in bounds.items():
        other = numbers.at("deletion", method, own.x)
        if other is not None and method != numbers.subject:
            others.append(f"{words} {_percent(other.mean / whole.mean)}")
    return f"{text}{'; ' if others else ''}{', '.join(others)}."


def _of_agreement(numbers: TargetNumbers, attributes: Attributes) -> str:
    """Return how alike the scores are to those of in-silico mutagenesis."""
    value = numbers.last("agreement", numbers.subject)
    if value is None or not isfinite(value.mean):
        return ""
    return (
        f"Its scores agree with those of in-silico mutagenesis at a rank correlation of "
        f"{short(value.mean, 2)}{_interval(value, attributes)}."
    )


def _of_randomised(numbers: TargetNumbers, attributes: Attributes) -> str:
    """Return what is left of the scores when the model is randomised."""
    value = numbers.last("cascading", numbers.subject)
    if value is None or not isfinite(value.mean):
        return ""
    verdict = verdict_of(abs(value.mean), *RANDOMISED)
    lowest = max(one.x for own in numbers.of("cascading").values() for one in own)
    layers = "all layers" if value.x == lowest else f"the layers down to {value.level}"
    words = {PASS: "this is normal", LOOK: "this is more than usual", FAIL: "this is too much"}
    return (
        f"After {layers} of the model are randomised, the scores keep a rank correlation of "
        f"{short(value.mean, 2)}: {words[verdict]}."
    )


def _of_references(numbers: TargetNumbers, attributes: Attributes) -> str:
    """Return how many references are needed, and what the error is with those used."""
    needed = numbers.last("references_needed", numbers.subject)
    if needed is None or not isfinite(needed.mean):
        return ""
    text = f"This model needs about {_about(needed.mean)} references for an error of 1%"
    used = attributes.get("reference_number")
    own = numbers.at("reference_error", numbers.subject, used) if used else None
    if own is not None and isfinite(own.mean) and own.x == used:
        text += f"; with {used}, as here, it is {_percent(own.mean)}"
    return f"{text}."


def figures(numbers: TargetNumbers, attributes: Attributes) -> list[Figure]:
    """Return the figures of the first method that the evaluation has."""
    makers: tuple[Callable[[TargetNumbers, Attributes], Figure | None], ...] = (
        _faithfulness,
        _agreement,
        _sites,
        _randomised,
        _references,
        _strands,
        _folds,
    )
    return [figure for make in makers if (figure := make(numbers, attributes)) is not None]


def _faithfulness(numbers: TargetNumbers, attributes: Attributes) -> Figure | None:
    """Return where the method lies between random order and in-silico mutagenesis."""
    own, low, high = (
        numbers.last("comprehensiveness", name) for name in (numbers.subject, RANDOM_ORDER, ISM)
    )
    if own is None or low is None or high is None or numbers.subject == ISM:
        return None
    span = high.mean - low.mean
    value = (own.mean - low.mean) / span if span > 0 else nan
    meanings = {
        PASS: "The bases with high contributions are those that the model depends on.",
        LOOK: "Other orders of the bases change the prediction more: compare with in-silico "
        "mutagenesis where single bases matter.",
        FAIL: "The order of the bases is not much better than chance: use another method.",
        UNKNOWN: "In-silico mutagenesis is not above random order, so there is nothing to compare.",
    }
    shown = (
        f"{_percent(value)} of the way from random order to in-silico mutagenesis ("
        f"comprehensiveness {in_words(own)}, between {short(low.mean)} and {short(high.mean)})"
    )
    return _figure("Faithfulness", value, FAITHFULNESS, shown=shown, meanings=meanings)


def _agreement(numbers: TargetNumbers, attributes: Attributes) -> Figure | None:
    """Return the agreement with in-silico mutagenesis."""
    meanings = {
        PASS: "Both methods order the bases alike.",
        LOOK: "The methods agree in part, as where bases can replace each other: look at single "
        "bases with both.",
        FAIL: "The methods disagree: one of them misleads. The faithfulness below says which.",
        UNKNOWN: "Contributions do not vary, so there is nothing to compare.",
    }
    return _plain(
        numbers, "agreement", ("Agreement with in-silico mutagenesis", AGREEMENT), meanings
    )


def _sites(numbers: TargetNumbers, attributes: Attributes) -> Figure | None:
    """Return how well known sites are found."""
    meanings = {
        PASS: "The known sites have the high contributions.",
        LOOK: "Some known sites have no high contributions, or other places have.",
        FAIL: "The known sites do not stand out: has the model learned them?",
        UNKNOWN: "No region has both a site and other bases.",
    }
    return _plain(numbers, "site_auroc", ("Known sites", SITES), meanings)


def _randomised(numbers: TargetNumbers, attributes: Attributes) -> Figure | None:
    """Return what is left of the scores when all layers are randomised."""
    meanings = {
        PASS: "The scores come from what the model has learned. That little is left is normal.",
        LOOK: "A part of the scores is there without what the model has learned.",
        FAIL: "A large part of the scores is there, or turned round, without what the model has "
        "learned: it shows the sequence more than the model. A small model scatters more.",
        UNKNOWN: "Contributions of the randomised model do not vary.",
    }
    found = ("Randomised model", RANDOMISED)
    return _plain(numbers, "cascading", found, meanings, size=True)


def _references(numbers: TargetNumbers, attributes: Attributes) -> Figure | None:
    """Return the expected error with the references that were used."""
    used = attributes.get("reference_number")
    own = numbers.at("reference_error", numbers.subject, float(used)) if used else None
    if own is None or own.x != used:
        return None
    meanings = {
        PASS: "Other references would give nearly the same scores.",
        LOOK: "Other references would change single bases: more of them help (references.number).",
        FAIL: "The scores depend on which references were drawn: more are needed "
        "(references.number).",
        UNKNOWN: "The scores are 0.",
    }
    needed = numbers.last("references_needed", numbers.subject)
    shown = f"{_percent(own.mean)} is the expected error with {used} references"
    if needed is not None and isfinite(needed.mean):
        shown += f"; about {_about(needed.mean)} would give 1%"
    return _figure("References", own.mean, REFERENCES, shown=shown, meanings=meanings)


def _strands(numbers: TargetNumbers, attributes: Attributes) -> Figure | None:
    """Return how alike the scores of both strands are."""
    meanings = {
        PASS: "Both strands are explained alike.",
        LOOK: "The strands are explained differently. If the model does not treat them alike, this "
        "is no fault of the method.",
        UNKNOWN: "Contributions do not vary, so there is nothing to compare.",
    }
    return _repeated(numbers, "reverse_complement", ("Both strands", STRANDS), meanings)


def _folds(numbers: TargetNumbers, attributes: Attributes) -> Figure | None:
    """Return how alike the scores of the folds are."""
    meanings = {
        PASS: "The folds use the same bases.",
        LOOK: "The folds agree in part: trust what all of them show.",
        FAIL: "The folds use different bases: what one shows may be chance.",
        UNKNOWN: "Contributions do not vary, so there is nothing to compare.",
    }
    return _repeated(numbers, "folds", ("Agreement of folds", FOLDS), meanings)


def _repeated(
    numbers: TargetNumbers, metric: str, found: tuple[str, tuple[float, float]], meanings: Meanings
) -> Figure | None:
    """Return the figure of a correlation as a share of what other seeds give, if any do."""
    value, seeds = (numbers.last(name, numbers.subject) for name in (metric, "seeds"))
    if value is None:
        return None
    most = seeds.mean if seeds is not None and seeds.mean > 0 else 1.0
    shown = f"rank correlation {in_words(value, 2)}"
    if seeds is not None:
        share = _percent(value.mean / most)
        shown += f"; other seeds give {short(seeds.mean, 2)}, so this is {share} of it"
    return _figure(found[0], value.mean / most, found[1], shown=shown, meanings=meanings)


def _plain(
    numbers: TargetNumbers,
    metric: str,
    found: tuple[str, tuple[float, float]],
    meanings: Meanings,
    *,
    size: bool = False,
) -> Figure | None:
    """Return the figure of a correlation or auROC; `size` leaves out its sign."""
    value = numbers.last(metric, numbers.subject)
    if value is None:
        return None
    judged = abs(value.mean) if size else value.mean
    return _figure(found[0], judged, found[1], shown=in_words(value, 2), meanings=meanings)


def _figure(
    name: str, value: float, limits: tuple[float, float], *, shown: str, meanings: Meanings
) -> Figure:
    """Return a figure with the verdict of its number."""
    verdict = verdict_of(value, *limits)
    good, bad = limits
    details = f"Pass from {good:g}, fail below {bad:g}"
    if good < bad:
        details = f"Pass up to {good:g}, fail above {bad:g}"
    elif bad == -inf:
        details = f"Pass from {good:g}; never fails"
    told = "not defined" if verdict == UNKNOWN else shown
    known = None if verdict == UNKNOWN else value
    id_ = f"figure-{name.lower().replace(' ', '-')}"
    return Figure(name, verdict, told, meanings[verdict], id_, known, f"{details}.")


def _about(number: float) -> str:
    """Return a number with two digits, all others 0."""
    return f"{float(f'{number:.2g}'):,.0f}"


def _percent(share: float) -> str:
    """Return a share as a percentage for a text."""
    return f"{short(100 * share, 2)}%"


def _interval(value: Value, attributes: Attributes, digits: int = 2, before: str = "") -> str:
    """Return the interval of a number in words, in brackets or after `before`; or nothing."""
    share, ends = attributes.get("confidence", 0.95), (value.low, value.high)
    if not isfinite(value.low):
        return ""
    words = f"{100 * share:g}% interval {' to '.join(short(end, digits) for end in ends)}"
    return f"{before}{words}" if before else f" ({words})"
