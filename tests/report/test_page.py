"""The report: numbers as in the files, nothing from outside, nothing that input could break."""

import base64
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.motifs.logos import draw_logos
from deeplift_genomics.report.page import write_report
from deeplift_genomics.report.words import number, reference_words, target_words
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.windows.dropped import Dropped, DroppedRegion, write_dropped
from tests.make_scores import make_score_file

FLANK = 6  # bases on either side of a planted motif that belong to its seqlets
OFFSET = 50  # of the window in which motifs are looked for, within the score file's window
PLANTED = (("GATA", "AGATAAGA"), ("CTCF", "CCACCAGGGGGCGC"), ("REST", "TTCAGCACCATGG"))
EFFECTS = (1.0, 2.5, -1.5)
HOSTILE = "<script>alert('x')</script> & \"AT&T\" http://example.org"
TAG = "<script>alert('x')</script>\"&onload=x"  # no blank, comma, colon or bracket in it
VOID = {"meta", "img", "br", "hr", "link", "input"}
DROPPED = Dropped(
    [
        DroppedRegion("chr1", 5, 50, "early", "leaves the contig", "window -20-80", 1),
        DroppedRegion("chr9", 5, 50, "<b>bold</b> & co", "contig not in FASTA", "no such", 4),
        *(DroppedRegion("chr1", 9, 99, f"r{i}", "leaves the contig", "-", i) for i in range(7, 11)),
        DroppedRegion("chr2", 5, 50, "a <new> name", "repeats an earlier window", '"a" <new>', 17),
    ]
)


def write_motifs(path: Path, scores_path: Path, truth: list, note: str = "") -> None:
    """A motifs file in the layout of modisco-lite, of the seqlets at the planted places."""
    scores = read_scores(scores_path)
    effects = dict(zip((name for name, _ in PLANTED), EFFECTS, strict=True))
    groups: dict[str, list[str]] = {
        "pos_patterns": [name for name, effect in effects.items() if effect > 0],
        "neg_patterns": [name for name, effect in effects.items() if effect < 0],
    }
    with h5py.File(path, "w") as file:
        own = {"deeplift_genomics_type": "motifs", "format_version": 1, "note": note}
        own |= {"window": 400, "window_size": 400, "window_offset": OFFSET, "seqlet_fdr": 0.05}
        own |= {"n_seqlets_positive": 250, "n_seqlets_negative": 120}
        for key, value in (dict(scores.attributes) | own).items():
            file.attrs[key] = value
        for group, names in groups.items():
            found = [[place for place in truth if place[4] == name] for name in names]
            for index, places in enumerate(sorted(filter(None, found), key=len, reverse=True)):
                write_pattern(file.create_group(f"{group}/pattern_{index}"), scores, places)


def write_pattern(group: h5py.Group, scores, places: list) -> None:
    rows = np.array([place[0] for place in places])
    starts = np.array([place[1] - FLANK for place in places])
    ends = np.array([place[2] + FLANK for place in places])
    minus = np.array([place[3] == "-" for place in places])

    def cut(array: np.ndarray) -> np.ndarray:
        pieces = [array[row, a:b] for row, a, b in zip(rows, starts, ends, strict=True)]
        turned = [p[::-1, ::-1] if m else p for p, m in zip(pieces, minus, strict=True)]
        return np.stack(turned)

    arrays = {
        "sequence": cut(scores.sequences),
        "contrib_scores": cut(scores.contributions),
        "hypothetical_contribs": cut(scores.hypothetical),
    }
    seqlets = group.create_group("seqlets")
    for name, array in arrays.items():
        group[name] = array.mean(axis=0)
        seqlets[name] = array
    seqlets["n_seqlets"] = np.array([len(rows)])
    seqlets["start"], seqlets["end"] = starts - OFFSET, ends - OFFSET
    seqlets["example_idx"], seqlets["is_revcomp"] = rows, minus


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The inputs of a report with two positive patterns, one negative and seven dropped regions."""
    folder = tmp_path_factory.mktemp("run")
    paths = {
        "scores_path": folder / "counts.h5",
        "motifs_path": folder / "counts.modisco.h5",
        "logos_folder": folder / "logos",
        "dropped_path": folder / "dropped.tsv",
    }
    truth = make_score_file(paths["scores_path"], 40, 500, PLANTED, seed=3, effects=EFFECTS)
    with h5py.File(paths["scores_path"], "a") as file:
        file.attrs["n_dropped"] = len(DROPPED)
    # not every window's CTCF was found, so that the patterns differ in number
    found = [place for place in truth if place[4] != "CTCF" or place[0] % 3]
    write_motifs(paths["motifs_path"], paths["scores_path"], found)
    draw_logos(paths["motifs_path"], paths["logos_folder"])
    write_dropped(paths["dropped_path"], DROPPED)
    return paths


class Page(HTMLParser):
    """A page parsed strictly: end tags must match; text and attributes are kept per element id."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.values: dict[str, list[str]] = {}  # id or class of an element -> numbers inside it
        self.texts: dict[str, str] = {}
        self.by_tag: dict[str, list[str]] = {}
        self._open: list[tuple[str, list[str]]] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.close()
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attributes: list) -> None:
        found = dict(attributes)
        assert len(found) == len(attributes), f"<{tag}> has an attribute twice"
        self.tags.append((tag, found))
        if tag == "data":
            for name in (name for _, names in self._open for name in names):
                self.values.setdefault(name, []).append(found["value"])
        if tag not in VOID:
            names = [found.get("id") or "", *(found.get("class") or "").split()]
            self._open.append((tag, [name for name in names if name]))

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1][0] == tag, f"</{tag}> closes {self._open[-1:]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self.by_tag.setdefault(self._open[-1][0], []).append(data)
        for name in (name for _, names in self._open for name in names):
            self.texts[name] = self.texts.get(name, "") + data

    def value(self, name: str) -> float:
        (value,) = self.values[name]
        return float(value)


def make_page(run: dict, folder: Path, sample: str = "demo", **more) -> tuple[str, Page]:
    output = folder / "report.html"
    write_report(output, sample, **{**run, **more})
    return output.read_text(encoding="utf-8"), Page(output)


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


def test_every_pattern_has_its_section_with_all_logos(run, tmp_path):
    _, page = make_page(run, tmp_path)
    sections = [found["id"] for tag, found in page.tags if found.get("class") == "pattern"]
    assert sections == ["pos_0", "pos_1", "neg_0"]
    images = [found for tag, found in page.tags if tag == "img"]
    for name in sections:
        mine = {image["src"]: image["alt"] for image in images if f" {name}" in image["alt"]}
        logos = {
            (run["logos_folder"] / f"{name}.{kind}.{strand}.svg").read_bytes()
            for kind in ("cwm", "hcwm", "pfm")
            for strand in ("fwd", "rc")
        }
        assert {base64.b64decode(source.split(",")[1]) for source in mine} == logos
        assert len(logos) == 6
    assert all(image["alt"] for image in images)


def test_numbers_are_those_of_the_files(run, tmp_path):
    _, page = make_page(run, tmp_path)
    scores = read_scores(run["scores_path"])
    size = np.abs(scores.residual.astype(float))
    differences = np.abs(scores.target.astype(float)[:, None] - scores.reference_target)
    for name, expected in {
        "n-used": 40,
        "n-dropped": 7,
        "n-positive": 2,
        "n-negative": 1,
        "largest-residual": size.max(),
        "median-residual": np.median(size),
        "median-difference": np.median(differences),
        "largest-residual-relative": size.max() / np.median(differences),
        "median-residual-relative": np.median(size) / np.median(differences),
        "tolerance": 1e-3,
    }.items():
        assert page.value(name) == pytest.approx(expected, rel=1e-12), name
    assert float(page.values["completeness"][0]) == scores.residual.size

    with h5py.File(run["motifs_path"]) as file:
        for name, place, motif in (
            ("pos_0", "pos_patterns/pattern_0", "AGATAAGA"),
            ("pos_1", "pos_patterns/pattern_1", "CCACCAGGGGGCGC"),
            ("neg_0", "neg_patterns/pattern_0", "TTCAGCACCATGG"),
        ):
            seqlets = file[place]["seqlets"]
            contribution = seqlets["contrib_scores"][:].sum(axis=(1, 2)).mean()
            n, mean = map(float, page.values[name])
            assert n == len(seqlets["start"])
            assert mean == pytest.approx(contribution, rel=1e-6)
            assert f"Consensus{motif}" in re.sub(r"\s", "", page.texts[name])
        n_seqlets = sum(
            len(g["seqlets/start"]) for h in ("pos", "neg") for g in file[f"{h}_patterns"].values()
        )
    assert page.value("all-seqlets") == n_seqlets


def test_dropped_regions_are_counted_by_reason(run, tmp_path):
    _, page = make_page(run, tmp_path)
    assert page.values["dropped"] == ["5", "1", "1", "7"]
    text = page.texts["dropped"]
    assert "leaves the contig" in text and "a <new> name" in text and '"a" <new>' in text
    assert "line 1: early" in text and "line 10: r10" not in text  # a few examples, not all


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


def test_attributes_of_both_files_are_shown_in_full(run, tmp_path):
    _, page = make_page(run, tmp_path)
    text = page.texts["attributes"]
    with h5py.File(run["scores_path"]) as scores, h5py.File(run["motifs_path"]) as motifs:
        for attributes in (scores.attrs, motifs.attrs):
            for key, value in attributes.items():
                assert key in text and str(value) in text, key


def test_same_input_same_bytes(run, tmp_path):
    settings = {"b": 1, "a": {"d": [1, 2], "c": None}}
    first, _ = make_page(run, tmp_path / "one", config=settings)
    other_order = {"a": {"c": None, "d": (1, 2)}, "b": 1}
    assert make_page(run, tmp_path / "two", config=other_order)[0] == first
    assert "a:\n  c: null\n  d:\n  - 1\n  - 2\nb: 1\n" in first


def test_a_run_without_patterns_says_why(run, tmp_path):
    note = "Only 7 positive and 0 negative seqlets were found; <100> are needed."
    write_motifs(tmp_path / "empty.h5", run["scores_path"], [], note)
    draw_logos(tmp_path / "empty.h5", tmp_path / "logos")
    more = {"motifs_path": tmp_path / "empty.h5", "logos_folder": tmp_path / "logos"}
    text, page = make_page(run, tmp_path, **more)
    assert "No patterns were found" in text
    assert page.texts["note"] == note
    assert page.value("n-positive") == page.value("n-negative") == page.value("all-seqlets") == 0
    assert not any(tag == "img" for tag, _ in page.tags)


def test_a_run_without_windows_has_no_completeness(run, tmp_path):
    make_score_file(tmp_path / "none.h5", 0, 500, PLANTED)
    write_motifs(tmp_path / "none.modisco.h5", tmp_path / "none.h5", [], "There is no window.")
    write_dropped(tmp_path / "dropped.tsv", Dropped([]))
    _, page = make_page(
        run,
        tmp_path,
        scores_path=tmp_path / "none.h5",
        motifs_path=tmp_path / "none.modisco.h5",
        dropped_path=tmp_path / "dropped.tsv",
    )
    assert page.value("n-used") == 0 and "largest-residual" not in page.values


@pytest.mark.parametrize(
    ("agreement", "median", "low", "undefined"),
    [
        ([0.9, 0.8, 0.4, 0.7], 0.75, 25, None),
        ([np.nan, 0.2, 0.1, 0.3], 0.2, 100, 1),
        ([0.5, 1, 1, 1], 1, 0, None),
        ([np.nan] * 4, np.nan, np.nan, 4),
    ],
)
def test_agreement_of_folds(run, tmp_path, agreement, median, low, undefined):
    scores = tmp_path / "scores.h5"
    scores.write_bytes(run["scores_path"].read_bytes())
    n = len(read_scores(scores))
    with h5py.File(scores, "a") as file:
        file["fold_agreement"] = np.resize(np.float32(agreement), n)
        file["fold_target"] = np.zeros((n, 3), np.float32)
        file["worst_residual"] = file["residual"][:]
        file["worst_residual"][7, 1] = -0.5
    _, page = make_page(run, tmp_path, scores_path=scores)
    assert float(page.value("median-agreement")) == pytest.approx(median, rel=1e-6, nan_ok=True)
    assert float(page.value("low-agreement")) == pytest.approx(low, nan_ok=True)
    found = page.values.get("undefined-agreement")
    assert found is None if undefined is None else float(found[0]) == undefined * n / 4
    assert page.value("largest-residual") == 0.5


def test_a_single_model_has_nothing_to_agree_with(run, tmp_path):
    text, _ = make_page(run, tmp_path)
    assert "Do the models agree" not in text and "of any model" not in text


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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (np.int64(-5), "−5"),
        (0.0, "0.00"),
        (0.12345, "0.123"),
        (-12.345, "−12.3"),
        (1234.5, "1,234"),
        (0.00012345, "0.000123"),
        (0.000012345, "1.23 × 10<sup>−5</sup>"),
        (-2.5e8, "−2.50 × 10<sup>8</sup>"),
        (float("nan"), "not defined"),
        (float("inf"), "not defined"),
    ],
)
def test_numbers_for_reading(value, text):
    assert number(value) == f'<data value="{value}">{text}</data>'


@pytest.mark.parametrize(
    ("target", "title", "part", "unit"),
    [
        ("counts", "counts", "logarithmic", "log counts"),
        ("counts:task0_logcount", "counts (task0_logcount)", "“out”", "log counts"),
        ("profile", "profile", "shape of the signal", "profile logits"),
        ("counts[2]", "counts[2]", "columns it is number 2, from 0", "log counts"),
        ("profile_wn:tasks[1]", "profile_wn[1] (tasks)", "way named profile_wn", "profile logits"),
        ("output:tasks[4]", "tasks[4]", "“tasks”, as it is", "units of the output"),
        ("logit[3]", "class 3", "before it is turned into a probability", "logits"),
        ("later-kind:x", "later-kind:x", "“later-kind:x”", "units of the target"),
    ],
)
def test_targets_in_plain_words(target, title, part, unit):
    words = target_words({"target": target, "head": "out"})
    assert (words.text, words.title, words.unit) == (target, title, unit)
    assert part in words.meaning and words.question.endswith("?")


def test_references_in_plain_words():
    shuffled = {"reference_kind": "dinucleotide_shuffle"}
    assert reference_words(shuffled, 20).startswith("20 shuffled versions of the same region")
    assert reference_words(shuffled, 1).startswith("one shuffled version of")
    assert reference_words({"reference_kind": "zeros"}, 1) == (
        "one reference sequence (of the kind “zeros”)"
    )
