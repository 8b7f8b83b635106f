"""The bases in which motifs are searched for, which need scores."""

from typing import Any

import pytest

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.settings.config import parse_config
from deeplift_genomics.settings.motif_window import central_bases, check_motif_window
from deeplift_genomics.settings.scored import chosen_method
from deeplift_genomics.settings.strict import as_plain


def plain(window: int, **options: Any) -> dict[str, Any]:
    attribution = {"method": "in_silico_mutagenesis", "options": options}
    return as_plain(parse_config({"attribution": attribution, "motifs": {"window": window}}))


@pytest.mark.parametrize("length", [200, 600, 601, 1000, 1001, 2114])
@pytest.mark.parametrize("window", [30, 31, 400, 401, 1000, 1999])
def test_mutagenesis_scores_what_motifs_read(length: int, window: int) -> None:
    config = plain(window)
    start, end = chosen_method(config).options.span_in(length)
    first, last = central_bases(length, window)
    assert start <= first and last <= end and end - start <= max(window, 600)
    check_motif_window(config)
    check_motif_window(config, length)


GIVEN: list[tuple[dict[str, Any], int | None, str, int]] = [
    ({"central": 399}, None, "'central', in_silico_mutagenesis scores 399 bases of a long", 399),
    ({"central": 399}, 1000, "scores the bases 300 to 699 of 1000, .* takes 300 to 700", 398),
    ({"span": [5, 404]}, None, "'span', in_silico_mutagenesis scores 399 bases", 399),
    ({"span": [0, 450]}, 601, "scores the bases 0 to 450 of 601, .* takes 100 to 500", 300),
    ({"span": [0, 20]}, 601, "the bases 0 to 20 of 601", 0),
]


@pytest.mark.parametrize(("options", "length", "message", "largest"), GIVEN)
def test_bases_without_scores_are_refused(
    options: dict[str, Any], length: int | None, message: str, largest: int
) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        check_motif_window(plain(400, **options), length)
    assert (f"or set 'motifs.window' to {largest}." in str(caught.value)) == (largest >= 30)
    if largest >= 30:  # what it says to do is taken
        check_motif_window(plain(largest, **options), length)
    check_motif_window(plain(400), length)


@pytest.mark.parametrize(
    ("options", "length"),
    [
        ({"central": 100}, 600),  # such windows are mutated as a whole
        ({"span": [0, 300]}, 300),
        ({"span": [0, 300]}, None),  # that may be all of a window
        ({"span": [5, 405]}, None),
        ({"span": [100, 501]}, 601),
        ({"central": 400}, None),
        ({"central": 400}, 2114),
    ],
)
def test_options_that_suit_motifs(options: dict[str, Any], length: int | None) -> None:
    check_motif_window(plain(400, **options), length)


def test_other_methods_score_every_base() -> None:
    check_motif_window(as_plain(parse_config({"motifs": {"window": 5000}})), 2114)
