"""Time per window of DeepLIFT, side by side with the programs that do the same.

Run as ``make benchmark``; it writes docs/performance.md. `make benchmark QUICK=1` is a try-out of a
few minutes that writes nothing. Where other programs were busy meanwhile, the page says so, and
`python -m benchmarks.attribution --disturbed` measures those tables again, as long as nothing else
has changed since.
"""
