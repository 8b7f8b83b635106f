"""What a motif is and does, in words."""

from __future__ import annotations

from deeplift_genomics.motifs.matches import NO_MATCH
from deeplift_genomics.motifs.names import COMPOSITE, REPEAT, Label
from deeplift_genomics.report.families import family_of
from deeplift_genomics.report.sample_run import ReportMotif, SampleRun


def kind_words(label: Label) -> str:
    """Return what a composite or repeated motif is made of; ``""`` for a single one."""
    if label.kind == COMPOSITE:
        return f"composite of {label.parts or NO_MATCH}"
    if label.kind == REPEAT:
        part = label.parts.split(" + ")[0]
        return f"one motif twice: {part or NO_MATCH}"
    return ""


def class_words(text: str) -> str:
    """Return JASPAR's class and family without the class, if that is what the family is called.

    >>> class_words("C2H2 zinc finger factors: More than 3 adjacent zinc fingers")
    'More than 3 adjacent zinc fingers'
    >>> class_words("Tryptophan cluster factors: Ets-related")
    'Tryptophan cluster factors: Ets-related'
    """
    classes, _, families = text.partition(": ")
    return families if families and classes.startswith(family_of(text).name) else text


def sign_words(motif: ReportMotif) -> str:
    """Return whether a motif raises or lowers the prediction, for which heads if that differs."""
    signs = {
        target: {member.pattern.sign for member in members}
        for target, members in motif.by_target().items()
    }
    if all(of == {1} for of in signs.values()):
        return "raises the prediction"
    if all(of == {-1} for of in signs.values()):
        return "lowers the prediction"
    lowered = ", ".join(target for target, of in signs.items() if of == {-1})
    both = ", ".join(target for target, of in signs.items() if of == {1, -1})
    words = [f"lowers {lowered}"] if lowered else []
    words += [f"raises and lowers {both}"] if both else []
    return "; ".join([*words, "raises the other heads"] if len(signs) > 1 else words)


def place_words(run: SampleRun) -> str:
    """Return what positions count from: the summit of a region, or its centre."""
    summits = run.attributes.get("n_on_summits", 0)
    if run.noun != "region" or not summits:
        return f"centre of the {run.noun}"
    return "summit of the region" if summits == run.n_windows else "summit or centre of the region"
