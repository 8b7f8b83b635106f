"""What a sample's page asks, in words: the experiment, the model, and the targets."""

from __future__ import annotations

from deeplift_genomics.files.words import first_few
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.scores.given import GIVEN, GIVEN_BY, is_not_known
from deeplift_genomics.settings.model_names import split_list

NEEDS_MODEL = "Not measured: that takes the model."


def experiment_of(run: SampleRun) -> str:
    """Return what the model predicts, from the sheet's columns, such as "ChIP-seq in K562 cells".

    Without these columns it is "an experiment".
    """
    assay, cell = (str(run.row.get(name) or "").strip() for name in ("assay", "cell_type"))
    if not assay and not cell:
        return "an experiment"
    return f"{assay or 'an experiment'}{f' in {cell}' if cell else ''}"


def model_in_words(run: SampleRun) -> str:
    """Return the name of the model, or how many folds there are, and of which kind.

    Of contributions that were given, it is where they are from.
    """
    if is_not_known(run.attributes):
        return f"not known; contributions were read from {given_in_words(run)}"
    names = model_names(run)
    if len(names) == 1:
        return names[0]
    return f"{len(names)} folds: {', '.join(names[:2])}{', …' if len(names) > 2 else ''}"


def model_names(run: SampleRun) -> list[str]:
    """Return the names of the model's files, with their folders if folds have the same name."""
    names = str(run.attributes.get("model", "")).split(",")
    paths = split_list(str(run.row.get("model") or "")) if len(set(names)) < len(names) else ()
    return list(paths) if len(paths) == len(names) else names


def models_explained(run: SampleRun) -> str:
    """Return which model was explained, as a sentence up to the word "explained".

    Of folds it says that they were averaged.
    """
    predicts = experiment_of(run)
    what = "" if predicts == "an experiment" else f" of {predicts}"
    if int(run.attributes.get("n_folds", 1)) == 1:
        return f"The model {model_in_words(run)}{what} was"
    names = model_names(run)
    return (
        f"The {len(names)} models{what} {first_few(names)}, folds whose contributions were "
        "averaged, were"
    )


def given_in_words(run: SampleRun) -> str:
    """Return the files that contributions were read from, and the programs that wrote them."""
    found = {
        f"{facts[GIVEN]} ({facts.get(GIVEN_BY)})": None
        for facts in (target.scores.attributes for target in run.targets)
        if GIVEN in facts
    }
    return ", ".join(found)


def heads_in_words(run: SampleRun) -> str:
    """Return the heads of the model with their kinds; of many, the first ones."""
    if not run.heads:
        return "not known"
    heads = [f"{head.name} ({head.kind})" for head in run.heads]
    more = f" and {len(heads) - 4} more" if len(heads) > 4 else ""
    return ", ".join(heads[:4]) + more


def dropped_in_words(run: SampleRun) -> str:
    """Return why regions were dropped, such as "leaves the contig: 3, contig not in FASTA: 1"."""
    counts = sorted(run.dropped.counts().items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{reason}: {count:,}" for reason, count in counts if count)


def questions_of(run: SampleRun, most: int = 2) -> str:
    """Return what the page tells, such as "which bases drive the predicted ... (counts)".

    Of many targets, it is told for the first ones.
    """
    asked = [
        f"{question[:1].lower()}{question[1:].removesuffix('?')} ({target.text})"
        for target in run.targets[:most]
        for question in [target.words.question]
    ]
    further = len(run.targets) - most
    if further > 0:
        asked.append(f"likewise for {further} more target{'' if further == 1 else 's'}")
    return ", ".join(asked)
