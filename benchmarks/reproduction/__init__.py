"""The claims of the DeepLIFT paper, measured again with every method that it compares.

Run as ``make reproduction``; it stores its numbers in ``benchmarks/reproduction/results/`` and
writes docs/reproduction.md and its figures from them. `make reproduction QUICK=1` is a trial run of
a minute that writes nothing, and ``python -m benchmarks.reproduction --page-only`` writes the page
from the stored numbers; ``--part simulation`` measures one part alone. The data are read where they
are (``../shared/data``, or the folder that `DEEPLIFT_GENOMICS_TEST_DATA` names) and never copied.

Sources of the claims: Shrikumar, Greenside, Kundaje 2017, "Learning important features through
propagating activation differences", ICML 2017, arXiv 1704.02685; the authors' notebook
`examples/genomics/genomics_simulation.ipynb` in the repository kundajelab/deeplift.
"""
