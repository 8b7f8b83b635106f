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
    TargetSum,
    parse_target_name,
    split_targets,
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
    ("track[3]", TargetName("track", None, 3), "track-3"),
    (
        "track:human[3,440:456]",
        TargetName("track", "human", 3, (440, 456)),
        "track-human-3-440-456",
    ),
    ("counts:task-1", TargetName("counts", "task-1"), "counts-task-1"),
    ("counts:a-counts", TargetName("counts", "a-counts"), "counts-a-counts"),
    ("counts:a-counts[1]", TargetName("counts", "a-counts", 1), "counts-a-counts-1"),
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


A, B = TargetName("counts", "a"), TargetName("counts", "b")
ZERO, ONE = TargetName("counts", None, 0), TargetName("counts", None, 1)


@pytest.mark.parametrize(
    ("text", "terms", "written", "slug"),
    [
        ("counts[0]-counts[1]", [(1, ZERO), (-1, ONE)], "=", "counts-0_minus_counts-1"),
        (" counts[0] - counts[1]", [(1, ZERO), (-1, ONE)], "counts[0]-counts[1]", None),
        ("counts[0] -counts[1]", [(1, ZERO), (-1, ONE)], "counts[0]-counts[1]", None),
        ("counts[0]+0.50*counts:b", [(1, ZERO), (0.5, B)], "counts[0]+0.5*counts:b",
         "counts-0_plus_0.5_times_counts-b"),
        ("counts:a-counts:b", [(1, A), (-1, B)], "=", "counts-a_minus_counts-b"),
        ("counts:a -counts:b", [(1, A), (-1, B)], "counts:a-counts:b", None),
        ("counts:a- 3*counts:b", [(1, A), (-3, B)], "counts:a-3*counts:b", None),
        ("counts:a - counts", [(1, A), (-1, TargetName("counts"))], "=", "counts-a_minus_counts"),
        ("counts:a--counts:b", [(1, TargetName("counts", "a-")), (-1, B)], "=", None),
        ("counts-counts:b", [(1, TargetName("counts")), (-1, B)], "=", "counts_minus_counts-b"),
        ("2*counts[1]", [(2, ONE)], "=", "2_times_counts-1"),
        (
            "track[3,4:9]-track:x-1[7]+counts-profile",
            [
                (1, TargetName("track", None, 3, (4, 9))), (-1, TargetName("track", "x-1", 7)),
                (1, TargetName("counts")), (-1, TargetName("profile")),
            ],
            "=",
            None,
        ),
    ],
)  # fmt: skip
def test_sums(text: str, terms: list, written: str, slug: str | None) -> None:
    found = parse_target_name(text)
    assert found == TargetSum(tuple(terms))
    assert found.text == str(found) == (text if written == "=" else written)
    assert parse_target_name(found.text) == found
    assert re.fullmatch(PATTERN, text.strip()) and re.fullmatch(PATTERN, found.text)
    assert slug is None or found.slug == slug


def test_a_factor_of_1_is_nothing() -> None:
    assert parse_target_name("1*counts[0]") == ZERO


def test_the_slug_of_a_long_sum_fits_a_file_name_and_is_its_own() -> None:
    long = "+".join(f"logit[{i}]" for i in range(100))
    slugs = {parse_target_name(text).slug for text in (long, long.replace("99", "199"))}
    assert len(slugs) == 2
    assert all(len(slug) < 150 for slug in slugs)


def test_commas_in_brackets_do_not_separate_targets() -> None:
    text = "counts,track[3,4:9]-track[4,4:9], logit[0]"
    assert split_targets(text) == ["counts", "track[3,4:9]-track[4,4:9]", "logit[0]"]
    assert split_targets("counts[0,profile") == ["counts[0", "profile"]


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
        ("track", r"'track' needs the unit.*'track\[0\]'"),
        ("counts[0,3:5]", r"only track takes bins after the unit, e\.g\. 'track\[0,3:5\]'"),
        ("track[3,450]", r"'track\[3,450\]' cannot be read; expected .*track\[0,440:456\]"),
        ("track[0,440-456]", r"cannot be read"),
        ("-counts[0]", r"begins with a term that is added, without a sign"),
        ("+counts[0]", r"did you mean 'counts'"),
        ("counts[0]-", r"'' in 'counts\[0\]-' cannot be read"),
        ("counts[0]-counst[1]", r"'counst' is not known; did you mean 'counts'"),
        ("1e-3*counts", r"'1e-3\*counts' is not known"),
        ("counts[0]counts[1]", r"cannot be read"),
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
    ("text", "message"),
    [
        ("track[0,5:5]", r"has no bin: 5:5 are the first bin and the one after the last"),
        ("counts[0]+counts[0]", r"'counts\[0\]' occurs twice in the sum"),
        ("counts[0]-0*counts[1]", r"'counts\[1\]' has the factor 0"),
    ],
)
def test_what_makes_no_sense(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_target_name(text)


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


names = st.builds(
    TargetName,
    st.sampled_from(["counts", "profile", "profile_wn"]),
    heads | st.from_regex(r"[ab*0-9.+-]{0,3}[+-]?(counts|profile)?", fullmatch=True).filter(bool),
    st.none() | st.integers(0, 99),
)


@given(st.lists(names, min_size=2, max_size=4, unique=True), st.data())
def test_the_text_of_a_sum_leads_back(terms: list[TargetName], data: st.DataObject) -> None:
    factors = [
        data.draw(st.sampled_from([1, 2, 0.5] if i == 0 else [1, -1, 0.25, -3]))
        for i in range(len(terms))
    ]
    name = TargetSum(tuple(zip(factors, terms, strict=True)))
    assert parse_target_name(name.text) == name
    assert re.fullmatch(PATTERN, name.text)
    assert re.fullmatch(r"[A-Za-z0-9_.-]+", name.slug)
