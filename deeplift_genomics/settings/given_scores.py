"""The notation for score files that stand in place of a model: ``TARGET=FILE``, with commas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.choices import TILE
from deeplift_genomics.settings.target_names import parse_target_name, split_targets

# columns that are about the model, or what it predicts
_OF_MODELS = (
    "controls", "signal", "variants", "allow_lambda", "lambdas", "custom_objects", "window_length",
    "inputs",
)  # fmt: skip


def parse_given(text: str) -> dict[str, str]:
    """Read ``target=file,other=file`` into a dict from target, as it writes itself, to file.

    >>> parse_given("counts=a.h5, track[3,440:456]=b.h5")
    {'counts': 'a.h5', 'track[3,440:456]': 'b.h5'}

    Raises
    ------
    InputError
        If it has another form, or names a target twice.
    """
    found: dict[str, str] = {}
    for part in split_targets(text) if text else ():
        name, sign, path = (word.strip() for word in part.partition("="))
        if not (name and sign and path):
            raise InputError(
                f"{part!r} is not of the form TARGET=FILE, such as counts=k562.counts_scores.h5"
            )
        target = parse_target_name(name).text
        if target in found:
            raise InputError(f"the target {target!r} occurs twice in {text!r}")
        found[target] = path
    return found


def given_as_text(scores: Mapping[str, str], rename: Callable[[str], str] = str) -> str:
    """Return score files as `parse_given` reads them; `rename` changes paths."""
    return ",".join(f"{target}={rename(path)}" for target, path in scores.items())


def check_given(sample: Any) -> None:
    """Check that a row of the sheet has a model or, for each target, a score file in its place.

    Parameters
    ----------
    sample
        The row, a `settings.sample_sheet.Sample`.

    Raises
    ------
    ValueError
        If there are both or neither, or targets, files and other columns do not go together.
    """
    scores, targets = sample.scores, [head.text for head in sample.heads]
    if not sample.model and not scores:
        raise ValueError(
            "'model' is empty; name the trained model or, in the column 'scores', files of "
            "contributions that exist already"
        )
    if not scores:
        return
    if sample.model:
        raise ValueError("'model' and 'scores' are both given; leave one of them empty")
    if of_models := [name for name in _OF_MODELS if getattr(sample, name)]:
        raise ValueError(
            f"{of_models[0]!r} needs a model, and 'scores' are given in its place; leave "
            f"{of_models[0]!r} empty"
        )
    if sample.tiled:
        raise ValueError(
            f"'regions' are {TILE!r}, and 'scores' are given; name the file of the regions that "
            "were scored"
        )
    if lacking := [target for target in targets if target not in scores]:
        raise ValueError(
            f"'scores' has no file for {lacking[0]!r} of 'heads'; write {lacking[0]}=FILE"
        )
    if unknown := [target for target in scores if target not in targets]:
        raise ValueError(
            f"'scores' has a file for {unknown[0]!r}, which 'heads' does not name; add it there, "
            "or leave the file out"
        )
