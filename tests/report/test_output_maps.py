"""Maps of loci: what is drawn of them, and what the page says."""

import json
from pathlib import Path

import numpy as np

from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.report.output_maps import STEPS, as_text, draw, drawn_maps, strongest
from deeplift_genomics.report.page import write_report
from deeplift_genomics.report.render import Plots
from deeplift_genomics.scores.outputs import write_outputs
from tests.report.sample import MadeSample
from tests.scores.test_outputs import made_map


def test_a_cell_shows_the_number_of_the_largest_size() -> None:
    values = np.array([[1.0, -2.0, 0.5], [0.0, 1.0, 0.0], [0.0, 0.0, -3.0]])
    assert strongest(values, 1, 1).tolist() == values.tolist()
    assert strongest(values, 2, 2).tolist() == [[-2.0, 0.5], [0.0, -3.0]]
    assert as_text(np.array([[-1.0, 0.0, 1.0, 9.0]])) == ["a" + chr(97 + STEPS) + "qq"]


def test_a_map_is_cut_to_the_bases_that_contribute(tmp_path: Path) -> None:
    nothing = made_map(1)
    nothing.arrays["hyp_scores"][:] = 0
    write_outputs(tmp_path / "outputs.h5", [made_map(), nothing], {})
    plots = Plots()
    first, flat = drawn_maps(tmp_path / "outputs.h5", plots)
    data = json.loads(plots.as_json())[first["drawing"].name]
    assert data["bases"] == [1011, 1031]  # counted from 1
    assert data["outputs"] == [1008, 1013]
    assert len(data["rows"]) == 6 and {len(row) for row in data["rows"]} == {21}
    assert data["rows"][5][5] == "q" and data["rows"][5][20] < "i"
    assert data["rows"][0][4] == "i"
    assert data["track"][5] == 1.0 and data["track"][20] == -1.0
    assert first["positions"] == 6 and "6.00" in first["largest"]
    assert "base 1,016 to the position 1,013" in str(first["drawing"])
    assert flat["positions"] == 1


def test_a_large_map_stays_small() -> None:
    rng = np.random.default_rng(0)
    one = made_map(400, 2114)
    one.arrays["hyp_scores"][:] = rng.normal(size=(400, 2114, 4))
    plots = Plots()
    draw(one, Locus("chr1", 1007, 1407), plots)
    assert len(plots.as_json()) < 50_000


def test_the_page_shows_maps_where_they_were_made(sample: MadeSample, tmp_path: Path) -> None:
    write_outputs(tmp_path / "outputs.h5", [made_map()], {})
    page = tmp_path / "report.html"
    options = {"row": sample.row, "config": sample.config}
    write_report(page, sample.results, **options, maps=tmp_path / "outputs.h5")
    assert "peak_1: 6 positions of profile, chr1:1,008-1,013" in page.read_text()
    write_outputs(tmp_path / "outputs.h5", [], {})
    write_report(page, sample.results, **options, maps=tmp_path / "outputs.h5")
    assert "No map of output positions was made" in page.read_text()
    write_report(page, sample.results, **options)
    assert "Output position by output position" not in page.read_text()
