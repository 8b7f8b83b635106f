"""The central bases of windows, in which motifs are searched for, and whether they get scores."""

from __future__ import annotations

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.settings.scored import Plain, chosen_method
from deeplift_genomics.settings.sections import SHORTEST_MOTIF_WINDOW


def central_bases(length: int, window: int) -> tuple[int, int]:
    """Return the first of the central bases of a window and the end, as modisco-lite cuts them."""
    half = min(window, length) // 2
    return length // 2 - half, length // 2 + half


def check_motif_window(config: Plain, length: int | None = None) -> None:
    """Check that `attribution.method` gives scores to all bases in which motifs are searched for.

    Parameters
    ----------
    length
        Bases of a window; None before a model is loaded, when only options that cannot be meant
        are refused.

    Raises
    ------
    ConfigError
        If some of these bases would have no scores.
    """
    chosen, window = chosen_method(config), int(config["motifs"]["window"])
    if length is None:
        option, largest = chosen.options.limit or ("", window)
        if largest >= 2 * (window // 2):
            return
        said = f"By its option {option!r}, {chosen.name} scores {largest} bases of a long window"
        bases = f"'motifs.window' takes {window}"
    else:
        first, last = central_bases(length, window)
        start, end = chosen.options.span_in(length)
        if start <= first and last <= end:
            return
        said = f"By its options, {chosen.name} scores the bases {start} to {end} of {length}"
        largest = 2 * min(length // 2 - start, end - length // 2)
        bases = f"'motifs.window' takes {first} to {last}"
    smaller = f", or set 'motifs.window' to {largest}" if largest >= SHORTEST_MOTIF_WINDOW else ""
    raise ConfigError(
        f"{said}, and {bases}, some of which would have no scores. Leave 'span' and 'central' out "
        f"of the options of {chosen.name}, which then scores the bases that motifs need{smaller}."
    )
