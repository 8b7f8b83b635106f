"""The file of variants is read as it was written, and refused where it is damaged."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.scores.allele_tables import table_rows
from deeplift_genomics.scores.alleles import read_alleles, read_letters
from tests.alleles_page.made import LENGTH, alleles, write_made


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_made(tmp_path_factory.mktemp("alleles") / "alleles.h5")


def test_a_file_is_read_as_it_was_written(path: Path) -> None:
    found, expected = read_alleles(path), alleles()
    assert found.columns["random_share"][:3] == expected.columns["random_share"][:3]
    for name in ("line", "id", "alt", "effect_of", "added"):
        assert found.columns[name] == expected.columns[name]
    np.testing.assert_array_equal(found.effects, expected.effects)
    assert found.left_out == expected.left_out and found.motifs == expected.motifs
    assert found.targets == ["counts", "profile"]
    assert [row[0] for row in table_rows(found)] == [3, 4, 5, 6, 7, 8]
    with pytest.raises(InputError, match="has no variant 9 with the target 'counts'"):
        read_letters(path, 9, "counts")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    found = alleles()
    wrong = replace(found, motifs=[found.motifs[0]._replace(variant=4)])
    with pytest.raises(InputError, match="is damaged: its motifs, edits or contributions"):
        read_alleles(write_made(tmp_path / "a.h5", wrong))


@pytest.mark.parametrize(
    ("column", "value"),
    [("edit_start", LENGTH), ("removed", -1), ("added", LENGTH), ("effect_of", "shape:none")],
)
def test_edits_and_effects_must_have_a_meaning(tmp_path: Path, column: str, value: object) -> None:
    found = alleles()
    found.columns[column][1] = value
    with pytest.raises(InputError, match="is damaged: its motifs, edits or contributions"):
        read_alleles(write_made(tmp_path / "a.h5", found))
