"""Matches: those of the scan for instances, and no others."""

from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.design.matches import Core, Match, Matcher, read_matcher
from deeplift_genomics.dna.sequence import encode
from deeplift_genomics.instances.cores import read_cores
from deeplift_genomics.instances.cutoffs import find_cutoffs
from deeplift_genomics.settings.motif_sections import Instances
from tests.effects.models import labels_file
from tests.motifs.made_motifs import Made, write_motif_file

MADE = [Made("TGACTCAGC", n_seqlets=60), Made("CTCTTATCT", sign=-1), Made("GGGGCGGG", turned=True)]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("matches")
    motifs = write_motif_file(folder / "motifs.h5", MADE)
    return motifs, labels_file(folder / "motifs.tsv", motifs)


def test_every_place_is_compared_base_by_base(files: tuple[Path, Path]) -> None:
    motifs, labels = files
    matcher = read_matcher([motifs], labels, Instances())
    assert [core.motif for core in matcher.cores] == ["M-pos_0", "M-pos_1", "M-neg_0"]
    cores, seqlets = read_cores(motifs)
    cutoffs = find_cutoffs(cores, seqlets, Instances())
    codes = np.random.default_rng(5).integers(0, 5, 400).astype(np.int8)
    codes[50:59], codes[203:212] = encode("TGACTCAGC"), encode("AGATAAGAG")
    expected, rare = set(), set()
    for number, (width, best) in enumerate(zip(cores.width, cores.best, strict=True)):
        for strand in range(2):
            for start in range(len(codes) - width + 1):
                total = sum(cores.cwm[number, strand, j, codes[start + j]] for j in range(width))
                if total / best >= cutoffs[number, 0]:
                    expected.add(Match(number, start, bool(strand)))
                if total / best >= max(cutoffs[number, 0], matcher.cores[number].rare):
                    rare.add(Match(number, start, bool(strand)))
    assert {Match(0, 50, False), Match(2, 203, True)} <= rare <= expected
    assert matcher.find(codes, 0, len(codes)) == rare
    assert matcher.find(codes, 0, len(codes), rare=False) == expected
    for first, last in ((51, 52), (45, 51), (58, 60), (0, 1), (399, 400)):
        near = {
            match
            for match in expected
            if match.start < last and match.start + cores.width[match.core] > first
        }
        assert matcher.find(codes, first, last, rare=False) == near


def test_a_sequence_shorter_than_the_motif_has_none() -> None:
    matcher = Matcher([Core("A", np.ones((2, 9, 5)), 0.1, 0.1)])
    assert matcher.find(encode("ACGT"), 0, 4) == set()
    assert Matcher([]).find(encode("ACGT"), 0, 4) == set()


def test_as_many_matches_as_there_are(files: tuple[Path, Path]) -> None:
    matcher = Matcher([Core("A", np.ones((2, 3, 5)), 0.1, 0.1)])
    assert len(matcher.find(np.zeros(500, np.int8), 0, 500)) == 2 * 498


@pytest.mark.parametrize("p", [0.5, 0.001, 1e-6])
def test_rare_is_what_random_sequences_seldom_reach(files: tuple[Path, Path], p: float) -> None:
    matcher = read_matcher([files[0]], files[1], Instances(match_p=p))
    codes = np.random.default_rng(1).integers(0, 4, 20_000).astype(np.int8)
    found = matcher.find(codes, 0, len(codes))
    number = [sum(match.core == i for match in found) for i in range(len(matcher.cores))]
    expected = 2 * p * len(codes)
    assert max(number) <= expected + 5 * np.sqrt(expected) + 1
