"""The motifs that are inserted: which, in which direction, sampled and scrambled how."""

from collections import Counter

import numpy as np
import pytest

from deeplift_genomics.dna.sequence import UNKNOWN, decode, encode
from deeplift_genomics.effects.inserts import (
    choose_inserts,
    draw_samples,
    reverse_complement,
    scrambled_orders,
)
from deeplift_genomics.motifs.names import Label
from deeplift_genomics.motifs.patterns import Pattern, read_motifs
from tests.effects.models import motif
from tests.motifs.made_motifs import Made, write_motif_file


def label(name: str, pattern: str, *, turned: bool = False) -> Label:
    return Label(name, "counts", pattern, 1, turned, 0, 1, "")


@pytest.fixture(scope="module")
def patterns(tmp_path_factory: pytest.TempPathFactory) -> list[Pattern]:
    made = [Made("GATAN" + "CCTG", n_seqlets=60), Made("TTGCA", n_seqlets=90, sign=-1)]
    return read_motifs(write_motif_file(tmp_path_factory.mktemp("made") / "m.h5", made))


@pytest.mark.parametrize(
    ("turned", "expected"),
    [(False, {"pos_0": "GATANCCTG", "neg_0": "TTGCA"}),
     (True, {"pos_0": "CAGGNTATC", "neg_0": "TGCAA"})],
)  # fmt: skip
def test_motifs_are_inserted_as_they_read(
    turned: bool, expected: dict[str, str], patterns: list[Pattern]
) -> None:
    labels = {item.name: label(item.name, item.name, turned=turned) for item in patterns}
    found = choose_inserts(patterns, labels, 9)
    assert {item.pattern: decode(item.codes) for item in found} == expected
    assert [item.pattern for item in found] == ["neg_0", "pos_0"]  # by seqlets
    for item in found:
        known = item.codes != UNKNOWN
        np.testing.assert_array_equal(item.ppm.argmax(axis=1)[known], item.codes[known])
    assert [item.pattern for item in choose_inserts(patterns, labels, 1)] == ["neg_0"]
    assert choose_inserts(patterns, labels, 0) == [] == choose_inserts([], {}, 9)


def test_of_a_motif_of_several_patterns_the_largest_is_inserted(patterns: list[Pattern]) -> None:
    (insert,) = choose_inserts(patterns, {item.name: label("A", item.name) for item in patterns}, 9)
    assert (insert.motif, insert.pattern) == ("A", "neg_0")


def test_samples_have_the_base_frequencies() -> None:
    insert = motif("ACGTN", certain=0.7)
    samples = draw_samples(insert, 4000, 1)
    shares = np.stack([(samples == base).mean(axis=0) for base in range(4)], axis=1)
    np.testing.assert_allclose(shares, insert.ppm, atol=0.03)
    np.testing.assert_array_equal(samples[:10], draw_samples(insert, 10, 1))
    assert (samples[:10] != draw_samples(insert, 10, 2)).any()


def test_scrambled_orders_differ_from_the_motif_and_from_each_other() -> None:
    insert = motif("ACTACAATTCCCNGAA")
    orders = scrambled_orders(insert, 200, 1)
    texts = {decode(insert.codes[order]) for order in orders}
    assert len(texts) == 200 and decode(insert.codes) not in texts
    assert {tuple(sorted(Counter(text).items())) for text in texts} == {
        tuple(sorted(Counter("ACTACAATTCCCNGAA").items()))
    }


def test_a_motif_of_few_orders_has_no_more() -> None:
    assert len(scrambled_orders(motif("GGGGCGGG"), 200, 1)) == 7
    assert scrambled_orders(motif("AAAA"), 200, 1).shape == (0, 4)


def test_codes_are_reverse_complemented() -> None:
    assert decode(reverse_complement(encode("AACGN"))) == "NCGTT"
