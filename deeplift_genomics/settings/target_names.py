"""Names of targets, as texts and as parts of file names.

The grammar is ``kind[:head][[index]]``: `counts`, `profile`, `counts:task1_logcount`,
`profile_wn:tasks[2]`, `logit:classes[12]`, `output:classes[12]`. What each kind means for a
model's output is defined in `attribution.targets`.
"""

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
TARGET_KINDS = ("counts", *PROFILE_KINDS, "logit", "output")
UNIT_KINDS = ("logit", "output")  # one unit of a head is explained, so the unit must be named
HEADED_KINDS = ("output",)  # fits every head, so the head must be named

_HEAD = r"[^\[\]:,\s]+"
_INDEX = r"[0-9]{1,9}"
_NAME = re.compile(rf"(?P<kind>[^\[\]:,\s]+)(:(?P<head>{_HEAD}))?(\[(?P<index>{_INDEX})\])?")


def _pattern(kind: str) -> str:
    head = rf":{_HEAD}" if kind in HEADED_KINDS else rf"(?::{_HEAD})?"
    return kind + head + (rf"\[{_INDEX}\]" if kind in UNIT_KINDS else rf"(?:\[{_INDEX}\])?")


# The same grammar with nothing captured, and what a kind needs, for a JSON schema.
PATTERN = "(?:{})".format("|".join(map(_pattern, TARGET_KINDS)))
_EXAMPLES = "counts, profile, counts:NAME_OF_HEAD, logit[0] or output:NAME_OF_HEAD[0]"


@dataclass(frozen=True)
class TargetName:
    """A target: its kind, the head that it reads (None: found by shape) and the unit.

    `index` is the unit of a head for the kinds that explain one unit, and for the others one
    column (strand or task) of the head; None stands for all of them.

    Raises
    ------
    InputError
        If the kind is unknown, the head's name cannot be written in the grammar, or a head or an
        index that the kind needs is missing.
    """

    kind: str
    head: str | None = None
    index: int | None = None

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

    @property
    def _stem(self) -> str:
        return self.kind if self.head is None else f"{self.kind}:{self.head}"

    @property
    def text(self) -> str:
        """Name in the grammar above, such as ``logit:classes[12]``."""
        return self._stem if self.index is None else f"{self._stem}[{self.index}]"

    @property
    def slug(self) -> str:
        """Name for files and HDF5 groups: letters, digits and ``_ . -`` only.

        Two targets share a slug only if their heads differ in nothing but other characters.
        """
        parts = (self.kind, self.head, self.index)
        joined = "-".join(str(part) for part in parts if part is not None)
        return re.sub(r"[^A-Za-z0-9_.-]", "-", joined)

    def __str__(self) -> str:
        return self.text


def parse_target_name(text: str) -> TargetName:
    """Read the name of a target, without the blanks around it.

    >>> parse_target_name("logit:classes[12]")
    TargetName(kind='logit', head='classes', index=12)

    Raises
    ------
    InputError
        If the text does not follow the grammar; the message has examples.
    """
    match = _NAME.fullmatch(text.strip())
    if match is None:
        raise InputError(f"Target {text!r} cannot be read; expected {_EXAMPLES}.")
    index = match["index"]
    return TargetName(match["kind"], match["head"], None if index is None else int(index))
