"""The genes in a few stretches of a genome."""

from deeplift_genomics.dna.gene_models import GeneModel, genes_around
from deeplift_genomics.dna.genes import Gene
from deeplift_genomics.dna.locus import Locus

LINES = [
    ("1", "gene", 101, 200, "+", "A"),
    ("1", "exon", 101, 120, "+", "A"),
    ("1", "exon", 115, 140, "+", "A"),  # of another transcript
    ("1", "exon", 190, 200, "+", "A"),
    ("1", "gene", 150, 900, "-", "B"),
    ("1", "exon", 150, 160, "-", "B"),
    ("2", "gene", 5001, 6000, "-", "C"),
]


def gtf(path, lines=LINES):
    """Write an annotation."""
    text = '{}\tx\t{}\t{}\t{}\t.\t{}\t.\tgene_id "{}"; transcript_id "{}.1";\n'
    path.write_text("".join(text.format(*line, line[-1]) for line in lines))
    return path


def test_genes_and_their_exons_are_those_that_overlap(tmp_path):
    stretches = [Locus("chr1", 110, 155), Locus("chr1", 200, 300), Locus("chr2", 0, 1000)]
    both, one, none = genes_around(gtf(tmp_path / "g.gtf"), stretches, {"chr1": 1000, "chr2": 9000})
    first, second = Gene("chr1", 100, 200, "+", "A"), Gene("chr1", 149, 900, "-", "B")
    assert both.genes == [GeneModel(first, [(100, 140)]), GeneModel(second, [(149, 160)])]
    assert one.genes == [GeneModel(second, [])]
    assert none.genes == []
    # the TSS of a gene on the minus strand is its last base; the stretch's middle is downstream
    assert none.nearest == ("C", 5999 - 500)
