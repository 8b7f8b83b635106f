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
