"""Some windows of each shard are explained twice, and a shard that this does not confirm fails."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from deeplift_genomics.errors import SecondPathError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.graph.frozen import FrozenGraph
from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.scores.merge import merge_shards
from deeplift_genomics.scores.second_path import SecondPath, read_second_path
from deeplift_genomics.settings.config import parse_config
from deeplift_genomics.settings.methods import METHODS
from deeplift_genomics.steps.scoring import score_windows
from tests.attribution.models import LENGTH, bpnet, randomise
from tests.steps.windows import windows_file


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "model.keras"
    bpnet().save(path)
    return path


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return windows_file(tmp_path_factory.mktemp("windows") / "windows.h5", 40, LENGTH)


def score(
    model: Path, windows: Path, shard: Path, *, place: str = "1-of-1", **settings: Any
) -> Path:
    """Score a shard with two references."""
    targets = settings.pop("targets", ["counts"])
    config = {"references": {"number": 2}, "attribution": settings}
    score_windows(
        model,
        windows,
        shard,
        targets=targets,
        config=parse_config(config, of_a_step=True),
        shard=place,
        fold="1-of-1",
        loading=LoadOptions(),
    )
    return shard


def found_in(shard: Path, target: str = "counts") -> SecondPath:
    """Return what the second path found for a target of a shard."""
    with h5py.File(shard) as file:
        found = read_second_path(file[target])
    assert found is not None
    return found


def wrongly_faster(name: str, factor: float) -> Callable[..., FrozenGraph]:
    """Return a pass that also multiplies the numbers of constants whose names have that part."""
    right = FrozenGraph.made_faster

    def wrong(self: FrozenGraph, **options: Any) -> FrozenGraph:
        faster = right(self, **options)
        definition = type(faster.definition)()
        definition.CopyFrom(faster.definition)
        for node in definition.node:
            if node.op == "Const" and name in node.name and node.attr["dtype"].type == tf.float32:
                proto = node.attr["value"].tensor
                proto.CopyFrom(tf.make_tensor_proto(tf.make_ndarray(proto) * np.float32(factor)))
        return replace(faster, definition=definition)

    return wrong


def test_three_windows_are_chosen_by_seed_and_shard(
    model: Path, windows: Path, tmp_path: Path
) -> None:
    shard = score(model, windows, tmp_path / "a.h5")
    assert digest(score(model, windows, tmp_path / "b.h5")) == digest(shard)
    found = found_in(shard)
    assert len(found) == found.n_windows == 3
    assert list(found.row) == sorted(set(found.row)) and set(found.row) < set(range(40))
    assert set(found.bits) == {64} and set(found.fold) == {0}
    assert 0 < found.largest < 1e-5
    assert (found.hypothetical < 1e-5).all()
    assert (found.target >= 0).all() and (found.target < 1e-4).all()
    assert (found.residual >= 0).all() and (found.residual < 1e-4).all()


def test_parts_of_a_run_are_joined(model: Path, windows: Path, tmp_path: Path) -> None:
    """Rows are counted from the first of the run; a shard without the check adds none."""
    paths = [tmp_path / f"{i}.h5" for i in range(3)]
    for i, number in enumerate([3, 0, 99]):
        score(model, windows, paths[i], place=f"{i + 1}-of-3", second_path=number)
    merge_shards(paths, "counts", tmp_path / "scores.h5")
    found = read_scores(tmp_path / "scores.h5", slice(0, 1)).second_path
    assert found is not None and len(found) == 3 + 8
    assert set(found.row[:3]) < set(range(16)) and list(found.row[3:]) == list(range(32, 40))
    with h5py.File(paths[1]) as file:
        assert len(file["counts/second_path_row"]) == 0


@pytest.mark.parametrize(
    ("name", "factor", "message"),
    [
        ("convolution", 1.1, r"the contribution of base \d+ .counted from 0. is -?[\d.e-]+, and"),
        # the last bias, which changes no contribution
        ("BiasAdd", 1.5, r"the target is -?[\d.]+, and -?[\d.]+ by a second path"),
    ],
)
def test_a_wrong_pass_fails_its_shard(
    model: Path,
    windows: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    factor: float,
    message: str,
) -> None:
    monkeypatch.setattr(FrozenGraph, "made_faster", wrongly_faster(name, factor))
    message = rf"Target 'counts', window chr1:\d+-\d+: {message}[\s\S]*convolutions' to direct"
    with pytest.raises(SecondPathError, match=message):
        score(model, windows, tmp_path / "shard.h5")
    assert list(tmp_path.iterdir()) == []


def test_the_advice_is_followed(
    model: Path, windows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Double precision does without the pass; a higher bound accepts it, and stores how far."""
    monkeypatch.setattr(FrozenGraph, "made_faster", wrongly_faster("convolution", 1.1))
    shard = tmp_path / "shard.h5"
    assert len(found_in(score(model, windows, shard, float64=True))) == 0
    found = found_in(score(model, windows, shard, second_path_bound=1000.0, second_path=1))
    assert found.largest > 0.05


def test_a_model_in_single_precision_only(
    windows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Local response normalisation, which TensorFlow has for float32 alone."""

    @keras.saving.register_keras_serializable("second_path")
    class Normalised(layers.Layer):
        def call(self, x: tf.Tensor) -> tf.Tensor:
            return tf.nn.local_response_normalization(x[:, None])[:, 0]

    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Flatten()(Normalised()(layers.Conv1D(4, 5, activation="relu")(x0)))
    model = tmp_path / "model.keras"
    randomise(keras.Model(x0, layers.Dense(1, name="counts")(x))).save(model)
    by = {"method": "in_silico_mutagenesis", "second_path": 1}
    found = found_in(score(model, windows, tmp_path / "shard.h5", **by))
    assert list(found.bits) == [32] and found.in_single == 1
    assert np.isnan(found.residual).all()
    monkeypatch.setattr(FrozenGraph, "made_faster", wrongly_faster("convolution", 1.1))
    with pytest.raises(SecondPathError, match="The second path is in single precision"):
        score(model, windows, tmp_path / "wrong.h5", **by)


@pytest.mark.parametrize("method", ["smoothgrad", "kernel_shap"])
def test_other_methods(model: Path, windows: Path, tmp_path: Path, method: str) -> None:
    """Those that draw random numbers draw the same ones."""
    by = {"method": method, "second_path": 1}
    found = found_in(score(model, windows, tmp_path / "shard.h5", place="3-of-3", **by))
    assert 0 < found.largest < 1e-4
    assert np.isnan(found.hypothetical).all() == (METHODS[method].gives == "positions")
