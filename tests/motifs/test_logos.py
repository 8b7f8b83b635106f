"""Logos: their files, their bytes, and the letters that are drawn."""

import re
import time
from pathlib import Path

import matplotlib.pyplot
import numpy as np
import pytest
from PIL import Image

from deeplift_genomics.motifs.logos import LETTER_COLOURS, draw, draw_logos
from tests.motif_runs import MotifRun

NAMES = [
    f"{pattern}.{kind}.{direction}.{suffix}"
    for pattern in ("pos_0", "neg_0")
    for kind in ("cwm", "hcwm", "pfm")
    for direction in ("fwd", "rc")
    for suffix in ("svg", "png")
]


@pytest.fixture(scope="module")
def folder(motif_run: MotifRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn") / "logos"
    assert draw_logos(motif_run.motifs, folder) == NAMES
    return folder


def test_every_logo_is_there(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)


def test_images_are_what_their_names_say(folder: Path) -> None:
    for name in NAMES:
        if name.endswith(".png"):
            with Image.open(folder / name) as image:
                width, height = image.size
                assert image.format == "PNG"
                assert 200 < height < width < 2000
                assert "Software" not in image.info
        else:
            text = (folder / name).read_text()
            assert "</svg>" in text
            assert "<text" not in text  # letters are paths: no font is needed to see them
            assert "dc:date" not in text


def test_same_bytes_again(motif_run: MotifRun, folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "logos"
    again.mkdir()
    (again / "pos_99.cwm.fwd.png").write_bytes(b"of an earlier run")
    # as a matplotlibrc of the user's would have it
    own = {"font.size": 30, "savefig.dpi": 40, "axes.grid": True}
    with matplotlib.rc_context(own):
        draw_logos(motif_run.motifs, again)
        assert matplotlib.rcParams["savefig.dpi"] == 40
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_reverse_complement_is_mirrored(folder: Path) -> None:
    """The letters of GATA, A G A T A A G A, change colour with the strand: 5 A become 5 T."""

    def count(name: str) -> dict[str, int]:
        text = (folder / name).read_text()
        return {base: len(re.findall(colour, text)) for base, colour in LETTER_COLOURS.items()}

    forward, backward = count("pos_0.cwm.fwd.svg"), count("pos_0.cwm.rc.svg")
    assert forward == {base: backward[other] for base, other in zip("ACGT", "TGCA", strict=True)}
    assert forward != backward


def painted(heights: np.ndarray, unit: str, base: str) -> tuple[np.ndarray, float]:
    """Return the pixels of a letter's colour in each row of the image, and the row of zero."""
    figure = draw(heights, unit)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    colour = [int(LETTER_COLOURS[base][at : at + 2], 16) for at in (1, 3, 5)]
    zero = figure.axes[0].transData.transform((0, 0))[1]
    return (pixels == colour).all(axis=2).sum(axis=1), len(pixels) - zero


def test_negative_letters_hang_below_zero() -> None:
    heights = np.zeros((4, 4))
    heights[:2, 0], heights[2:, 3] = 1, -0.5
    above, zero = painted(heights, "contribution", "A")
    below, _ = painted(heights, "contribution", "T")
    above_rows, below_rows = np.flatnonzero(above), np.flatnonzero(below)
    assert above_rows.max() <= zero + 1 and below_rows.min() >= zero - 1
    assert len(above_rows) / len(below_rows) == pytest.approx(2, rel=0.05)
    # the T is upright: its bar is on top, its stem below
    assert below[below_rows[5]] > 2 * below[below_rows[-5]]


def test_bits_are_drawn_on_one_scale() -> None:
    heights = np.zeros((3, 4))
    heights[:, 1] = 0.5
    assert draw(heights, "bits").axes[0].get_ylim() == (0, 2)
    assert draw(heights, "bits").axes[0].get_ylabel() == "bits"


def test_pyplot_keeps_nothing(folder: Path) -> None:
    assert matplotlib.pyplot.get_fignums() == []


def test_no_pattern_makes_an_empty_folder(empty_run: MotifRun, tmp_path: Path) -> None:
    assert draw_logos(empty_run.motifs, tmp_path / "logos") == []
    assert (tmp_path / "logos").is_dir()
    assert list((tmp_path / "logos").iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["logos"]


def test_a_logo_takes_less_than_a_second(motif_run: MotifRun, tmp_path: Path) -> None:
    begin = time.process_time()
    draw_logos(motif_run.motifs, tmp_path / "logos")
    assert (time.process_time() - begin) / (len(NAMES) / 2) < 1
