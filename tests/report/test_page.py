"""The page as a whole: nothing from outside, nothing that input could break."""

import json
import re

import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import iterate_table, write_table
from deeplift_genomics.motifs.names import MOTIFS
from deeplift_genomics.windows.dropped import Dropped, DroppedRegion, write_dropped
from tests.make_scores import make_score_file
from tests.report.example import DROPPED, PLANTED, Page
from tests.report.sample import make_sample

HOSTILE = "</script><script>alert('x')</script> & \"AT&T\" http://example.org \u202e"
BESIDE = {  # files in the folder of the page, and the page above
    *("../index.html", "oligos.xlsx", "oligos.tsv", "motifs.xlsx", "motifs.meme", "motifs.tsv"),
    *("methods.txt", "methods.bib"),
    *("predictions.h5", "igv.xml"),
}
LINK = r"#.*|[\w%.-]+\.(instances|effects)\.tsv|[\w%.-]+\.(logos|figures|scores\.h5|bed\.gz|bw)"
TAG = "<script>alert('x')</script>\"&onload=x"  # no blank, comma, colon or bracket in it


def check_harmless(text: str, page: Page) -> None:
    """Check that a page has no script but its own, and no attribute that acts or loads."""
    assert text.count("<script") == 2
    for tag, found in page.tags:
        assert tag not in {"link", "iframe", "object", "embed", "base", "form"}
        assert not [name for name in found if name.startswith("on")]
        assert re.fullmatch(LINK, found.get("href", "#")) or found["href"] in BESIDE
        assert not {"src", "srcset", "action", "style", "background"} & set(found)


def test_tags_balance_and_ids_are_unique_and_links_lead_somewhere(sample, page):
    ids = [found["id"] for _, found in page.tags if "id" in found]
    assert len(ids) == len(set(ids))
    links = [found["href"] for tag, found in page.tags if tag == "a" and "href" in found]
    assert set(links) >= BESIDE
    inside = [link[1:] for link in links if re.match("#(?!locus=)", link)]
    assert inside and set(inside) <= set(ids)
    labels = [found["aria-labelledby"] for _, found in page.tags if "aria-labelledby" in found]
    assert labels and set(labels) <= set(ids)


def test_nothing_comes_from_outside(sample):
    text, page = sample.page()
    check_harmless(text, page)
    style = text[text.index("<style>") : text.index("</style>")]
    assert "url(" not in style and "@import" not in style
    policies = [f["content"] for tag, f in page.tags if tag == "meta" and "http-equiv" in f]
    (policy,) = policies
    assert policy.startswith("default-src 'none'; script-src 'sha256-")


def test_hostile_text_of_the_sheet_stays_text(sample, tmp_path):
    copy = sample.copy(tmp_path / "hostile")
    copy.row |= dict.fromkeys(("title", "assay", "cell_type", "genome", "model"), HOSTILE)
    copy.config["motif_names"] = {HOSTILE: HOSTILE}
    lost = [DroppedRegion("chr1", 5, 50, HOSTILE, "leaves the contig", TAG, i) for i in range(7)]
    write_dropped(copy.path("dropped"), Dropped(lost))
    text, page = copy.page()
    check_harmless(text, page)
    assert "".join(page.by_tag["title"]) == f"{HOSTILE} (motif report)"
    assert "".join(page.by_tag["h1"]) == HOSTILE
    assert "AT&T" in page.texts["configuration"] and "AT&T" in page.texts["methods-text"]
    assert HOSTILE in page.texts["dropped"] and TAG in page.texts["dropped"]


def test_hostile_attributes_stay_text(sample, tmp_path):
    """Whatever a model's heads are called, and whatever was written into the files."""
    copy = sample.copy(tmp_path / "hostile")
    keys = ("target", "head", "model", "reference_kind", "fasta", "method", "rules")
    hostile = dict.fromkeys(keys, HOSTILE) | {"<b>key</b>": TAG, "tolerance": TAG}
    copy.edit(lambda file: file.attrs.update(hostile))
    text, page = copy.page()
    check_harmless(text, page)
    assert "<b>key</b>" in page.texts["attributes"] and TAG in page.texts["attributes"]
    assert page.texts["attributes"].count(HOSTILE) >= len(keys)


def test_hostile_labels_stay_text(sample, tmp_path):
    """A MEME file and the user name motifs as they like."""
    copy = sample.copy(tmp_path / "hostile")
    rows = [
        dict(zip(MOTIFS.columns, cells, strict=True))
        for cells in iterate_table(copy.path("labels"), MOTIFS)
    ]
    hostile = {"match_name": TAG, "family": f"{TAG}: {TAG}", "match_id": TAG, "q_value": 0.01}
    write_table(copy.path("labels"), MOTIFS, [tuple((row | hostile).values()) for row in rows])
    text, page = copy.page()
    check_harmless(text, page)
    assert TAG in page.texts["found"]


def test_a_hostile_note_stays_text(tmp_path):
    sample = make_sample(tmp_path / "empty", with_motifs=False)
    sample.edit(lambda file: file.attrs.update(note=HOSTILE), "motifs")
    text, page = sample.page()
    check_harmless(text, page)
    assert HOSTILE in page.texts["note"]


def test_10_kb_of_title_are_a_page(sample, tmp_path):
    copy = sample.copy(tmp_path / "long")
    copy.row["title"] = "A" * 10_000
    _text, page = copy.page()
    assert "".join(page.by_tag["h1"]) == "A" * 10_000


def test_same_input_same_bytes(sample, tmp_path):
    first, _ = sample.page(tmp_path / "one.html")
    copy = sample.copy(tmp_path / "copy")
    copy.config = dict(reversed(copy.config.items()))
    assert copy.page()[0] == first


def test_numbers_for_the_script_are_json(sample):
    text, _ = sample.page()
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    assert data and {item["kind"] for item in json.loads(data[1]).values()} >= {"logo", "locus"}


def test_files_of_different_runs_are_refused(sample, tmp_path):
    copy = sample.copy(tmp_path / "two")
    write_dropped(copy.path("dropped"), Dropped(DROPPED.records[:2]))
    with pytest.raises(InputError, match=r"lists 2 dropped regions, but .* 7 dropped"):
        copy.read()
    write_dropped(copy.path("dropped"), Dropped(DROPPED.records))
    make_score_file(copy.path("scores", "counts"), 10, 500, PLANTED, seed=4)
    with pytest.raises(InputError, match=r"was made with .* Run the motifs"):
        copy.read()
    (copy.folder / "report.html").unlink(missing_ok=True)
    with pytest.raises(InputError):
        copy.page()
    assert not (copy.folder / "report.html").exists()


@pytest.mark.parametrize("name", ["matches", "instances", "effects_table"])
def test_a_missing_file_is_named_and_leaves_no_page(sample, tmp_path, name):
    copy = sample.copy(tmp_path / "missing")
    (copy.folder / "report.html").unlink(missing_ok=True)
    copy.path(name, "profile").unlink()
    with pytest.raises(InputError, match=re.escape(copy.path(name, "profile").name)):
        copy.page()
    assert not (copy.folder / "report.html").exists()
