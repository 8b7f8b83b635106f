"""SAMPLE/motifs.tsv: read back as written, each pattern with its label."""

from pathlib import Path

import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.motifs.names import MOTIFS, Label, labels_of, read_motif_table

CTCF = ("MA0139.2", "CTCF", "More than 3 adjacent zinc fingers", 1e-9)
ROWS = [
    Label("CTCF", "counts", "pos_0", 1, False, 0, 300, "CCACTAGGGGGC", *CTCF),
    Label("CTCF", "profile", "pos_1", 1, True, -3, 200, "CCACTAGGGGGC", *CTCF),
    Label("unnamed_1", "counts", "neg_0", -1, False, 0, 50, "TTTTTT"),
]


def test_each_pattern_of_a_target_has_its_label(tmp_path: Path) -> None:
    path = tmp_path / "motifs.tsv"
    write_table(path, MOTIFS, ROWS)
    assert read_motif_table(path) == ROWS
    assert labels_of(path, "counts") == {"pos_0": ROWS[0], "neg_0": ROWS[2]}
    assert labels_of(path, "profile", ["pos_1"])["pos_1"].turned
    assert labels_of(path, "none") == {}
    with pytest.raises(InputError, match="has no pos_0, pos_2 of the target profile"):
        labels_of(path, "profile", ["pos_0", "pos_1", "pos_2"])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"pattern": "pos_0", "target": "counts"}, "pos_0 of counts twice"),
        ({"motif": ""}, "pos_1 has no motif"),
        ({"shift": None, "kind": ""}, "pos_1 has no shift, kind"),
        ({"sign": 0}, "pos_1 has sign 0 and 200 seqlets"),
        ({"n_seqlets": 0}, "0 seqlets"),
    ],
)
def test_a_damaged_table_is_refused(tmp_path: Path, change: dict, complaint: str) -> None:
    path = tmp_path / "motifs.tsv"
    write_table(path, MOTIFS, [ROWS[0], ROWS[1]._replace(**change)])
    with pytest.raises(InputError, match=complaint):
        read_motif_table(path)
