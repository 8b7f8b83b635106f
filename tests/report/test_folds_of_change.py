"""What a change of a target means, for heads of every kind."""

import pytest

from deeplift_genomics.models.info import HeadInfo
from deeplift_genomics.report.folds_of_change import (
    ODDS,
    OUTPUT,
    SHAPE,
    Scale,
    fold_in_words,
    scale_of,
    scale_of_measure,
)

ONE = (HeadInfo("count", (1,), "counts"),)
TWO = (HeadInfo("count", (2,), "counts"), HeadInfo("shape", (500, 2), "profile"))
TASKS = (HeadInfo("count", (7,), "counts"),)
TWO_HEADS = (HeadInfo("a", (2,), "counts"), HeadInfo("b", (1, 1), "counts"))
SIGMOID = (HeadInfo("classes", (3,), "logits", "sigmoid"),)
SOFTMAX = (HeadInfo("classes", (3,), "logits", "softmax"),)


@pytest.mark.parametrize(
    ("target", "heads", "what", "fold"),
    [
        ("counts", ONE, "predicted signal", 2.718),
        ("counts", TWO, "predicted signal", 1.649),
        ("counts[1]", TWO, "predicted signal", 2.718),
        ("counts:count", TWO, "predicted signal", 1.649),
        ("counts:b", TWO_HEADS, "predicted signal", 2.718),
        ("counts[3]-counts[4]", TASKS, "predicted ratio of signals", 2.718),
        ("0.5*counts[3]+0.5*counts[4]", TASKS, "predicted signal", 2.718),
        ("counts[3]+counts[4]", TASKS, "predicted signal", 1.649),
        # two strands against one: neither a sum nor a ratio
        ("counts:a-counts:b", TWO_HEADS, "value of counts:a-counts:b", None),
        ("counts:a-2*counts:b", TWO_HEADS, "predicted ratio of signals", 1.649),
        ("counts:missing", TWO, "predicted signal", None),
        ("profile", TWO, "predicted signal", None),
        ("logit[1]", SIGMOID, "predicted odds of the class", 2.718),
        ("logit:classes[1]", SIGMOID, "predicted odds of the class", 2.718),
        ("logit[1]", SOFTMAX, "score for class 1", None),
        ("output:count[0]", ONE, "predicted signal", None),
        ("no such kind", ONE, "value of no such kind", None),
    ],
)
def test_change_of_one(target, heads, what, fold):
    scale = scale_of(target, heads)
    assert scale.what == what
    assert scale.fold(1.0) == (None if fold is None else pytest.approx(fold, abs=1e-3))


@pytest.mark.parametrize(
    ("scale", "change", "words"),
    [
        (Scale("", 1, ""), -0.5276, "falls by 41%"),
        (Scale("", 2, ""), 0.911, "rises 1.58-fold"),
        (Scale("", 1, ""), 0.001, "hardly changes (by less than 0.5%)"),
        (Scale("", 1, ""), -0.0075, "falls by 0.7%"),
        (Scale("", 1, ""), -9.0, "falls by more than 99%"),
        (Scale("", 1, ""), 1e9, "rises by 1e+09"),
        (Scale(ODDS, 1, ""), -0.5276, "fall by 41%"),
        (Scale(ODDS, 1, ""), 0.911, "rise 2.49-fold"),
        (Scale("", None, "in logits"), -0.4321, "falls by 0.43 in logits"),
        (Scale("", 1, ""), float("nan"), "changes by an unknown amount"),
    ],
)
def test_changes_in_words(scale, change, words):
    assert scale.in_words(change) == words


def test_measures_of_effects_have_their_own_scale():
    assert scale_of_measure(OUTPUT, "count", target="profile", heads=TWO).logs == 1
    assert scale_of_measure("target", "counts", target="counts", heads=TWO).logs == 2
    assert scale_of_measure(SHAPE, "shape", target="counts", heads=TWO).logs is None
    assert scale_of_measure(OUTPUT, "shape", target="counts", heads=TWO).logs is None


@pytest.mark.parametrize("end", ["Softplus", "Exp", "Relu"])
def test_a_head_that_gives_reads_is_no_logarithm(end):
    heads = (HeadInfo("count", (1,), "counts", ends_in=(end,)),)
    for scale in (
        scale_of("counts", heads, "in log counts"),
        scale_of_measure(OUTPUT, "count", target="profile", heads=heads, unit="in log counts"),
    ):
        assert scale.fold(1.0) is None
        assert scale.in_words(-12.4) == "falls by 12 in units of the output"


def test_large_factors_have_no_digits_that_are_not_known():
    assert [fold_in_words(x) for x in (1.5769, 11.4, 0.083, 12345)] == [
        "1.58-fold",
        "11-fold",
        "0.083-fold",
        "12,345-fold",
    ]
