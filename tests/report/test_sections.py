"""The sections of the page: each has a module, a template and an entry in the navigation."""

import base64
import re
from pathlib import Path

import h5py
import pytest

from deeplift_genomics.motifs.logos import draw_logos
from deeplift_genomics.motifs.patterns import read_motifs
from deeplift_genomics.record.warnings import read_numbers, warnings_of
from deeplift_genomics.report.page import SECTIONS, TEMPLATES
from deeplift_genomics.windows.dropped import Dropped, write_dropped
from tests.make_scores import make_score_file
from tests.report.example import PLANTED, make_page, write_motifs

SECTION_MODULES = {path.stem for path in (TEMPLATES.parent / "sections").glob("*.py")}


def test_every_section_has_a_module_and_a_template():
    names = [section.name for section in SECTIONS]
    assert len(names) == len(set(names))
    assert set(names) == SECTION_MODULES - {"__init__"}
    assert set(names) == {path.name.split(".")[0] for path in (TEMPLATES / "sections").iterdir()}
    for section in SECTIONS:
        assert section.context.__module__ == f"deeplift_genomics.report.sections.{section.name}"


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_every_section_is_tested(section):
    """Tests name each id of its template, and, where there is none, one of its classes."""
    template = (TEMPLATES / "sections" / f"{section.name}.html.j2").read_text()
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    ids, classes = (set(re.findall(rf' {kind}="([\w-]+)"', template)) for kind in ("id", "class"))
    assert [name for name in sorted(ids) if f'"{name}"' not in tests] == []
    assert any(f'"{name}"' in tests for name in ids or classes), "give its numbers an id"


def test_every_section_has_a_heading_and_is_in_the_navigation(folds, tmp_path):
    """A run of several folds with patterns has every section."""
    _, page = make_page(folds, tmp_path)
    assert page.by_tag["h2"] == [section.title for section in SECTIONS]
    assert page.by_tag["a"][: len(SECTIONS)] == page.by_tag["h2"]
    links = [found["href"] for tag, found in page.tags if tag == "a"]
    ids = [found["id"] for tag, found in page.tags if tag == "h2"]
    assert links[: len(SECTIONS)] == [f"#{name}" for name in ids]
    assert ids == [section.name for section in SECTIONS]


def test_sections_without_content_are_left_out(run, tmp_path):
    _, page = make_page(run, tmp_path)
    missing = {section.title for section in SECTIONS} - set(page.by_tag["h2"])
    assert missing == {"Do the models agree?"}
    assert "Do the models agree?" not in page.by_tag["a"]


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


def test_bars_compare_with_the_largest_of_their_column(run, tmp_path):
    _, page = make_page(run, tmp_path)
    widths = [
        float(found["style"].removeprefix("width: ").removesuffix("%"))
        for _, found in page.tags
        if found.get("class") == "bar"
    ]
    patterns = read_motifs(run["motifs_path"])
    columns = (
        [pattern.n_seqlets for pattern in patterns],
        [abs(pattern.mean_contribution) for pattern in patterns],
    )
    assert min(pattern.mean_contribution for pattern in patterns) < 0
    for found, values in zip((widths[::2], widths[1::2]), columns, strict=True):
        assert found == pytest.approx([100 * value / max(values) for value in values], abs=0.051)


def test_dropped_regions_are_counted_by_reason(run, tmp_path):
    _, page = make_page(run, tmp_path)
    assert page.values["dropped"] == ["5", "1", "1", "7"]
    text = page.texts["dropped"]
    assert "leaves the contig" in text and "a <new> name" in text and '"a" <new>' in text
    assert "line 1: early" in text and "line 10: r10" not in text  # a few examples, not all


def test_attributes_of_both_files_are_shown_in_full(run, tmp_path):
    _, page = make_page(run, tmp_path)
    text = page.texts["attributes"]
    with h5py.File(run["scores_path"]) as scores, h5py.File(run["motifs_path"]) as motifs:
        for attributes in (scores.attrs, motifs.attrs):
            for key, value in attributes.items():
                assert key in text and str(value) in text, key


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


def test_a_single_model_has_nothing_to_agree_with(run, tmp_path):
    text, _ = make_page(run, tmp_path)
    assert "Do the models agree" not in text and "of any model" not in text


def test_warnings_head_the_page(run, tmp_path):
    """Six of 47 regions were lost, so that the run warns, in the words of its summary."""
    _, page = make_page(run, tmp_path)
    assert page.by_tag["h2"][0] == "Warnings"
    numbers = read_numbers(run["scores_path"], run["motifs_path"], run["dropped_path"])
    told = [line.strip() for line in page.texts["told"].splitlines() if line.strip()]
    assert told == warnings_of(numbers)
    assert told[0].startswith("6 of 47 regions were dropped (leaves the contig: 5; ")


def test_a_run_without_a_warning_has_no_such_section(run, tmp_path):
    make_score_file(tmp_path / "scores.h5", 40, 500, PLANTED, seed=3, effects=(1.0, 2.5, -1.5))
    write_motifs(tmp_path / "motifs.h5", tmp_path / "scores.h5", [])
    write_dropped(tmp_path / "dropped.tsv", Dropped([]))
    paths = {f"{name}_path": tmp_path / f"{name}.h5" for name in ("scores", "motifs")}
    _, page = make_page({**run, **paths, "dropped_path": tmp_path / "dropped.tsv"}, tmp_path)
    assert "Warnings" not in page.by_tag["h2"]
