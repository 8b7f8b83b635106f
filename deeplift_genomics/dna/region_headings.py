"""The headings of tables of regions: which program wrote them, and where they have summits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from deeplift_genomics.dna.region_lines import Heading, is_heading
from deeplift_genomics.settings.choices import NARROWPEAK

_NARROWPEAK_SUMMIT = 9  # the column of narrowPeak that holds the summit, from 0
_MACS = ["chr", "start", "end", "length"]
_SUMMIT = re.compile(r"summit|point_?source|apex")
# names of a column with summits, and names that say nothing, such as R's V10
_MAY_BE_SUMMIT = re.compile(
    r"summit|peak|point|offset|apex|max|cent|position|^\D{0,8}(9|10)$", re.ASCII
)
_FROM_ONE = "Its positions count from 1"
# begins with these names -> what wrote it, and what to do
_OTHERS = (
    (
        ("seqnames", "start", "end"),
        "a table of R's GRanges",
        f"{_FROM_ONE}: write it with rtracklayer::export.bed, or subtract 1 from start",
    ),
    (
        ("peakid", "chr", "start", "end"),
        "HOMER's table of peaks",
        f"{_FROM_ONE}, in columns 3 and 4: convert it with pos2bed.pl",
    ),
    (
        ("geneid", "chr", "start", "end"),
        "a SAF table",
        f"{_FROM_ONE}, in columns 3 and 4: write column 2, column 3 minus 1, column 4",
    ),
    (
        ("chrom", "pos"),
        "VCF",
        f"{_FROM_ONE}: write CHROM, POS minus 1 and POS as BED",
    ),
    (
        ("bin", "chrom", "chromstart"),
        "a table of UCSC whose first column is a bin",
        "Take that column out (cut -f2-)",
    ),
    (
        ("name", "chr", "start", "end"),
        "a table of HOMER's mergePeaks",
        f"{_FROM_ONE}, in columns 3 and 4: convert it with pos2bed.pl",
    ),
)


def macs_columns(headings: Iterable[Heading]) -> dict[str, int] | None:
    """Return the columns, name -> number from 0, if one of the headings is that of MACS 2 or 3."""
    for heading in headings:
        names = heading.names
        known = {"fold_enrichment", "abs_summit"} & set(names)
        if names[:4] == _MACS and known and "tags" not in names:
            return {name: index for index, name in enumerate(names)}
    return None


def refusal_of(heading: Heading, form: str) -> str:
    """Return why the regions under a heading cannot be taken for BED, or an empty text.

    Parameters
    ----------
    form
        The form of the file by its columns.
    """
    names = heading.names
    if names[:4] == _MACS and "tags" in names:
        return (
            "this is the table of MACS 1.4. Its positions count from 1, and its summits from the "
            "region's start: give its _summits.bed"
        )
    if names and names[0].startswith("fileformat=vcf"):
        return f"this is VCF. {_FROM_ONE}: write CHROM, POS minus 1 and POS as BED"
    if names and names[0].startswith("gff-version"):
        return f"this is GFF. {_FROM_ONE}: write columns 1, 4 minus 1 and 5 as BED"
    if names[:1] == [""] and is_heading(names[1:]):
        return (
            "this is the heading of a table with row numbers. Write it without them (pandas: "
            "index=False; R: row.names=FALSE)"
        )
    # HOMER writes its command line behind the first name
    first_words = (*(name.partition(" ")[0] for name in names[:1]), *names[1:])
    for begin, what, advice in _OTHERS:
        if first_words[: len(begin)] == begin:
            return f"this is the heading of {what}. {advice}"
    if reason := _refusal_by_summit(heading, form):
        return reason
    # chrom is what bioframe, bedtools and pybedtools write; the others are UCSC's names
    from_zero = names[:1] == ["chrom"] or {"chromstart", "signalvalue"} & set(names)
    if not heading.commented and not from_zero:
        return (
            "this heading does not tell whether positions count from 0, as BED does, or from 1. "
            "If from 1, subtract 1 from start"
        )
    return ""


def _refusal_by_summit(heading: Heading, form: str) -> str:
    """Return why a heading speaks against the summits that are read, or an empty text."""
    names = heading.names
    for index, name in enumerate(names if is_heading(names) else ()):
        if _SUMMIT.search(name) and (index, form) != (_NARROWPEAK_SUMMIT, NARROWPEAK):
            return (
                f"this heading names a summit in column {index + 1}, {name!r}, which is not read. "
                "To centre windows on it, write BED with the summit as start and the base after it "
                "as end"
            )
    if form == NARROWPEAK and (heading.columns or is_heading(names)):
        name = "".join(names[_NARROWPEAK_SUMMIT : _NARROWPEAK_SUMMIT + 1])
        if name and not _MAY_BE_SUMMIT.search(name):
            return (
                f"this heading names column 10 {name!r}, where narrowPeak has the summit, 'peak'. "
                "So this is narrowPeak, centred on the summits in column 10, or a table with other "
                "values there, centred on middles. If they are summits, rename the column"
            )
    return ""
