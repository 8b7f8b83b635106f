"""The works that a methods text refers to, numbered in the order in which it does."""

from __future__ import annotations

from deeplift_genomics.report.method_works import METHOD_WORKS

WORKS = {
    **METHOD_WORKS,
    "tensorflow": "Abadi M, et al. TensorFlow: a system for large-scale machine learning. OSDI "
    "2016, 265-283.",
    "shuffle": "Altschul SF, Erickson BW. Significance of nucleotide sequence alignments: a method "
    "for random sequence permutation that preserves dinucleotide and codon usage. Molecular "
    "Biology and Evolution 2:526-538, 1985.",
    "wilson": "Wilson DB. Generating random spanning trees more quickly than the cover time. STOC "
    "1996, 296-303.",
    "bpnet": "Avsec Ž, et al. Base-resolution models of transcription-factor binding reveal soft "
    "motif syntax. Nature Genetics 53:354-366, 2021.",
    "chrombpnet": "Pampari A, et al. ChromBPNet: bias factorized, base-resolution deep learning "
    "models of chromatin accessibility. bioRxiv 2024.12.25.630221, 2024.",
    "modisco": "Shrikumar A, et al. Technical note on transcription factor motif discovery from "
    "importance scores (TF-MoDISco). arXiv:1811.00416, 2018.",
    "tomtom": "Gupta S, Stamatoyannopoulos JA, Bailey TL, Noble WS. Quantifying similarity between "
    "motifs. Genome Biology 8:R24, 2007.",
    "benjamini": "Benjamini Y, Hochberg Y. Controlling the false discovery rate. Journal of the "
    "Royal Statistical Society B 57:289-300, 1995.",
    "tfclass": "Wingender E, et al. TFClass: expanding the classification of human transcription "
    "factors to their mammalian orthologs. Nucleic Acids Research 46:D343-D347, 2018.",
    "linkage": "Sokal RR, Michener CD. A statistical method for evaluating systematic "
    "relationships. University of Kansas Science Bulletin 38:1409-1438, 1958.",
    "westfall": "Westfall PH, Young SS. Resampling-based multiple testing. Wiley, 1993.",
    "wilcoxon": "Wilcoxon F. Individual comparisons by ranking methods. Biometrics Bulletin "
    "1:80-83, 1945.",
    "bootstrap": "Efron B. Bootstrap methods: another look at the jackknife. Annals of Statistics "
    "7:1-26, 1979.",
    "rebase": "Roberts RJ, Vincze T, Posfai J, Macelis D. REBASE: a database for DNA restriction "
    "and modification: enzymes, genes and genomes. Nucleic Acids Research 51:D629-D630, 2023.",
    "JASPAR2026": "JASPAR 2026. Nucleic Acids Research 54 (database issue), 2026, PMC12807658.",
    "JASPAR2024": "Rauluseviciute I, et al. JASPAR 2024: 20th anniversary of the open-access "
    "database of transcription factor binding profiles. Nucleic Acids Research 52:D174-D182, 2024.",
    "JASPAR2022": "Castro-Mondragon JA, et al. JASPAR 2022: the 9th release of the open-access "
    "database of transcription factor binding profiles. Nucleic Acids Research 50:D165-D173, 2022.",
    "JASPAR2020": "Fornes O, et al. JASPAR 2020: update of the open-access database of "
    "transcription factor binding profiles. Nucleic Acids Research 48:D87-D92, 2020.",
    "JASPAR2018": "Khan A, et al. JASPAR 2018: update of the open-access database of transcription "
    "factor binding profiles and its web framework. Nucleic Acids Research 46:D260-D266, 2018.",
    "JASPAR2016": "Mathelier A, et al. JASPAR 2016: a major expansion and update of the "
    "open-access database of transcription factor binding profiles. Nucleic Acids Research "
    "44:D110-D115, 2016.",
    "JASPAR2014": "Mathelier A, et al. JASPAR 2014: an extensively expanded and updated "
    "open-access database of transcription factor binding profiles. Nucleic Acids Research "
    "42:D142-D147, 2014.",
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
    def references(self) -> list[str]:
        """The works in the order of their numbers."""
        return [WORKS[name] for name in self._named]
