"""The words of targets and references, and numbers for reading."""

import numpy as np
import pytest

from deeplift_genomics.dna.references import FLAT_COMPOSITION, KINDS
from deeplift_genomics.errors import InputError
from deeplift_genomics.report.words import number, reference_words, target_words
from deeplift_genomics.settings.target_names import TARGET_KINDS, parse_target_name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (np.int64(-5), "−5"),
        (0.0, "0.00"),
        (0.12345, "0.123"),
        (-12.345, "−12.3"),
        (1234.5, "1,234"),
        (0.00012345, "0.000123"),
        (0.000012345, "1.23 × 10<sup>−5</sup>"),
        (-2.5e8, "−2.50 × 10<sup>8</sup>"),
        (float("nan"), "not defined"),
        (float("inf"), "not defined"),
    ],
)
def test_numbers_for_reading(value, text):
    assert number(value) == f'<data value="{value}">{text}</data>'


@pytest.mark.parametrize(
    ("target", "title", "part", "scale"),
    [
        ("counts", "counts", "logarithmic", "in log counts"),
        ("counts:task0_logcount", "counts (task0_logcount)", "“out”", "in log counts"),
        ("profile", "profile", "shape of the signal", "on the model's profile scale"),
        ("counts[2]", "counts[2]", "column 2 of the head, counted from 0", "in log counts"),
        (
            "profile_wn:tasks[1]",
            "profile_wn[1] (tasks)",
            "method “profile_wn”",
            "on the model's profile scale",
        ),
        (
            "output:tasks[4]",
            "tasks[4]",
            "“tasks”, counted from 0 and unchanged",
            "in units of the output",
        ),
        (
            "logit[3]",
            "class 3",
            "before it is turned into a probability",
            "on the model's score scale (logits)",
        ),
        ("track[3]", "track 3", "added up over all bins", "in units of the track's signal"),
        (
            "track:human[3,44:46]",
            "track 3 (human), the bins 44 to 45",
            "added up over the bins 44 to 45",
            "in units of the track's signal",
        ),
        (
            "counts[0]-counts[1]",
            "counts[0]-counts[1]",
            "“counts[0]” − “counts[1]”. Here “counts[0]” is the number of reads",
            "in log counts",
        ),
        (
            "0.5*counts:a + logit[1]",
            "0.5*counts:a + logit[1]",
            "0.5 × “counts:a” + “logit[1]”",
            "in units of the target",
        ),
        ("later-kind:x", "later-kind:x", "“later-kind:x”", "in units of the target"),
    ],
)
def test_targets_in_plain_words(target, title, part, scale):
    words = target_words({"target": target, "head": "out"})
    assert (words.text, words.title, words.scale) == (target, title, scale)
    assert part in words.meaning and words.question.endswith("?")


@pytest.mark.parametrize("kind", TARGET_KINDS)
def test_every_kind_of_target_has_words(kind):
    for head in ("", ":tasks"):
        for index in ("", "[4]"):
            try:
                name = parse_target_name(f"{kind}{head}{index}")
            except InputError:  # a kind that needs the head or the unit
                continue
            words = target_words({"target": name.text, "head": "out"})
            assert words.text == name.text
            assert words.title and words.scale
            assert words.question.endswith("?") and words.meaning.endswith(".")


def test_references_in_plain_words():
    shuffled = {"reference_kind": "dinucleotide_shuffle"}
    assert reference_words(shuffled, 20).startswith(
        "each of 20 shuffled versions of the same region."
    )
    assert reference_words(shuffled, 1).startswith("one shuffled version of the same region.")
    assert reference_words({"reference_kind": "zeros"}, 1) == (
        "one empty sequence, with no base at any position."
    )
    a, c, g, t = (f"{share:.0%}" for share in FLAT_COMPOSITION)
    assert reference_words({"reference_kind": "flat"}, 1) == (
        f"one artificial sequence: {a} A, {c} C, {g} G and {t} T at every position."
    )
    assert reference_words({"reference_kind": "odd"}, 1) == "one sequence of the kind “odd”."
    assert reference_words({"reference_kind": "odd"}, 3) == "each of 3 sequences of the kind “odd”."


def test_every_kind_of_reference_has_words():
    for kind in KINDS:
        assert f"“{kind}”" not in reference_words({"reference_kind": kind}, 1)
