"""The step `alleles` on a model whose motif is known, and on the demo's trained model."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics import attribute, load_model
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.scores.allele_tables import MOTIF_TABLE, Alleles, table_kind
from deeplift_genomics.scores.alleles import Letters, read_alleles, read_letters
from tests.alleles.made import (
    GENOME,
    MOTIF,
    ROWS,
    SITE,
    WEAK_SITE,
    explain,
    with_motifs,
    write_inputs,
)
from tests.conftest import ROOT

FILES = ("alleles.h5", "alleles.tsv", "alleles.motifs.tsv", "alleles.html")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_inputs(tmp_path_factory.mktemp("inputs"))


@pytest.fixture(scope="module")
def made(inputs: Path) -> Path:
    return explain(inputs, inputs / "out", *with_motifs(inputs))


@pytest.fixture(scope="module")
def found(made: Path) -> Alleles:
    return read_alleles(made / "alleles.h5")


def effect(found: Alleles, name: str, outcome: str) -> float:
    return float(found.effects[list(ROWS).index(name), found.outcomes.index(outcome)])


def letters(made: Path, name: str, target: str = "counts") -> Letters:
    return read_letters(made / "alleles.h5", list(ROWS).index(name), target)


# --- effects -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change"),
    # the model counts 10 for the motif, 5 without one base, and 0 without two
    [
        ("one base", -5),
        ("breaks", -10),
        ("makes", 10),
        ("inserts", 0),
        ("deletes", 0),
        ("cuts", -10),
    ],
)
def test_counts_change_as_the_model_is_made(found: Alleles, name: str, change: float) -> None:
    assert effect(found, name, "log2_fold:counts") == pytest.approx(change / np.log(2), abs=1e-4)


def test_a_shift_alone_is_no_change_of_the_profile(found: Alleles) -> None:
    for name in ("inserts", "deletes"):  # but for bases at the ends, and beside the change
        assert effect(found, name, "shape:profile") < 0.08
        assert effect(found, name, "jsd:profile") < 0.25
    assert effect(found, "breaks", "shape:profile") > 0.1


def test_variants_are_sorted_by_counts_and_compared_with_random_changes(found: Alleles) -> None:
    assert set(found.columns["effect_of"]) == {"log2_fold:counts"}
    shares = dict(zip(ROWS, found.columns["random_share"], strict=True))
    # a few of the random changes hit other bases of the motif
    assert shares["breaks"] <= 0.2 and shares["makes"] <= 0.2
    assert shares["inserts"] == 1  # no change at all is reached by every random change


# --- contributions -----------------------------------------------------------------------------


def test_contributions_are_those_of_attribute_with_the_references_of_the_genome(
    inputs: Path, made: Path
) -> None:
    model = load_model(inputs / "model.keras")
    for name in ("one base", "inserts", "cuts"):
        one = letters(made, name)
        windows = one_hot(one.codes, np.float32)
        references = make_references(one.codes[:1], "dinucleotide_shuffle", 5, 1)
        scores = attribute(model, windows, np.repeat(references, 2, axis=0), "counts")["counts"]
        expected = scores.contributions.sum(axis=-1)
        np.testing.assert_allclose(one.contributions, expected, atol=1e-5)
        np.testing.assert_allclose(one.standard_error, scores.standard_error, atol=1e-5)
        # with the same references, the difference is the change of the target
        change = one.target[1] - one.target[0]
        assert one.contributions[1].sum() - one.contributions[0].sum() == pytest.approx(
            change, abs=1e-3
        )


def test_what_a_shift_does_not_touch_keeps_its_contributions(found: Alleles, made: Path) -> None:
    for name, shift in (("inserts", 3), ("deletes", -4)):
        one, row = letters(made, name), list(ROWS).index(name)
        first = SITE - found.columns["window_start"][row]
        site = slice(first, first + len(MOTIF))
        there = slice(first + shift, first + shift + len(MOTIF))
        assert (one.codes[0, site] == one.codes[1, there]).all()
        old, new = one.contributions[0, site].sum(), one.contributions[1, there].sum()
        assert new == pytest.approx(old, rel=0.02) and old > 5


def test_alleles_swapped_give_the_mirrored_numbers(
    inputs: Path, found: Alleles, tmp_path: Path
) -> None:
    at = SITE + 4
    (tmp_path / "model.keras").symlink_to(inputs / "model.keras")
    (tmp_path / "genome.fa").write_text(f">chr1\n{GENOME[:at]}G{GENOME[at + 1 :]}\n")
    (tmp_path / "a.vcf").write_text(f"chr1\t{at + 1}\t.\tG\t{GENOME[at]}\n")
    flat = ["--references.kind=zeros", "--references.number=1", "--alleles.random_changes=0"]
    back = explain(tmp_path, tmp_path / "back", *flat)
    forth = explain(inputs, tmp_path / "forth", *flat)
    swapped = read_alleles(back / "alleles.h5")
    for outcome in ("log2_fold:counts", "shape:profile", "jsd:profile"):
        sign = -1 if outcome.startswith("log2") else 1
        value = float(swapped.effects[0, swapped.outcomes.index(outcome)])
        assert value == pytest.approx(sign * effect(found, "one base", outcome), abs=1e-5)
    for target in ("counts", "profile"):
        one, other = (read_letters(path / "alleles.h5", 0, target) for path in (forth, back))
        np.testing.assert_allclose(one.contributions, other.contributions[::-1], atol=1e-4)


# --- motifs ------------------------------------------------------------------------------------


def test_motifs_are_broken_and_made(found: Alleles, made: Path) -> None:
    names = list(ROWS)
    told = {
        (names[one.variant], one.status, one.motif)
        for one in found.motifs
        if one.target == "counts"
    }
    assert told == {
        ("one base", "broken", "M-pos_0"),
        ("breaks", "broken", "M-pos_0"),
        ("makes", "made", "M-pos_0"),
        ("cuts", "broken", "M-pos_0"),
    }
    for one in found.motifs:
        start = found.columns["window_start"][one.variant]
        place = WEAK_SITE if one.status == "made" else SITE
        assert (one.start + start, one.end + start) == (place, place + len(MOTIF))
        if one.status == "broken":
            assert one.reference_match > 0.99 > 0.9 > one.alternative_match
    assert found.columns["motifs"][names.index("breaks")] == "M-pos_0 broken (counts)"
    rows = list(iterate_table(made / "alleles.motifs.tsv", MOTIF_TABLE))
    assert len(rows) == len(found.motifs) and rows[0][3] == "rs1"


# --- files -------------------------------------------------------------------------------------


def test_every_variant_has_a_row(found: Alleles, made: Path) -> None:
    rows = list(iterate_table(made / "alleles.tsv", table_kind(found.outcomes)))
    assert [row[0] for row in rows] == list(range(1, len(ROWS) + 3))
    assert [row[6] for row in rows[-2:]] == ["an allele is no sequence", "leaves the contig"]
    assert rows[0][1:6] == ("chr1", SITE + 5, "rs1", GENOME[SITE + 4], "G")
    assert found.attributes["fasta"] == "genome.fa" and found.attributes["reference_number"] == 5
    assert found.targets == ["counts", "profile"]
    assert sorted(path.name for path in made.iterdir()) == sorted(FILES)


def test_files_are_the_same_again_and_in_parts(inputs: Path, made: Path, tmp_path: Path) -> None:
    again = explain(inputs, tmp_path / "again", *with_motifs(inputs))
    for name in FILES:
        assert (again / name).read_bytes() == (made / name).read_bytes(), name
    (inputs / "last.vcf").write_text(list(ROWS.values())[-1])
    alone = explain(inputs, tmp_path / "alone", vcf="last.vcf")
    one, other = (
        read_letters(path / "alleles.h5", row, "counts")
        for path, row in ((made, len(ROWS) - 1), (alone, 0))
    )
    np.testing.assert_array_equal(one.contributions, other.contributions)
    assert read_alleles(alone / "alleles.h5").motifs == []


def test_folds_are_averaged(inputs: Path, found: Alleles, tmp_path: Path) -> None:
    both = explain(
        inputs,
        tmp_path,
        "--model",
        *[str(inputs / "model.keras")] * 2,
        "--alleles.random_changes=0",
    )
    averaged = read_alleles(both / "alleles.h5")
    np.testing.assert_allclose(averaged.effects, found.effects, atol=1e-6)
    assert averaged.attributes["n_folds"] == 2
    assert np.isnan(averaged.columns["random_share"]).all()


def test_an_output_that_is_a_file_is_refused(
    inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "out.html").write_text("mine")
    with pytest.raises(SystemExit):
        explain(inputs, tmp_path / "out.html")
    assert "out.html is a file. Expected a folder, into which alleles.h5" in capsys.readouterr().err
    assert (tmp_path / "out.html").read_text() == "mine"


def test_too_many_variants_and_motifs_of_other_targets_are_refused(
    inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    for options, message in (
        (["--alleles.most=3"], "has more than 3 variants"),
        (["--targets=counts", *with_motifs(inputs)], "A motif file is of the target 'profile'"),
    ):
        with pytest.raises(SystemExit):
            explain(inputs, tmp_path / "none", *options)
        assert message in capsys.readouterr().err
        assert not (tmp_path / "none" / "alleles.h5").exists()


# --- the demo's model --------------------------------------------------------------------------


def test_a_planted_site_of_the_demo_is_broken(tmp_path: Path) -> None:
    """The middle bases of its CTCF site at chr1:3511 replaced: the model predicts fewer reads."""
    demo = ROOT / "resources" / "demo"
    with gzip.open(demo / "genome.fa.gz", "rt") as file:
        text = file.read().split(">")[1].partition("\n")[2].replace("\n", "").upper()
    sites = [line.split() for line in (demo / "truth.bed").read_text().splitlines()]
    chosen = [(int(a), int(b)) for chrom, a, b, *_ in sites if chrom == "chr1"][3:6]
    lines = []
    for start, end in chosen:
        middle = slice((start + end) // 2 - 2, (start + end) // 2 + 3)
        old = text[middle]
        new = old.translate(str.maketrans("ACGT", "TGAC"))
        lines.append(f"chr1\t{middle.start + 1}\t.\t{old}\t{new}\n")
    (tmp_path / "sites.vcf").write_text("".join(lines))
    for name, file in (("genome.fa", "genome.fa.gz"), ("model.keras", "model.keras")):
        (tmp_path / name).symlink_to(demo / file)
    out = explain(tmp_path, tmp_path / "out", vcf="sites.vcf")
    found = read_alleles(out / "alleles.h5")
    assert len(found) == len(lines)
    column = found.outcomes.index("log2_fold:counts")
    assert (found.effects[:, column] < -0.2).all()
    assert max(found.columns["random_share"]) <= 0.2
