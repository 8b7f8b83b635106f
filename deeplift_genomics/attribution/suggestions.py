"""The targets that a user may name for each head of a model, and what each explains, in words."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from deeplift_genomics.attribution.columns import track_axes
from deeplift_genomics.graph.operations import having
from deeplift_genomics.models.model import Head, Model, show
from deeplift_genomics.settings.choices import MOST_STRANDS
from deeplift_genomics.settings.target_names import PROFILE_KINDS, TargetName

_PROBABILITIES, _LINKS = having("probability"), having("link")
_SOME_BINS = 16  # of the example
_MOST_ALIKE = 6  # heads of one kind and shape that are shown


@dataclass(frozen=True)
class Suggestion:
    """Targets of one head: a single one, or the first and the last of many.

    There is none if the head cannot be explained; `meaning` then says why.
    """

    head: Head
    names: tuple[TargetName, ...]
    meaning: str

    @property
    def texts(self) -> tuple[str, ...]:
        """The names as they are written."""
        return tuple(name.text for name in self.names)


def suggest(model: Model) -> list[Suggestion]:
    """Return the targets that suit each head, in the order of the heads."""
    kinds = [head.kind for head in model.heads]
    return [_of_head(head, alone=kinds.count(head.kind) == 1) for head in model.heads]


def without_middle(suggestions: Sequence[Suggestion]) -> list[tuple[Suggestion, int]]:
    """Return the suggestions, but of many heads that are alike only the first and the last.

    With each comes the number of those that were left out before it.
    """
    groups = defaultdict(list)
    for item in suggestions:
        groups[item.head.kind, item.head.shape].append(item)
    left_out = {
        id(group[-1]): len(group) - 2 for group in groups.values() if len(group) > _MOST_ALIKE
    }
    kept = {id(item) for group in groups.values() for item in (group[0], group[-1])}
    small = {id(item) for group in groups.values() if len(group) <= _MOST_ALIKE for item in group}
    return [(item, left_out.get(id(item), 0)) for item in suggestions if id(item) in kept | small]


def _of_head(head: Head, alone: bool) -> Suggestion:
    """Return the targets of a head; `alone` if no other is of its kind."""
    if None in head.shape:
        return Suggestion(head, (), f"{_shown(head)} is of open size: save it with fixed sizes")
    first, number = _first(head, None if alone else head.name)
    names: tuple[TargetName, ...] = (first,)
    if number > 1:
        names = (replace(first, index=0), replace(first, index=number - 1))
    return Suggestion(head, names, meaning_of(names, head))


def _first(head: Head, name: str | None) -> tuple[TargetName, int]:
    """Return the first target of a head, and how many there are; `name` if it must be named."""
    axes = [size for size in head.shape if size != 1]
    ends, units = set(head.ends_in), math.prod(axes)
    if head.kind == "counts" and not ends & _PROBABILITIES:
        return TargetName("counts", name), units if units > MOST_STRANDS else 1
    if head.kind == "profile" and not ends & _LINKS and len(axes) < 3:
        columns = min(axes) if len(axes) == 2 else 1
        return TargetName("profile", name), columns if columns > MOST_STRANDS else 1
    if head.kind == "logits" and not ends & _LINKS:
        return TargetName("logit", name, 0), units
    if head.kind == "tracks":
        return TargetName("track", name, 0), axes[1]
    if len(axes) == 2:
        return TargetName("track", head.name, 0), (track_axes(head) or axes)[1]
    return TargetName("output", head.name, 0), units


def meaning_of(names: Sequence[TargetName], head: Head) -> str:
    """Return what one target of a head explains, or those from the first to the last.

    A target with one index says which column or unit it is; `names` may be the first and the last
    of many.
    """
    name, shown = names[0], _shown(head)
    numbers = ("s " if len(names) > 1 else " ") + " to ".join(str(item.index) for item in names)
    of = "" if name.index is None else f"column{numbers} of "
    if name.kind == "counts":
        both = ", its two units added" if name.index is None and math.prod(head.shape) == 2 else ""
        return f"log-counts: {of}{shown}{both}"
    if name.kind in PROFILE_KINDS:
        how = "" if name.kind == "profile" else f", by {name.kind}"
        return f"shape of the profile: {of}{shown}{how}"
    if name.kind == "track":
        bins = (track_axes(head) or (1, 1))[0]
        if name.bins is not None:
            first, stop = name.bins
            return f"track{numbers} of {shown}, summed over the bins {first} to {stop - 1}"
        if len(names) == 1 and name.index:
            return f"track{numbers} of {shown}, summed over its {bins} bins"
        width = min(_SOME_BINS, max(1, bins // 2))
        start = (bins - width) // 2
        some = replace(name, bins=(start, start + width)).text
        return f"track{numbers} of {shown}, summed over its {bins} bins; over some: {some}"
    before = f", before its {head.activation}" if head.activation and name.kind == "logit" else ""
    return f"unit{numbers} of {shown}{before}"


def _shown(head: Head) -> str:
    return f"{head.name} {show(head.shape)}"
