"""Windows with scores in Python: found by name or place, listed, described, and drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.views.figure_of_window import draw_window
from deeplift_genomics.views.rows import NoWindowError, rows_of
from deeplift_genomics.windows.loci import Places, contigs_of

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

T = TypeVar("T", bound="ScoredWindows")

_SHOWN = 5  # regions that a description lists


class ScoredWindows:
    """A base for `Scores` and what `read_scores` returns: N windows that are found, listed, drawn.

    In square brackets stands what names windows: a number, a slice or a truth value for each; the
    name of a region; or a place. ``"chr1:101-600"`` counts from 1 and includes the end, as genome
    browsers do, with or without commas; ``("chr1", 100, 600)`` counts from 0 and excludes the end,
    as BED does. The result is of the same type, with the windows that hold bases of the place, the
    one that holds most first.
    """

    if TYPE_CHECKING:  # fields of the dataclasses that build on this class

        @property
        def sequences(self) -> NDArray[Any]: ...
        @property
        def contributions(self) -> NDArray[Any]: ...
        @property
        def target(self) -> NDArray[Any]: ...
        @property
        def reference_target(self) -> NDArray[Any] | None: ...
        @property
        def residual(self) -> NDArray[Any] | None: ...
        @property
        def standard_error(self) -> NDArray[Any] | None: ...
        @property
        def chrom(self) -> NDArray[Any] | None: ...
        @property
        def start(self) -> NDArray[Any] | None: ...
        @property
        def end(self) -> NDArray[Any] | None: ...
        @property
        def name(self) -> NDArray[Any] | None: ...
        @property
        def attributes(self) -> Mapping[str, Any]: ...

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.sequences)

    def __getitem__(self: T, key: Any) -> T:
        """Return the windows that a number, a name or a place names; NoWindowError without one.

        The windows of a name or a place keep their order.
        """
        rows = rows_of(key, len(self), self.places)
        found = copy(self)
        for name, values in vars(self).items():
            if isinstance(values, np.ndarray):  # each array has a row for each window
                vars(found)[name] = values[rows]  # the dataclasses are frozen
        return found

    def __iter__(self: T) -> Iterator[T]:
        """Yield the windows one by one."""
        return (self[row] for row in range(len(self)))

    def __contains__(self, key: Any) -> bool:
        """Return whether there is such a window."""
        try:
            return len(rows_of(key, len(self), self.places)) > 0
        except NoWindowError:
            return False

    @property
    def places(self) -> Places | None:
        """Contig, start, end and name of each window; None for scores of arrays."""
        if self.chrom is None or self.start is None or self.end is None or self.name is None:
            return None
        contigs = contigs_of(self.attributes, self.chrom, self.end)
        return Places(self.chrom, self.start, self.end, self.name, contigs)

    @property
    def regions(self) -> pandas.DataFrame:
        """A table with a row for each window.

        Its columns are `name`, `chrom`, `start` and `end` (0-based, half-open), where these are
        known; `target`, the target at the window; `reference_target`, its mean over the references;
        and `residual`, the largest in magnitude. The last two are there if the method gives them.
        """
        import pandas

        columns: dict[str, Any] = {}
        for name in ("name", "chrom", "start", "end", "strand"):
            if (values := getattr(self, name, None)) is not None:
                columns[name] = values
        columns["target"] = self.target
        if self.reference_target is not None and self.reference_target.shape[1]:
            columns["reference_target"] = self.reference_target.mean(axis=1)
        worst = getattr(self, "worst_residual", None)
        residual = self.residual if worst is None else worst
        if residual is not None and residual.shape[1]:
            columns["residual"] = np.abs(residual).max(axis=1)
        return pandas.DataFrame(columns)

    def plot(
        self,
        region: Any = None,
        *,
        zoom: Any = None,
        ax: Axes | None = None,
        spread: bool = True,
        seqlets: Any = None,
    ) -> Axes:
        """Draw the contributions at one window as letters, or as bars where it is too wide.

        A grey band shows how the references differ: one standard deviation of the contribution to
        both sides. Seqlets are marked above, with the names of their motifs.

        Parameters
        ----------
        region
            What names the window: a number, a name or a place. Of a place, its bases in the window
            are shown. It may be left out if there is a single window.
        zoom
            The part to show: a number of bases in the middle, a place, or (first, stop), which
            count from the first base of the window.
        ax
            Axes to draw on; a new figure if not given.
        spread
            Whether to draw the band. There is none with one reference, or by a method that does not
            give its standard error.
        seqlets
            A file or table of them (`read_instances` gives one). If not given, those in the
            TARGET.seqlets.bed beside the score file are marked; False marks none.

        Returns
        -------
        matplotlib.axes.Axes
            The horizontal axis counts as genome browsers do, from 1; for windows without
            coordinates from 0.

        Raises
        ------
        NoWindowError
            If there is no such window, or it holds no bases of `zoom`.
        InputError
            If `region` names several windows, or the seqlets cannot be read.
        """
        return draw_window(self, region, zoom=zoom, ax=ax, spread=spread, seqlets=seqlets)

    def __repr__(self) -> str:
        """Describe the scores in a few lines."""
        facts = [f"  {label:<11} {text}" for label, text in self._facts()]
        return "\n".join([f"{type(self).__name__}: {self._heading()}", *facts])

    def _repr_html_(self) -> str:
        """Describe the scores as a notebook shows them."""
        rows = "".join(
            f"<tr><th style='text-align:left'>{label}</th>"
            f"<td style='text-align:left'>{escape(text)}</td></tr>"
            for label, text in self._facts()
        )
        kind = type(self).__name__
        return f"<p><b>{kind}</b>: {escape(self._heading())}</p><table>{rows}</table>"

    def _heading(self) -> str:
        n, length = self.sequences.shape[:2]
        of = " of " + str(self.attributes["target"]) if "target" in self.attributes else ""
        return f"contributions{of}, {n:,} window{'' if n == 1 else 's'} of {length:,} bases"

    def _facts(self) -> Iterator[tuple[str, str]]:
        """Yield label and text of what there is to say."""
        about, places = self.attributes, self.places
        if "model" in about:
            yield "model", str(about["model"])
        if "method" in about:
            rules = f" ({about['rules']})" if "rules" in about else ""
            yield "method", f"{about['method']}{rules}"
        if self.reference_target is not None and self.reference_target.shape[1]:
            kind = f" ({about['reference_kind']})" if about.get("reference_kind") else ""
            yield "references", f"{self.reference_target.shape[1]} for each window{kind}"
        if self.residual is not None and self.residual.size:
            yield "residual", f"at most {np.abs(self.residual).max():.1g}"
        if places is None:
            return
        for row in range(min(len(self), _SHOWN)):
            place = Locus(str(places.chrom[row]), int(places.start[row]), int(places.end[row]))
            name = str(places.name[row])
            yield ("regions" if row == 0 else ""), f"{name}  {place}"
        if len(self) > _SHOWN:
            yield "", f"and {len(self) - _SHOWN:,} more: .regions lists them"
