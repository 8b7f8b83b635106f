"""The memory of a job, which does not grow with the number of windows."""

from pathlib import Path

import keras
import pytest

from deeplift_genomics.planning.calibration import run_watched
from tests.steps.windows import windows_file

LENGTH = 1000


NO_ZOOMS = "from deeplift_genomics.scores import tracks; tracks.ZOOMED = 0"


def peak_memory(*arguments: object) -> int:
    """Return the peak memory of a subcommand (bytes)."""
    return run_watched(list(map(str, arguments)), NO_ZOOMS).memory


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    layers = keras.layers
    sequence = keras.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(2, 5, strides=5, activation="relu")(sequence)
    counts = layers.Dense(1, name="counts")(layers.GlobalAveragePooling1D()(x))
    path = tmp_path_factory.mktemp("model") / "model.keras"
    keras.Model(sequence, counts).save(path)
    return path


def test_memory_of_attribution_merge_and_tracks(tmp_path: Path, model: Path) -> None:
    peaks: dict[str, list[int]] = {"attribute": [], "merge": [], "tracks": []}
    for n in (500, 5000):
        windows = windows_file(tmp_path / f"windows{n}.h5", n, LENGTH)
        shard, scores = tmp_path / f"shard{n}.h5", tmp_path / f"scores{n}.h5"
        options = ["--targets", "counts", "--references.number", 2]
        options += ["--attribution.windows_per_batch", 10]
        job = ["attribute", "--model", model, "--windows", windows, *options, "--output", shard]
        peaks["attribute"].append(peak_memory(*job))
        merge = ["merge", shard, "--target", "counts", "--output", scores]
        peaks["merge"].append(peak_memory(*merge))
        track = ["tracks", "--scores", scores, "--output", tmp_path / f"{n}.bw"]
        peaks["tracks"].append(peak_memory(*track))
    for step, (small, large) in peaks.items():
        # HDF5 keeps about 20 MB on the chunks of a file, however many there are
        allowed = 1.05 * small if step == "attribute" else small + 20e6
        assert large < allowed, f"{step}: {small / 1e6:.0f} MB, then {large / 1e6:.0f} MB"
