"""The form of a region file: what programs write is read with its own centres, or refused in words.

Each row of a table is the first line of a file of four; the others are like it, further along.
"""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from deeplift_genomics.dna.bed import Regions, read_regions
from deeplift_genomics.dna.region_lines import count_regions
from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.choices import REGION_FORMS

# start and end of the first region, counted from 0, its middle and its summit
START, END, MIDDLE, SUMMIT = 10_000, 10_201, 10_100, 10_067
N = 6


def table(line: str, heading: str = "") -> str:
    """Return a file with a heading and `N` lines, made from one that names its numbers."""
    rows = [
        line.format(
            s=START + 3000 * i,
            e=END + 3000 * i,
            s1=START + 3000 * i + 1,
            width=END - START,
            at=SUMMIT + 3000 * i,
            at1=SUMMIT + 3000 * i + 1,
            off=SUMMIT - START,
            i=i,
            j=i + 1,
            n=7 + 2 * i,
        )
        for i in range(N)
    ]
    return heading + "".join(f"{row}\n" for row in rows).replace(" ", "\t")


def read(folder: Path, text: str, form: str = "", name: str = "regions.txt") -> Regions:
    path = folder / name
    path.write_text(text)
    return read_regions(path, form)


MACS = (
    "# MACS xls\n\n{}chr\tstart\tend\tlength\tabs_summit\tpileup\t-log10(pvalue)\tfold_enrichment"
)
MACS += "\t-log10(qvalue)\tname\n"
MACS_BROAD = MACS.replace("abs_summit\t", "")
BED6, PEAK = "chr1 {s} {e} p{i} 500 .", "chr1 {s} {e} p{i} 500 . 4.5 -1 2.5 {off}"
UCSC_TRACK = 'track type=narrowPeak visibility=3 name="peaks"\n'

READ = {
    # what wrote it: (line, heading, form, centre)
    "bedtools merge": ("chr1 {s} {e}", "", "bed", MIDDLE),
    "bedtools merge -c 10 -o collapse": ("chr1 {s} {e} 67,120", "", "bed", MIDDLE),
    "bedtools intersect -c on BED3": ("chr1 {s} {e} {n}", "", "bed", MIDDLE),
    "BED6": (BED6, "", "bed", MIDDLE),
    "BED9": (BED6 + " {s} {e} 255,0,0", "", "bed", MIDDLE),
    "BED9 without colour": (BED6 + " {s} {e} 0", "", "bed", MIDDLE),
    "BED9 of bigBedToBed": (BED6 + " {s} {e} 16711680", "", "bed", MIDDLE),
    "bedtools multiinter": ("chr1 {s} {e} 2 1,2 1 1 0 0 0", "", "bed", MIDDLE),
    "bedtools multicov on BED3": ("chr1 {s} {e} 12 30 4 5 60 7 80", "", "bed", MIDDLE),
    "BED8": (BED6 + " {s} {e}", "", "bed", MIDDLE),
    "BED12": (BED6 + " {s} {e} 0 2 50,51, 0,150,", "", "bed", MIDDLE),
    "BED12 of one block": (BED6 + " {s} {e} 0 1 {width} 0", "", "bed", MIDDLE),
    "gappedPeak": (BED6 + " {s} {e} 0 3 1,90,1 0,50,200 4.5 6.7 3.2", "", "bed", MIDDLE),
    "bedMethyl": (BED6 + " {s} {e} 0,255,0 30 100", "", "bed", MIDDLE),
    "ENCODE cCREs": (BED6 + " {s} {e} 255,0,0 dELS all", "", "bed", MIDDLE),
    "BED9 and bedtools intersect -c": (BED6 + " {s} {e} 255,0,0 {n}", "", "bed", MIDDLE),
    "bedGraph": ("chr1 {s} {e} 4.5", "track type=bedGraph\n", "bed", MIDDLE),
    "SICER": ("chr1 {s} {e} 30 5 1e-9 6.1 1e-8", "", "bed", MIDDLE),
    "bedRnaElements": (BED6 + " 4.5 0.01 -1", "", "broadPeak", MIDDLE),
    "MACS broadPeak": (BED6 + " 4.5 6.7 2.5", "", "broadPeak", MIDDLE),
    "broadPeak and genes": (BED6 + " 4.5 6.7 2.5 GATA1", "", "broadPeak", MIDDLE),
    "MACS summits.bed": ("chr1 {at} {at1} p{i} 12.5", "", "summits", SUMMIT),
    "bedtools slop of summits": ("chr1 {s} {e} p{i} 12.5", "", "bed", MIDDLE),
    "MACS narrowPeak": (PEAK, "", "narrowPeak", SUMMIT),
    "UCSC's track line": (PEAK, UCSC_TRACK, "narrowPeak", SUMMIT),
    "Genrich, p without q": ("chr1 {s} {e} p{i} 900 . 34.5 2.1 -1 {off}", "", "narrowPeak", SUMMIT),
    "all -1": ("chr1 {s} {e} . 0 . -1 -1 -1 -1", "", "narrowPeak", MIDDLE),
    "hotspot, no summit": ("chr1 {s} {e} . 0 . 45.2 12.1 -1 -1", "", "narrowPeak", MIDDLE),
    "absent as dots": ("chr1 {s} {e} . 0 . 45.2 . . .", "", "narrowPeak", MIDDLE),
    "pandas after a gap": (PEAK + ".0", "", "narrowPeak", SUMMIT),
    "pandas, none with a summit": (PEAK.replace("{off}", "-1.0"), "", "narrowPeak", MIDDLE),
    "pandas, starts too": (PEAK.replace("{s} {e}", "{s}.0 {e}.0"), "", "narrowPeak", SUMMIT),
    "pandas' NaN": ("chr1 {s} {e} p{i} NaN . 4.5 NaN NaN {off}.0", "", "narrowPeak", SUMMIT),
    "pandas' header of numbers": (PEAK, "0\t1\t2\t3\t4\t5\t6\t7\t8\t9\n", "narrowPeak", SUMMIT),
    "NA of pandas and spreadsheets": ("chr1 {s} {e} p <NA> NULL #N/A - NONE {off}", "",
                                      "narrowPeak", SUMMIT),
    "R's quotes": ('"chr1" {s} {e} "p{i}" 5 "." 4.5 -1 2.5 {off}', "", "narrowPeak", SUMMIT),
    "IDR": (PEAK + " 2.4 2.7 {s} {e} 8.1 60 {s} {e} 7.2 70", "", "narrowPeak", SUMMIT),
    "bedtools intersect -wa -wb": (PEAK + " chr1 {s} {e} gene", "", "narrowPeak", SUMMIT),
    "bedtools closest -d, none": (PEAK + " . -1 -1 -1", "", "narrowPeak", SUMMIT),
    "bedtools intersect -c": (PEAK + " {n}", "", "narrowPeak", SUMMIT),
    "BED3 joined with narrowPeak": ("chr1 {s} {e} " + PEAK, "", "bed", MIDDLE),
    "BED3 joined with BED3": ("chr1 {s} {e} chr1 {at} {at1}", "", "bed", MIDDLE),
    "BED6 joined, -loj without": (BED6 + " . -1 -1 .", "", "narrowPeak", MIDDLE),
    "BED6 joined with genes": (BED6 + " chr1 {at} {at1} 3", "", "bed", MIDDLE),
    "bioframe's heading": ("chr1 {s} {e} 4.5", "chrom\tstart\tend\tscore\n", "bed", MIDDLE),
    "bedtools -header": ("chr1 {s} {e} {n}", "chrom\tstart\tend\tnum\n", "bed", MIDDLE),
    "UCSC's Table Browser": (BED6, "#chrom\tchromStart\tchromEnd\tname\n", "bed", MIDDLE),
    "narrowPeak's heading": (PEAK, "#chrom\tstart\tend\tn\tsc\tst\tsi\tp\tq\tpeak\n", "narrowPeak",
                             SUMMIT),
    "UCSC's names for narrowPeak": (
        PEAK, "chr\tstart\tend\tname\tscore\tstrand\tsignalValue\tpValue\tqValue\tpeak\n",
        "narrowPeak", SUMMIT),
    "a heading with summit": (PEAK, "chrom\tstart\tend\tn\tsc\tst\tsi\tp\tq\tsummit\n",
                              "narrowPeak", SUMMIT),
    "R's names": (PEAK, "#V1\tV2\tV3\tV4\tV5\tV6\tV7\tV8\tV9\tV10\n", "narrowPeak", SUMMIT),
    "a comment of ten words": (PEAK, "# one two three four five six seven eight nine words\n",
                               "narrowPeak", SUMMIT),
    "MACS xls, cut -f1-5": ("chr1 {s1} {e} {width} {at1}",
                            "chr\tstart\tend\tlength\tabs_summit\n", "macs_xls", SUMMIT),
    "MACS xls": ("chr1 {s1} {e} {width} {at1} 9 8 7 6 p{i}", MACS.format(""), "macs_xls", SUMMIT),
    "MACS xls, commented out": ("chr1 {s1} {e} {width} {at1} 9 8 7 6 {j}", MACS.format("#"),
                                "macs_xls", SUMMIT),
    "MACS xls through a spreadsheet": ("chr1 {s1}.0 {e}.0 {width} {at1}.0 9 8 7 6 p{i}",
                                       MACS.format(""), "macs_xls", SUMMIT),
    "MACS broad xls": ("chr1 {s1} {e} {width} 9 8 7 6 p{i}", MACS_BROAD.format(""), "macs_xls",
                       MIDDLE),
}  # fmt: skip


@pytest.mark.parametrize("wrote", READ)
def test_what_programs_write_is_read_with_its_centres(tmp_path: Path, wrote: str) -> None:
    line, heading, form, centre = READ[wrote]
    found = read(tmp_path, table(line, heading))
    assert found.form == form
    assert found.centre.tolist() == [centre + 3000 * i for i in range(N)]
    summit = form == "summits" or centre == SUMMIT
    assert found.on_summit.tolist() == [summit] * N
    if form != "summits":
        assert found.start.tolist() == [START + 3000 * i for i in range(N)]
        assert found.end.tolist() == [END + 3000 * i for i in range(N)]
    assert count_regions(tmp_path / "regions.txt") == N


@pytest.mark.parametrize(
    "name", ["a.bed", "a.narrowPeak", "a.broadPeak", "a.xls", "a.narrowPeak.gz"]
)
@pytest.mark.parametrize("wrote", ["IDR", "BED6", "MACS xls", "BED12"])
def test_the_name_decides_nothing(tmp_path: Path, wrote: str, name: str) -> None:
    line, heading, form, centre = READ[wrote]
    found = read(tmp_path, table(line, heading), name=name)
    assert (found.form, found.centre[0]) == (form, centre)


BOTH = "set 'regions_format' (a column of the sheet; on the command line --regions-format) to"
REFUSED = {
    # what wrote it: (line, heading, words of the message, form that settles it or "", centre)
    "bedtools intersect -c on BED9": (
        BED6 + " {s} {e} 0 {n}", "", "7 and 8 are positions, as thickStart", "bed", MIDDLE),
    "BED6 joined, Ensembl's contigs": (
        "1 {s} {e} p{i} 0 + 1 {s} {e} {n}", "", "Column 7 would decide, which repeats the contig",
        "bed", MIDDLE),
    "broadPeak joined, Ensembl's contigs": (
        "1 {s} {e} p{i} 0 + 4.5 2.5 1.5 1 {s} {e}", "", "Column 10 would decide", "bed", MIDDLE),
    "bigBedToBed and bedtools intersect -c": (
        BED6 + " {s} {e} 16711680 {n}", "", "7 and 8 are positions, as thickStart", "bed", MIDDLE),
    "bedtools nuc": (
        BED6 + " 0.4 0.6 50 {n} 40 45", "#1_usercol\t2\t3\t4\t5\t6\t7_pct_at\t8_pct_gc\t9_num_A\t"
        "10_num_C\t11_num_G\t12_num_T\n", "names column 10 '10_num_c'", "bed", MIDDLE),
    "a heading that names a count": (
        PEAK, "chrom\tstart\tend\tname\tscore\tstrand\tsignal\tp\tq\treads\n",
        "names column 10 'reads', where narrowPeak has the summit", "narrowPeak", SUMMIT),
    "bedtools merge -o collapse": (
        PEAK + ",120", "", "column 10 is '67,120', which is no whole number", "bed", MIDDLE),
    "strands as numbers": (
        PEAK.replace("500 .", "500 0"), "", "column 6 is 0, 1 or a word", "narrowPeak", SUMMIT),
    "strands in words": (
        PEAK.replace("500 .", "500 Both"), "", "narrowPeak with odd strands", "bed", MIDDLE),
    "ReMap": (
        BED6 + " {at} {at1} 255,0,0", "", "columns 7 and 8 mark one base", "bed", MIDDLE),
    "DHS index": (
        "chr1 {s} {e} 1.2 4.5 {n} {at1} {at} {e}.0 stroma", "", "columns 7, 8 and 9 are positions",
        "bed", MIDDLE),
    "summit with a fraction": (PEAK + ".5", "", "column 10 is '67.5'", "bed", MIDDLE),
    "summit on the contig": (
        PEAK.replace("{off}", "{at}"), "", "subtract start: it is a position on the contig", "bed",
        MIDDLE),
    "summit beyond the region": (
        PEAK.replace("{off}", "900"), "", "column 10 is '900' in a region of 201 bases", "bed",
        MIDDLE),
    "decimal commas": (
        PEAK.replace("4.5", "4,5"), "", "column 7 is '4,5', which is no number", "narrowPeak",
        SUMMIT),
    "summits all 0": (
        PEAK.replace("{off}", "0"), "", "column 10 is 0 in every line", "bed", MIDDLE),
    "bedtools intersect -c on broadPeak": (
        BED6 + " 4.5 2.5 1.5 {i}", "", "it may be a count", "broadPeak", MIDDLE),
    "MACS xls without its heading": (
        "chr1 {s1} {e} {width} {at1} 9 8 7 6 p{i}", "", "column 4 is end - start + 1", "macs_xls",
        SUMMIT),
    "R's GRanges without heading": (
        "chr1 {s1} {e} {width} *", "", "R's GRanges. BED counts from 0", "bed", MIDDLE + 1),
    "R's GRanges": (
        "chr1 {s1} {e} {width} *", "seqnames\tstart\tend\twidth\tstrand\n",
        "R's GRanges. Its positions count from 1", "bed", MIDDLE + 1),
    "R's GRanges, commented out": (
        "chr1 {s1} {e} {width} *", "#seqnames\tstart\tend\twidth\tstrand\n",
        "R's GRanges. Its positions count from 1", "bed", MIDDLE + 1),
    "SEACR": ("chr1 {s} {e} 99.5 8.1 chr1:{at}-{at1}", "", "as SEACR gives that", "bed", MIDDLE),
    "Picard without its header": ("chr1 {s1} {e} + p{i}", "", "Picard's interval lists", "bed",
                                  MIDDLE + 1),
    "a table with row numbers": (
        "{i} 1 {s} {e} p{i} 500", "", "column 1 may be a row number", "", 0),
    "row numbers of a part of a table": (
        "{n} 22 {s} {e} p{i} 500", "", "column 1 may be a row number", "", 0),
    "row numbers from 1": ("{j} 1 {s} {e} p{i} 500", "", "pandas: index=False", "", 0),
    "an absolute summit": (
        "chr1 {s} {e} p{i} {at} 500", "", "column 5 is a position in the region", "bed", MIDDLE),
    "a heading with another summit": (
        "chr1 {s} {e} p{i} {off}", "#chrom\tstart\tend\tname\tsummit\n",
        "names a summit in column 5, 'summit', which is not read", "bed", MIDDLE),
    "a heading with a point source": (
        "chr1 {s} {e} p{i} {off}", "chrom\tstart\tend\tname\tpointSource\n", "names a summit in "
        "column 5", "bed", MIDDLE),
    "PeakRanger": (
        "chr1 {s} {e} gene p{i} {off}",
        "#region_chr\tregion_start\tregion_end\tnearby_genes\tregion_ID\tregion_summits\n",
        "names a summit in column 6", "bed", MIDDLE),
    "a heading that does not tell": (
        "chr1 {s} {e} 4.5", "chr\tstart\tend\tscore\n", "count from 0, as BED does, or from 1",
        "bed", MIDDLE),
    "MACS 1.4": (
        "chr1 {s1} {e} {width} {off} 30 50.1 8.8 1.2",
        "chr\tstart\tend\tlength\tsummit\ttags\t-10*log10(pvalue)\tfold_enrichment\tFDR(%)\n",
        "MACS 1.4. Its positions count from 1", "", 0),
    "half narrowPeak, half BED": (PEAK, PEAK[:-6].format(s=1, e=90, i=0).replace(" ", "\t")
                                  + "\n", "but line 2 is narrowPeak with a summit", "bed", None),
    # of these, no form is BED's: the message says how to write them as BED
    "VCF": ("1 {s} {at} A G", "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\n", "is VCF", "", 0),
    "VCF without version": ("1 {s} {at} A G", "#CHROM\tPOS\tID\tREF\tALT\n", "VCF", "", 0),
    "GFF": ("chr1 HAVANA gene {s1} {e} . + . ID=1", "##gff-version 3\n", "GFF", "", 0),
    "GTF": ("chr1 HAVANA gene {s1} {e} . + . gene", "", "GFF and GTF count from 1", "", 0),
    "HOMER": ("chr1-{i} chr1 {s1} {e} + 90.1", "#PeakID\tchr\tstart\tend\tstrand\n", "pos2bed.pl",
              "", 0),
    "HOMER without heading": ("chr1-{i} chr1 {s1} {e} + 90.1", "", "HOMER's peaks and SAF", "", 0),
    "HOMER annotatePeaks": (
        "p{i} 1 {s1} {e} + 90.1", "PeakID (cmd=annotatePeaks.pl)\tChr\tStart\tEnd\tStrand\n",
        "pos2bed.pl", "", 0),
    "HOMER mergePeaks": (
        "m{i} 1 {s1} {e} +", "#name (cmd = mergePeaks)\tchr\tstart\tend\tstrand\n", "pos2bed.pl",
        "", 0),
    "SAF": ("g{i} chr1 {s1} {e} +", "GeneID\tChr\tStart\tEnd\tStrand\n", "a SAF table", "", 0),
    "pandas with its index": ("{i} chr1 {s} {e} p", "\tchrom\tstart\tend\tname\n", "index=False",
                          "", 0),
    "MACS xls with pandas' index": (
        "{i} chr1 {s1} {e} {width} {at1}", "\tchr\tstart\tend\tlength\tabs_summit\n",
        "a table with row numbers", "", 0),
    "UCSC with bin": ("585 chr1 {s} {e} p", "#bin\tchrom\tchromStart\tchromEnd\tname\n", "cut -f2-",
                      "", 0),
    "Picard": ("chr1 {s1} {e} + p{i}", "@HD\tVN:1.6\n@SQ\tSN:chr1\tLN:99999\n", "IntervalListToBed",
               "", 0),
    "samtools' regions": ("chr1:{s1}-{e}", "", "chr:start-end counts from 1", "", 0),
    "GEM's events": ("1:{s} 24.1 3.2", "", "is '24.1'", "", 0),
    "CSV": ("chr1,{s},{e},p{i}", "", "separated by commas or semicolons", "", 0),
    "CSV with a heading": ("chr1,{s},{e}", '"chrom";"start";"end"\n', "separated by commas", "", 0),
    "SAM": ("r{i} 0 chr1 {s} 60 50M", "@HD\tVN:1.6\n", "lines of SAM, FASTQ and Picard", "", 0),
    "R's 1e+05": ("chr1 1e+05 {e}000", "", "scipen=999", "", 0),
    "SPP's fractions": ("chr1 {s}.5 {e}.5 . 0 . 4.5 -1 2.5 67", "", "start (column 2)", "", 0),
    "wiggle": ("fixedStep chrom=chr1 start={s}", "", "is 'chrom=chr1'", "", 0),
}  # fmt: skip


@pytest.mark.parametrize("wrote", REFUSED)
def test_what_cannot_be_told_is_refused_and_can_be_settled(tmp_path: Path, wrote: str) -> None:
    line, heading, words, form, centre = REFUSED[wrote]
    text = table(line, heading)
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    assert words in message
    assert f"{tmp_path / 'regions.txt'}, line " in message
    assert len(message) < 800
    if not form:
        return
    assert "'regions_format'" in message and repr(form) in message
    settled = read(tmp_path, text, form)
    assert settled.form == form
    if centre is not None:
        assert settled.centre.tolist() == [centre + 3000 * i for i in range(N)]


def test_both_readings_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, table(BED6 + " {s} {e} 0 {n}"))
    for part in (
        "narrowPeak, centred on the summits",
        "centred on middles",
        f"{BOTH} 'narrowPeak'",
    ):
        assert part in str(caught.value)


# advice -> how a user follows it, from the lines of the refused file
FOLLOWED: dict[str, Callable[[list[str]], str]] = {
    "bedtools intersect -c on BED9": lambda f: "\t".join(f[:6]),
    "summit on the contig": lambda f: "\t".join([*f[:9], str(int(f[9]) - int(f[1]))]),
    "bedtools intersect -c on broadPeak": lambda f: "\t".join(f[:9]),
    "summits all 0": lambda f: "\t".join([*f[:9], "-1"]),
    "R's GRanges": lambda f: "\t".join([f[0], str(int(f[1]) - 1), f[2]]),
    "R's GRanges without heading": lambda f: "\t".join([f[0], str(int(f[1]) - 1), *f[2:]]),
    "a table with row numbers": lambda f: "\t".join(f[1:]),
    "ReMap": lambda f: "\t".join([f[0], f[6], f[7]]),
    "an absolute summit": lambda f: "\t".join([f[0], f[4], str(int(f[4]) + 1)]),
    "GTF": lambda f: "\t".join([f[0], str(int(f[3]) - 1), f[4]]),
    "HOMER without heading": lambda f: "\t".join([f[1], str(int(f[2]) - 1), f[3]]),
    "samtools' regions": lambda f: "\t".join(
        [f[0].split(":")[0], str(int(f[0].split(":")[1].split("-")[0]) - 1), f[0].split("-")[1]]
    ),
    "CSV": lambda f: f[0].replace(",", "\t"),
    "UCSC with bin": lambda f: "\t".join(f[1:]),
}


@pytest.mark.parametrize("wrote", FOLLOWED)
def test_the_advice_can_be_followed(tmp_path: Path, wrote: str) -> None:
    line = REFUSED[wrote][0]
    lines = [FOLLOWED[wrote](row.split("\t")) for row in table(line).splitlines()]
    found = read(tmp_path, "".join(f"{row}\n" for row in lines))
    summit = wrote in ("summit on the contig", "an absolute summit", "ReMap")
    assert found.centre.tolist() == [(SUMMIT if summit else MIDDLE) + 3000 * i for i in range(N)]


@pytest.mark.parametrize(
    ("form", "line", "words"),
    [
        ("narrowPeak", BED6, "6 column(s); expected at least 10, separated by tabs, as narrowPeak"),
        ("narrowPeak", BED6 + " 4.5 1 1 x", "summit (column 10) is 'x'"),
        ("narrowPeak", BED6 + " 4.5 1 1 201", "outside the region, which has 201 bases"),
        ("summits", BED6, "the region has 201 bases; expected 1"),
        ("broadPeak", BED6, "expected at least 9"),
        ("macs_xls", "chr1 {s1} {e} 9 9", "abs_summit (column 5) is '9'; expected a position from"),
        ("bed", "chr1 {s}", "2 column(s)"),
    ],
)
def test_a_form_that_is_named_must_fit(tmp_path: Path, form: str, line: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, table(line), form)
    assert words in str(caught.value)


def test_a_named_form_is_not_questioned(tmp_path: Path) -> None:
    text = table(PEAK)
    centres = {
        form: read(tmp_path, text, form).centre[0] for form in ("bed", "narrowPeak", "broadPeak")
    }
    assert centres == {"bed": MIDDLE, "narrowPeak": SUMMIT, "broadPeak": MIDDLE}
    assert read(tmp_path, table("chr1 {at} {at1}"), "summits").centre[0] == SUMMIT
    assert set(REGION_FORMS) == {"narrowPeak", "summits", "bed", "broadPeak", "macs_xls"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xeb\xf2\x89\x87" + bytes(60), "a bigBed file; `bigBedToBed` writes it as text"),
        (b"\x26\xfc\x8f\x88" + bytes(60), "a bigWig file"),
        (gzip.compress(b"BAM\x01" + bytes(60), mtime=0), "a BAM file"),
        ("chr1\t1\t9\n".encode("utf-16"), "text in UTF-16; save it as UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "a spreadsheet program's own file"),
        (b">oligo1\nACGT\n", "leave the column 'fasta' of the sheet empty"),
        (gzip.compress(b">oligo1\nACGT\n", mtime=0), "Sequences are explained as they are"),
    ],
)
def test_other_kinds_of_file_are_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "regions.bed"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_regions(path)
    assert words in str(caught.value)


def test_yeast_peaks_begin_at_their_first_base_and_have_no_p_value(tmp_path: Path) -> None:
    """A region from 20 with signal, p and q of 0 is no BED9 with a thick part from 0 to 0."""
    found = read(tmp_path, "chrI\t0\t560\tpeak_1\t268\t.\t0\t0\t0\t218\n")
    assert (found.form, found.centre.tolist()) == ("narrowPeak", [218])
