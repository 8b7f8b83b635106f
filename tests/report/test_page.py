"""The page as a whole: nothing from outside, nothing that input could break."""

import base64
import re
import shutil
from pathlib import Path

import h5py
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.windows.dropped import Dropped, write_dropped
from tests.make_scores import make_score_file
from tests.report.example import DROPPED, PLANTED, make_page

HOSTILE = "<script>alert('x')</script> & \"AT&T\" http://example.org"
TAG = "<script>alert('x')</script>\"&onload=x"  # no blank, comma, colon or bracket in it


def test_tags_balance_and_ids_are_unique_and_links_lead_somewhere(run, tmp_path):
    text, page = make_page(run, tmp_path)
    assert text.startswith("<!DOCTYPE html>\n<html lang=")
    ids = [found["id"] for _, found in page.tags if "id" in found]
    assert len(ids) == len(set(ids))
    links = [found["href"] for tag, found in page.tags if tag == "a"]
    assert links and all(link[0] == "#" and link[1:] in ids for link in links)
    labels = [found["aria-labelledby"] for _, found in page.tags if "aria-labelledby" in found]
    assert labels and set(labels) <= set(ids)


def test_nothing_comes_from_outside(run, tmp_path):
    text, page = make_page(run, tmp_path)
    loading = ("src", "href", "srcset", "data", "poster", "action", "background", "style")
    for tag, found in page.tags:
        assert tag not in {"script", "link", "iframe", "object", "embed", "base", "form"}
        for key in loading:
            assert not re.search(r"https?:|^//|url\(", found.get(key) or ""), (tag, key)
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style and "@import" not in style
    for source in (found["src"] for tag, found in page.tags if tag == "img"):
        kind, content = source.split(",", 1)
        assert kind == "data:image/svg+xml;base64"
        assert b"<svg" in base64.b64decode(content, validate=True)


def test_hostile_text_stays_text(run, tmp_path):
    settings = {"samples": {HOSTILE: HOSTILE}, "paths": [Path("a&b")]}
    text, page = make_page(run, tmp_path, sample=HOSTILE, config=settings)
    assert "<script" not in text and "<b>" not in text and "<new>" not in text
    (title,) = page.by_tag["title"]
    assert title == f"{HOSTILE}: counts (motif report)"
    (heading,) = page.by_tag["h1"]
    assert heading == f"{HOSTILE}: counts"
    assert HOSTILE in page.texts["configuration"]
    assert "<b>bold</b> & co" in page.texts["dropped"]


@pytest.mark.parametrize(
    "target", [f"counts:{TAG}", f"output:{TAG}[0]", f"logit:{TAG}[1]", HOSTILE]
)
def test_hostile_attributes_stay_text(run, tmp_path, target):
    """Whatever a model's heads are called, and whatever was written into the files."""
    own = {"target": target, "head": HOSTILE, "reference_kind": HOSTILE, "model": HOSTILE}
    own |= {"fasta": HOSTILE, "<b>key</b>": HOSTILE, "long": HOSTILE.replace(" ", "_") * 3}
    changed = dict(run)
    for key in ("scores_path", "motifs_path"):
        changed[key] = tmp_path / run[key].name
        shutil.copy(run[key], changed[key])
        with h5py.File(changed[key], "a") as file:
            file.attrs.update(own)
    text, page = make_page(changed, tmp_path)
    assert "<script" not in text and "<b>" not in text
    for tag, attributes in page.tags:
        assert tag not in ("script", "iframe", "object", "embed", "form", "b")
        assert not [name for name in attributes if name.startswith("on")]
        assert attributes.get("href", "#").startswith("#")
        assert attributes.get("src", "data:image/").startswith("data:image/")
    (title,) = page.by_tag["title"]
    assert title == f"demo: {target} (motif report)"
    assert "<b>key</b>" in page.texts["attributes"] and HOSTILE in page.texts["attributes"]


def test_a_note_stays_text(run, tmp_path):
    changed = dict(run, motifs_path=tmp_path / "motifs.h5")
    shutil.copy(run["motifs_path"], changed["motifs_path"])
    with h5py.File(changed["motifs_path"], "a") as file:
        del file["pos_patterns"], file["neg_patterns"]
        file.attrs["note"] = HOSTILE
    text, page = make_page(changed, tmp_path)
    assert "<script" not in text
    assert page.texts["note"] == HOSTILE


def test_same_input_same_bytes(run, tmp_path):
    settings = {"b": 1, "a": {"d": [1, 2], "c": None}}
    first, _ = make_page(run, tmp_path / "one", config=settings)
    other_order = {"a": {"c": None, "d": (1, 2)}, "b": 1}
    assert make_page(run, tmp_path / "two", config=other_order)[0] == first
    assert "a:\n  c: null\n  d:\n  - 1\n  - 2\nb: 1\n" in first


def test_files_of_different_runs_are_refused(run, tmp_path):
    write_dropped(tmp_path / "dropped.tsv", Dropped(DROPPED.records[:2]))
    with pytest.raises(InputError, match=r"lists 2 dropped regions, but .* 7 dropped"):
        make_page(run, tmp_path, dropped_path=tmp_path / "dropped.tsv")
    make_score_file(tmp_path / "other.h5", 10, 500, PLANTED, seed=4)
    with pytest.raises(InputError, match=r"was made with n_dropped = 7, but .* 0\. Run the motifs"):
        make_page(run, tmp_path, scores_path=tmp_path / "other.h5")
    assert not (tmp_path / "report.html").exists()


def test_mistakes_leave_no_page(run, tmp_path):
    with pytest.raises(InputError, match=r"Logo not found: .*pos_0\.cwm\.fwd\.svg"):
        make_page(run, tmp_path, logos_folder=tmp_path)
    assert not list(tmp_path.iterdir())
