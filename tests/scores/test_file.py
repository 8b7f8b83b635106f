"""The score file: rows come back as written, splits do not matter, damage is refused."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.scores.file import (
    DATASETS,
    OF_DEEPLIFT,
    OPTIONAL,
    read_scores,
    rows_of_shard,
)
from deeplift_genomics.scores.merge import merge_shards
from deeplift_genomics.scores.writer import write_shard

LENGTH, REFERENCES = 12, 3


def rows(n: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Return random rows of a score file."""
    rng = np.random.default_rng(seed)
    return {
        "hyp_scores": rng.normal(size=(n, LENGTH, 4)).astype(np.float32),
        "input_seqs": np.eye(4, dtype=np.int8)[rng.integers(0, 4, (n, LENGTH))],
        "coords_chrom": np.array([f"chr{i % 3 + 1}" for i in range(n)], dtype=object),
        "coords_start": np.arange(n) * 100,
        "coords_end": np.arange(n) * 100 + LENGTH,
        "name": np.array([f"peak é {i}" for i in range(n)], dtype=object),
        "strand": np.array(["+-."[i % 3] for i in range(n)], dtype=object),
        "summit": np.arange(n) * 100 + 6,
        "target": rng.normal(size=n).astype(np.float32),
        "reference_target": rng.normal(size=(n, REFERENCES)).astype(np.float32),
        "residual": rng.normal(size=(n, REFERENCES)).astype(np.float32),
        "standard_error": rng.normal(size=(n, LENGTH)).astype(np.float32),
    }


def write(
    folder: Path,
    n: int,
    n_shards: int,
    *,
    step: int = 4,
    whole: dict[str, np.ndarray] | None = None,
    fold: tuple[int, int] = (0, 1),
    **changed: object,
) -> list[Path]:
    """Write shards of `n` windows, `step` rows at a time."""
    whole = rows(n) if whole is None else whole
    attributes = {"counts": {"target": "counts", "seed": 1, "tolerance": 1e-3, **changed}}
    paths = []
    for shard in range(n_shards):
        part = rows_of_shard(n, shard, n_shards)
        first, last = part.start, part.stop
        path = folder / f"{shard}.h5" if fold[1] == 1 else folder / f"{fold[0]}.{shard}.h5"
        place = {"shard": shard, "n_shards": n_shards, "first_row": first}
        place |= {"fold": fold[0], "n_folds": fold[1]} if fold[1] > 1 else {}
        optional = set(OPTIONAL) & set(whole)
        more = {"attributes": attributes, "place": place, "optional": optional}
        with write_shard(path, last - first, LENGTH, REFERENCES, **more) as writers:
            for start in range(first, last, step):
                stop = min(start + step, last)
                writers["counts"].append({name: v[start:stop] for name, v in whole.items()})
        paths.append(path)
    return paths


@pytest.mark.parametrize("n_shards", [1, 3, 17])
def test_what_is_written_comes_back_however_it_was_split(tmp_path: Path, n_shards: int) -> None:
    one = tmp_path / "one.h5"
    (tmp_path / "whole").mkdir()
    merge_shards(write(tmp_path / "whole", 40, 1), "counts", one)
    merged = tmp_path / "merged.h5"
    paths = write(tmp_path, 40, n_shards, step=3)
    assert merge_shards(paths[::-1], "counts", merged) == 40
    assert digest(merged) == digest(one)
    scores, expected = read_scores(merged), rows(40)
    assert len(scores) == 40
    np.testing.assert_array_equal(scores.hypothetical, expected["hyp_scores"])
    np.testing.assert_array_equal(scores.sequences, expected["input_seqs"])
    np.testing.assert_array_equal(scores.residual, expected["residual"])
    assert scores.name.tolist() == expected["name"].tolist()
    assert scores.chrom.tolist() == expected["coords_chrom"].tolist()
    assert scores.attributes["seed"] == 1
    contributions = expected["hyp_scores"] * expected["input_seqs"]
    np.testing.assert_array_equal(scores.contributions, contributions)
    part = read_scores(merged, slice(5, 8))
    np.testing.assert_array_equal(part.standard_error, expected["standard_error"][5:8])


def test_layout_is_the_one_written_down(tmp_path: Path) -> None:
    path = tmp_path / "scores.h5"
    merge_shards(write(tmp_path, 20, 2), "counts", path)
    with h5py.File(path) as file:
        assert set(file) == set(DATASETS) - {"position_scores"}
        assert file.attrs["deeplift_genomics_type"] == "scores"
        assert file.attrs["format_version"] == 1
        assert file["hyp_scores"].compression == "gzip"
        assert file["input_seqs"].dtype == np.int8


def test_no_windows_at_all(tmp_path: Path) -> None:
    path = tmp_path / "scores.h5"
    assert merge_shards(write(tmp_path, 0, 2), "counts", path) == 0
    assert read_scores(path).hypothetical.shape == (0, LENGTH, 4)


def test_a_shard_that_is_not_finished_leaves_nothing(tmp_path: Path) -> None:
    place = {"shard": 0, "n_shards": 1, "first_row": 0}
    with (
        pytest.raises(InputError, match="4 of 5 windows"),
        write_shard(
            tmp_path / "x.h5",
            5,
            LENGTH,
            REFERENCES,
            attributes={"counts": {}},
            place=place,
            optional=OF_DEEPLIFT,
        ) as writers,
    ):
        writers["counts"].append(rows(4))
    assert list(tmp_path.iterdir()) == []


def test_shards_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    a, b = write(tmp_path / "a", 48, 2), write(tmp_path / "b", 48, 2, seed=2)
    output = tmp_path / "merged.h5"
    with pytest.raises(InputError, match=r"b/1.h5 was made with seed = 2, but .*a/0.h5 with 1"):
        merge_shards([a[0], b[1]], "counts", output)
    with pytest.raises(InputError, match="given 1 of 2"):
        merge_shards([a[0]], "counts", output)
    with pytest.raises(InputError, match="given 1, 1 of 2"):
        merge_shards([a[0], a[0]], "counts", output)
    other = write(tmp_path / "c", 80, 2)
    with pytest.raises(InputError, match="starts at window 32"):
        merge_shards([a[0], other[1]], "counts", output)
    with pytest.raises(InputError, match="no target 'profile'; it holds counts"):
        merge_shards(a, "profile", output)
    assert not output.exists()


@pytest.mark.parametrize("odd", [0, 1, 2])
def test_the_shard_that_differs_from_most_is_named_with_its_remedy(
    tmp_path: Path, odd: int
) -> None:
    paths = write(tmp_path, 48, 3)
    (tmp_path / "other").mkdir()
    paths[odd].write_bytes(write(tmp_path / "other", 48, 3, seed=2)[odd].read_bytes())
    remedy = f"rm {paths[odd]} && snakemake --cores all"
    with pytest.raises(InputError, match=f"/{odd}.h5 was made with seed = 2, .* with 1.*{remedy}"):
        merge_shards(paths, "counts", tmp_path / "merged.h5")


def test_one_flipped_bit_anywhere_is_refused(tmp_path: Path) -> None:
    paths = write(tmp_path, 40, 2)
    whole = paths[1].read_bytes()
    rng = np.random.default_rng(1)
    for place in [*range(0, 600, 37), *rng.integers(0, len(whole), 100)]:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << int(rng.integers(8))
        paths[1].write_bytes(flipped)
        with pytest.raises(InputError, match=rf"{paths[1]} .*rm {paths[1]} && snakemake"):
            merge_shards(paths, "counts", tmp_path / "merged.h5")
    assert not (tmp_path / "merged.h5").exists()


def test_chunks_are_copied_as_they_are_and_carry_checksums(tmp_path: Path) -> None:
    paths, merged = write(tmp_path, 40, 2), tmp_path / "merged.h5"
    merge_shards(paths, "counts", merged)
    with h5py.File(merged) as whole, h5py.File(paths[1]) as shard:
        start = int(shard.attrs["first_row"])
        for name in ("hyp_scores", "input_seqs"):
            assert whole[name].fletcher32
            there = whole[name].id.read_direct_chunk((start, 0, 0))
            assert there == shard["counts"][name].id.read_direct_chunk((0, 0, 0))


@pytest.mark.parametrize(
    ("n", "n_shards", "expected"),
    [
        (40, 1, [(0, 40)]),
        (40, 2, [(0, 16), (16, 40)]),
        (100, 3, [(0, 32), (32, 64), (64, 100)]),
        (20, 3, [(0, 0), (0, 16), (16, 20)]),
        (0, 2, [(0, 0), (0, 0)]),
    ],
)
def test_shards_are_whole_chunks(n: int, n_shards: int, expected: list[tuple[int, int]]) -> None:
    parts = [rows_of_shard(n, position, n_shards) for position in range(n_shards)]
    assert [(part.start, part.stop) for part in parts] == expected


def test_scores_in_half_precision(tmp_path: Path) -> None:
    whole = rows(20)
    half, single = tmp_path / "half", tmp_path / "single"
    half.mkdir()
    single.mkdir()
    paths = write(half, 20, 2, whole=whole, score_type="float16")
    merge_shards(paths, "counts", tmp_path / "scores.h5")
    with h5py.File(tmp_path / "scores.h5") as file:
        assert file["hyp_scores"].dtype == np.float16
        assert file["target"].dtype == np.float32
    found = read_scores(tmp_path / "scores.h5").hypothetical
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, whole["hyp_scores"], rtol=5e-4, atol=1e-7)
    whole["hyp_scores"][3, 2, 1] = 7e4
    with pytest.raises(InputError, match="hyp_scores is 70000, and float16 holds up to 65504"):
        write(half, 20, 2, whole=whole, score_type="float16")


@pytest.mark.parametrize("keep", [0, 100, 0.5, -1])
def test_a_shard_cut_short_is_refused(tmp_path: Path, keep: float) -> None:
    paths = write(tmp_path, 40, 2)
    content = paths[1].read_bytes()
    size = int(len(content) * keep) if isinstance(keep, float) else keep
    paths[1].write_bytes(content[:size])
    with pytest.raises(InputError, match=r"1.h5 (is damaged|carries no digest)"):
        merge_shards(paths, "counts", tmp_path / "merged.h5")
    assert not (tmp_path / "merged.h5").exists()


def test_other_files_are_refused(tmp_path: Path) -> None:
    (shard,) = write(tmp_path, 4, 1)
    with pytest.raises(InputError, match="holds 'shard', but a file of type 'scores'"):
        read_scores(shard)
    with pytest.raises(InputError, match="Scores file not found"):
        read_scores(tmp_path / "nothing.h5")
    path = tmp_path / "scores.h5"
    merge_shards([shard], "counts", path)
    with h5py.File(path, "r+") as file:
        file.attrs["format_version"] = 4
    with pytest.raises(InputError, match="format version 4; this release reads 1, 2 and 3"):
        read_scores(path)
