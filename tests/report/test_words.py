"""The words of targets and references, and numbers for reading."""

import numpy as np
import pytest

from deeplift_genomics.report.words import number, reference_words, target_words


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
    ("target", "title", "part", "unit"),
    [
        ("counts", "counts", "logarithmic", "log counts"),
        ("counts:task0_logcount", "counts (task0_logcount)", "“out”", "log counts"),
        ("profile", "profile", "shape of the signal", "profile logits"),
        ("counts[2]", "counts[2]", "columns it is number 2, from 0", "log counts"),
        ("profile_wn:tasks[1]", "profile_wn[1] (tasks)", "way named profile_wn", "profile logits"),
        ("output:tasks[4]", "tasks[4]", "“tasks”, as it is", "units of the output"),
        ("logit[3]", "class 3", "before it is turned into a probability", "logits"),
        ("later-kind:x", "later-kind:x", "“later-kind:x”", "units of the target"),
    ],
)
def test_targets_in_plain_words(target, title, part, unit):
    words = target_words({"target": target, "head": "out"})
    assert (words.text, words.title, words.unit) == (target, title, unit)
    assert part in words.meaning and words.question.endswith("?")


def test_references_in_plain_words():
    shuffled = {"reference_kind": "dinucleotide_shuffle"}
    assert reference_words(shuffled, 20).startswith("20 shuffled versions of the same region")
    assert reference_words(shuffled, 1).startswith("one shuffled version of")
    assert reference_words({"reference_kind": "zeros"}, 1) == (
        "one reference sequence (of the kind “zeros”)"
    )
