"""Score files of version 2, which lack arrays that not every method gives."""

from pathlib import Path

import h5py
import numpy as np
import pyBigWig
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import check_layout, open_typed
from deeplift_genomics.motifs.discovery import find_motifs
from deeplift_genomics.report.numbers import summarise_scores
from deeplift_genomics.scores.file import (
    DATASETS,
    FOLD_DATASETS,
    OF_DEEPLIFT,
    SCORE_LAYOUT,
    read_scores,
)
from deeplift_genomics.scores.merge import merge_shards
from deeplift_genomics.scores.tracks import write_track
from deeplift_genomics.settings.sections import Motifs
from tests.scores.test_file import LENGTH, REFERENCES, rows, write

LENGTHS = ", ".join(f'"chr{i}": 100000' for i in (1, 2, 3))
ALL = OF_DEEPLIFT[1:]
KEPT = [(), ("reference_target",), ("standard_error",), ("reference_target", "standard_error")]


def some_rows(n: int, kept: tuple[str, ...], seed: int = 0) -> dict[str, np.ndarray]:
    """Return rows with these of the optional arrays."""
    left_out = set(ALL) - set(kept)
    return {name: values for name, values in rows(n, seed).items() if name not in left_out}


def merged(folder: Path, kept: tuple[str, ...], n_folds: int = 1) -> Path:
    """Write shards and merge them; R is in the attribute, as the attribute step stores it."""
    paths = []
    first = some_rows(40, kept)
    for fold in range(n_folds):
        own = some_rows(40, kept, seed=fold)
        scores = ("hyp_scores", "target", *kept)
        whole = {**first, **{name: own[name] for name in scores}}
        paths += write(
            folder,
            40,
            2,
            whole=whole,
            fold=(fold, n_folds),
            reference_number=REFERENCES,
            contig_lengths=f"{{{LENGTHS}}}",
            model_digest=f"digest {fold}",
        )
    with h5py.File(paths[0]) as shard:
        assert shard.attrs["format_version"] == 2
    merge_shards(paths, "counts", folder / "scores.h5")
    return folder / "scores.h5"


@pytest.mark.parametrize("kept", KEPT)
def test_what_is_missing_is_none(tmp_path: Path, kept: tuple[str, ...]) -> None:
    path = merged(tmp_path, kept)
    with h5py.File(path) as file:
        assert file.attrs["format_version"] == 2
        assert set(file) == set(DATASETS) - {"position_scores", *ALL} | set(kept)
    scores, expected = read_scores(path), some_rows(40, kept)
    np.testing.assert_array_equal(scores.hypothetical, expected["hyp_scores"])
    for name in ALL:
        found = getattr(scores, name)
        if name in kept:
            np.testing.assert_array_equal(found, expected[name])
        else:
            assert found is None


@pytest.mark.parametrize("kept", KEPT)
def test_folds(tmp_path: Path, kept: tuple[str, ...]) -> None:
    path = merged(tmp_path, kept, n_folds=2)
    with h5py.File(path) as file:
        added = set(FOLD_DATASETS) - {"worst_residual"}
        assert set(file) == (set(DATASETS) - {"position_scores", *ALL}) | set(kept) | added
    scores = read_scores(path)
    assert scores.worst_residual is None
    for name in ("hyp_scores", "target", *kept):
        values = [some_rows(40, kept, seed=fold)[name].astype(float) for fold in range(2)]
        field = {"hyp_scores": "hypothetical"}.get(name, name)
        np.testing.assert_allclose(getattr(scores, field), np.mean(values, axis=0), atol=1e-7)
    assert scores.fold_agreement is not None and np.isfinite(scores.fold_agreement).all()


@pytest.mark.parametrize("n_folds", [1, 2])
def test_scores_of_positions(tmp_path: Path, n_folds: int) -> None:
    paths, folds = [], []
    for fold in range(n_folds):
        whole = {name: v for name, v in rows(40).items() if name not in OF_DEEPLIFT}
        whole["position_scores"] = rows(40, seed=fold)["standard_error"]
        folds.append(whole["position_scores"])
        place = {"fold": (fold, n_folds), "method": "Grad-CAM", "contig_lengths": f"{{{LENGTHS}}}"}
        paths += write(tmp_path, 40, 2, whole=whole, reference_number=0, **place)
    path = tmp_path / "scores.h5"
    merge_shards(paths, "counts", path)
    found = read_scores(path)
    np.testing.assert_allclose(found.positions, np.mean(folds, axis=0), atol=1e-6)
    np.testing.assert_allclose(found.contributions.sum(axis=2), found.positions)
    with pytest.raises(InputError, match="gives no hypothetical contributions"):
        found.hypothetical  # noqa: B018
    with h5py.File(path) as file:
        assert file.attrs["format_version"] == 3
    write_track(path, tmp_path / "track.bw", "centre")
    with pytest.raises(InputError, match=r"scores.h5 \(Grad-CAM\) has one score for each position"):
        find_motifs(path, tmp_path / "motifs.h5", Motifs(window=30))


def test_residuals_alone(tmp_path: Path) -> None:
    path = merged(tmp_path, ("residual",), n_folds=2)
    scores = read_scores(path)
    assert scores.worst_residual is not None
    assert scores.worst_residual.shape == (40, REFERENCES)


@pytest.mark.parametrize("kept", KEPT)
def test_later_steps(tmp_path: Path, kept: tuple[str, ...]) -> None:
    path = merged(tmp_path, kept)
    summary = summarise_scores(path)
    assert (summary.n_windows, summary.n_references) == (40, REFERENCES)
    assert summary.completeness is None
    assert write_track(path, tmp_path / "track.bw", overlap="centre") == 40 * LENGTH
    with pyBigWig.open(str(tmp_path / "track.bw")) as track:
        assert track.header()["nBasesCovered"] == 40 * LENGTH


def test_version_1_still_needs_all(tmp_path: Path) -> None:
    path = tmp_path / "scores.h5"
    merge_shards(write(tmp_path, 20, 2), "counts", path)
    with h5py.File(path, "r+") as file:
        assert file.attrs["format_version"] == 1
        del file["residual"]
    with pytest.raises(InputError, match=r"dataset /residual is missing; expected number"):
        read_scores(path)
    with h5py.File(path, "r+") as file:
        file.attrs["format_version"] = 2
    assert read_scores(path).residual is None


def test_a_shard_of_version_1_needs_all(tmp_path: Path) -> None:
    """A shard is sealed, so its layout is looked at here directly."""
    (path,) = write(tmp_path, 20, 1)
    content = tmp_path / "open.h5"
    content.write_bytes(path.read_bytes())
    with h5py.File(content, "r+") as file:
        del file["counts/standard_error"]
    with (
        open_typed(content, "shard") as file,
        pytest.raises(InputError, match=r"counts/standard_error is missing"),
    ):
        check_layout(file["counts"], SCORE_LAYOUT)


def test_shards_with_other_arrays_do_not_belong_together(tmp_path: Path) -> None:
    paths = write(tmp_path, 48, 3)
    (tmp_path / "other").mkdir()
    other = write(tmp_path / "other", 48, 3, whole=some_rows(48, ("standard_error",)))
    message = r"other/1.h5 has hyp_scores, standard_error of the optional datasets, but the others"
    with pytest.raises(InputError, match=message + " have hyp_scores, reference_target"):
        merge_shards([paths[0], other[1], paths[2]], "counts", tmp_path / "scores.h5")
    assert not (tmp_path / "scores.h5").exists()
