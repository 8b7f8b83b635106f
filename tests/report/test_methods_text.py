"""The methods text: only what was done, and every number from the files."""

import re
from pathlib import Path

import pytest
import yaml

from deeplift_genomics.design.table import Oligos, write_oligos
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.motifs.seqlets import write_seqlets
from deeplift_genomics.report.asked import model_in_words
from deeplift_genomics.report.citations import WORKS, Citations
from deeplift_genomics.report.fit import fits_of
from deeplift_genomics.report.known_sites import found_sites
from deeplift_genomics.report.method_works import METHOD_WORKS
from deeplift_genomics.report.methods_text import methods_text
from deeplift_genomics.report.page import write_report
from deeplift_genomics.report.read_sample import read_sample
from deeplift_genomics.report.trust import figures_of
from deeplift_genomics.scores.effects import EFFECTS
from deeplift_genomics.settings.choices import JASPAR_RELEASES
from deeplift_genomics.settings.methods import METHODS, choose
from tests.conftest import ROOT
from tests.report.predicted import write_predictions
from tests.report.sample import HEADS, make_sample


def text_of(sample):
    found = methods_text(sample.read())
    return "\n".join([*found.paragraphs, *found.references]), found


def test_numbers_follow_the_files(sample, tmp_path):
    copy = sample.copy(tmp_path / "other")
    numbers = {"seed": 4711, "reference_number": 2, "tensorflow_version": "9.87.6"}
    copy.edit(lambda file: file.attrs.update(numbers))
    own = {"max_seqlets": 34567, "seqlet_fdr": 0.0125, "min_seqlets": 89, "window": 398}
    copy.edit(lambda file: file.attrs.update(own), "motifs")
    copy.edit(lambda file: file.attrs.update(effects_backgrounds=123), "effects")
    copy.config["oligos"]["avoid"] = ["BsaI"]
    text, _ = text_of(copy)
    for said in (
        "seed 4711",
        "TensorFlow 9.87.6",
        "34,567",
        "0.0125",
        "more than 89",
        "398 bp",
        "2 dinucleotide shuffles",
        "40 of 47 regions of peaks.bed",
        "7 were dropped",
        "into 123 dinucleotide-shuffled windows",
        "250 positive and 120 negative",
        "modisco-lite 3.0.0",
        "q ≤ 0.05",
        "Rescale rule",
        "For 3 motifs, inserts of 40 bp",
        "no site of BsaI",
    ):
        assert said in text, said  # fmt: skip


def test_references_are_numbered_as_they_are_cited(sample):
    text, found = text_of(sample)
    cited = [int(n) for group in re.findall(r"\[([\d, ]+)\]", text) for n in group.split(",")]
    assert sorted(set(cited)) == list(range(1, len(found.references) + 1))
    assert list(dict.fromkeys(cited)) == sorted(set(cited))
    assert set(found.references) <= {work.text for work in WORKS.values()}


def test_only_what_was_done_is_told(sample, tmp_path):
    copy = sample.copy(tmp_path / "less")
    for target in copy.targets:
        write_table(copy.path("effects_table", target), EFFECTS, [])
    write_oligos(copy.path("oligos_table"), Oligos([], []))
    copy.edit(lambda file: file.attrs.update(reference_kind="flat", rules="reveal_cancel"))
    text, _ = text_of(copy)
    assert "Wilcoxon" not in text and "shuffle" not in text and "Rescale" not in text
    assert "RevealCancel" in text and "of the kind flat" in text


def test_a_file_of_known_motifs_is_named_in_place_of_jaspar(sample, tmp_path):
    copy = sample.copy(tmp_path / "meme")
    copy.config["annotation"]["database"] = "motifs/human.meme"
    text, _ = text_of(copy)
    assert "the motifs of motifs/human.meme by TOMTOM" in text and "JASPAR" not in text


def test_without_motifs_there_are_neither_instances_nor_effects(tmp_path):
    text, _ = text_of(make_sample(tmp_path / "r", with_motifs=False))
    assert "No motif was found." in text
    assert "Instances" not in text and "TOMTOM" not in text


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"regions_format": "fasta"}, "40 of 47 sequences of peaks.bed, 500 bp long, were used."),
        ({"tile_stride": 250}, "Tiles of 500 bp, 250 bp apart, were cut from genome.fa"),
        ({"n_on_summits": 40, "n_on_middles": 0}, "centred on summits, were cut"),
        ({"n_on_summits": 0, "n_on_middles": 40}, "centred on middles of regions, were cut"),
        (
            {"n_folds": 6, "model": "a.h5,b.h5,c.h5,d.h5,e.h5,f.h5"},
            "The 6 models of ChIP-seq a.h5, b.h5, c.h5, d.h5, e.h5 and 1 more, folds whose "
            "contributions were averaged, were explained with deeplift_genomics",
        ),
    ],
)
def test_windows_in_words(sample, tmp_path, attributes, said):
    copy = sample.copy(tmp_path / "words")
    copy.edit(lambda file: file.attrs.update(attributes))
    assert said in text_of(copy)[0]


def test_folds_of_the_same_name_have_their_folders(sample, tmp_path: Path) -> None:
    copy = sample.copy(tmp_path / "folds")
    copy.edit(lambda file: file.attrs.update({"n_folds": 2, "model": "nobias.h5,nobias.h5"}))
    copy.row["model"] = "fold_0/nobias.h5,fold_1/nobias.h5"
    assert "2 models of ChIP-seq fold_0/nobias.h5, fold_1/nobias.h5, folds" in text_of(copy)[0]
    assert model_in_words(copy.read()) == "2 folds: fold_0/nobias.h5, fold_1/nobias.h5"


def test_every_release_of_jaspar_has_its_reference():
    cite = Citations()
    assert cite(*JASPAR_RELEASES) == f" [{', '.join(map(str, range(1, 8)))}]"
    assert cite("no such work") == ""


def explain_by(copy, chosen):
    """Make the score files of a sample those of a method."""

    def change(file):
        file.attrs.update(chosen.stored)
        unused = ["rules"] + ["reference_kind", "reference_number"] * (not chosen.references)
        for key in set(unused) & set(file.attrs):
            del file.attrs[key]
        if "hyp_scores" in file and not chosen.references:
            file.attrs["format_version"] = 2
            for dataset in ("reference_target", "residual", "standard_error"):
                del file[dataset]

    copy.edit(change)


@pytest.mark.parametrize("name", [name for name, row in METHODS.items() if row.gives == "bases"])
def test_another_method_is_named_with_its_work_and_options(name, sample, tmp_path):
    """A file of a method without references lacks their datasets and attributes."""
    copy, chosen = sample.copy(tmp_path / "other"), choose(name)
    explain_by(copy, chosen)
    text, found = text_of(copy)
    assert (
        f"computed by {chosen.method.title} [" in text
        and METHOD_WORKS[name].text in found.references
    )
    assert ("without references" in text) == (not chosen.references)
    for option in type(chosen.options).model_fields:
        assert f"{option} " in text
    run = copy.read()
    names = [figure.name for figure in figures_of(run)]
    assert ("Stability over references" in names) == chosen.references


def test_every_method_has_a_work():
    assert set(METHOD_WORKS) >= set(METHODS)


def test_a_page_without_references_has_no_error_over_them(sample, tmp_path):
    copy = sample.copy(tmp_path / "without")
    explain_by(copy, choose("gradient"))
    found = ["Error over references" in page for page in (sample.page()[0], copy.page()[0])]
    assert found == [True, False]


def test_every_work_is_an_entry_of_bibtex() -> None:
    """Braces match, keys are unique, and each kind has the fields that BibTeX asks for."""
    needed = {
        "article": {"title", "journal", "volume", "year"},
        "inproceedings": {"author", "title", "booktitle", "year"},
        "book": {"author", "title", "publisher", "year"},
        "misc": {"author", "title"},
    }
    for name, work in WORKS.items():
        text = work.bibtex(name)
        assert text.count("{") == text.count("}") and text.startswith("@")
        kind, _, rest = text[1:].partition("{")
        fields = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", rest, re.M))
        assert rest.startswith(f"{name},\n") and needed[kind] <= fields.keys(), name
        assert "et al" not in text and not re.search(r"(?<!\\)[&%#]", text)


def test_text_and_works_stand_beside_the_page(sample, tmp_path: Path) -> None:
    write_report(tmp_path / "page.html", sample.results, row=sample.row, config=sample.config)
    _, found = text_of(sample)
    written = (tmp_path / "methods.txt").read_text()
    assert all(paragraph in written for paragraph in found.paragraphs)
    assert f"1. {found.references[0]}" in written
    page = (tmp_path / "page.html").read_text()
    assert "methods-bibtex" in page and "@inproceedings{tensorflow," in page
    keys = re.findall(r"^@\w+\{(\w+),", (tmp_path / "methods.bib").read_text(), re.M)
    assert keys == found.cited and len(keys) == len(found.references)


def test_this_package_and_snakemake_are_cited(sample, tmp_path: Path) -> None:
    options = {"row": sample.row, "config": sample.config}
    write_report(tmp_path / "page.html", sample.results, **options, snakemake="9.87.6")
    told, works = ((tmp_path / f"methods.{name}").read_text() for name in ("txt", "bib"))
    assert re.search(r"Snakemake 9\.87\.6 \[\d+\] ran the steps\.", told)
    assert "doi = {10.12688/f1000research.29032.1}" in works
    assert re.search(r"explained with deeplift_genomics [\d.]+ \[1\]", told)
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    author = cited["authors"][0]["name"]
    assert f"1. {author}. {cited['title']}, version {cited['version']}.\n" in told
    latex = author.replace("_", r"\_")
    assert works.startswith(f"@misc{{deeplift_genomics,\n  author = {{{{{latex}}}}},")
    assert "Snakemake" not in text_of(sample)[0]


def test_works_are_found_by_their_doi_or_address() -> None:
    for name, work in WORKS.items():
        assert not work.doi or re.fullmatch(r"10\.\d{4,5}/\S+", work.doi), name
        assert work.venue.startswith("arXiv") <= work.doi.startswith("10.48550/arXiv."), name
    text = WORKS["bpnet"].text
    assert text.endswith("354-366, 2021. doi:10.1038/s41588-021-00782-6")
    assert "  url = {https://proceedings.mlr.press/v70/" in WORKS["deeplift"].bibtex("deeplift")


def test_a_measured_signal_is_told_with_its_numbers(sample, tmp_path: Path) -> None:
    assert "Observed against predicted" not in text_of(sample)[0]
    copy = sample.copy(tmp_path / "measured")
    copy.row["signal"] = "files/plus.bw,minus.bw"
    write_predictions(copy)
    (fit,) = fits_of(copy.read())
    text, _ = text_of(copy)
    assert "signal of plus.bw, minus.bw: the predicted logarithm" in text
    assert f"correlation {fit.counts.pearson:.2f} over 40 regions" in text
    assert (
        f"distance {fit.shape.medians[0]:.2f}, of shuffled reads {fit.shape.medians[1]:.2f}" in text
    )


def test_known_sites_are_told_with_their_numbers(tmp_path: Path) -> None:
    sample = make_sample(tmp_path / "r")
    assert "Known sites" not in text_of(sample)[0]
    run = sample.read()
    for target in run.targets:
        write_seqlets(*(target.paths[name] for name in ("motifs", "scores", "seqlets")))
    columns = run.instances["counts"]
    rows = zip(columns.contig, columns.start, columns.width, strict=True)
    sites = tmp_path / "known.bed"
    sites.write_text("".join(f"{columns.contigs[c]}\t{s}\t{s + w}\tx\n" for c, s, w in rows))
    run = read_sample(
        sample.results, sample.row | {"known_sites": "known.bed"}, sample.config, known_sites=sites
    )
    one = next(found for target, (found,) in found_sites(run, sites) if target.text == "counts")
    text = "\n".join(methods_text(run).paragraphs)
    assert "Of the sites of known.bed" in text
    assert (
        f"counts: of {one.sites} sites, {one.by_seqlets} were found by seqlets and "
        f"{one.by_instances} by instances."
    ) in text


@pytest.mark.parametrize(
    ("target", "shape", "added"),
    [("counts", [2], True), ("counts", [1], False), ("counts[1]", [2], False)],
)
def test_strands_are_added_where_there_are_two(tmp_path: Path, target, shape, added) -> None:
    heads = [HEADS[0] | {"shape": shape}, HEADS[1]]
    sample = make_sample(tmp_path / "r", n=8, with_motifs=False, targets=target, heads=heads)
    assert ("two strands" in text_of(sample)[0]) == added


def test_sentences_on_bases_drawn_again_have_their_and(sample, tmp_path: Path) -> None:
    assert (
        "no longer, and no other motif matched that had not before, on either" in text_of(sample)[0]
    )
