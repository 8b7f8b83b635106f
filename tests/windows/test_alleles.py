"""Windows of both alleles: against edited texts, and every reason for which there are none."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.dna.fasta import open_genome
from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.dna.vcf import Variant
from deeplift_genomics.errors import InputError
from deeplift_genomics.windows.alleles import REASONS, LeftOut, Pair, cut_pairs
from deeplift_genomics.windows.edits import Edit, trimmed

LENGTH = 20
RNG = np.random.default_rng(5)
TEXT = "".join(RNG.choice(list("ACGT"), 200))
CHR1 = TEXT[:100] + "ACACACAC" + TEXT[108:150] + "NNNNNN" + TEXT[156:].lower()


@pytest.fixture(scope="module")
def fasta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("genome") / "genome.fa"
    path.write_text(f">chr1\n{CHR1}\n>chr2\n{TEXT[:30]}\n")
    return path


def cut(
    fasta: Path, *variants: tuple[str, int, str, str], length: int = LENGTH
) -> tuple[list[Pair], list[LeftOut]]:
    """Cut variants given by contig, 1-based position, REF and ALT."""
    rows = [
        Variant(line, chrom, position - 1, "", ref, alt)
        for line, (chrom, position, ref, alt) in enumerate(variants, start=1)
    ]
    with open_genome(fasta) as genome:
        return cut_pairs(rows, genome, length, max_unknown=0.1, source="VCF file a.vcf")


def ref(position: int, number: int = 1) -> str:
    return CHR1[position - 1 : position - 1 + number].upper()


def other(base: str) -> str:
    return "CGTA"["ACGT".index(base)]


@pytest.mark.parametrize(
    ("position", "n_ref", "alt"),
    [
        (50, 1, None),  # a substitution
        (50, 3, "TTT"),
        (50, 1, "+GG"),  # an insertion
        (50, 4, "-"),  # a deletion, of all bases but the first
        (50, 5, "AC"),
        (50, 2, "ACGTA"),
        (103, 3, "-"),  # in a repeat
        (170, 1, None),  # lower case in the genome
    ],
)
@pytest.mark.parametrize("length", [20, 21])
def test_both_windows_are_those_of_an_edited_text(
    fasta: Path, position: int, n_ref: int, alt: str | None, length: int
) -> None:
    old = ref(position, n_ref)
    if alt is None:
        new = other(old)
    elif alt.startswith("+"):
        new = old + alt[1:]
    else:
        new = old[0] if alt == "-" else alt
    (pair,), left_out = cut(fasta, ("chr1", position, old, new), length=length)
    assert not left_out
    edited = (CHR1[: position - 1] + new + CHR1[position - 1 + n_ref :]).upper()
    start = pair.start
    assert decode(pair.codes[0]) == CHR1.upper()[start : start + length]
    assert decode(pair.codes[1]) == edited[start : start + length]
    # the middle of what differs is in the middle of the window
    edit = pair.edit
    assert edit.at + edit.removed // 2 == length // 2


@pytest.mark.parametrize("edit", [Edit(8, 1, 1), Edit(8, 0, 3), Edit(8, 3, 0), Edit(7, 2, 5)])
def test_the_alignment_pairs_each_base_once(edit: Edit) -> None:
    columns = edit.columns(LENGTH)
    for allele in (0, 1):
        bases = columns[:, allele]
        assert bases[bases >= 0].tolist() == list(range(LENGTH))
    paired = columns[(columns >= 0).all(axis=1)]
    before = paired[paired[:, 0] < edit.at]
    after = paired[paired[:, 0] >= edit.at + edit.removed]
    assert len(before) == edit.at and (before[:, 0] == before[:, 1]).all()
    assert (after[:, 1] - after[:, 0] == edit.added - edit.removed).all()
    gaps = (columns[:-1] < 0).any(axis=1)[edit.at : edit.at + max(edit.removed, edit.added)]
    assert gaps.sum() == abs(edit.removed - edit.added)


@pytest.mark.parametrize(
    ("alleles", "expected"),
    [
        (("A", "T"), (0, "A", "T")),
        (("A", "ATT"), (1, "", "TT")),
        (("CTT", "C"), (1, "TT", "")),
        (("ACACAC", "ACAC"), (0, "AC", "")),
        (("AGT", "ACT"), (1, "G", "C")),
        (("AG", "CT"), (0, "AG", "CT")),
        (("AGGT", "AT"), (1, "GG", "")),
    ],
)
def test_shared_ends_are_cut(alleles: tuple[str, str], expected: tuple[int, str, str]) -> None:
    assert trimmed(*alleles) == expected


def test_an_alternative_allele_that_a_line_names_twice_counts_once(fasta: Path) -> None:
    twice = [Variant(1, "chr1", 59, "", ref(60), other(ref(60)))] * 2
    with open_genome(fasta) as genome:
        pairs, (lost,) = cut_pairs(twice, genome, LENGTH, max_unknown=0.1, source="VCF file a.vcf")
    assert len(pairs) == 1 and lost.detail == "same as line 1"


@pytest.mark.parametrize(
    ("variant", "reason", "detail"),
    [
        (("chr1", 50, ref(50), "<DEL>"), "an allele is no sequence", "ALT is '<DEL>'"),
        (("chr1", 50, ref(50), "*"), "an allele is no sequence", "ALT is '*'"),
        (("chr1", 50, ref(50), "."), "an allele is no sequence", "ALT is '.'"),
        (("chr1", 50, ref(50), "N"), "an allele is no sequence", "ALT is 'N'"),
        (("chr1", 50, "-", "T"), "an allele is no sequence", "write the base before it, too"),
        (("chr1", 50, ref(50), ref(50)), "both alleles are one", f"REF and ALT are {ref(50)}"),
        (("chr7", 50, "A", "T"), "contig not in FASTA", "no contig of this name"),
        (
            ("chr1", 50, other(ref(50)), "G"),
            "REF is not in the genome",
            f"REF is {other(ref(50))}, the genome has {ref(50)}",
        ),
        (("chr1", 50, other(ref(50)), ref(50)), "REF is not in the genome", "are both swapped?"),
        (("chr1", 0, "A", "T"), "REF is not in the genome", "contig chr1 has the bases 1 to 200"),
        (("chr1", 201, "A", "T"), "REF is not in the genome", "has the bases 1 to 200"),
        (("chr1", 50, ref(50), "A" * 30), "too long for the window", "in a window of 20"),
        (("chr1", 5, ref(5), other(ref(5))), "leaves the contig", "window -6-14; contig chr1"),
        (("chr1", 197, ref(197), other(ref(197))), "leaves the contig", "window 186-206"),
        # a deletion needs bases on the right
        (("chr1", 186, ref(186, 5), ref(186)), "leaves the contig", "1; contig chr1 has 200"),
        (
            ("chr1", 147, ref(147), other(ref(147))),
            "too many unknown bases",
            "0.3 unknown, at most 0.1",
        ),
        (("1", 60, ref(60), other(ref(60))), "repeats an earlier variant", "same as line 1"),
        (
            ("chr1", 59, ref(59, 2), ref(59) + other(ref(60))),
            "repeats an earlier variant",
            "same as line 1",
        ),
    ],
)
def test_what_has_no_windows_is_left_out_with_its_reason(
    fasta: Path, variant: tuple, reason: str, detail: str
) -> None:
    good = [("chr1", at, ref(at), other(ref(at))) for at in (60, 70)]
    pairs, (lost,) = cut(fasta, *good, variant)
    assert len(pairs) == 2
    assert lost.reason == reason and detail in lost.detail
    assert lost.variant.line == 3


def test_every_reason_is_tested() -> None:
    marks = test_what_has_no_windows_is_left_out_with_its_reason.pytestmark
    assert {row[1] for row in marks[0].args[1]} == set(REASONS)


def test_contigs_may_be_named_otherwise(fasta: Path) -> None:
    (pair,), _ = cut(fasta, ("1", 50, ref(50), other(ref(50))))
    assert pair.variant.chrom == "1"


def refused(fasta: Path, variants: Sequence[tuple[str, int, str, str]]) -> str:
    with pytest.raises(InputError) as caught:
        cut(fasta, *variants)
    return str(caught.value)


def test_another_genome_is_refused(fasta: Path) -> None:
    good = [("chr1", 50, ref(50), other(ref(50)))]
    wrong = [("chr1", at, other(ref(at)), other(ref(at)) + "A") for at in (60, 61)]
    message = refused(fasta, [*good, *wrong])
    assert "for 2 of 3 variants REF is not in" in message
    assert f"line 2, chr1:60:{other(ref(60))}>{other(ref(60))}A: REF is" in message
    assert "different assemblies, or positions are not counted from 1" in message
    assert len(cut(fasta, *good, wrong[0])[0]) == 1
    assert "no contig in common" in refused(fasta, [("chr9", 5, "A", "T")])


def test_a_file_without_a_variant_to_explain_is_refused(fasta: Path) -> None:
    message = refused(fasta, [("chr1", 50, ref(50), "<INS>"), ("chr1", 5, ref(5), other(ref(5)))])
    assert (
        "has no variant that can be explained (an allele is no sequence: 1; leaves the" in message
    )
