"""What the page says of centres, of overlapping windows and of the places of seqlets."""

import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

from tests.report.example import make_page


def changed(run: dict, folder: Path, scores: dict, motifs: dict | None = None) -> dict:
    """Return a copy of a run with further attributes in both files, or in the motifs file alone."""
    copies = {key: folder / run[key].name for key in ("scores_path", "motifs_path")}
    for key, path in copies.items():
        shutil.copy(run[key], path)
        with h5py.File(path, "a") as file:
            file.attrs.update(scores | (motifs or {} if key == "motifs_path" else {}))
    return {**run, **copies}


def test_the_page_says_how_windows_were_centred(run, tmp_path):
    centred = changed(run, tmp_path, {"n_on_summits": 28, "n_on_middles": 12})
    _, page = make_page(centred, tmp_path)
    assert (page.value("on-summits"), page.value("on-middles")) == (28, 12)
    _, page = make_page(run, tmp_path)  # files of an earlier release do not tell
    assert "on-summits" not in page.values


@pytest.mark.parametrize(("n", "warns"), [(4, False), (5, True)])
def test_many_windows_that_overlap_are_warned_of(run, tmp_path, n, warns):
    _, page = make_page(changed(run, tmp_path, {}, {"n_overlapping": n}), tmp_path)
    told = page.texts.get("told", "")
    assert ("5 of 40 windows share more than half of their central 400 bases" in told) == warns
    assert ("regions.merge_within" in told) == warns


def test_a_place_in_several_windows_is_counted_once(run, tmp_path):
    """Of two windows at one place, the seqlets have the same places."""
    overlapping = changed(run, tmp_path, {})
    with h5py.File(overlapping["scores_path"], "a") as file:
        start = file["coords_start"][:]
        start[1] = start[0]
        file["coords_start"][:] = start
    with h5py.File(overlapping["motifs_path"], "a") as file:
        seqlets = file["pos_patterns/pattern_0/seqlets"]
        rows, begin, end = (seqlets[name][:] for name in ("example_idx", "start", "end"))
        first, second = np.flatnonzero(rows == 0)[0], np.flatnonzero(rows == 1)[0]
        begin[second], end[second] = begin[first], end[first]
        seqlets["start"][:], seqlets["end"][:] = begin, end
    _, page = make_page(overlapping, tmp_path)
    assert page.value("all-places") == page.value("all-seqlets") - 1
    n = int(page.value("all-seqlets"))
    assert page.texts["seqlets-at-places"] == f"{n} seqlets at {n - 1} places"
    assert page.values["n-places"] == [str(len(rows) - 1)]
    _, page = make_page(run, tmp_path)
    assert "n-places" not in page.values


def test_sequences_are_called_so(run, tmp_path):
    text, page = make_page(changed(run, tmp_path, {"regions_format": "fasta"}), tmp_path)
    assert "sequences used" in text and "sequences dropped" in text
    assert "It has no place in a genome" in text
    assert page.texts["use"].startswith("Of 47 sequences, 40 were used;")
