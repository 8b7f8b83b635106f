"""Motifs of many samples: which are one, whatever the order, and how each pattern lies in it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.cohort.unique import UNIQUE, SampleFiles, find_unique, write_unique
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import iterate_table, read_table
from deeplift_genomics.motifs.join import join_motifs
from deeplift_genomics.motifs.meme import read_meme
from deeplift_genomics.settings.motif_sections import Clusters
from tests.motifs.made_motifs import (
    CTCF,
    GATA,
    NRF1,
    SPI1,
    Hit,
    Made,
    write_match_file,
    write_motif_file,
)

NAMES = {CTCF: "CTCF", GATA: "GATA1", NRF1: "NRF1", SPI1: ""}
# the patterns of three samples, each with two targets: moved, turned, noisy, cut, of few seqlets
SAMPLES: dict[str, list[list[Made]]] = {
    "a": [
        [Made(CTCF, n_seqlets=300), Made(GATA, start=4), Made(NRF1, sharp=0.8)],
        [Made(CTCF, start=15, turned=True), Made(SPI1, turned=True, n_seqlets=30)],
    ],
    "b": [
        [Made(GATA, turned=True, n_seqlets=25), Made(SPI1, start=21), Made(CTCF, n_seqlets=40)],
        [Made(NRF1, start=1, sharp=0.75), Made(GATA, sign=-1, start=20)],
    ],
    "c": [[Made(CTCF[2:-1], start=8, turned=True, n_seqlets=60), Made(SPI1, sharp=0.8)], []],
}


def make_sample(folder: Path, sample: str, targets: Sequence[Sequence[Made]]) -> SampleFiles:
    """Write the files of a sample, its patterns named after what they are made from."""
    folder = folder / sample
    folder.mkdir()
    motifs, matches = [], []
    for number, patterns in enumerate(targets):
        target = ("counts", "profile")[number]
        path = folder / f"{target}.modisco.h5"
        motifs.append(write_motif_file(path, patterns, target, seed=ord(sample[0]) + number))
        numbers = {1: 0, -1: 0}
        hits = {}
        for made in patterns:
            name = NAMES.get(made.consensus, NAMES[CTCF])
            pattern = f"{'pos' if made.sign > 0 else 'neg'}_{numbers[made.sign]}"
            hits[pattern] = [Hit(name, turned=made.turned, q_value=1e-3 / made.n_seqlets)]
            numbers[made.sign] += 1
        matches.append(write_match_file(folder / f"{target}.matches.tsv", hits))
    table = folder / "motifs.tsv"
    join_motifs(motifs, matches, table, settings=Clusters(), sample=sample)
    return SampleFiles(sample, table, motifs)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[SampleFiles]:
    folder = tmp_path_factory.mktemp("samples")
    return [make_sample(folder, name, targets) for name, targets in SAMPLES.items()]


def unite(samples: Sequence[SampleFiles], folder: Path, **more: object) -> tuple[Path, Path]:
    """Cluster samples and return the table and the MEME file."""
    folder.mkdir(exist_ok=True)
    table, meme = folder / "motifs.tsv", folder / "motifs.meme"
    write_unique(find_unique(samples, **{"threshold": 0.2, **more}), table, meme)  # type: ignore
    return table, meme


def test_three_samples_share_four_motifs(samples: list[SampleFiles], tmp_path: Path) -> None:
    table, meme = unite(samples, tmp_path)
    frame = read_table(table, UNIQUE)
    assert list(frame.motif.unique()) == ["CTCF", "unnamed_1", "GATA1", "NRF1"]
    made = [one for targets in SAMPLES.values() for patterns in targets for one in patterns]
    assert len(frame) == len(made)  # every pattern is listed
    for motif, rows in frame.groupby("motif"):
        consensus = next(c for c, name in NAMES.items() if (name or "unnamed_1") == motif)
        wanted = [one for one in made if NAMES.get(one.consensus, "CTCF") == NAMES[consensus]]
        assert sorted(rows.n_seqlets) == sorted(one.n_seqlets for one in wanted)
    found = read_meme(meme)
    assert [(motif.id, motif.alternate) for motif in found] == [
        ("CTCF", "CTCF"), ("unnamed_1", ""), ("GATA1", "GATA1"), ("NRF1", "NRF1"),
    ]  # fmt: skip
    for motif, consensus in zip([found[0], *found[2:]], (CTCF, GATA, NRF1), strict=True):
        assert "".join("ACGT"[base] for base in motif.matrix.argmax(axis=1)) == consensus
        assert motif.nsites == frame.n_seqlets[frame.motif == motif.id].sum()


def test_the_order_of_samples_changes_nothing(samples: list[SampleFiles], tmp_path: Path) -> None:
    first = unite(samples, tmp_path / "one")
    second = unite(samples[::-1], tmp_path / "two")
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_patterns_lie_where_the_table_says(samples: list[SampleFiles], tmp_path: Path) -> None:
    """The consensus of every pattern begins at the motif's first base, less what was cut off it."""
    table, _ = unite(samples, tmp_path)
    for cells in iterate_table(table, UNIQUE):
        row = dict(zip(UNIQUE.columns, cells, strict=True))
        number, target = int(row["pattern"][4:]), ("counts", "profile").index(row["target"])
        signed = [m for m in SAMPLES[row["sample"]][target] if m.sign == row["sign"]]
        made = signed[number]
        if row["motif"] in ("unnamed_1", "NRF1"):  # unknown to the database; a palindrome
            continue
        assert row["turned"] == made.turned
        # in the written pattern, turned back, the consensus is where it was put
        assert row["shift"] + made.start == (2 if made.consensus == CTCF[2:-1] else 0)


def test_groups_are_as_wide_as_asked(samples: list[SampleFiles], tmp_path: Path) -> None:
    assert read_table(unite(samples, tmp_path, threshold=0.0)[0], UNIQUE).motif.nunique() > 4
    assert read_table(unite(samples, tmp_path, threshold=0.99)[0], UNIQUE).motif.nunique() == 1


def test_one_motif_and_none(samples: list[SampleFiles], tmp_path: Path) -> None:
    one = make_sample(tmp_path, "one", [[Made(CTCF)]])
    none = make_sample(tmp_path, "none", [[], []])
    table, meme = unite([one, none], tmp_path)
    assert [(row[:4]) for row in iterate_table(table, UNIQUE)] == [
        ("CTCF", "one", "CTCF", "counts")
    ]
    table, meme = unite([none], tmp_path)
    assert list(iterate_table(table, UNIQUE)) == [] and read_meme(meme) == []


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"a/counts/pos_0": "insulator"}, ["insulator", "GATA1"]),
        ({"c/counts/pos_0": "mine", "b/counts/pos_2": "other"}, ["mine", "GATA1"]),
        ({"ID.GATA1": "Gata"}, ["CTCF", "Gata"]),
        ({"ID.GATA1": "CTCF"}, ["CTCF", "CTCF_2"]),
    ],
)
def test_names_of_users(
    samples: list[SampleFiles],
    tmp_path: Path,
    names: dict,
    expected: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Of two names, that of the sample's motif with more seqlets is taken, and the other said."""
    frame = read_table(unite(samples, tmp_path, names=names)[0], UNIQUE)
    assert list(frame.motif.unique())[:3:2] == expected
    assert ("has the names mine, other; mine" in caplog.text) == ("mine" in expected)


def test_a_table_of_other_patterns_is_refused(samples: list[SampleFiles], tmp_path: Path) -> None:
    wrong = samples[0]._replace(motifs=samples[1].motifs)
    with pytest.raises(InputError, match=r"has no neg_0 of the target profile"):
        unite([wrong], tmp_path)


def test_a_motif_is_averaged_by_seqlets() -> None:
    from deeplift_genomics.motifs.profile import Placed, Profile, average

    one = Profile(np.array([[1.0, 0, 0, 0], [0, 1, 0, 0]]), np.array([1.0, 0.5]), 30)
    other = Profile(np.array([[0, 0, 1.0, 0]]), np.array([1.0]), 10)  # of one base: G
    mean, first = average([Placed(one, False, 0), Placed(other, True, -1)])
    assert first == -1 and mean.n_seqlets == 40
    np.testing.assert_allclose(mean.ppm, [[0, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]])
    np.testing.assert_allclose(mean.weight, [0.25, 0.75, 0.375])
    mean, _ = average([Placed(one, False, 0), Placed(other, False, 0)])
    np.testing.assert_allclose(mean.ppm[0], [0.75, 0, 0.25, 0])
