"""References: exact counts, uniformity, independence of how the work is split, and mistakes."""

import subprocess
import sys
from collections import Counter
from itertools import pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from deeplift_genomics import dinucleotide_shuffle
from deeplift_genomics.dna.references import KINDS, make_references
from deeplift_genomics.dna.sequence import decode, encode, one_hot
from deeplift_genomics.dna.shuffle import compiled, shuffle_codes
from deeplift_genomics.errors import ConfigError, InputError
from deeplift_genomics.settings.choices import check_references

REPLICATES = 20_000
sequences = st.text("ACGTN", max_size=60)

# ends where it starts; ends elsewhere; repeats; few bases; all bases; a base seen once; two runs
SHORT = [
    "ACAGACGA",
    "ACGTACAGT",
    "AACCAACAC",
    "ACACTTCAT",
    "AACAGACCG",
    "CAATGCAATG",
    "ACAGANTTGTAT",
]


def arrangements(sequence: str) -> set[str]:
    """Return all sequences with the same dinucleotides and ends of runs, by brute force."""

    def of_run(run: str) -> set[str]:
        wanted = Counter(pairwise(run))
        return {
            text
            for inner in permutations(run[1:-1])
            if Counter(pairwise(text := run[0] + "".join(inner) + run[-1])) == wanted
        }

    return {"N".join(runs) for runs in product(*map(of_run, sequence.split("N")))}


def uniformity(sequence: str, shuffles: list[str]) -> float:
    """Return the p-value of equally likely arrangements, or 0 if one of them is missing."""
    found, possible = Counter(shuffles), arrangements(sequence)
    assert found.keys() <= possible
    return chisquare([found[text] for text in possible]).pvalue if len(found) > 1 else 0.0


def shuffle_keeping_last_exits(sequence: str, rng: np.random.Generator) -> str:
    """Shuffle by the weaker method: exits in random order, but last exits stay as in the input."""
    exits: dict[str, list[str]] = {base: [] for base in "ACGT"}
    for base, following in pairwise(sequence):
        exits[base].append(following)
    for base, following_bases in exits.items():
        kept = 0 if base == sequence[-1] else 1
        free = len(following_bases) - kept
        exits[base] = [following_bases[i] for i in rng.permutation(max(free, 0))] + (
            following_bases[free:] if kept else []
        )
    text = sequence[0]
    while len(text) < len(sequence):
        text += exits[text[-1]].pop(0)
    return text


@given(sequences, st.integers(0, 2**64))
def test_counts_ends_and_unknown_bases_stay(sequence: str, seed: int) -> None:
    for shuffled in dinucleotide_shuffle(sequence, 3, seed):
        assert Counter(pairwise(shuffled)) == Counter(pairwise(sequence))
        assert shuffled[:1] == sequence[:1] and shuffled[-1:] == sequence[-1:]
        assert [i for i, base in enumerate(shuffled) if base == "N"] == [
            i for i, base in enumerate(sequence) if base == "N"
        ]


@given(st.lists(st.text("ACGT", max_size=12), min_size=2, max_size=4))
def test_each_run_is_shuffled_on_its_own(runs: list[str]) -> None:
    shuffled = dinucleotide_shuffle("N".join(runs), 1, 5)[0]
    for before, after in zip(runs, shuffled.split("N"), strict=True):
        assert Counter(pairwise(before)) == Counter(pairwise(after))
        assert before[:1] == after[:1] and before[-1:] == after[-1:]


@pytest.mark.parametrize("sequence", SHORT)
def test_every_arrangement_is_equally_likely(sequence: str) -> None:
    assert len(arrangements(sequence)) > 2
    shuffles = dinucleotide_shuffle(sequence, REPLICATES, seed=1)
    assert set(shuffles) == arrangements(sequence)
    assert uniformity(sequence, shuffles) > 1e-3


def test_seeds_give_uniform_shuffles_too() -> None:
    sequence = "ACAGACGA"
    shuffles = [dinucleotide_shuffle(sequence, 1, seed)[0] for seed in range(REPLICATES // 4)]
    assert uniformity(sequence, shuffles) > 1e-3


@pytest.mark.parametrize("sequence", ["ACAGACGA", "ACGTACAGT", "AACAGACCG"])
def test_the_check_of_uniformity_can_fail(sequence: str) -> None:
    rng = np.random.default_rng(1)
    shuffles = [shuffle_keeping_last_exits(sequence, rng) for _ in range(REPLICATES)]
    assert uniformity(sequence, shuffles) < 1e-9


def test_a_long_shuffle_resembles_the_input_no_more_than_chance() -> None:
    codes = np.random.default_rng(0).integers(0, 4, (1, 2114))
    shuffled = shuffle_codes(codes, 100, seed=3)[0]
    equal = (shuffled == codes)[:, 1:-1]
    assert abs(equal.mean() - 0.25) < 0.01
    assert equal[:, -20:].mean() < 0.35  # kept last exits would repeat the tail


@pytest.mark.parametrize("sequence", ["", "A", "N", "AC", "NN", "AN", "ACG", "AAA", "T" * 50])
def test_what_has_one_arrangement_only(sequence: str) -> None:
    assert dinucleotide_shuffle(sequence, 2) == [sequence] * 2
    array = one_hot(encode(sequence), np.float32)
    assert np.array_equal(dinucleotide_shuffle(array, 2), np.stack([array] * 2))


def test_lower_case_and_ambiguity_codes() -> None:
    assert dinucleotide_shuffle("acagRacgaTT", 4, 9) == dinucleotide_shuffle("ACAGNACGATT", 4, 9)


def test_the_seed_decides_and_the_stream_is_fixed_for_good() -> None:
    sequence = "GATTACAGATTTACCAGN" * 2
    assert dinucleotide_shuffle(sequence, 3, 7) == dinucleotide_shuffle(sequence, 3, 7)
    assert dinucleotide_shuffle(sequence, 3, 7) != dinucleotide_shuffle(sequence, 3, 8)
    assert dinucleotide_shuffle(sequence, 3, -1) == dinucleotide_shuffle(sequence, 3, 2**64 - 1)
    # A release that changes these three cannot reproduce the scores of earlier releases.
    assert dinucleotide_shuffle("GATTACAGATTTACCAGT", 3, 7) == [
        "GATTATTTACAGACCAGT",
        "GTTATTACACCAGAGATT",
        "GACCAGTTTATTACAGAT",
    ]


def test_other_sequences_have_other_draws() -> None:
    sequence = "ACAGACGACCAGAGCA" * 3
    relabelled = sequence.translate(str.maketrans("ACG", "AGT"))  # keeps the order of the bases
    shuffles = dinucleotide_shuffle(sequence, 5)
    assert dinucleotide_shuffle(relabelled, 5) != [
        shuffle.translate(str.maketrans("ACG", "AGT")) for shuffle in shuffles
    ]


@given(st.lists(st.text("ACGTN", min_size=30, max_size=30), min_size=1, max_size=5))
@settings(max_examples=30)
def test_neither_number_nor_neighbours_nor_order_matter(texts: list[str]) -> None:
    codes = np.stack([encode(text) for text in texts])
    whole = shuffle_codes(codes, 5, seed=2)
    assert whole.dtype == np.int8 and whole.shape == (len(texts), 5, 30)
    assert np.array_equal(whole[:, :2], shuffle_codes(codes, 2, seed=2))
    assert np.array_equal(whole[::-1], shuffle_codes(codes[::-1], 5, seed=2))
    for text, row in zip(texts, whole, strict=True):
        assert [decode(shuffle) for shuffle in row] == dinucleotide_shuffle(text, 5, seed=2)


@pytest.mark.parametrize("dtype", [np.int8, np.float32, bool])
def test_string_and_one_hot_agree(dtype: type) -> None:
    texts = ["GATTACAGATTNACCAGT", "ACAGACGATTTTGCGCAN"]
    arrays = one_hot(np.stack([encode(text) for text in texts]), dtype)
    expected = [[one_hot(encode(s)) for s in dinucleotide_shuffle(text, 4, 3)] for text in texts]
    batch = dinucleotide_shuffle(arrays, 4, 3)
    assert batch.dtype == dtype and batch.shape == (2, 4, 18, 4)
    assert np.array_equal(batch, np.array(expected))
    assert np.array_equal(dinucleotide_shuffle(arrays[1], 4, 3), batch[1])


ROWS = one_hot(encode("ACGT"), np.float32)


@pytest.mark.parametrize(
    ("sequence", "number", "message"),
    [
        ("ACGT", 0, "number of references is 0; expected 1 or more"),
        ("ACGT", 2.0, r"number of references is 2\.0"),
        ("ACGT", True, "number of references is True"),
        (ROWS[:, :3], 1, r"shape \(4, 3\) and type float32; expected a string, or a one-hot"),
        (ROWS[None, None], 1, r"shape \(1, 1, 4, 4\)"),
        (np.array(["A", "C", "G", "T"]), 1, r"type <U1"),
        (ROWS * 0.5, 1, r"base 0 \(counted from 0\) is \[0\.5, 0\.0, 0\.0, 0\.0\]; expected"),
        (np.stack([ROWS, ROWS[:, ::-1] + ROWS]), 1, r"base 0 of sequence 1 .* \[1\.0, 0\.0, 0\.0"),
        (np.where(ROWS, np.nan, 0), 1, r"base 0 .* is \[nan"),
        (-ROWS, 1, r"base 0 .* is \[-1\.0"),
    ],
)
def test_arguments_that_cannot_be_meant(sequence: object, number: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        dinucleotide_shuffle(sequence, number)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (np.zeros(5, int), r"shape \(5,\)"),
        (np.zeros((1, 5)), "type float64"),
        (np.array([[0, 5]]), "reach from 0 to 5"),
        (np.array([[-1, 0]]), "reach from -1 to 0"),
    ],
)
def test_codes_that_cannot_be_meant(codes: np.ndarray, message: str) -> None:
    with pytest.raises(InputError, match=message):
        shuffle_codes(codes, 1, 0)


CODES = np.stack([encode("GATTNACAGA"), encode("NCATTACATT")])


def test_kind_dinucleotide_shuffle() -> None:
    references = make_references(CODES, "dinucleotide_shuffle", 3, 4)
    assert references.dtype == np.float32
    assert np.array_equal(references, one_hot(shuffle_codes(CODES, 3, 4)))


def test_kind_flat() -> None:
    references = make_references(CODES, "flat", 1, 4)
    assert references.dtype == np.float32 and references.shape == (2, 1, 10, 4)
    flat, unknown = np.float32([0.3, 0.2, 0.2, 0.3]), np.zeros(4)
    for n, text in enumerate(["GATTNACAGA", "NCATTACATT"]):
        expected = [unknown if base == "N" else flat for base in text]
        assert np.array_equal(references[n, 0], expected)


def test_kind_zeros() -> None:
    references = make_references(CODES, "zeros", 1, 4)
    assert references.dtype == np.float32 and references.shape == (2, 1, 10, 4)
    assert not references.any()


@pytest.mark.parametrize("kind", KINDS)
def test_no_windows_give_no_references(kind: str) -> None:
    assert make_references(CODES[:0], kind, 1, 0).shape == (0, 1, 10, 4)


@pytest.mark.parametrize(
    ("kind", "number", "message"),
    [
        ("dinucleotide_shufle", 1, "did you mean 'dinucleotide_shuffle'"),
        ("random", 1, r"'random' is not known\. The kinds are dinucleotide_shuffle, flat, zeros"),
        ("flat", 20, "number of references is 20, but .*'flat' are all alike: set the number to 1"),
        ("zeros", 2, "'zeros' are all alike"),
        ("dinucleotide_shuffle", 0, "is 0; expected 1 or more"),
    ],
)
def test_kinds_and_numbers_that_cannot_be_had(kind: str, number: int, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        check_references(kind, number)
    with pytest.raises(ConfigError, match=message):
        make_references(CODES, kind, number, 0)


def test_works_where_compiled_code_cannot_be_kept() -> None:
    # numba finds no folder for the code of a function without a file, as it finds none when
    # neither the package's folder nor the home folder can be written
    namespace: dict = {}
    exec("def double(x):\n    return 2 * x\n", namespace)
    assert compiled(namespace["double"])(21) == 42


def test_importing_references_does_not_import_tensorflow() -> None:
    code = (
        "import sys, deeplift_genomics.dna.references as r; sys.exit('tensorflow' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
