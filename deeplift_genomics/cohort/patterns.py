"""The table of patterns that `read_patterns` returns: a pandas table that draws logos."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import pandas
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import first_few, shortened
from deeplift_genomics.motifs.patterns import core_of, information_of, read_motifs
from deeplift_genomics.settings.target_names import parse_target_name
from deeplift_genomics.views.axes import add_letters, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CWM, PFM = "cwm", "pfm"
MOST = 30  # patterns that are drawn at once
_FLANK = 2  # bases drawn on either side of a pattern's core, as in the logo files
_WIDTH, _PER_LOGO = 6.0, 1.2  # inches
_NAMES = ("motif", "sample_motif", "pattern")  # columns by which a pattern is named


class Logo(NamedTuple):
    """The logo of a pattern: its title, its core's heights (W, 4), and what these are."""

    title: str
    heights: NDArray[np.float64]
    unit: str


class PatternPlot(pandas.DataFrame.plot):  # type: ignore[misc, valid-type]
    """Figures of patterns: called, it draws logos; ``plot.bar(...)`` and others are pandas' own."""

    def __call__(
        self, *names: str, what: str = CWM, ax: Axes | None = None, **of_pandas: Any
    ) -> Any:
        """Draw the logos of patterns, each as its motif reads.

        Parameters
        ----------
        names
            Motifs such as "CTCF", or patterns such as "pos_0"; all patterns of the table if not
            given.
        what
            "cwm", the mean contributions, or "pfm", the base frequencies in bits.
        ax
            Axes to draw on, for a single pattern; a new figure if not given.
        of_pandas
            With other arguments, such as ``kind="bar"``, pandas draws the table.

        Returns
        -------
        matplotlib.axes.Axes or array of Axes
            That of a single pattern, or one for each.

        Raises
        ------
        InputError
            If there is no such pattern, if there are more than 30, or if the motif files that the
            table is of are not beside it.

        Examples
        --------
        >>> import deeplift_genomics as dg
        >>> patterns = dg.read_patterns("results/demo/counts.modisco.h5")
        >>> axes = patterns.plot("pos_0")
        >>> len(patterns.head(3).plot(what="pfm"))
        3
        """
        if of_pandas:
            return super().__call__(*names, ax=ax, **of_pandas)
        if what not in (CWM, PFM):
            raise InputError(f"what is {what!r}; expected {CWM!r} or {PFM!r}.")
        table = self._parent
        logos = list(_logos(_chosen(table, names), what))
        if ax is not None and len(logos) != 1:
            raise InputError(
                f"One pattern is drawn on ax, and these are {len(logos)}; leave it out."
            )
        axes = _draw(logos, ax)
        return axes[0] if len(axes) == 1 else axes


class Patterns(pandas.DataFrame):
    """A pandas table with a row for each pattern, whose `plot` draws logos.

    `source` is the file that it was read from.
    """

    _metadata: ClassVar[list[str]] = ["source"]
    source: Path | None = None

    @property
    def _constructor(self) -> type[Patterns]:
        return Patterns

    @property
    def plot(self) -> PatternPlot:
        """Figures of the patterns, as `PatternPlot` draws them."""
        return PatternPlot(self)


def as_patterns(table: pandas.DataFrame, source: Path) -> Patterns:
    """Return a table as `Patterns`."""
    found = Patterns(table)
    found.source = source
    return found


def _chosen(table: Patterns, names: tuple[str, ...]) -> Patterns:
    """Return the rows of some patterns, in the order of the names; all without names."""
    found = [table] if not names else [_named(table, name) for name in names]
    chosen = pandas.concat(found) if len(found) > 1 else found[0]
    if not len(chosen):
        raise InputError("There are no patterns to draw.")
    if len(chosen) > MOST:
        raise InputError(
            f"There are {len(chosen)} patterns, and at most {MOST} are drawn at once. Name some, "
            f"or take a part of the table, such as patterns.head({MOST}).plot()."
        )
    chosen.source = table.source
    return chosen


def _named(table: Patterns, name: str) -> Patterns:
    """Return the rows of a motif or pattern."""
    columns = [column for column in _NAMES if column in table.columns]
    for column in columns:
        rows = table[table[column] == name]
        if len(rows):
            return rows
    known = [str(value) for column in columns for value in table[column].dropna().unique()]
    near = get_close_matches(str(name), known, n=3) or known
    raise InputError(
        f"There is no motif or pattern {shortened(str(name), 80)!r}, but {first_few(near)}."
    )


def _logos(table: Patterns, what: str) -> Iterator[Logo]:
    """Yield the logo of each row."""
    matrices = _Matrices(table.source)
    several = table["target"].nunique() > 1
    for row in table.to_dict("records"):
        cwm, ppm = matrices.of(row)
        first, stop = core_of(cwm, flank=_FLANK)
        heights, unit = cwm[first:stop], "contribution"
        if what == PFM:
            heights, unit = (ppm * information_of(ppm)[:, None])[first:stop], "bits"
        turned = row.get("turned")
        if turned is not None and not pandas.isna(turned) and turned:
            heights = heights[::-1, ::-1]  # as the motif reads
        parts = [row.get("sample"), row["target"] if several else None, row["pattern"]]
        where = " ".join(str(part) for part in parts if part)
        motif = row.get("motif")
        title = where if motif is None or pandas.isna(motif) else f"{motif} ({where})"
        yield Logo(f"{title}, {int(row['n_seqlets']):,} seqlets", heights, unit)


class _Matrices:
    """The matrices of patterns: in the table, or in the motif files beside its own file."""

    def __init__(self, source: Path | None) -> None:
        self._source = source
        self._read: dict[Path, dict[str, Any]] = {}

    def of(self, row: dict[Any, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return mean contributions and base frequencies of a row's pattern, (W, 4) each."""
        if "cwm" in row:
            return row["cwm"], row["ppm"]
        if self._source is None:
            raise InputError("These patterns have no file; read them by read_patterns.")
        folder = self._source.parent / str(row.get("sample", ""))
        path = folder / f"{parse_target_name(row['target']).slug}.modisco.h5"
        if path not in self._read:
            if not path.is_file():
                raise InputError(
                    f"The logos of {self._source} are drawn from {path}, which is not there. Read "
                    "the table in its folder of results, or read a TARGET.modisco.h5."
                )
            self._read[path] = {pattern.name: pattern for pattern in read_motifs(path)}
        if row["pattern"] not in self._read[path]:
            raise InputError(f"{path} has no {row['pattern']}: it is of another run.")
        pattern = self._read[path][row["pattern"]]
        return pattern.cwm, pattern.ppm


def _draw(logos: list[Logo], ax: Axes | None) -> NDArray[Any]:
    """Draw logos one below another, with letters of one width, and return their axes."""
    if ax is not None:
        axes = np.array([ax])
    else:
        from matplotlib import pyplot

        _, axes = pyplot.subplots(
            len(logos),
            figsize=(_WIDTH, _PER_LOGO * len(logos) + 0.15),
            layout="constrained",
            squeeze=False,
        )
        axes = axes[:, 0]
    longest = max(len(logo.heights) for logo in logos)
    for one, logo in zip(axes, logos, strict=True):
        add_letters(one, logo.heights, 1)
        one.set_xlim(0.5, longest + 0.5)
        heights = logo.heights
        low, high = np.minimum(heights, 0).sum(axis=1), np.maximum(heights, 0).sum(axis=1)
        one.set_ylim(low.min() * 1.05, 2 if logo.unit == "bits" else high.max() * 1.05 or 1)
        tidy(one)
        one.set_title(logo.title, loc="left", fontsize=9)
        one.set_ylabel(logo.unit, fontsize=8)
    return axes
