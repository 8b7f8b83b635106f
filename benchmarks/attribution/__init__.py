"""Time per window of DeepLIFT, compared with the programs that compute the same scores.

Run as ``make benchmark``; it stores the numbers in results/, a file for each part, and writes
docs/performance.md from all of them, and the figure of the README. `make benchmark ONLY=PART,...`
measures some parts; the others keep their numbers, with date, commit and machine. A trial run that
writes nothing is `make benchmark QUICK=1`. Where other programs were busy meanwhile, the page marks
the table, and `python -m benchmarks.attribution --disturbed` measures it again.
"""
