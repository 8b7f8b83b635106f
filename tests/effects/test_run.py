"""The step `effects` on files: what it writes, the same bytes again, and what it refuses."""

from pathlib import Path

import h5py
import keras
import numpy as np
import pytest

from deeplift_genomics import read_effects
from deeplift_genomics.cli import main
from deeplift_genomics.dna.sequence import encode, one_hot
from deeplift_genomics.effects.figures import draw_figures, draw_footprint, draw_spacing
from deeplift_genomics.errors import InputError
from deeplift_genomics.scores.effects import Footprint, Pair, ToDraw, read_to_draw
from deeplift_genomics.views.figures import plain_style
from tests.effects.models import detector, instances_file, labels_file, windows_file
from tests.motifs.made_motifs import Made, write_motif_file

LENGTH = 120
FOUND = [("TGACTCAGC", 1.0), ("AGATAAGAG", -0.7)]
MADE = [Made("TGACTCAGC", n_seqlets=50), Made("CTCTTATCT", sign=-1), Made("GGGGCGGG", n_seqlets=30)]
SETTINGS = [
    f"--effects.{name}={value}"
    for name, value in {
        "backgrounds": 12,
        "scrambled": 99,
        "test_backgrounds": 3,
        "pairs": 2,
        "spacing": 5,
        "spacing_backgrounds": 3,
        "draws": 2,
    }.items()
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "model.keras"
    detector(LENGTH, FOUND).save(path)
    return path


def effects(model: Path, folder: Path, made: list[Made] = MADE, length: int = LENGTH) -> Path:
    """Run the step in a folder, and return the folder."""
    windows_file(folder / "windows.h5", 15, length)
    write_motif_file(folder / "motifs.h5", made)
    labels_file(folder / "motifs.tsv", folder / "motifs.h5")
    places = [("chr1", row * length + 20, row * length + 29, "M-pos_0") for row in range(12)]
    instances_file(folder / "instances.tsv", places if made else [])
    return again(model, folder)


def again(model: Path, folder: Path, *more: str) -> Path:
    arguments = ["effects", str(model), "--windows", str(folder / "windows.h5")]
    arguments += ["--motifs", str(folder / "motifs.h5")]
    arguments += ["--motif-table", str(folder / "motifs.tsv")]
    arguments += ["--instances", str(folder / "instances.tsv")]
    arguments += ["--output", str(folder / "e.h5"), "--table", str(folder / "e.tsv")]
    main([*arguments, *SETTINGS, *more])
    return folder


@pytest.fixture(scope="module")
def folder(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return effects(model, tmp_path_factory.mktemp("effects"))


def test_the_table_tells_what_each_motif_does(folder: Path) -> None:
    table = read_effects(folder / "e.tsv")
    rows = table[(table.experiment == "insertion") & (table.measure == "target")]
    assert list(rows["motif"]) == ["M-neg_0", "M-pos_0", "M-pos_1"]  # by seqlets
    assert list(rows["pattern"]) == ["neg_0", "pos_0", "pos_1"]
    assert list(rows["verdict"]) == ["has an effect", "has an effect", "too few scrambles"]
    assert list(np.sign(rows["mean"]))[:2] == [-1, 1]
    np.testing.assert_allclose(rows["mean"], (rows["forward"] + rows["reverse"]) / 2, atol=1e-5)
    assert (table["low"] <= table["mean"]).all() and (table["mean"] <= table["high"]).all()
    assert dict(table.groupby("experiment")["n"].first()) == {
        "ablation": 12, "insertion": 12, "sampled insertion": 12, "spacing": 3,
    }  # fmt: skip
    measures = set(zip(table["head"], table["unit"].fillna(-1), table["measure"], strict=True))
    assert measures == {
        ("counts", -1, "target"), ("counts", 0, "output"), ("profile", -1, "shape"),
    }  # fmt: skip
    assert dict(table["experiment"].value_counts()) == {
        "insertion": 9, "sampled insertion": 9, "ablation": 3, "spacing": 4,
    }  # fmt: skip
    pairs = table[table.experiment == "spacing"]
    assert list(zip(pairs["motif"], pairs["partner"], strict=True))[::2] == [
        ("M-neg_0", "M-neg_0"), ("M-neg_0", "M-pos_0"),
    ]  # fmt: skip


def test_the_numbers_are_those_of_the_keras_model(model: Path, folder: Path) -> None:
    called = keras.models.load_model(model, compile=False)
    table = read_effects(folder / "e.tsv").set_index(["experiment", "motif", "measure"])["mean"]
    (footprint,) = read_to_draw(folder / "e.h5").footprints
    with h5py.File(folder / "e.h5") as file:
        backgrounds, position = file["backgrounds/codes"][:], file["motifs/position"][:]
        motifs, inserted = (file[f"motifs/{key}"].asstr()[:] for key in ("motif", "inserted"))
        shape = list(file["measures/kind"].asstr()[:]).index("shape")
        before = called(one_hot(backgrounds, "float32"))
        for i in range(3):
            windows = backgrounds.copy()
            windows[:, position[i] : position[i] + len(inserted[i])] = encode(inserted[i])
            after = called(one_hot(windows, "float32"))
            change = np.ravel(after[1] - before[1])
            np.testing.assert_allclose(
                file["insertion/changes"][i, 0, :, 0], change, rtol=1e-4, atol=1e-5
            )
            shares = [np.asarray(keras.ops.softmax(y[0], axis=1)) for y in (after, before)]
            distance = np.abs(shares[0] - shares[1]).sum(axis=1).mean(axis=1) / 2
            np.testing.assert_allclose(
                file["insertion/changes"][i, 0, :, shape], distance, rtol=1e-4, atol=1e-5
            )
            mean = table["insertion", motifs[i], "shape"]
            assert mean == pytest.approx(file["insertion/changes"][i, ..., shape].mean(), rel=1e-4)
            np.testing.assert_allclose(
                footprint.inserted[i, 0], shares[0].mean(axis=0).T, rtol=1e-4, atol=1e-6
            )
        np.testing.assert_allclose(
            footprint.background, shares[1].mean(axis=0).T, rtol=1e-4, atol=1e-6
        )


def test_the_same_inputs_give_the_same_bytes(model: Path, folder: Path) -> None:
    before = [(folder / name).read_bytes() for name in ("e.h5", "e.tsv")]
    again(model, folder)
    assert [(folder / name).read_bytes() for name in ("e.h5", "e.tsv")] == before


def test_footprints_are_drawn(folder: Path, tmp_path: Path) -> None:
    names = draw_figures(folder / "e.h5", tmp_path / "figures")
    assert sorted(names) == sorted(path.name for path in (tmp_path / "figures").iterdir())
    assert names[:2] == ["neg_0.footprint.svg", "neg_0.footprint.png"]
    assert names[-1] == "neg_0.pos_0.spacing.png" and len(names) == 2 * (3 + 2)
    drawn = (tmp_path / "figures" / names[0]).read_bytes()
    draw_figures(folder / "e.h5", tmp_path / "figures")
    assert (tmp_path / "figures" / names[0]).read_bytes() == drawn
    (tmp_path / "figures" / "mine.txt").touch()
    with pytest.raises(InputError, match=r"holds other files \(mine.txt\)"):
        draw_figures(folder / "e.h5", tmp_path / "figures")


@pytest.mark.parametrize("label", ["ZNF143 + CTCF::RAD21 VARIANT 2", "A_NAME_WITHOUT_SPACES" * 5])
def test_figures_have_room_for_long_names(label: str) -> None:
    profile = np.full((1, 2, 2, 30), 1 / 30, np.float32)
    footprint = Footprint("ENCSR000AHD_K562_ZNF143_profile_logits", profile, profile[0, 0])
    pair = Pair(0, 0, np.full((4, 1), 1e-6, np.float32), "prefers 120 bp apart, same strand")
    found = ToDraw([label], ["pos_0"], [footprint], ["++", "+-", "-+", "--"], [pair])
    with plain_style():
        figures = draw_footprint(found, footprint, 0), draw_spacing(found, pair)
    for figure in figures:
        figure.draw_without_rendering()
        width, height = figure.bbox.size
        assert label[:30] in figure.texts[0].get_text()
        for text in (*figure.texts, *(axes.yaxis.label for axes in figure.axes)):
            box = text.get_window_extent()
            assert 0 <= box.x0 <= box.x1 <= width, text
            assert 0 <= box.y0 <= box.y1 <= height, text


def test_without_a_motif_the_files_are_empty_and_valid(
    model: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    effects(model, tmp_path, made=[])
    assert "there is no motif, so no effect is measured" in caplog.text
    assert read_effects(tmp_path / "e.tsv").empty
    assert read_to_draw(tmp_path / "e.h5").motifs == []
    assert draw_figures(tmp_path / "e.h5", tmp_path / "figures") == []


def refused(capsys: pytest.CaptureFixture[str], *arguments: object, **more: object) -> str:
    """Run the step, which fails, and return its message."""
    with pytest.raises(SystemExit):
        (again if len(arguments) > 2 else effects)(*arguments, **more)  # type: ignore[arg-type]
    return capsys.readouterr().err


def test_files_that_do_not_fit_the_model_are_refused(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = refused(capsys, model, tmp_path, length=100)
    assert "windows of 100 bp, but model.keras takes 120 bp" in found
    short = tmp_path / "short.keras"
    detector(30, FOUND).save(short)
    made = [Made("GATTACAGATTACAGATTACAGATTACAGATTACA", start=2)]
    found = refused(capsys, short, tmp_path, made=made, length=30)
    assert "M-pos_0 (pos_0) has 35 bp, more than the window's 30 bp" in found
    windows_file(tmp_path / "windows.h5", 15, LENGTH)
    found = refused(capsys, model, tmp_path, "--effects.spacing=110")
    assert "effects.spacing is 110 bp, more than the model's window of 120 bp holds" in found
    assert "Set it to 99 or less" in found
    assert not (tmp_path / "e.h5").exists() and not (tmp_path / "e.tsv").exists()
