"""The user's own names of motifs: the setting `motif_names`.

A key is a pattern, ``SAMPLE/TARGET/PATTERN`` such as ``k562/counts/pos_0``, or the identifier of a
motif in the database, such as ``MA0139.2``. The name goes into tables, BED and MEME files, so it is
one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import first_few, shortened
from deeplift_genomics.settings.target_names import parse_target_name, split_targets

_PATTERN = re.compile(r"(?P<sample>[^/]*)/(?P<target>.*)/(?P<pattern>[^/]*)", re.DOTALL)
_NAME_OF_PATTERN = re.compile(r"(pos|neg)_(0|[1-9][0-9]{0,5})", re.ASCII)
LONGEST_NAME = 60  # letters
NAME = rf"^[\w.:+()-]{{1,{LONGEST_NAME}}}$"  # for a JSON schema
_NOT_IN_NAMES = re.compile(r"[^\w.:+()-]")
_LOOKS_LIKE_A_PATTERN = re.compile(
    r"((pos|neg)(itive|ative)?[_-]?(patterns?[_-]?)?|patterns?[_-]?)\d+", re.IGNORECASE
)


class PatternKey(NamedTuple):
    """A pattern of a target of a sample, as `motif_names` names it."""

    sample: str
    target: str
    pattern: str


def as_name(text: str) -> str:
    """Return a text as a name of a motif: other signs than letters, digits and ._:+()- become _.

    >>> as_name("CTCF(Zf)/Homer 2")
    'CTCF(Zf)_Homer_2'
    """
    return _NOT_IN_NAMES.sub("_", text)[:LONGEST_NAME]


def pattern_key(key: str) -> PatternKey | None:
    """Return the pattern that a key names, or None for one that names a motif of the database.

    >>> pattern_key("k562/logit:a/b[1]/pos_0")
    PatternKey(sample='k562', target='logit:a/b[1]', pattern='pos_0')
    >>> pattern_key("CTCF(Zf)/CD4+-CTCF/Homer") is None
    True
    """
    found = _PATTERN.fullmatch(key)
    if found is None or not _NAME_OF_PATTERN.fullmatch(found["pattern"]):
        return None
    try:
        target = parse_target_name(found["target"]).text
    except InputError:
        target = found["target"]
    return PatternKey(found["sample"], target, found["pattern"])


def problems_of_names(names: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with the keys and names alone, one sentence each."""
    seen: dict[PatternKey, str] = {}
    for key, name in names.items():
        shown = shortened(repr(key), 200)
        if name != as_name(name) or not name.strip("._:+()-"):
            yield (
                f"{shown} has the name {shortened(repr(name), 200)}; expected one word of at most "
                f"{LONGEST_NAME} letters, digits and the signs . _ : + ( ) -"
                + (f", such as {as_name(name.strip())!r}" if name.strip() else "")
            )
        pattern = pattern_key(key)
        if pattern and pattern in seen:
            yield f"{shown} is the same pattern as {seen[pattern]!r}; write it once"
        elif pattern:
            seen[pattern] = key
        elif not key.strip() or not key.isprintable():
            yield f"the key {shown}; {_EXPECTED}"
        elif _LOOKS_LIKE_A_PATTERN.fullmatch(key.rpartition("/")[2]):
            yield f"the key {shown} names no pattern; {_EXPECTED}"


_EXPECTED = (
    "expected SAMPLE/TARGET/PATTERN, such as k562/counts/pos_0 or k562/profile/neg_1, or the "
    "identifier of a motif of the database, such as MA0139.2"
)


def unknown_patterns(names: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield what the keys name that the samples, by their rows, do not have, one sentence each."""
    targets = {
        row["sample"]: [parse_target_name(text).text for text in split_targets(row["heads"])]
        for row in rows
    }
    for key in names:
        pattern = pattern_key(key)
        if pattern is None:
            continue
        if pattern.sample not in targets:
            near = get_close_matches(pattern.sample, targets, n=1) or [first_few(targets)]
            yield f"{key!r}: no sample is called {pattern.sample!r}; there is {near[0]}"
        elif pattern.target not in targets[pattern.sample]:
            yield (
                f"{key!r}: sample {pattern.sample!r} has no target {pattern.target!r}; its targets "
                f"are {', '.join(targets[pattern.sample])}"
            )


def names_for(names: Mapping[str, str], sample: str) -> dict[str, str]:
    """Return the names that one sample needs: its own patterns', and those of the database."""
    return {
        key: name
        for key, name in names.items()
        if (pattern := pattern_key(key)) is None or pattern.sample == sample
    }
