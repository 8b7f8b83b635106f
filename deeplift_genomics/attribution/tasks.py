"""The tasks of a model that targets explain: a profile head with its counts head, a track, a class.

A counts head belongs to the profile head with which it shares its name, without words such as
"profile" and "logcounts", or to the only one. A head of up to two columns, the strands, is taken as
a whole; of others, the columns that targets name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from deeplift_genomics.attribution.profiles import profile_axes
from deeplift_genomics.attribution.targets import find_targets
from deeplift_genomics.models.model import Head, Model
from deeplift_genomics.settings.choices import MOST_STRANDS
from deeplift_genomics.settings.target_names import BINNED_KINDS

# words of the names of heads that say what a head gives, and not of which task it is
_WORDS = frozenset((
    "profile", "profiles", "count", "counts", "log", "logcount", "logcounts", "logits", "total",
    "prediction", "predictions", "pred", "preds", "predicted", "head", "out", "output", "dense",
    "softmax", "reads",
))  # fmt: skip


@dataclass(frozen=True)
class Task:
    """A profile or track with the counts that belong to it; one of the two may be missing.

    `columns` and `units` are those that are taken of the two heads.
    """

    track: Head | None = None
    columns: tuple[int, ...] = ()
    value: Head | None = None
    units: tuple[int, ...] = ()


def find_tasks(model: Model, targets: Sequence[str], known: set[str]) -> list[Task]:
    """Return the tasks that the targets explain, each once, in the order of the targets.

    Parameters
    ----------
    known
        Names of the heads whose values are known; the others are left out.

    Raises
    ------
    ModelError
        If the model has no such target.
    """
    found: list[Task] = []
    for target in find_targets(model, targets).values():
        for (_, name), term in zip(target.name.terms, target.terms, strict=True):
            head = next(head for head in model.heads if head.name == term.head.name)
            if name.kind in BINNED_KINDS:  # as it is, whatever it looks like
                head = replace(head, kind="tracks")
            if head.name in known:
                found.append(_task(model, head, name.index, known))
    return list(dict.fromkeys(found))


def _task(model: Model, head: Head, index: int | None, known: set[str]) -> Task:
    """Return the task of a head, or of one of its columns."""
    partner = _partner(model, head)
    if partner is not None and partner.name not in known:
        partner = None
    if head.kind == "tracks":
        return Task(track=head, columns=(index or 0,))
    if head.kind == "profile":
        columns = _taken(columns_in(head), index)
        units = _beside(columns, columns_in(head), partner)
        return Task(head, columns, partner if units else None, units)
    units = _taken(columns_in(head), index)
    columns = _beside(units, columns_in(head), partner)
    if columns:
        return Task(partner, columns, head, units)
    return Task(value=head, units=units)


def columns_in(head: Head) -> int:
    """Return the number of columns of a profile, or of units of another head."""
    if head.kind != "profile":
        return math.prod(head.shape)
    axes = profile_axes(head)
    return 0 if axes is None else axes.number


def _taken(number: int, index: int | None) -> tuple[int, ...]:
    """Return the columns that are taken of a head: all, or of more than two strands the named."""
    if number <= MOST_STRANDS or index is None:
        return tuple(range(number))
    return (index,)


def _beside(taken: tuple[int, ...], number: int, partner: Head | None) -> tuple[int, ...]:
    """Return the columns of the partner that belong to those taken of a head with `number`."""
    others = 0 if partner is None else columns_in(partner)
    if others == number:
        return taken
    if 1 in (others, number) and max(others, number) <= MOST_STRANDS:
        return tuple(range(others))
    return ()


def _partner(model: Model, head: Head) -> Head | None:
    """Return the counts head of a profile head, or the other way round, if there is just one."""
    kind = {"profile": "counts", "counts": "profile"}.get(head.kind)
    alike = [other for other in model.heads if other.kind == head.kind]
    others = [other for other in model.heads if other.kind == kind]
    if len(alike) == len(others) == 1:
        return others[0]
    named = [
        [item for item in group if _task_of(item) == _task_of(head)] for group in (alike, others)
    ]
    return named[1][0] if [len(group) for group in named] == [1, 1] else None


def _task_of(head: Head) -> tuple[str, ...]:
    """Return what the name of a head says beside the kind of the head."""
    words = re.findall("[a-z0-9]+", head.name.lower())
    return tuple(word for word in words if word not in _WORDS)
