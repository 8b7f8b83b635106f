"""The spans, stretches and segments of perturbed windows, and their mistakes."""

import pytest

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.settings.methods import choose


@pytest.mark.parametrize(
    ("options", "length", "span"),
    [
        ({}, 600, (0, 600)),
        ({}, 601, (100, 500)),
        ({"central": 101}, 1000, (449, 550)),
        ({"central": 2000}, 1000, (0, 1000)),
        ({"central": 100}, 500, (0, 500)),
        ({"span": [3, 7]}, 7, (3, 7)),
    ],
)
def test_the_span_that_is_mutated(options: dict, length: int, span: tuple[int, int]) -> None:
    assert choose("in_silico_mutagenesis", options).options.span_in(length) == span


@pytest.mark.parametrize(
    ("length", "stride", "starts"),
    [(4, 3, [0, 3, 6]), (4, 4, [0, 4, 6]), (10, 1, [0]), (9, 9, [0, 1])],
)
def test_stretches_cover_a_window_to_its_end(length: int, stride: int, starts: list[int]) -> None:
    chosen = choose("occlusion", {"length": length, "stride": stride})
    assert chosen.options.starts(10) == starts  # type: ignore[attr-defined]


MISTAKES = [
    ("in_silico_mutagenesis", {"span": [7]}, r"ption of .*'span': \[7\] is no span"),
    ("in_silico_mutagenesis", {"span": [7, 7]}, r"\[7, 7\] is no span; expected \[start, end\]"),
    ("in_silico_mutagenesis", {"span": [-5, 7]}, r"\[-5, 7\] is no span"),
    ("in_silico_mutagenesis", {"span": "1-7"}, "'span' is '1-7'; expected a list"),
    ("in_silico_mutagenesis", {"span": [0.5, 7]}, "'span.0' is 0.5; expected a whole number"),
    ("occlusion", {"by": "refrence"}, "expected one of reference, unknown, shuffle"),
    ("occlusion", {"length": 5, "stride": 6}, "stride of 6 leaves out bases.* at most 5"),
    ("occlusion", {"length": 3}, "stride of 5 leaves out bases.* at most 3"),
    ("lime", {"width": 0}, "'width' is 0; expected a number above 0"),
]


@pytest.mark.parametrize(("name", "options", "message"), MISTAKES)
def test_mistakes_in_options(name: str, options: dict, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        choose(name, options)


def test_what_decides_on_references_and_seeds() -> None:
    found = {by: choose("occlusion", {"by": by}) for by in ("reference", "unknown", "shuffle")}
    assert [chosen.references for chosen in found.values()] == [True, False, False]
    assert [chosen.stochastic for chosen in found.values()] == [False, False, True]
