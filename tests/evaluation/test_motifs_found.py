"""The known motifs that are found in the scores of a method."""

import numpy as np

from deeplift_genomics.evaluation.motifs_found import known_motifs, motif_rows
from deeplift_genomics.motifs.matches import Match
from deeplift_genomics.scores.evaluations import EVALUATION
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.motif_sections import Annotation
from tests.conftest import ROOT


def test_a_pattern_counts_for_its_best_match_and_a_composite_one_for_its_halves() -> None:
    matches = [
        Match("pos_0", "", motif_id="M1", name="GATA1"),
        Match("pos_0", "", motif_id="M2", name="GATA2"),
        Match("pos_1", "", motif_id="M1", name="GATA1"),
        Match("pos_2", "left", motif_id="M1", name="GATA1"),
        Match("pos_2", "right", motif_id="M3", name="TAL1"),
        Match("pos_3", ""),
    ]
    found = known_motifs({"pos_0": 50, "pos_1": 30, "pos_2": 7, "pos_3": 99}, matches)
    assert found == {"GATA1": 87, "TAL1": 7}


def test_scores_without_motifs_have_none_and_those_with_holes_no_row() -> None:
    sequences = np.eye(4, dtype=np.int8)[np.random.default_rng(1).integers(0, 4, (5, 60))]
    zeros = np.zeros(sequences.shape, np.float32)
    given = {"counts": {"deeplift": zeros, "holes": zeros * np.nan}}
    config = Config(annotation=Annotation(database=str(ROOT / "resources/demo/motifs.meme")))
    (row,) = motif_rows(sequences, given, config)
    assert row[:3] == ("counts", "deeplift", "known_motifs") and row[5:7] == (5, 0)
    assert len(row) == len(EVALUATION.columns)
    short = {"counts": {"deeplift": zeros[:, :29]}}
    assert not list(motif_rows(sequences[:, :29], short, config))


def test_a_motif_planted_in_windows_is_found_by_tf_modisco_and_named() -> None:
    rng, site = np.random.default_rng(1), np.array(["ACGT".index(base) for base in "TGACTCAT"])
    codes, scores = rng.integers(0, 4, (60, 200)), rng.normal(0, 0.02, (60, 200, 4))
    for row, at in enumerate(rng.integers(20, 160, 60)):
        codes[row, at : at + 8] = site
        scores[row, at : at + 8] = 1.3 * np.eye(4)[site] - 0.3 + rng.normal(0, 0.05, (8, 4))
    sequences = np.eye(4, dtype=np.int8)[codes]
    config = Config(annotation=Annotation(database=str(ROOT / "resources/demo/motifs.meme")))
    planted = {"deeplift": scores.astype(np.float32), "shuffled": rng.permutation(scores, axis=1)}
    found = [row[1:7] for row in motif_rows(sequences, {"counts": planted}, config)]
    number, seqlets, other = found
    assert number[:2] == ("deeplift", "known_motifs") and number[5] == 1
    assert seqlets[:2] == ("deeplift", "motif_seqlets") and seqlets[3] == "FOS::JUN"
    assert seqlets[5] > 40
    assert other[:2] == ("shuffled", "known_motifs") and other[5] == 0
