"""Memory and time that TF-MoDISco will take, for the scheduler and the forecast.

Measured with modisco-lite 3.0 on two cores, windows of 400 bp, peak memory of the whole step; the
times include numba's compilation:

========  =================  ======  ====
windows   seqlets clustered  memory  time
========  =================  ======  ====
1,000     200                360 MB  17 s
5,000     200                487 MB  18 s
20,000    200                911 MB  18 s
5,000     2,000              495 MB  46 s
5,000     5,000              578 MB  89 s
20,000    20,000             1.4 GB  409 s
========  =================  ======  ====

With 200 bp instead of 400, 20,000 windows took 624 MB.
"""

_LIBRARIES = 350e6  # bytes
_PER_BASE = 72.0  # bytes: sequences, hypothetical and observed contributions, tracks
_PER_SEQLET = 40e3  # bytes: its neighbours and their similarities
_MARGIN = 1.5

_START = 5.0  # s: libraries; numba's compilation, 15 s, is kept for later runs
_SECONDS_PER_SEQLET = 0.02
_SEQLETS_PER_WINDOW = 3  # at most
_USUAL_SEQLETS_PER_WINDOW = 2


def motif_memory(n: int, window: int, max_seqlets: int) -> int:
    """Return the bytes of memory to ask for, for `n` windows of `window` bases.

    ``motif_memory(20_000, 400, 20_000)`` is 2.6 GB.
    """
    seqlets = min(max_seqlets, _SEQLETS_PER_WINDOW * n)
    return int(_MARGIN * (_LIBRARIES + _PER_BASE * n * window + _PER_SEQLET * seqlets))


def motif_seconds(n: int, max_seqlets: int) -> float:
    """Return the CPU seconds that it takes if one sign has the usual number of seqlets."""
    return _START + _SECONDS_PER_SEQLET * min(max_seqlets, _USUAL_SEQLETS_PER_WINDOW * n)
