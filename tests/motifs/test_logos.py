"""Logos: their files, their bytes, and the letters that are drawn."""

import re
from pathlib import Path

import matplotlib.pyplot
import numpy as np
import pytest
from PIL import Image

from deeplift_genomics.motifs import logos
from deeplift_genomics.motifs.logos import draw_logos
from deeplift_genomics.views import drawn_logo
from deeplift_genomics.views.drawn_logo import BELOW, HEIGHT, MARGIN, draw
from deeplift_genomics.views.figures import DOTS_PER_INCH
from deeplift_genomics.views.letters import LETTER_COLOURS
from tests.motif_runs import MotifRun

NAMES = [
    f"{pattern}.{kind}.{direction}.{suffix}"
    for pattern in ("pos_0", "neg_0")
    for kind in ("cwm", "hcwm", "pfm")
    for direction in ("fwd", "rc")
    for suffix in ("svg", "png", "pdf")
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
        content = (folder / name).read_bytes()
        if name.endswith(".png"):
            with Image.open(folder / name) as image:
                width, height = image.size
                assert image.format == "PNG"
                assert 200 < height < width < 2000
                assert "Software" not in image.info
        elif name.endswith(".pdf"):
            assert content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")
            # letters are paths: no font is needed to see them
            assert b"/FontFile" not in content and b"/Date" not in content
        else:
            assert b"</svg>" in content
            assert b"<text" not in content and b"dc:date" not in content


def test_same_bytes_again(
    motif_run: MotifRun, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = tmp_path / "logos"
    again.mkdir()
    (again / "pos_99.cwm.fwd.png").write_bytes(b"of an earlier run")
    # as a matplotlibrc of the user's would have it
    own = {"font.size": 30, "savefig.dpi": 40, "axes.grid": True}
    monkeypatch.setattr(logos, "FEWEST", 1)
    with matplotlib.rc_context(own):
        draw_logos(motif_run.motifs, again, threads=2)
        assert matplotlib.rcParams["savefig.dpi"] == 40
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_reverse_complement_is_mirrored(folder: Path) -> None:
    """The letters of GATA, A G A T A A G A, change colour with the strand: 5 A become 5 T."""

    def count(name: str) -> dict[str, int]:
        text = (folder / name).read_text()
        letters = re.findall(r'<g id="([ACGT])">\s*<path d="([^"]*)" style="fill: (#\w+)"', text)
        assert {base: colour for base, _, colour in letters} == LETTER_COLOURS
        outlines = {"A": 2, "C": 1, "G": 1, "T": 1}  # an A has a hole
        return {base: path.count("M ") // outlines[base] for base, path, _ in letters}

    forward, backward = count("pos_0.cwm.fwd.svg"), count("pos_0.cwm.rc.svg")
    assert forward == {base: backward[other] for base, other in zip("ACGT", "TGCA", strict=True)}
    assert sum(forward.values()) > 4 * len("AGATAAGA") / 2


def painted(heights: np.ndarray, unit: str, colour: str) -> np.ndarray:
    """Return how many pixels of a colour are in each row of the image."""
    figure = draw(heights, unit)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    return (pixels == [int(colour[at : at + 2], 16) for at in (1, 3, 5)]).all(axis=2).sum(axis=1)


def test_negative_letters_hang_below_zero() -> None:
    heights = np.zeros((4, 4))
    heights[:2, 0], heights[2:, 3] = 1, -0.5
    above = np.flatnonzero(painted(heights, "contribution", LETTER_COLOURS["A"]))
    below = painted(heights, "contribution", LETTER_COLOURS["T"])
    rows = np.flatnonzero(below)
    assert above.max() <= rows.min() + 1
    assert len(above) / len(rows) == pytest.approx(2, rel=0.05)
    # the T is upright: its bar is on top, its stem below
    assert below[rows[5]] > 2 * below[rows[-5]]


def test_the_highest_letter_is_furthest_from_the_axis() -> None:
    heights = np.tile([0.1, 0.4, -0.1, -0.4], (2, 1))
    rows = [
        np.flatnonzero(painted(heights, "contribution", colour)).mean()
        for colour in LETTER_COLOURS.values()
    ]
    assert np.argsort(rows).tolist() == [1, 0, 2, 3]


def test_bits_are_drawn_on_one_scale() -> None:
    for bits in (0.5, 1.0):
        heights = np.zeros((3, 4))
        heights[:, 3] = bits
        rows = np.flatnonzero(painted(heights, "bits", LETTER_COLOURS["T"]))
        letters = (HEIGHT - BELOW - MARGIN) * DOTS_PER_INCH
        assert len(rows) / letters == pytest.approx(bits / 2, abs=0.02)


@pytest.mark.parametrize(
    ("low", "high", "values", "labels", "power"),
    [
        (-0.12, 0.11, [-0.1, -0.05, 0, 0.05, 0.1], ["−0.10", "−0.05", "0.00", "0.05", "0.10"], ""),
        (0, 0.9, [0, 0.2, 0.4, 0.6, 0.8], ["0.0", "0.2", "0.4", "0.6", "0.8"], ""),
        (0, 2e-4, [0, 5e-5, 1e-4, 1.5e-4, 2e-4], ["0.0", "0.5", "1.0", "1.5", "2.0"], "10⁻⁴"),
        (-30_000, 0, [-3e4, -2e4, -1e4, 0], ["−3", "−2", "−1", "0"], "10⁴"),
        (0, 1500, [0, 500, 1000, 1500], ["0", "500", "1000", "1500"], ""),
    ],
)
def test_the_axis_has_few_and_short_numbers(
    low: float, high: float, values: list[float], labels: list[str], power: str
) -> None:
    found = drawn_logo._ticks(low, high, "contribution")
    assert found[0] == pytest.approx(values)
    assert found[1:] == (labels, power)


def test_a_logo_of_nothing_is_an_empty_axis() -> None:
    assert draw(np.zeros((3, 4)), "contribution").get_figwidth() > 0.6


def test_pyplot_keeps_nothing(folder: Path) -> None:
    assert matplotlib.pyplot.get_fignums() == []


def test_no_pattern_makes_an_empty_folder(empty_run: MotifRun, tmp_path: Path) -> None:
    assert draw_logos(empty_run.motifs, tmp_path / "logos") == []
    assert (tmp_path / "logos").is_dir()
    assert list((tmp_path / "logos").iterdir()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["logos"]
