"""What TF-MoDISco takes, known before it starts: memory for the scheduler, time for a forecast.

Measured with modisco-lite 3.0 on two cores, windows of 400 bp, peak memory of the whole step:

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

200 bp instead of 400 took 624 MB for 20,000 windows.
"""

_LIBRARIES = 350e6  # bytes
_PER_BASE = 72.0  # bytes: sequence, hypothetical and observed contributions, tracks of all windows
_PER_SEQLET = 40e3  # bytes: its neighbours and their similarities
_MARGIN = 1.5

_START = 15.0  # s: libraries, and compilation
_SECONDS_PER_SEQLET = 0.02
_SEQLETS_PER_WINDOW = 3


def motif_memory(n: int, window: int, max_seqlets: int) -> int:
    """Bytes of memory to ask for: of `n` windows, `window` bases each, and so many seqlets.

    ``motif_memory(20_000, 400, 20_000)`` is 2.6 GB.
    """
    seqlets = min(max_seqlets, _SEQLETS_PER_WINDOW * n)
    return int(_MARGIN * (_LIBRARIES + _PER_BASE * n * window + _PER_SEQLET * seqlets))


def motif_seconds(n: int, max_seqlets: int) -> float:
    """Seconds, if one sign has all seqlets that there may be."""
    return _START + _SECONDS_PER_SEQLET * min(max_seqlets, _SEQLETS_PER_WINDOW * n)
