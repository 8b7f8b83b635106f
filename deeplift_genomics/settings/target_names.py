"""Names of targets, as texts and as parts of file names.

A target is ``kind[:head][[index]]``: `counts`, `profile`, `counts:task1_logcount`,
`profile_wn:tasks[2]`, `logit:classes[12]`, `output:classes[12]`; or a track of a head, all of it or
some of its bins: `track:human[3]`, `track:human[3,440:456]`. Sums and differences of targets are
targets, too: `counts[0]-counts[1]`, `0.5*track[3]+0.5*track[7]`. What each kind means for a model's
output is defined in `attribution.targets`.

The name of a head may hold ``+``, ``-`` and ``*``, so it goes on until a square bracket, a blank,
or a sign before ``kind:``. Hence `counts:a-counts:b` is a difference, `counts:a-b` and
`counts:a-counts` name heads, and `counts:a - counts` is a difference again.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from difflib import get_close_matches

from deeplift_genomics.errors import InputError

PROFILE_KINDS = (
    "profile",
    "profile_per_strand",
    "profile_fixed_weights",
    "profile_live_weights",
    "profile_wn",
)
TARGET_KINDS = ("counts", *PROFILE_KINDS, "logit", "track", "output")
UNIT_KINDS = ("logit", "track", "output")  # one column of a head is explained: it must be named
HEADED_KINDS = ("output",)  # fits every head, so the head must be named
BINNED_KINDS = ("track",)  # a sum over positions, which may be limited to some

_HEAD = r"[^\[\]:,\s]+"
_NUMBER = r"[0-9]{1,9}"
_FACTOR = r"[0-9]{1,9}(?:\.[0-9]{1,9})?\*"  # no exponent, whose sign would look like another
_ANY_INDEX = rf"\[{_NUMBER}(?:,{_NUMBER}:{_NUMBER})?\]"
_KINDS = "|".join(TARGET_KINDS)
_NAME = re.compile(
    rf"(?P<kind>[^\[\]:,\s]+)(:(?P<head>{_HEAD}))?"
    rf"(\[(?P<index>{_NUMBER})(,(?P<first>{_NUMBER}):(?P<stop>{_NUMBER}))?\])?"
)
# A sign between two targets: after a bracket, among blanks, or before `kind:`.
_SIGN = re.compile(
    r"(?<=\])\s*(?P<a>[+-])\s*"
    r"|\s+(?P<b>[+-])\s+"
    rf"|\s*(?P<c>[+-])\s*(?=(?:{_FACTOR})?(?:{_KINDS}):)"
)
_SIGN_AFTER_KIND = re.compile(rf"(?P<kind>(?:{_FACTOR})?(?:{_KINDS}))(?P<sign>[+-])(?P<rest>.+)")
_MOST_LETTERS = 150  # of a sum's part of a file name; file systems take 255 bytes


def _pattern(kind: str) -> str:
    head = rf":{_HEAD}" if kind in HEADED_KINDS else rf"(?::{_HEAD})?"
    bins = rf"(?:,{_NUMBER}:{_NUMBER})?" if kind in BINNED_KINDS else ""
    index = rf"\[{_NUMBER}{bins}\]"
    return kind + head + (index if kind in UNIT_KINDS else f"(?:{index})?")


# The same grammar with nothing captured, and what a kind needs, for a JSON schema.
_ONE = "(?:{})".format("|".join(map(_pattern, TARGET_KINDS)))
PATTERN = rf"(?:{_FACTOR})?{_ONE}(?:\s*[+-]\s*(?:{_FACTOR})?{_ONE})*"
_EXAMPLES = (
    "counts, profile, counts:NAME_OF_HEAD, logit[0], track[0], track[0,440:456], "
    "output:NAME_OF_HEAD[0] or a difference, counts[0]-counts[1]"
)


@dataclass(frozen=True)
class TargetName:
    """A target: its kind, the head that it reads (None: found by shape) and the unit.

    `index` is the unit of a head for the kinds that explain one unit, and for the others one
    column (strand, task or track) of the head; None stands for all of them. `bins` are the first
    position and the one after the last, for the kinds that may sum over some; None for all.

    Raises
    ------
    InputError
        If the kind is unknown, the head's name cannot be written in the grammar, or a head or an
        index that the kind needs is missing.
    """

    kind: str
    head: str | None = None
    index: int | None = None
    bins: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.kind not in TARGET_KINDS:
            near = get_close_matches(self.kind, TARGET_KINDS, n=1)
            raise InputError(
                f"Target kind {self.kind!r} is not known"
                + (f"; did you mean {near[0]!r}?" if near else ".")
                + f" The kinds are {', '.join(TARGET_KINDS)}; to name a head, write "
                f"counts:{self.kind} or profile:{self.kind}."
            )
        if self.head is not None and not re.fullmatch(_HEAD, self.head):
            raise InputError(
                f"The name {self.head!r} of a head cannot be used in a target: it must not be "
                "empty or hold a blank, a comma, a colon or square brackets."
            )
        if self.kind in HEADED_KINDS and self.head is None:
            raise InputError(
                f"Target {self.text!r} needs the head as well, e.g. "
                f"'{self.kind}:NAME_OF_HEAD[{self.index or 0}]'; check MODEL lists the heads."
            )
        if self.index is None and self.kind in UNIT_KINDS:
            raise InputError(
                f"Target {self.text!r} needs the unit to explain, counted from 0, in square "
                f"brackets, e.g. '{self._stem}[0]'."
            )
        if self.index is not None and self.index < 0:
            raise InputError(f"Target {self.text!r}: units are counted from 0.")
        self._check_bins()

    def _check_bins(self) -> None:
        if self.bins is None:
            return
        first, stop = self.bins
        if self.kind not in BINNED_KINDS:
            raise InputError(
                f"Target {self.text!r}: only {', '.join(BINNED_KINDS)} takes bins after the unit, "
                f"e.g. 'track[{self.index or 0},{first}:{stop}]'."
            )
        if not 0 <= first < stop:
            raise InputError(
                f"Target {self.text!r} has no bin: {first}:{stop} are the first bin and the one "
                "after the last, counted from 0."
            )

    @property
    def _stem(self) -> str:
        return self.kind if self.head is None else f"{self.kind}:{self.head}"

    @property
    def text(self) -> str:
        """Name in the grammar above, such as ``logit:classes[12]``."""
        if self.index is None:
            return self._stem
        bins = "" if self.bins is None else ",{}:{}".format(*self.bins)
        return f"{self._stem}[{self.index}{bins}]"

    @property
    def slug(self) -> str:
        """Name for files and HDF5 groups: letters, digits and ``_ . -`` only.

        Two targets share a slug only if their heads differ in nothing but other characters.
        """
        parts = (self.kind, self.head, self.index, *(self.bins or ()))
        joined = "-".join(str(part) for part in parts if part is not None)
        return re.sub(r"[^A-Za-z0-9_.-]", "-", joined)

    @property
    def terms(self) -> tuple[tuple[float, TargetName], ...]:
        """The target itself, once, in the form of a sum's terms."""
        return ((1.0, self),)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class TargetSum:
    """A sum of targets, each times a factor, as (factor, target); the first factor is above 0.

    Raises
    ------
    InputError
        If a target occurs twice, or a factor is 0.
    """

    terms: tuple[tuple[float, TargetName], ...]

    def __post_init__(self) -> None:
        names = [name.text for _, name in self.terms]
        if self.terms[0][0] < 0:
            raise InputError(
                f"Target {self.text!r}: a sum begins with a term that is added, without a sign. "
                "Write the terms in another order."
            )
        for factor, name in self.terms:
            if names.count(name.text) > 1:
                raise InputError(
                    f"Target {self.text!r}: {name.text!r} occurs twice in the sum. Write it once, "
                    f"with a factor: 2*{name.text}."
                )
            if factor == 0:
                raise InputError(
                    f"Target {self.text!r}: {name.text!r} has the factor 0. Leave it out."
                )

    def _joined(self, minus: str, plus: str, times: str, part: str) -> str:
        found = ""
        for i, (factor, name) in enumerate(self.terms):
            if i or factor < 0:
                found += minus if factor < 0 else plus
            if abs(factor) != 1:
                found += f"{_plain(abs(factor))}{times}"
            found += getattr(name, part)
        return found

    @property
    def text(self) -> str:
        """Name in the grammar above; with blanks where a sign would else be part of a name."""
        close = self._joined("-", "+", "*", "text")
        return close if _split(close) == _split(self._spaced) else self._spaced

    @property
    def _spaced(self) -> str:
        return self._joined(" - ", " + ", "*", "text")

    @property
    def slug(self) -> str:
        """Name for files and HDF5 groups, with the signs as words; a long one ends in a digest."""
        found = self._joined("_minus_", "_plus_", "_times_", "slug")
        if len(found) <= _MOST_LETTERS:
            return found
        return f"{found[:100]}-{hashlib.sha256(self.text.encode()).hexdigest()[:16]}"

    def __str__(self) -> str:
        return self.text


def _plain(number: float) -> str:
    """Return a number in decimals, without an exponent.

    >>> _plain(0.5), _plain(2.0)
    ('0.5', '2')
    """
    return f"{number:.9f}".rstrip("0").rstrip(".")


def parse_target_name(text: str) -> TargetName | TargetSum:
    """Read the name of a target, without the blanks around it.

    >>> parse_target_name("logit:classes[12]")
    TargetName(kind='logit', head='classes', index=12, bins=None)
    >>> parse_target_name("counts[0] - counts[1]").text
    'counts[0]-counts[1]'

    Raises
    ------
    InputError
        If the text does not follow the grammar; the message has examples.
    """
    terms = tuple(_parse_term(sign, part, text) for sign, part in _split(text.strip()))
    if len(terms) == 1 and terms[0][0] == 1:
        return terms[0][1]
    return TargetSum(terms)


def split_targets(text: str) -> list[str]:
    """Return the targets in a text, which commas separate; those in brackets do not.

    >>> split_targets("counts, track[3,440:456]")
    ['counts', 'track[3,440:456]']
    """
    return [part.strip() for part in re.split(r",(?![^\[\]]*\])", text)]


def _split(text: str) -> list[tuple[str, str]]:
    """Return the terms of a sum, each with its sign."""
    found: list[tuple[str, str]] = []
    sign = "-" if text.startswith("-") else "+"
    start = len(re.match(r"(?:-\s*)?", text)[0])  # type: ignore[index]
    while True:
        # a kind without head ends at the sign after it
        alone = _SIGN_AFTER_KIND.match(text, start)
        match = _SIGN.search(text, start)
        if alone and (match is None or alone.end("kind") <= match.start()):
            end, next_sign, next_start = alone.end("kind"), alone["sign"], alone.start("rest")
        elif match and match.start() > start:
            end, next_start = match.start(), match.end()
            next_sign = match["a"] or match["b"] or match["c"]
        else:
            return [*found, (sign, text[start:])]
        found.append((sign, text[start:end]))
        sign, start = next_sign, next_start


def _parse_term(sign: str, part: str, whole: str) -> tuple[float, TargetName]:
    """Read one term of a sum: a target with or without a factor."""
    factor = re.match(_FACTOR, part)
    match = _NAME.fullmatch(part[factor.end() :] if factor else part)
    if match is None:
        within = "" if part == whole.strip() else f" in {whole.strip()!r}"
        raise InputError(f"Target {part!r}{within} cannot be read; expected {_EXAMPLES}.")
    numbers = [
        None if match[key] is None else int(match[key]) for key in ("index", "first", "stop")
    ]
    index, first, stop = numbers
    bins = None if first is None or stop is None else (first, stop)
    number = float(factor[0][:-1]) if factor else 1.0
    return (-number if sign == "-" else number), TargetName(
        match["kind"], match["head"], index, bins
    )
