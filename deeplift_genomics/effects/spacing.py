"""Spacing: what two motifs do at a distance, beyond the sum of what each does alone.

The left motif ends at one place of every background, and the right motif begins after a gap of 0,
1, 2, ... bases. With f(A), f(B) and f(AB) the changes of a number that A alone, B alone and both
make in the same background at the same places, the interaction is f(AB) - f(A) - f(B).

A pair prefers a gap if the interaction there is positive and larger than the pair's mean over all
gaps and orientations, by a one-sided t-test over the backgrounds, corrected for the number of gaps
and orientations (Bonferroni). It must be larger by a tenth of what the stronger of the two motifs
does alone, too: a difference may be certain and yet tell nothing. Interaction that is the same at
all gaps, as where the model's output is not linear, is therefore no preference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from deeplift_genomics.effects.heads import SHAPE, Measure
from deeplift_genomics.effects.insertion import insert
from deeplift_genomics.effects.inserts import Insert, reverse_complement
from deeplift_genomics.effects.meter import Backgrounds, Meter
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.settings.motif_sections import USUAL_SPACING, most_spacing

ORIENTATIONS = ("++", "+-", "-+", "--")  # strands of the left and of the right motif
LEVEL = 0.05  # largest corrected p-value of a preference
LEAST_SHARE = 0.1  # of the stronger motif's own effect, by which an interaction must stand out


class Spacing(NamedTuple):
    """The interaction of two motifs by orientation and gap.

    Attributes
    ----------
    left, right
        Labels of the motifs, as they lie on the forward strand.
    n
        Number of backgrounds.
    measures
        The K numbers: all those whose changes may be added up, which shapes of profiles are not.
    mean, standard_error
        Interaction over the backgrounds, (4, G, K), by `ORIENTATIONS` and gap (0 to G - 1).
    p_value
        Of each being larger than the pair's mean, corrected, (4, G, K).
    alone
        Mean change by the stronger of the two motifs alone, its sign left out, (K,).
    """

    left: str
    right: str
    n: int
    measures: tuple[Measure, ...]
    mean: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    p_value: NDArray[np.float64]
    alone: NDArray[np.float64]


class Preference(NamedTuple):
    """The gap that a pair prefers.

    Attributes
    ----------
    orientation
        One of `ORIENTATIONS`.
    alike
        The orientations that are preferred at `gap` as much, within two standard errors; of a motif
        with itself, "++" and "--" are the same.
    gap
        Bases between the two motifs.
    first, last
        The gaps around it whose interaction is as large, within the standard error.
    interaction
        Mean interaction at `gap`.
    p_value
        Corrected p-value there.
    """

    orientation: str
    alike: frozenset[str]
    gap: int
    first: int
    last: int
    interaction: float
    p_value: float

    def in_words(self) -> str:
        """Return the preference as a phrase, such as "prefers 20 bp apart, same strand"."""
        gaps = str(self.gap) if self.first == self.last else f"{self.first} to {self.last}"
        return f"prefers {gaps} bp apart, {_strands_in_words(self.alike)}"


def _strands_in_words(orientations: frozenset[str]) -> str:
    """Return how two motifs lie in any of these orientations."""
    if len(orientations) == len(ORIENTATIONS):
        return "on any strand"
    words = []
    for both, one, other in (
        ("same strand", ("++", "same strand"), ("--", "same strand, the other way round")),
        (
            "opposite strands",
            ("+-", "facing each other"),
            ("-+", "facing away from each other"),
        ),
    ):
        found = [text for orientation, text in (one, other) if orientation in orientations]
        words += [both] if len(found) == 2 else found
    return " or ".join(words)


def choose_pairs(inserts: Sequence[Insert], number: int) -> list[tuple[Insert, Insert]]:
    """Return pairs of motifs, those of the first motifs first; a motif is paired with itself, too.

    Of motifs A, B and C, the first four pairs are AA, AB, AC and BB.
    """
    ranks = [(i + j, i, j) for i in range(len(inserts)) for j in range(i, len(inserts))]
    return [(inserts[i], inserts[j]) for _, i, j in sorted(ranks)[:number]]


def largest_gap(spacing: int, length: int, widths: Sequence[int]) -> int:
    """Return the largest gap that is measured; negative if the motifs do not fit into a window.

    Parameters
    ----------
    spacing
        The setting `effects.spacing`.
    length
        Bases of a window.
    widths
        Lengths of the motifs.
    """
    return min(spacing or USUAL_SPACING, most_spacing(length, max(widths, default=0)))


def measure_spacings(
    meter: Meter,
    backgrounds: Backgrounds,
    pairs: Sequence[tuple[Insert, Insert]],
    most: int,
) -> list[Spacing]:
    """Measure the interaction of each pair at gaps from 0 to `most`, as `largest_gap` gives it."""
    length = backgrounds.codes.shape[1]
    bench = _Bench(meter, backgrounds, (length - most) // 2, most + 1)
    return [
        bench.measure(left, right) for left, right in Progress(pairs, what="spacing", unit="pair")
    ]


def preference_of(spacing: Spacing, measure: int) -> Preference | None:
    """Return the gap that a pair prefers by one of the numbers, or None if none stands out."""
    mean, p = spacing.mean[:, :, measure], spacing.p_value[:, :, measure]
    stands_out = mean - mean.mean() >= LEAST_SHARE * spacing.alone[measure]
    eligible = (p <= LEVEL) & (mean > 0) & stands_out
    if not eligible.any():
        return None
    row, gap = np.unravel_index(int(np.where(eligible, mean, -np.inf).argmax()), mean.shape)
    error = spacing.standard_error[row, gap, measure]
    as_much = eligible[:, gap] & (mean[:, gap] >= mean[row, gap] - 2 * error)
    alike = {name for name, found in zip(ORIENTATIONS, as_much, strict=True) if found}
    same = {"++", "--"}
    if spacing.left == spacing.right and alike & same:
        alike |= same
    near = mean[row] >= mean[row, gap] - error
    first = last = int(gap)
    while first > 0 and near[first - 1]:
        first -= 1
    while last + 1 < len(near) and near[last + 1]:
        last += 1
    return Preference(
        ORIENTATIONS[row],
        frozenset(alike),
        int(gap),
        first,
        last,
        float(mean[row, gap]),
        float(p[row, gap]),
    )


class _Bench:
    """The backgrounds of a sample, with what single motifs do in them.

    Left motifs end at base `end`; right motifs begin there, or up to `n_gaps` - 1 bases later.
    """

    def __init__(self, meter: Meter, backgrounds: Backgrounds, end: int, n_gaps: int) -> None:
        self.meter, self.backgrounds = meter.without(SHAPE), backgrounds
        self.end, self.n_gaps = end, n_gaps
        self._alone: dict[tuple[bytes, bool], NDArray[np.float64]] = {}

    def measure(self, left: Insert, right: Insert) -> Spacing:
        """Measure one pair."""
        interaction = np.stack(
            [self._interaction(_turned(left, o[0]), _turned(right, o[1])) for o in ORIENTATIONS]
        )
        mean, error = _mean_and_error(interaction)
        return Spacing(
            left.motif,
            right.motif,
            len(self.backgrounds),
            self.meter.measures,
            mean,
            error,
            _p_values(interaction),
            self._strongest(left, right),
        )

    def _strongest(self, left: Insert, right: Insert) -> NDArray[np.float64]:
        """Return what the stronger of two motifs does alone, (K,), at the places of a pair."""
        found = [self._alone[_turned(left, strand).tobytes(), True] for strand in "+-"]
        found += [self._alone[_turned(right, strand).tobytes(), False][0] for strand in "+-"]
        return np.max([np.abs(changes.mean(axis=0)) for changes in found], axis=0)

    def _interaction(self, left: NDArray[np.int8], right: NDArray[np.int8]) -> NDArray[np.float64]:
        """Return f(AB) - f(A) - f(B) by gap and background, (G, M, K)."""
        with_left = insert(self.backgrounds.codes, left, self.end - len(left))
        both = self._changes_of_right(with_left, right)
        return both - self._of_left(left, with_left) - self._of_right(right)

    def _of_left(self, left: NDArray[np.int8], windows: NDArray[np.int8]) -> NDArray[np.float64]:
        """Return the changes that a left motif alone makes, (M, K)."""
        key = left.tobytes(), True
        if key not in self._alone:
            self._alone[key] = self.meter.changes(
                windows, self.backgrounds, np.arange(len(windows))
            )
        return self._alone[key]

    def _of_right(self, right: NDArray[np.int8]) -> NDArray[np.float64]:
        """Return the changes that a right motif alone makes, by gap, (G, M, K)."""
        key = right.tobytes(), False
        if key not in self._alone:
            self._alone[key] = self._changes_of_right(self.backgrounds.codes, right)
        return self._alone[key]

    def _changes_of_right(
        self, windows: NDArray[np.int8], right: NDArray[np.int8]
    ) -> NDArray[np.float64]:
        """Return the changes from the backgrounds to windows with a right motif, (G, M, K)."""
        m = len(windows)
        made = [insert(windows, right, self.end + gap) for gap in range(self.n_gaps)]
        rows = np.tile(np.arange(m), self.n_gaps)
        changes = self.meter.changes(np.concatenate(made), self.backgrounds, rows)
        return changes.reshape(self.n_gaps, m, -1)


def _turned(item: Insert, strand: str) -> NDArray[np.int8]:
    """Return the bases of a motif on a strand."""
    return item.codes if strand == "+" else reverse_complement(item.codes)


def _mean_and_error(values: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    """Return mean and standard error over the third axis, the backgrounds."""
    m = values.shape[2]
    spread = values.std(axis=2, ddof=1) if m > 1 else np.full_like(values[:, :, 0], np.nan)
    return values.mean(axis=2), spread / np.sqrt(m)


def _p_values(interaction: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return corrected p-values (4, G, K) of interactions (4, G, M, K)."""
    above = interaction - interaction.mean(axis=(0, 1))
    mean, error = _mean_and_error(above)
    t = np.divide(mean, error, out=np.zeros_like(mean), where=error > 0)
    t = np.where((error == 0) & (mean > 0), np.inf, t)
    m, cells = interaction.shape[2], interaction.shape[0] * interaction.shape[1]
    p = stats.t.sf(t, m - 1) if m > 1 else np.ones_like(t)
    return np.minimum(1, p * cells)
