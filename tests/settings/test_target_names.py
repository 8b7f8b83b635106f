"""Names of targets: the grammar, the way back to text, and names for files."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.target_names import (
    HEADED_KINDS,
    PATTERN,
    TARGET_KINDS,
    UNIT_KINDS,
    TargetName,
    parse_target_name,
)

TABLE = [
    ("counts", TargetName("counts"), "counts"),
    ("profile", TargetName("profile"), "profile"),
    ("counts:task1_logcount", TargetName("counts", "task1_logcount"), "counts-task1_logcount"),
    ("logit[0]", TargetName("logit", None, 0), "logit-0"),
    ("logit:classes[12]", TargetName("logit", "classes", 12), "logit-classes-12"),
    ("counts[3]", TargetName("counts", None, 3), "counts-3"),
    ("profile_per_strand", TargetName("profile_per_strand"), "profile_per_strand"),
    ("profile_fixed_weights", TargetName("profile_fixed_weights"), "profile_fixed_weights"),
    ("profile_live_weights:a", TargetName("profile_live_weights", "a"), "profile_live_weights-a"),
    ("profile_wn:a[1]", TargetName("profile_wn", "a", 1), "profile_wn-a-1"),
    ("output:a[7]", TargetName("output", "a", 7), "output-a-7"),
    ("profile:model/out", TargetName("profile", "model/out"), "profile-model-out"),
    ("counts:zähler", TargetName("counts", "zähler"), "counts-z-hler"),
]


@pytest.mark.parametrize(("text", "name", "slug"), TABLE)
def test_table(text: str, name: TargetName, slug: str) -> None:
    assert parse_target_name(text) == name
    assert parse_target_name(f" {text}\t") == name
    assert name.text == str(name) == text
    assert name.slug == slug
    assert re.fullmatch(PATTERN, text)


def test_index_is_written_without_leading_zeros() -> None:
    assert parse_target_name("logit[007]").text == "logit[7]"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cuonts", r"'cuonts' is not known; did you mean 'counts'\? The kinds are counts, "),
        ("Profile", r"did you mean 'profile'"),
        (
            "xyz",
            rf"'xyz' is not known\. The kinds are {', '.join(TARGET_KINDS)}; to name a head, write "
            "counts:xyz ",
        ),
        ("logit", r"'logit' needs the unit to explain.*e\.g\. 'logit\[0\]'"),
        ("logit:a", r"'logit:a' needs the unit.*'logit:a\[0\]'"),
        ("profile_win", r"did you mean 'profile_wn'"),
        ("output", r"'output' needs the head as well, e\.g\. 'output:NAME_OF_HEAD\[0\]'"),
        ("output[3]", r"'output\[3\]' needs the head as well, e\.g\. 'output:NAME_OF_HEAD\[3\]'"),
        ("output:a", r"'output:a' needs the unit.*'output:a\[0\]'"),
        ("", r"'' cannot be read; expected counts,"),
        ("counts:", r"'counts:' cannot be read"),
        ("logit[-1]", r"cannot be read"),
        ("logit[0", r"cannot be read"),
        ("logit[٣]", r"cannot be read"),
        (f"logit[{'9' * 5000}]", r"cannot be read"),
        ("counts,profile", r"cannot be read"),
        ("counts head", r"cannot be read"),
    ],
)
def test_what_cannot_be_meant(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_target_name(text)
    assert not re.fullmatch(PATTERN, text)


@pytest.mark.parametrize(
    "fields", [("logit", None, -1), ("counts", "", None), ("counts", "a b", None)]
)
def test_no_bad_name_can_be_built(fields: tuple[str, str | None, int | None]) -> None:
    with pytest.raises(InputError):
        TargetName(*fields)


heads = st.none() | st.text(min_size=1).filter(lambda text: not re.search(r"[\[\]:,\s]", text))


@given(st.sampled_from(TARGET_KINDS), heads, st.none() | st.integers(0, 10**6))
def test_text_leads_back_and_slug_is_safe(kind: str, head: str | None, index: int | None) -> None:
    if (kind in HEADED_KINDS and head is None) or (kind in UNIT_KINDS and index is None):
        with pytest.raises(InputError, match="needs the"):
            TargetName(kind, head, index)
        return
    name = TargetName(kind, head, index)
    assert parse_target_name(name.text) == name
    assert re.fullmatch(PATTERN, name.text)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", name.slug)
