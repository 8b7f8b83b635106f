"""Tables of instances as arrays."""

from pathlib import Path

import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.instances.columns import read_columns
from tests.instances.small_tables import Site, read_sites, write_sites

SITES = [
    Site("A", "chr1", 1000, -20, 7, "-", 2.5, 0.25),
    Site("B", "chr1", 1000, 30),
    Site("B", "chr1", 1100, -70),  # the same bases as the one before, in another window
    Site("A", "chr2", 1000, 4, 8),
]


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = read_sites(tmp_path, SITES, ["B", "A", "C"])
    assert len(found) == 4
    assert [found.motifs[i] for i in found.motif] == ["A", "B", "B", "A"]
    assert [found.contigs[i] for i in found.contig] == ["chr1", "chr1", "chr1", "chr2"]
    assert found.start.tolist() == [980, 1030, 1030, 1004]
    assert found.width.tolist() == [7, 10, 10, 8]
    assert found.minus.tolist() == [True, False, False, False]
    assert found.summit.tolist() == [1000, 1000, 1100, 1000]
    assert found.distance.tolist() == [-17, 35, -65, 8]
    assert found.contribution.tolist() == [2.5, 1, 1, 1]
    assert found.similarity.tolist() == [0.25, 0.5, 0.5, 0.5]
    assert found.of_motif(1).tolist() == [0, 3] and found.of_motif(2).tolist() == []


def test_windows_are_told_by_contig_and_centre(tmp_path: Path) -> None:
    window = read_sites(tmp_path, SITES, ["A", "B"]).window.tolist()
    assert window[0] == window[1] and len(set(window)) == 3


def test_no_instance_is_no_mistake(tmp_path: Path) -> None:
    found = read_sites(tmp_path, [], ["A"])
    assert len(found) == 0 and len(found.window) == 0 and found.of_motif(0).tolist() == []


def test_a_motif_of_another_sample_is_refused(tmp_path: Path) -> None:
    path = write_sites(tmp_path / "sites.tsv", SITES)
    with pytest.raises(InputError, match=r"of another run: the sample has no motif B"):
        read_columns(path, ["A"])


def test_a_missing_number_is_refused(tmp_path: Path) -> None:
    path = write_sites(tmp_path / "sites.tsv", SITES)
    path.write_text(path.read_text().replace("\t0.25\t", "\t\t"))
    with pytest.raises(InputError, match="has no similarity"):
        read_columns(path, ["A", "B"])
