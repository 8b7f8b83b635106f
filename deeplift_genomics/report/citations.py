"""The works that a methods text refers to, numbered in the order in which it does."""

from __future__ import annotations

from deeplift_genomics.report.method_works import METHOD_WORKS
from deeplift_genomics.report.work import Work

_NAR = "Nucleic Acids Research"
_OPEN_ACCESS = "open-access database of transcription factor binding profiles"

WORKS = {
    **METHOD_WORKS,
    "tensorflow": Work(
        "Abadi M, et al.",
        "TensorFlow: a system for large-scale machine learning",
        "OSDI",
        2016,
        pages="265-283",
    ),
    "shuffle": Work(
        "Altschul SF, Erickson BW",
        "Significance of nucleotide sequence alignments: a method for random sequence permutation "
        "that preserves dinucleotide and codon usage",
        "Molecular Biology and Evolution",
        1985,
        "2",
        "526-538",
    ),
    "wilson": Work(
        "Wilson DB",
        "Generating random spanning trees more quickly than the cover time",
        "STOC",
        1996,
        pages="296-303",
    ),
    "bpnet": Work(
        "Avsec Ž, et al.",
        "Base-resolution models of transcription-factor binding reveal soft motif syntax",
        "Nature Genetics",
        2021,
        "53",
        "354-366",
    ),
    "chrombpnet": Work(
        "Pampari A, et al.",
        "ChromBPNet: bias factorized, base-resolution deep learning models of chromatin "
        "accessibility",
        "bioRxiv:2024.12.25.630221",
        2024,
    ),
    "modisco": Work(
        "Shrikumar A, et al.",
        "Technical note on transcription factor motif discovery from importance scores "
        "(TF-MoDISco)",
        "arXiv:1811.00416",
        2018,
    ),
    "tomtom": Work(
        "Gupta S, Stamatoyannopoulos JA, Bailey TL, Noble WS",
        "Quantifying similarity between motifs",
        "Genome Biology",
        2007,
        "8",
        "R24",
    ),
    "benjamini": Work(
        "Benjamini Y, Hochberg Y",
        "Controlling the false discovery rate",
        "Journal of the Royal Statistical Society B",
        1995,
        "57",
        "289-300",
    ),
    "tfclass": Work(
        "Wingender E, et al.",
        "TFClass: expanding the classification of human transcription factors to their mammalian "
        "orthologs",
        _NAR,
        2018,
        "46",
        "D343-D347",
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
    ),
    "bootstrap": Work(
        "Efron B",
        "Bootstrap methods: another look at the jackknife",
        "Annals of Statistics",
        1979,
        "7",
        "1-26",
    ),
    "rebase": Work(
        "Roberts RJ, Vincze T, Posfai J, Macelis D",
        "REBASE: a database for DNA restriction and modification: enzymes, genes and genomes",
        _NAR,
        2023,
        "51",
        "D629-D630",
    ),
    "JASPAR2026": Work("", "JASPAR 2026", _NAR, 2026, "54 (database issue)", note="PMC12807658"),
    "JASPAR2024": Work(
        "Rauluseviciute I, et al.",
        f"JASPAR 2024: 20th anniversary of the {_OPEN_ACCESS}",
        _NAR,
        2024,
        "52",
        "D174-D182",
    ),
    "JASPAR2022": Work(
        "Castro-Mondragon JA, et al.",
        f"JASPAR 2022: the 9th release of the {_OPEN_ACCESS}",
        _NAR,
        2022,
        "50",
        "D165-D173",
    ),
    "JASPAR2020": Work(
        "Fornes O, et al.",
        f"JASPAR 2020: update of the {_OPEN_ACCESS}",
        _NAR,
        2020,
        "48",
        "D87-D92",
    ),
    "JASPAR2018": Work(
        "Khan A, et al.",
        f"JASPAR 2018: update of the {_OPEN_ACCESS} and its web framework",
        _NAR,
        2018,
        "46",
        "D260-D266",
    ),
    "JASPAR2016": Work(
        "Mathelier A, et al.",
        f"JASPAR 2016: a major expansion and update of the {_OPEN_ACCESS}",
        _NAR,
        2016,
        "44",
        "D110-D115",
    ),
    "JASPAR2014": Work(
        "Mathelier A, et al.",
        f"JASPAR 2014: an extensively expanded and updated {_OPEN_ACCESS}",
        _NAR,
        2014,
        "42",
        "D142-D147",
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
