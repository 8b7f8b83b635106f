"""Targets: the scalar of a head that is explained, and the multipliers from which a walk starts.

With logits l of a head, lc = l - mean(l), and p = softmax(lc), of a window and (0) its reference:

=====================  ==========================================================================
counts                 sum of l, the log-counts of the head, strands summed
profile                sum of w lc, w = (p + p0) / 2 held fixed, positions and strands together
profile_per_strand     the same for each strand on its own, strands summed
profile_fixed_weights  sum of p lc with the window's p held fixed, for the reference as well
profile_live_weights   sum of p lc, nothing held fixed
profile_wn             sum of p l with the window's p held fixed, each strand on its own, averaged
logit[i]               unit i of a classifier's head, before its sigmoid or softmax
track[i], [i,a:b]      track i of a head (bins, tracks) as it is, summed over its bins, or a to b
output:head[i]         unit i of a head as it is
=====================  ==========================================================================

The name ``counts:head_name`` chooses one head among several of a kind, and ``counts[2]`` one column
of a head, a strand or a task. A sum or difference of targets is one, too: its seed is the sum of
theirs. Names and versions are stored with the scores. docs/methods.md says which programs use which
target.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from deeplift_genomics.attribution import scalars
from deeplift_genomics.attribution.columns import Reading, columns_of, track_axes, tracks_of
from deeplift_genomics.attribution.scalars import (
    Columns,
    ScalarFunction,
    add_seeds,
    make_seed,
)
from deeplift_genomics.attribution.suggestions import suggest, without_middle
from deeplift_genomics.engine.propagate import SeedFunction, Seeds
from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.graph.operations import having
from deeplift_genomics.models.model import Head, Model
from deeplift_genomics.settings.target_names import (
    PROFILE_KINDS,
    TargetName,
    TargetSum,
    parse_target_name,
)


@dataclass(frozen=True)
class Term:
    """A target of one head, times a factor: the explained tensor `head.tensor`, and its scalar.

    The scalar is that of the `columns` of the head; `held` and `version` are those of its kind.
    """

    factor: float
    head: Head
    scalar: ScalarFunction
    columns: Columns
    version: int
    held: bool

    @property
    def seed(self) -> SeedFunction:
        """The seed on the explained tensor, without the factor."""
        return make_seed(self.scalar, self.columns)

    @property
    def fixed(self) -> bool:
        """Whether its multipliers are the same at all windows and references."""
        return self.scalar is scalars.total


@dataclass(frozen=True)
class Target:
    """A named target of a model: one term, or the terms of a sum."""

    name: TargetName | TargetSum
    terms: tuple[Term, ...]

    @property
    def heads(self) -> tuple[Head, ...]:
        """The heads that it explains, each once."""
        return tuple(dict.fromkeys(term.head for term in self.terms))

    @property
    def seeds(self) -> Seeds:
        """The seed on each explained tensor."""
        return seeds_of(self.terms)

    @property
    def held_seeds(self) -> Seeds:
        """The part of `seeds` whose multipliers are held between window and reference."""
        return seeds_of([term for term in self.terms if term.held])

    @property
    def live_seeds(self) -> Seeds:
        """The part of `seeds` whose multipliers change between window and reference."""
        return seeds_of([term for term in self.terms if not term.held])

    @property
    def version(self) -> int:
        """The version of its kind; of a sum, one that increases with any of its kinds'."""
        return 1 + sum(term.version - 1 for term in self.terms)


def sinks_of(targets: Mapping[str, Target]) -> list[str]:
    """Return the names of the tensors that targets explain, each once."""
    return list(dict.fromkeys(tensor for item in targets.values() for tensor in item.seeds))


def seeds_of(terms: Sequence[Term]) -> Seeds:
    """Return the seed of some terms on each tensor that they explain."""
    return {
        tensor: add_seeds(
            [(term.factor, term.seed) for term in terms if term.head.tensor == tensor]
        )
        for tensor in dict.fromkeys(term.head.tensor for term in terms)
    }


@dataclass(frozen=True)
class TargetKind(Reading):
    """A kind of target: how it reads a head, and its scalar.

    `held` tells whether the multipliers of a pair of window and reference are held everywhere
    between the two, so that they are the scalar's derivative there. `version` increases when the
    numbers of this kind change.
    """

    scalar: ScalarFunction
    held: bool = True
    version: int = 1


TARGETS: dict[str, TargetKind] = {
    "counts": TargetKind("counts", together=True, unit=True, scalar=scalars.total),
    "profile": TargetKind("profile", together=True, unit=False, scalar=scalars.halfway_weights),
    "profile_per_strand": TargetKind(
        "profile", together=False, unit=False, scalar=scalars.halfway_weights
    ),
    "profile_fixed_weights": TargetKind(
        "profile", together=True, unit=False, scalar=scalars.fixed_weights
    ),
    "profile_live_weights": TargetKind(
        "profile", together=True, unit=False, scalar=scalars.live_weights, held=False
    ),
    "profile_wn": TargetKind("profile", together=False, unit=False, scalar=scalars.wn),
    "logit": TargetKind("logits", together=True, unit=True, scalar=scalars.total),
    "track": TargetKind("tracks", together=True, unit=False, scalar=scalars.total),
    "output": TargetKind(None, together=True, unit=True, scalar=scalars.total),
}


def find_targets(model: Model, texts: Sequence[str] | Mapping[str, Target]) -> dict[str, Target]:
    """Return the targets by the text that the user wrote; those of a mapping are found already.

    Raises
    ------
    ModelError
        If the model has no such head; its heads are listed.
    """
    if not texts:
        raise ModelError("No target was named; name at least one, such as 'counts'.")
    if isinstance(texts, Mapping):
        return dict(texts)
    found = {}
    for text in texts:
        try:
            name = parse_target_name(text)
        except InputError as error:
            raise ModelError(
                f"{error} The heads of {model.name} are: {_listed(model)}.{_suited(model)}"
            ) from error
        terms = tuple(_find_term(model, factor, term) for factor, term in name.terms)
        found[text] = Target(name, terms)
    return found


def _listed(model: Model) -> str:
    """Return the heads of a model in words; of those with tracks, the targets as well."""
    return "; ".join(
        f"{head.name} {head.shape}: {head.kind}"
        + (f" ({tracks_of(head)})" if head.kind == "tracks" else "")
        for head in model.heads
    )


def _suited(model: Model) -> str:
    """Return a sentence that names the targets that suit a model's heads."""
    found = [" to ".join(item.texts) for item, _ in without_middle(suggest(model)) if item.texts]
    return f" Targets that suit them: {', '.join(found)}." if found else ""


# kind of head that a target explains -> other kinds, and last operations, that it refuses
_UNSUITED: dict[str | None, tuple[set[str], frozenset[str]]] = {
    "counts": ({"profile", "tracks"}, having("probability")),
    "profile": ({"counts", "tracks"}, having("link")),
    "logits": ({"tracks"}, having("probability")),
    "tracks": (set(), frozenset()),
    None: (set(), frozenset()),
}


def _check_suits(name: TargetName, head: Head) -> None:
    """Raise ModelError if a target makes no sense for a head."""
    kinds, ends = _UNSUITED[TARGETS[name.kind].head]
    instead = f" Name one of its tracks: {tracks_of(head)}." if track_axes(head) else ""
    if head.kind in kinds:
        raise ModelError(
            f"Target {name.text!r}: head {head.name} {head.shape} looks like a {head.kind} head, "
            f"for which '{name.kind}' makes no sense.{instead if head.kind == 'tracks' else ''}"
        )
    if name.kind in PROFILE_KINDS and head.shape and set(head.shape) == {1}:
        raise ModelError(
            f"Target {name.text!r}: head {head.name} {head.shape} has one value, and a profile has "
            f"the shape of several. logit:{head.name}[0] explains the value itself."
        )
    wrong = ends & set(head.ends_in)
    if wrong:
        raise ModelError(
            f"Target {name.text!r}: head {head.name} ends in {', '.join(sorted(wrong))}, and the "
            "logits before it cannot be found. Save the model without it, so that the head gives "
            f"logits.{instead}"
        )


def _find_term(model: Model, factor: float, name: TargetName) -> Term:
    """Return the term of that name; raise ModelError if the model has none."""
    kind = TARGETS[name.kind]
    head = _find_head(model, name)
    if kind.head in (None, "tracks"):  # with its activation, without which others explain it
        head = replace(head, tensor=model.frozen.outputs[head.name], activation=None)
    _check_suits(name, head)
    columns = columns_of(name, head, kind)
    return Term(factor, head, kind.scalar, columns, kind.version, kind.held)


def _find_head(model: Model, name: TargetName) -> Head:
    """Return the head that a target explains; raise ModelError unless there is just one."""
    kind, listed = TARGETS[name.kind].head, _listed(model)
    if name.head is not None:
        heads = [head for head in model.heads if head.name == name.head]
        if not heads:
            close = get_close_matches(name.head, [head.name for head in model.heads], n=1)
            meant = f" Did you mean {close[0]!r}?" if close else ""
            raise ModelError(
                f"Target {name.text!r}: {model.name} has no head {name.head!r}.{meant}"
                f"{_as_a_sum(model, name)} Its heads are: {listed}."
            )
    else:
        heads = [head for head in model.heads if head.kind == kind]
    if not heads:
        raise ModelError(
            f"Target {name.text!r} needs a {kind} head, and {model.name} has none. "
            f"Its heads are: {listed}.{_suited(model)}"
        )
    if len(heads) > 1:
        options = ", ".join(repr(replace(name, head=head.name).text) for head in heads)
        raise ModelError(
            f"Target {name.text!r}: {model.name} has {len(heads)} {kind} heads; "
            f"name one of them: {options}."
        )
    return heads[0]


def _as_a_sum(model: Model, name: TargetName) -> str:
    """Return how to write a sum, if the name of a head that is not there could be read as one."""
    for head in model.heads:
        rest = re.fullmatch(rf"{re.escape(head.name)}([+-])(.+)", name.head or "")
        if rest:
            index = name.text.partition(f":{name.head}")[2]
            terms = f"{name.kind}:{head.name} {rest[1]} {rest[2]}{index}"
            return f" If a sum is meant, write blanks around its sign: {terms!r}."
    return ""
