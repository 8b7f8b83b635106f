"""Known motifs: JASPAR as the closed lists say, MEME files, and matrices that motifs share."""

import logging
from pathlib import Path

import numpy as np
import pytest
from pyjaspar import JASPAR_LATEST_RELEASE, jaspar_releases, jaspardb

from deeplift_genomics.errors import InputError
from deeplift_genomics.motifs.known import Database, Known, database_of, read_database
from deeplift_genomics.motifs.meme import MemeMotif, write_meme
from deeplift_genomics.settings.choices import JASPAR_RELEASES
from deeplift_genomics.settings.motif_sections import Annotation
from tests.conftest import ROOT
from tests.motifs.made_patterns import turned

ONE = np.array([[0.1, 0.2, 0.3, 0.4], [1, 0, 0, 0], [0, 0, 0.5, 0.5]])
OTHER = np.array([[0.4, 0.3, 0.2, 0.1], [0, 1, 0, 0]])
PALINDROME = np.concatenate([ONE, turned(ONE)])


def test_the_releases_are_those_of_pyjaspar() -> None:
    assert list(JASPAR_RELEASES) == sorted(jaspar_releases, reverse=True)
    assert Annotation().release == JASPAR_LATEST_RELEASE


@pytest.mark.parametrize("release", ["JASPAR2026", "JASPAR2022", "JASPAR2020", "JASPAR2014"])
def test_collections_and_taxa_are_those_of_the_release(release: str) -> None:
    rows = (
        jaspardb(release=release)
        .conn.execute(
            "SELECT DISTINCT m.COLLECTION, a.VAL FROM MATRIX m "
            "LEFT JOIN MATRIX_ANNOTATION a ON a.ID = m.ID AND a.TAG = 'tax_group'"
        )
        .fetchall()
    )
    found = {(collection, taxon) for collection, taxon in rows if taxon}
    listed = JASPAR_RELEASES[release]
    assert {collection for collection, _ in rows} == set(listed)
    assert {(name, taxon) for name, taxa in listed.items() for taxon in taxa} == found


@pytest.fixture(scope="module")
def jaspar() -> Database:
    return read_database(Annotation())


def test_jaspar_is_read_offline_with_names_and_families(jaspar: Database) -> None:
    assert len(jaspar.motifs) == len(jaspar.matrices) == 1019
    known = {motif.id: motif for motif in jaspar.motifs}
    assert (known["MA0139.2"].name, known["MA0088.3"].name) == ("CTCF", "ZNF143")
    assert len(known["MA0088.3"].matrix) == 23
    bzip = "Basic leucine zipper factors (bZIP): Fos-related, Jun-related"
    assert (known["MA0099.4"].name, known["MA0099.4"].family) == ("FOS::JUN", bzip)
    for matrix in jaspar.matrices:
        np.testing.assert_allclose(matrix.sum(axis=1), 1)


def test_another_collection_and_all_taxa() -> None:
    few = read_database(Annotation(release="JASPAR2014", collection="SPLICE", taxon="all"))
    assert len(few.motifs) == 6
    worms = read_database(Annotation(release="JASPAR2018", taxon="nematodes"))
    assert len(worms.motifs) == 26
    # of which JASPAR has six with a tab behind the class
    plants = read_database(
        Annotation(release="JASPAR2020", collection="UNVALIDATED", taxon="plants")
    )
    known = {motif.id: motif for motif in plants.motifs}
    assert known["UN0005.1"].family == "AP2/ERF domain"
    assert not any({"\t", "\n"} & {*motif.name, *motif.family} for motif in plants.motifs)


def test_motifs_with_the_same_matrix_share_it() -> None:
    names = {"a": ONE, "b": OTHER, "c": turned(ONE), "d": ONE + 1e-9, "e": PALINDROME}
    found = database_of(
        Known(name, name, "", matrix) for name, matrix in [*names.items(), ("f", PALINDROME)]
    )
    assert found.place == [
        [(0, False), (2, True), (3, False)],
        [(1, False)],
        [(4, False), (5, False)],
    ]
    for matrix, expected in zip(found.matrices, (ONE, OTHER, PALINDROME), strict=True):
        np.testing.assert_array_equal(matrix, expected)


def test_a_meme_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = ROOT / "resources" / "demo" / "motifs.meme"
    with caplog.at_level(logging.WARNING):
        found = read_database(Annotation(database=str(path)))
    assert [known.name for known in found.motifs] == ["CTCF", "SPI1", "FOS::JUN", "NRF1"]
    assert "holds 4 motifs only" in caplog.text
    write_meme(tmp_path / "none.meme", [])
    with pytest.raises(InputError, match=r"holds no motif, .* another file with annotation"):
        read_database(Annotation(database=str(tmp_path / "none.meme")))
    write_meme(tmp_path / "one.meme", [MemeMotif("x", "", ONE)])
    assert len(read_database(Annotation(database=str(tmp_path / "one.meme"))).matrices) == 1
