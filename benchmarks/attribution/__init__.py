"""Time per window of DeepLIFT, compared with the programs that compute the same scores.

Run as ``make benchmark``; it writes docs/performance.md. `make benchmark QUICK=1` is a trial run of
a few minutes that writes nothing. Where other programs were busy meanwhile, the page marks the
table, and `python -m benchmarks.attribution --disturbed` measures it again, provided that nothing
else has changed since.
"""
