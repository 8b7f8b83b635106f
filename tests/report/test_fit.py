"""Observed against predicted on the page: numbers of the file, and verdicts with several sides."""

import numpy as np
import pytest

from deeplift_genomics.report.figure import FAIL, LOOK, PASS
from deeplift_genomics.report.fit import fit_figure, fits_of, shape_verdict
from deeplift_genomics.scores.read_fit import ShapeFit, read_fit
from tests.report.predicted import POSITIONS, made, write_predictions
from tests.report.sample import MadeSample

SIGNAL = "plus.bw,minus.bw"


@pytest.fixture
def measured(sample: MadeSample, tmp_path) -> MadeSample:
    copy = sample.copy(tmp_path / "measured")
    copy.row["signal"] = SIGNAL
    return copy


def test_the_section_has_the_numbers_of_the_file(measured: MadeSample) -> None:
    write_predictions(measured)
    text, page = measured.page()
    (fit,) = read_fit(measured.path("predictions"))
    assert fit.counts is not None and fit.shape is not None
    assert page.value("fit-pearson-0") == pytest.approx(fit.counts.pearson)
    assert page.value("fit-spearman-0") == pytest.approx(fit.counts.spearman)
    assert page.value("fit-windows-0") == fit.n_windows == 40
    predicted, shuffled, average = fit.shape.medians
    assert page.value("fit-distance-0") == pytest.approx(predicted)
    assert page.value("fit-shuffled-0") == pytest.approx(shuffled)
    assert page.value("fit-average-0") == pytest.approx(average)
    assert page.values["fit-nearer-0"] == ["40", "40"]
    assert page.value("fit-without-reads-0") == 0
    assert page.value("trust-fit") == pytest.approx(fit.counts.pearson)
    assert "Which of them the model was trained on is not known here" in text
    labels = [found.get("aria-label") or "" for tag, found in page.tags if tag == "svg"]
    assert any("measured against predicted reads of 40 regions" in label for label in labels)


def test_without_a_signal_there_is_no_such_section(page, sample: MadeSample) -> None:
    assert "signal" not in [found.get("id") for _, found in page.tags]
    assert fit_figure(sample.read()) is None and fits_of(sample.read()) == []


def test_files_in_the_wrong_order_are_noticed(measured: MadeSample) -> None:
    write_predictions(measured, PREDICTED[:, ::-1])
    _, page = measured.page()
    assert "better the other way round" in page.texts["exchanged-0"]
    write_predictions(measured)
    assert "better the other way round" not in measured.page()[0]


PREDICTED = made(40).tracks[0][1]
TOTAL = PREDICTED.sum(axis=(1, 2), keepdims=True)


@pytest.mark.parametrize(
    ("rates", "verdict", "said"),
    [
        (PREDICTED, PASS, "so there is something to explain"),
        # the number is right, and not the places
        (np.roll(PREDICTED, 1, axis=0) * TOTAL / np.roll(TOTAL, 1), LOOK, "in part"),
        # the places are right, and not the number
        (PREDICTED / TOTAL * 400, FAIL, "has little to do with what was measured here"),
        (np.full_like(PREDICTED, 400 / POSITIONS), FAIL, "little to do"),
    ],
    ids=["right", "places", "number", "neither"],
)
def test_the_verdict_of_the_figure(
    measured: MadeSample, rates: np.ndarray, verdict: str, said: str
) -> None:
    write_predictions(measured, rates)
    figure = fit_figure(measured.read())
    assert figure is not None
    assert figure.verdict == verdict and said in figure.meaning
    assert "over 40 regions" in figure.shown


def test_no_read_at_any_region(measured: MadeSample) -> None:
    write_predictions(measured, np.zeros_like(PREDICTED))
    figure = fit_figure(measured.read())
    assert figure is not None
    assert (figure.verdict, figure.shown, figure.value) == ("not measured", "not defined", None)
    _, page = measured.page()
    assert page.value("fit-without-reads-0") == 40


@pytest.mark.parametrize(
    ("distances", "verdict"),
    [((0.4, 0.9, 0.6), PASS), ((0.6, 0.9, 0.6), LOOK), ((0.7, 0.9, 0.6), LOOK),
     ((0.9, 0.9, 0.6), FAIL)],
)  # fmt: skip
def test_the_verdict_of_shapes(distances: tuple[float, ...], verdict: str) -> None:
    columns = (np.array([value], np.float32) for value in distances)
    assert shape_verdict(ShapeFit(1, 0, *columns)) == verdict
