"""The works that a methods text refers to, numbered in the order in which it does."""

from __future__ import annotations

from deeplift_genomics.report.method_works import METHOD_WORKS
from deeplift_genomics.report.work import Work
from deeplift_genomics.version import __version__

_NAR = "Nucleic Acids Research"
_OPEN_ACCESS = "open-access database of transcription factor binding profiles"

WORKS = {
    **METHOD_WORKS,
    "deeplift_genomics": Work(  # as in CITATION.cff
        "{The deeplift_genomics developers}",
        "deeplift_genomics: contributions, motifs and reports from trained sequence models",
        "",
        None,
        note=f"version {__version__}",
    ),
    "snakemake": Work(
        "Mölder F, Jablonski KP, Letcher B, et al.",
        "Sustainable data analysis with Snakemake",
        "F1000Research",
        2021,
        "10",
        "33",
        doi="10.12688/f1000research.29032.1",
    ),
    "tensorflow": Work(
        "Abadi M, et al.",
        "TensorFlow: a system for large-scale machine learning",
        "OSDI",
        2016,
        pages="265-283",
        url="https://www.usenix.org/conference/osdi16/technical-sessions/presentation/abadi",
    ),
    "shuffle": Work(
        "Altschul SF, Erickson BW",
        "Significance of nucleotide sequence alignments: a method for random sequence permutation "
        "that preserves dinucleotide and codon usage",
        "Molecular Biology and Evolution",
        1985,
        "2",
        "526-538",
        doi="10.1093/oxfordjournals.molbev.a040370",
    ),
    "wilson": Work(
        "Wilson DB",
        "Generating random spanning trees more quickly than the cover time",
        "STOC",
        1996,
        pages="296-303",
        doi="10.1145/237814.237880",
    ),
    "bpnet": Work(
        "Avsec Ž, et al.",
        "Base-resolution models of transcription-factor binding reveal soft motif syntax",
        "Nature Genetics",
        2021,
        "53",
        "354-366",
        doi="10.1038/s41588-021-00782-6",
    ),
    "chrombpnet": Work(
        "Pampari A, et al.",
        "ChromBPNet: bias factorized, base-resolution deep learning models of chromatin "
        "accessibility",
        "bioRxiv:2024.12.25.630221",
        2024,
        doi="10.1101/2024.12.25.630221",
    ),
    "modisco": Work(
        "Shrikumar A, et al.",
        "Technical note on transcription factor motif discovery from importance scores "
        "(TF-MoDISco)",
        "arXiv:1811.00416",
        2018,
        doi="10.48550/arXiv.1811.00416",
    ),
    "tomtom": Work(
        "Gupta S, Stamatoyannopoulos JA, Bailey TL, Noble WS",
        "Quantifying similarity between motifs",
        "Genome Biology",
        2007,
        "8",
        "R24",
        doi="10.1186/gb-2007-8-2-r24",
    ),
    "benjamini": Work(
        "Benjamini Y, Hochberg Y",
        "Controlling the false discovery rate",
        "Journal of the Royal Statistical Society B",
        1995,
        "57",
        "289-300",
        doi="10.1111/j.2517-6161.1995.tb02031.x",
    ),
    "tfclass": Work(
        "Wingender E, et al.",
        "TFClass: expanding the classification of human transcription factors to their mammalian "
        "orthologs",
        _NAR,
        2018,
        "46",
        "D343-D347",
        doi="10.1093/nar/gkx987",
    ),
    "linkage": Work(
        "Sokal RR, Michener CD",
        "A statistical method for evaluating systematic relationships",
        "University of Kansas Science Bulletin",
        1958,
        "38",
        "1409-1438",
    ),
    "westfall": Work("Westfall PH, Young SS", "Resampling-based multiple testing", "Wiley", 1993),
    "wilcoxon": Work(
        "Wilcoxon F",
        "Individual comparisons by ranking methods",
        "Biometrics Bulletin",
        1945,
        "1",
        "80-83",
        doi="10.2307/3001968",
    ),
    "bootstrap": Work(
        "Efron B",
        "Bootstrap methods: another look at the jackknife",
        "Annals of Statistics",
        1979,
        "7",
        "1-26",
        doi="10.1214/aos/1176344552",
    ),
    "rebase": Work(
        "Roberts RJ, Vincze T, Posfai J, Macelis D",
        "REBASE: a database for DNA restriction and modification: enzymes, genes and genomes",
        _NAR,
        2023,
        "51",
        "D629-D630",
        doi="10.1093/nar/gkac975",
    ),
    "JASPAR2026": Work(
        "Ovek Baydar D, et al.",
        "JASPAR 2026: expansion of transcription factor binding profiles and integration of deep "
        "learning models",
        _NAR,
        2026,
        "54",
        "D184-D193",
        doi="10.1093/nar/gkaf1209",
    ),
    "JASPAR2024": Work(
        "Rauluseviciute I, et al.",
        f"JASPAR 2024: 20th anniversary of the {_OPEN_ACCESS}",
        _NAR,
        2024,
        "52",
        "D174-D182",
        doi="10.1093/nar/gkad1059",
    ),
    "JASPAR2022": Work(
        "Castro-Mondragon JA, et al.",
        f"JASPAR 2022: the 9th release of the {_OPEN_ACCESS}",
        _NAR,
        2022,
        "50",
        "D165-D173",
        doi="10.1093/nar/gkab1113",
    ),
    "JASPAR2020": Work(
        "Fornes O, et al.",
        f"JASPAR 2020: update of the {_OPEN_ACCESS}",
        _NAR,
        2020,
        "48",
        "D87-D92",
        doi="10.1093/nar/gkz1001",
    ),
    "JASPAR2018": Work(
        "Khan A, et al.",
        f"JASPAR 2018: update of the {_OPEN_ACCESS} and its web framework",
        _NAR,
        2018,
        "46",
        "D260-D266",
        doi="10.1093/nar/gkx1126",
    ),
    "JASPAR2016": Work(
        "Mathelier A, et al.",
        f"JASPAR 2016: a major expansion and update of the {_OPEN_ACCESS}",
        _NAR,
        2016,
        "44",
        "D110-D115",
        doi="10.1093/nar/gkv1176",
    ),
    "JASPAR2014": Work(
        "Mathelier A, et al.",
        f"JASPAR 2014: an extensively expanded and updated {_OPEN_ACCESS}",
        _NAR,
        2014,
        "42",
        "D142-D147",
        doi="10.1093/nar/gkt997",
    ),
}


class Citations:
    """The works that a text has referred to so far."""

    def __init__(self) -> None:
        self._named: list[str] = []

    def __call__(self, *names: str) -> str:
        """Return the numbers of some of the `WORKS`, as " [1, 3]"; unknown ones are left out."""
        known = [name for name in names if name in WORKS]
        self._named += [name for name in known if name not in self._named]
        numbers = ", ".join(str(self._named.index(name) + 1) for name in known)
        return f" [{numbers}]" if numbers else ""

    @property
    def names(self) -> list[str]:
        """The names of the works, in the order of their numbers."""
        return list(self._named)
