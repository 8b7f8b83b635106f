"""Fuzz targets: the readers of text, and the files to mutate."""

from __future__ import annotations

import gzip
import io
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from Bio import bgzf

from deeplift_genomics.design.table import Oligo, Oligos, Outcome, read_oligos, write_oligos
from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.bed import read_regions
from deeplift_genomics.dna.fasta import open_genome
from deeplift_genomics.dna.genes import read_genes
from deeplift_genomics.dna.region_lines import count_regions
from deeplift_genomics.dna.sequence_file import record_lines
from deeplift_genomics.dna.vcf import read_variants
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.instances.table import INSTANCES, read_instances
from deeplift_genomics.motifs.matches import MATCHES, NO_MATCH, Match
from deeplift_genomics.motifs.meme import read_meme
from deeplift_genomics.motifs.names import MOTIFS, labels_of, read_motif_table
from deeplift_genomics.scores.effects import EFFECTS, read_effects
from deeplift_genomics.settings.choices import REGION_FORMS
from deeplift_genomics.settings.config import load_config
from deeplift_genomics.settings.sample_sheet import load_samples
from deeplift_genomics.windows.alleles import cut_pairs
from deeplift_genomics.windows.dropped import read_dropped
from deeplift_genomics.windows.from_regions import cut_windows
from deeplift_genomics.windows.from_sequences import make_sequences
from deeplift_genomics.windows.tiling import Tiling, count_tiles
from tests.fuzz.mutations import BINARY, TEXT, mutate
from tests.fuzz.runner import ROOT, Target
from tests.motifs.test_meme import READ as MEME_FILES

DEMO = ROOT / "resources" / "demo"


def bgzipped(data: bytes) -> bytes:
    """Return the blocks of bgzip, with the empty one at the end."""
    inner = io.BytesIO()
    writer = bgzf.BgzfWriter(fileobj=inner)
    writer.write(data)
    writer.flush()
    return inner.getvalue() + bgzf._bgzf_eof


PACKINGS: Sequence[Callable[[bytes], bytes]] = (gzip.compress, bgzipped)


def mutated(rng: random.Random, content: bytes) -> bytes:
    """Return mutated text, plain or compressed, or compressed text that was then mutated."""
    way = rng.randrange(4)
    if way == 0:
        return mutate(rng, rng.choice(PACKINGS)(content), BINARY)
    text = mutate(rng, content, TEXT)
    return rng.choice(PACKINGS)(text) if way == 1 else text


def one_file(name: str, contents: Sequence[bytes], read: Callable[[Path], object]) -> Target:
    """Return the target of a single text file, which is never compressed."""

    def make(rng: random.Random, folder: Path) -> None:
        (folder / name).write_bytes(mutate(rng, rng.choice(contents), TEXT))

    return Target(make, lambda folder: read(folder / name))


# --- regions and genome ------------------------------------------------------------------------

PEAKS = b"".join((DEMO / "regions.narrowPeak").read_bytes().splitlines(keepends=True)[:12])
BED = b"track name=x\n#chrom\tstart\n\nchr1\t10\t40\nchr2\t5\t35\tpeak\t7\t-\nchr1 8 30\n"
CONTIGS = {"chr1": "ACGTNacgtnRYKM" * 20, "chr2 a description": "GATTACA" * 30, "chrM": "CCGG" * 9}
FASTA = b"".join(
    f">{name}\n".encode()
    + b"".join(bases[at : at + 50].encode() + b"\n" for at in range(0, len(bases), 50))
    for name, bases in CONTIGS.items()
)
ALIASES = b"# ucsc\tensembl\trefseq\nchr1\t1\tNC_1\nchr2\t2\tNC_2\nchrM\t\tMT\n"
NCBI_ALIASES = b"# Sequence-Name\tRole\tGenBank-Accn\tRefSeq-Accn\n1\tx\tCM1\tNC_1\n2\tx\tCM2\tna\n"
FAI = b"chr1\t280\t6\t50\t51\nchr2\t210\t312\t50\t51\nchrM\t36\t533\t36\t37\n"
# other forms, among them those that are refused until their form is named
OTHERS = (
    b"chr\tstart\tend\tlength\tabs_summit\tpileup\t-log10(pvalue)\tfold_enrichment\tname\n"
    b"chr1\t11\t40\t30\t25\t9\t8\t7\tp1\nchr2\t6\t35\t30\t20.0\t9\t8\t7\tp2\n",
    b"chr1\t10\t40\ta\t0\t+\t10\t40\t0\t2\t10,10\t0,20\nchr2\t5\t35\tb\t0\t-\t5\t35\t0\t1\t30\t0\n",
    b'"chr1"\t10\t40\t"a"\t0\t"+"\tchr1\t11\t30\nchr2\t5\t35\tb\t0\t-\t.\t-1\t-1\n',
    b"#seqnames\tstart\tend\nchr1\t10\t40\t31\t*\n",
)
GZI = (1).to_bytes(8, "little") + bytes(16)


def regions() -> Target:
    def make(rng: random.Random, folder: Path) -> None:
        name = rng.choice(["a.bed", "a.bed.gz", "a.narrowPeak", "a.narrowPeak.bgz"])
        (folder / name).write_bytes(mutated(rng, rng.choice([PEAKS, PEAKS, BED, BED, *OTHERS])))
        (folder / "form").write_text(rng.choice(["", "", "", *REGION_FORMS]))

    def read(folder: Path) -> None:
        form = (folder / "form").read_text()
        (path,) = (path for path in folder.iterdir() if path.name != "form")
        found = read_regions(path, form)
        assert len(found) == count_regions(path)
        assert ((found.start <= found.centre) & (found.centre < found.end)).all()
        assert not any("\n" in name or "\t" in name for name in [*found.name, *found.chrom])

    return Target(make, read)


def sequences() -> Target:
    """Return the target of sequences without a genome."""

    def make(rng: random.Random, folder: Path) -> None:
        records = b">a x\nACGTN\nACGTA\n>b\nacgtacgtac\n>c\nACGT\n>d\nNNNNNNNNNN\n"
        (folder / "a.fa").write_bytes(mutated(rng, records))

    def read(folder: Path) -> None:
        windows = make_sequences(
            folder / "a.fa",
            10,
            folder / "out" / "w.h5",
            dropped_path=folder / "out" / "d.tsv",
            max_unknown=0.5,
        )
        assert len(windows) + len(read_dropped(folder / "out" / "d.tsv")) == len(
            record_lines(folder / "a.fa")
        )

    return Target(make, read)


def genome() -> Target:
    def make(rng: random.Random, folder: Path) -> None:
        (folder / "genome.fa").write_bytes(mutated(rng, FASTA))
        # indices by other programs beside the file, which must not be trusted
        (folder / "genome.fa.fai").write_bytes(mutate(rng, FAI, TEXT))
        (folder / "genome.fa.gzi").write_bytes(mutate(rng, GZI, BINARY))

    def read(folder: Path) -> None:
        with open_genome(folder / "genome.fa") as found:
            for name, length in found.lengths.items():
                assert len(found.contig(name).codes) == length

    return Target(make, read)


def windows_of_regions() -> Target:
    """Return the target of regions with a genome, one mutated: coordinates against lengths."""

    def make(rng: random.Random, folder: Path) -> None:
        files = {"genome.fa": FASTA, "a.bed": BED.replace(b"track name=x\n", b"")}
        odd = rng.choice(list(files))
        for name, content in files.items():
            (folder / name).write_bytes(mutate(rng, content, TEXT) if name == odd else content)

    def read(folder: Path) -> None:
        cut_windows(folder / "a.bed", folder / "genome.fa", 20, max_unknown=1.0)

    return Target(make, read)


VCF = (
    b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\nchr1\t30\trs1\tC\tT,<DEL>\t.\n"
    b"chr1\t43\t.\tACGTN\tA\t9\nchr2\t51\t.\tT\tTGG\t.\nchrM\t17\tx\tC\tA\t.\n"
)


def variants() -> Target:
    """Return the target of variants in a genome, of which every allele has windows or a reason."""

    def make(rng: random.Random, folder: Path) -> None:
        (folder / "genome.fa").write_bytes(FASTA)
        (folder / "a.vcf").write_bytes(mutated(rng, VCF))

    def read(folder: Path) -> None:
        found = list(read_variants(folder / "a.vcf"))
        with open_genome(folder / "genome.fa") as genome:
            pairs, left_out = cut_pairs(found, genome, 20, max_unknown=1.0)
        assert len(pairs) + len(left_out) == len(found)
        assert all(pair.codes.shape == (2, 20) for pair in pairs)

    return Target(make, read)


def tiles() -> Target:
    """Return the target of the index by which a genome is tiled before anything runs."""

    def make(rng: random.Random, folder: Path) -> None:
        odd = rng.random() < 0.7  # the index or the genome
        (folder / "genome.fa").write_bytes(FASTA if odd else mutate(rng, FASTA, TEXT))
        (folder / "genome.fa.fai").write_bytes(mutate(rng, FAI, TEXT) if odd else FAI)

    return Target(make, lambda folder: count_tiles(folder / "genome.fa", Tiling(20)))


def aliases() -> Target:
    """Return the target of tables of contig aliases, in the layouts of UCSC and NCBI."""
    return one_file("names.txt", [ALIASES, NCBI_ALIASES], read_aliases)


def genes() -> Target:
    """Return the target of gene annotation, GTF and GFF3."""
    gtf = (
        b'#!genome\n1\tx\tgene\t11\t90\t.\t+\t.\tgene_id "E1"; gene_name "A;B";\n'
        b'1\tx\texon\t11\t30\t.\t+\t.\tgene_id "E1"; transcript_id "T1";\n'
        b'chr2\tx\ttranscript\t5\t90\t.\t-\t.\tgene_id "E2"; transcript_id "T2";\n'
        b'chr2\tx\texon\t5\t40\t.\t-\t.\tgene_id "E2"; transcript_id "T2";\n'
    )
    gff = (
        b"##gff-version 3\nchr1\tx\tgene\t11\t90\t.\t+\t.\tID=gene:E1;Name=A%3BB\n"
        b"chr1\tx\tmRNA\t11\t90\t.\t+\t.\tID=T1;Parent=gene:E1\n"
        b"chrM\tx\tpseudogene\t5\t20\t.\t-\t.\tID=gene-E2;gene=E2\n###\n##FASTA\n>a\nACGT\n"
    )

    def make(rng: random.Random, folder: Path) -> None:
        (folder / "genes").write_bytes(mutated(rng, rng.choice([gtf, gff])))

    def read(folder: Path) -> None:
        found = read_genes(folder / "genes", {"chr1": 100, "chr2": 100, "chrM": 30})
        nearest = [found.nearest(contig, 20) for contig in ("chr1", "chr2", "chrM")]
        assert any(nearest)
        for gene in filter(None, nearest):
            assert gene[0] and abs(gene[1]) < 100
            assert not any(sign in gene[0] for sign in "\t\r\n")

    return Target(make, read)


# --- configuration --------------------------------------------------------------------------


def config() -> Target:
    contents = [(ROOT / "config" / "config.yaml").read_bytes(), b"{samples: a, regions: {}}\n"]
    return one_file("config.yaml", contents, load_config)


def samples() -> Target:
    all_columns = (
        "sample\tmodel\tfasta\tregions\theads\tcontrols\tallow_lambda\tlambdas\tcustom_objects\t"
        "window_length\tinputs\tgenes\n"
        "a\tm.h5,n.h5\tg.fa\tp.bed\tcounts,logit:classes[3]\tp.bw,m.bw\ttrue\tx=m:f,y=n:g\tm:o\t"
        "9\tr=reverse_complement_of:s,p=p.fa,c=control:9\ta.gtf\n"
    )
    contents = [(ROOT / "config" / "samples.tsv").read_bytes(), all_columns.encode()]
    return one_file("samples.tsv", contents, load_samples)


# --- files between the steps ---------------------------------------------------------


def motif_table() -> Target:
    rows = [
        MOTIFS.heading,
        "\t".join(MOTIFS.columns),
        "CTCF\tcounts\tpos_0\t1\ttrue\t-3\t120\tCCACnAG\tMA0139.2\tCTCF\tC2H2\t1e-09\tsingle\t",
        "a+é\tlogit[1]\tneg_0\t-1\tfalse\t0\t9\tTGA\t\t\t\t\tcomposite\ta + é",
    ]

    def read(path: Path) -> None:
        labels = read_motif_table(path)
        assert len(labels_of(path, "counts")) <= len(labels)

    return one_file("motifs.tsv", ["".join(f"{row}\n" for row in rows).encode()], read)


def known_motifs() -> Target:
    """Return the target of files of the MEME suite, written by several programs."""
    contents = [text.encode() for text, _ in MEME_FILES.values()]

    def make(rng: random.Random, folder: Path) -> None:
        (folder / "a.meme").write_bytes(mutated(rng, rng.choice(contents)))

    def read(folder: Path) -> None:
        for motif in read_meme(folder / "a.meme"):
            assert motif.name and not any(sign in motif.name for sign in "\t\n\r")
            assert motif.matrix.min() >= 0
            assert abs(motif.matrix.sum(axis=1) - 1).max() < 1e-9
            assert motif.nsites >= 0

    return Target(make, read)


def matches() -> Target:
    """Return the target of the table of matches."""
    rows = [
        MATCHES.heading,
        "\t".join(MATCHES.columns),
        "pos_0\t\tPFM\tMA0139.2\tCTCF\tC2H2: x\t7.7e-22\t7.8e-19\t17\t15\t-",
        "pos_0\tleft\tCWM\tMA0080.7\tSpi1\t\t1e-05\t0.004\t-3\t8\t+",
        f"pos_1\t\t\t\t{NO_MATCH}\t\t\t\t\t\t",
    ]

    def read(path: Path) -> None:
        for row in iterate_table(path, MATCHES):
            Match(*row)

    return one_file("a.tsv", ["".join(f"{row}\n" for row in rows).encode()], read)


def instances() -> Target:
    """Return the target of the table of instances."""
    row = "chr1\t{}\t{}\tCTCF\tpos_0\t+\t0.9\t0.8\t1.5\tACGT\tr {}\t-7\tSP1;GATA1\t{}\t{}\n"
    text = "# instances version 1\n" + "\t".join(INSTANCES.columns) + "\n"
    text += row.format(5, 9, 1, "A", -40) + row.format(50, 54, "é", "", "")
    return one_file("instances.tsv", [text.encode()], read_instances)


def effects() -> Target:
    """Return the target of the table of effects."""
    row = "CTCF\tpos_0\t{}\tcounts\t{}\ttarget\t1.5\t1.2\t1.7\t0.1\t1.4\t1.6\t100\t0.005\t0.005\t"
    text = "# effects version 1\n" + "\t".join(EFFECTS.columns) + "\n"
    text += row.format("insertion", "") + "has an effect\t\t\t\n"
    text += row.format("spacing", 1) + "prefers é 20 bp\tSP1\t+-\t20\n"
    return one_file("effects.tsv", [text.encode()], read_effects)


def oligos() -> Target:
    """Return the target of the table of oligos."""
    rows = [
        Oligo("A_1_wt", "wild type", "A", 1, "chr1", 5, 9, 6, 8, "+", "é", "counts", "", 4, 0.5, 0,
              "ACGT", "ACGT", "", "", (0.0, None)),
        Oligo(motif="B", note="No instance of it is called.", effects=(None, None)),
    ]  # fmt: skip
    outcomes = [Outcome("log2_fold", "counts"), Outcome("shape", "a[0]", 1)]
    with TemporaryDirectory() as folder:
        write_oligos(Path(folder) / "o.tsv", Oligos(rows, outcomes))
        content = (Path(folder) / "o.tsv").read_bytes()
    return one_file("oligos.tsv", [content], read_oligos)


def dropped() -> Target:
    rows = [
        "chrom\tstart\tend\tname\treason\tdetail\tline",
        "chr1\t5\t50\tearly\tleaves the contig\twindow -20-80\t1",
        "chr9\t5\t50\té <b>\tcontig not in FASTA\tno such\t4",
        "chr2\t5\t50\tchr2:5-50\ttoo many unknown bases\t17 tiles\t0",
    ]

    def read(path: Path) -> None:
        read_dropped(path).counts()

    return one_file("dropped.tsv", ["".join(f"{row}\n" for row in rows).encode()], read)
