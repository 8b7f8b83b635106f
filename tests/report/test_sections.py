"""The sections of the page: each has a module, a template and an entry in the navigation."""

import re
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.record.warnings import read_numbers, warnings_of
from deeplift_genomics.report.found import lines_of
from deeplift_genomics.report.page import SECTIONS
from deeplift_genomics.report.read_sample import OF_THE_FILE
from deeplift_genomics.report.render import FOLDER, Plots
from deeplift_genomics.report.sections import nothing, regions, summary, trust
from deeplift_genomics.report.trust import figures_of
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.windows.dropped import Dropped
from tests.report.sample import make_sample

TEMPLATES = FOLDER / "templates" / "sections"
MODULES = {path.stem for path in (FOLDER / "sections").glob("*.py")} - {"__init__"}


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A sample without a motif, for whose two targets few seqlets were found."""
    sample = make_sample(tmp_path_factory.mktemp("empty"), with_motifs=False, dropped=Dropped([]))
    few = {"n_seqlets_positive": 15, "n_seqlets_positive_used": 0}
    few |= {"n_seqlets_negative": 0, "n_seqlets_negative_used": 0}
    sample.edit(lambda file: file.attrs.update(few), "motifs")
    return sample


@pytest.fixture(scope="module")
def empty_page(empty):
    return empty.page()[1]


def words(page, name):
    return re.sub(r"\s+", " ", page.texts[name]).strip()


def test_every_section_has_a_module_and_a_template():
    names = [section.name for section in SECTIONS]
    assert len(names) == len(set(names))
    assert set(names) == MODULES
    assert set(names) == {path.name.split(".")[0] for path in TEMPLATES.iterdir()}
    for section in SECTIONS:
        assert section.context.__module__ == f"deeplift_genomics.report.sections.{section.name}"


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_every_section_is_tested(section):
    """Tests name each id of its template, and, where there is none, one of its classes."""
    template = (TEMPLATES / f"{section.name}.html.j2").read_text()
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    ids, classes = (set(re.findall(rf' {kind}="([\w-]+)"', template)) for kind in ("id", "class"))
    ids |= {name.rstrip("-") for name in re.findall(r' id="([\w-]+)-\{\{', template)}
    assert [name for name in sorted(ids) if f'"{name}' not in tests] == []
    assert any(f'"{name}' in tests for name in ids or classes), "give its numbers an id"


def test_the_files_beside_the_page_are_named(page):
    for name in ("motifs.xlsx", "oligos.xlsx", "igv.xml", "motifs.meme", "predictions.h5"):
        assert name in page.texts["beside"]


def test_every_section_has_a_heading_and_is_in_the_navigation(page):
    shown = [section for section in SECTIONS if section.title in page.by_tag["h2"]]
    assert page.by_tag["h2"] == [section.title for section in shown]
    links = [found["href"] for tag, found in page.tags if tag == "a" and "href" in found]
    assert links[1 : len(shown) + 1] == [f"#{section.name}" for section in shown]
    assert "No motif" not in page.by_tag["h2"]


# --- summary -----------------------------------------------------------------------------------


def test_two_sentences_say_what_was_asked(page):
    assert words(page, "asked") == (
        "A model predicts ChIP-seq from the DNA sequence, 500 bases at a time. For 40 regions, "
        "this page tells which bases drive the predicted number of reads (counts), which bases "
        "shape the signal along the region (profile), and which known motifs these bases form."
    )


def test_the_summary_has_the_numbers_of_the_files(sample, page):
    assert (page.value("n-used"), page.value("n-dropped")) == (40, 7)
    lines = lines_of(sample.read())
    for number, line in enumerate(lines):
        assert page.value(f"places-{number}") == line.n_places
        assert page.values[f"regions-{number}"] == [str(line.n_regions), "40"]
        assert page.values[f"shared-{number}"] == [str(line.n_shared), str(line.n_places)]
        assert words(page, f"ablation-{number}") == line.ablation.in_words
        assert words(page, f"insertion-{number}") == line.insertion.in_words
    assert "GATA (GATA1 and 2 others)" in words(page, "found")
    assert "no significant match: 1 motif like no known one" in words(page, "found")
    assert "lowers the prediction" in words(page, "found")


def test_five_questions_are_answered(page):
    answers = words(page, "five")
    for said in (
        "Which factor?GATA, CTCF; 1 unknown motif",
        "Where?106 places; GATA in 40 of 40 regions",
        "How strong?Without CTCF, the predicted signal falls by 53%",
        "How sure?4 of 4 figures pass",
        "What to order?6 oligos that test 3 motifs, ready in oligos.xlsx",
    ):
        assert said in answers, answers


def test_one_target_one_region_and_no_effect(tmp_path):
    sample = make_sample(tmp_path / "one", n=1, targets="counts", dropped=Dropped([]))
    page = sample.section(summary)
    assert "For 1 region, this page tells which bases drive" in words(page, "asked")
    assert "shared-0" not in page.values
    assert not [name for name in page.texts if name.startswith("trust-heads")]


# --- warnings ----------------------------------------------------------------------------------


def test_warnings_head_the_page(sample, page):
    """Six of 47 regions were lost, so that the run warns, in the words of its summary."""
    assert page.by_tag["h2"][0] == "Warnings"
    files = (sample.path("scores", "counts"), sample.path("motifs", "counts"))
    told = warnings_of(read_numbers(*files, sample.path("dropped")))
    said = words(page, "told")
    for warning in told:
        for part in re.split(r"[.:;…]", warning):
            assert part.strip() in said
    assert told[0].startswith("6 of 47 regions were dropped (leaves the contig: 5; ")


def test_a_run_without_a_warning_has_no_such_section(empty):
    sample = empty.copy(empty.results.parent / "quiet")
    sample.edit(lambda file: file.attrs.update(n_seqlets_positive=0), "motifs")
    assert "Warnings" not in sample.page()[1].by_tag["h2"]


# --- trust -------------------------------------------------------------------------------------


def test_figures_of_trust_have_verdicts_in_words(sample, page):
    for figure in figures_of(sample.read()):
        assert page.value(figure.id) == pytest.approx(figure.value)
        assert words(page, f"{figure.id}-verdict").split()[1] == figure.verdict


def test_residuals_are_those_of_the_files(sample, page):
    for number, target in enumerate(sample.targets):
        scores = read_scores(sample.path("scores", target))
        size = np.abs(scores.residual.astype(float))
        typical = np.median(np.abs(scores.target.astype(float)[:, None] - scores.reference_target))
        for name, expected in {
            "pairs": size.size,
            "largest-residual": size.max(),
            "largest-residual-relative": size.max() / typical,
            "median-residual": np.median(size),
            "median-difference": typical,
        }.items():
            assert page.value(f"{name}-{number}") == pytest.approx(expected, rel=1e-12), name
    assert page.value("tolerance") == 1e-3
    assert "median-agreement-0" not in page.values


def test_folds_are_told_with_their_agreement(folds):
    def change(file):
        file["fold_agreement"][:] = np.resize(np.float32([np.nan, 0.2, 0.1, 0.9]), 40)

    folds.edit(change, "scores")
    page = folds.section(trust)
    assert page.value("median-agreement-0") == pytest.approx(0.2)
    assert page.value("low-agreement-1") == pytest.approx(200 / 3)
    assert page.value("undefined-agreement-0") == 10
    assert page.value("largest-residual-0") == 0.5


# --- regions -----------------------------------------------------------------------------------


def test_dropped_regions_are_counted_by_reason(page):
    assert page.values["dropped"] == ["5", "1", "1", "7"]
    text = page.texts["dropped"]
    assert "leaves the contig" in text and "a <new> name" in text and '"a" <new>' in text
    assert "line 1: early" in text and "line 10: r10" not in text  # a few examples, not all


def test_seqlets_have_their_denominators(page, empty_page):
    """Of 250 positive seqlets, the strongest 200 were clustered, and GATA and CTCF hold 66."""
    assert page.value("seqlets-0") == 250
    assert page.values["in-patterns-0"] == ["66", "200"]
    assert page.values["in-patterns-1"] == ["40", "120"]
    assert "the strongest 200 were clustered" in words(page, "seqlets")
    assert "15not clustered: more than 20 needed" in words(empty_page, "seqlets")


def test_the_page_says_how_windows_were_centred(sample, page, tmp_path):
    copy = sample.copy(tmp_path / "centred")
    copy.edit(lambda file: file.attrs.update(n_on_summits=28, n_on_middles=12))
    centred = copy.section(regions)
    assert (centred.value("on-summits"), centred.value("on-middles")) == (28, 12)
    assert "on-summits" not in page.values  # files of an earlier release do not tell


def test_sequences_are_called_so(sample, tmp_path):
    copy = sample.copy(tmp_path / "fasta")
    copy.edit(lambda file: file.attrs.update(regions_format="fasta"))
    page = copy.section(regions)
    assert words(page, "use").startswith("Of 47 sequences, 40 were used;")
    assert "For 40 sequences, this page" in words(copy.section(summary), "asked")


@pytest.mark.parametrize(("n", "warns"), [(4, False), (5, True)])
def test_many_windows_that_overlap_are_warned_of(sample, tmp_path, n, warns):
    copy = sample.copy(tmp_path / "overlap")
    copy.edit(lambda file: file.attrs.update(n_overlapping=n), "motifs")
    said = " ".join(copy.read().warnings)
    assert ("5 of 40 windows share more than half of their central 400 bases" in said) == warns


# --- no motif ----------------------------------------------------------------------------------


def test_a_run_without_motifs_says_why_and_what_to_change(empty_page):
    assert "No motif" in empty_page.by_tag["h2"] and "Motifs" not in empty_page.by_tag["h2"]
    assert "Only 7 positive and 0 negative <seqlets> were found." in words(empty_page, "note")
    assert words(empty_page, "suggested") == "10"  # of 15 seqlets, with more than 20 needed


@pytest.mark.parametrize(("found", "suggested"), [((30, 15), 10), ((30, 9), 8), ((30, 40), None)])
def test_a_smaller_limit_is_advised_where_seqlets_were_too_few(empty, tmp_path, found, suggested):
    copy = empty.copy(tmp_path / "few")
    for target, n in zip(copy.targets, found, strict=True):
        with h5py.File(copy.path("motifs", target), "a") as file:
            file.attrs.update({"n_seqlets_positive": n, "n_seqlets_negative": 0, "min_seqlets": 20})
    context = nothing.context(copy.read(), Plots())
    assert (context["suggested"], context["clustered"]) == (suggested, suggested is None)
    copy.section(nothing)
    text = (copy.folder / "nothing.html").read_text()
    assert ("or a smaller" in text) == (suggested is not None)


def test_the_strongest_windows_are_shown_as_letters(empty, empty_page):
    scores = read_scores(empty.path("scores", "counts"))
    totals = np.sort(np.abs(scores.contributions[:, 50:450].sum(axis=2)).sum(axis=1))[::-1]
    found = [empty_page.value(f"strongest-{i}") for i in range(10)]
    assert found == pytest.approx(totals[:10], rel=1e-6)
    assert "strongest-10" not in empty_page.values
    shown = [f["aria-label"] for tag, f in empty_page.tags if "logo" in (f.get("class") or "")]
    assert len(shown) == 10 and all("Contributions at chr" in label for label in shown)


def test_a_run_without_windows_is_a_page(tmp_path):
    sample = make_sample(tmp_path / "none", n=0, with_motifs=False)
    page = sample.page()[1]
    assert page.value("n-used") == 0
    assert "All 7 regions were dropped" in words(page, "notice")
    assert "largest-residual-0" not in page.values and "trust-completeness" not in page.values


# --- glossary, methods, how it was made --------------------------------------------------------


def test_the_methods_can_be_copied(page):
    buttons = [f["data-copy"] for tag, f in page.tags if "data-copy" in f]
    assert "methods-text" in buttons
    assert "Attribution. The model synthetic.keras of ChIP-seq" in words(page, "methods-text")
    assert "[1]" in page.texts["methods-text"] and "1. " in page.texts["references"]


def test_attributes_of_all_files_are_shown_in_full(sample, page):
    text = page.texts["attributes"]
    for target in sample.targets:
        for name in ("scores", "motifs"):
            with h5py.File(sample.path(name, target)) as file:
                for key, value in file.attrs.items():
                    if key in OF_THE_FILE and name == "motifs":
                        continue
                    assert key in text and str(value) in text, key
    assert "regions_digest" in words(page, "digests") and "0" * 64 in words(page, "digests")


def test_the_configuration_and_the_row_are_shown(sample, page):
    assert "references:\n  kind: dinucleotide_shuffle\n  number: 20" in page.texts["configuration"]
    assert "sample: demo" in page.texts["row"] and "assay: ChIP-seq" in page.texts["row"]
