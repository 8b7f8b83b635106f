"""The options of the methods of attribution: what `attribution.options` may hold for each.

A method's options are the fields of a class, defined like the settings of a section.
"""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from deeplift_genomics.settings.strict import Strict


class Options(Strict):
    """Options of a method; those of a method without any are this class itself."""

    @model_validator(mode="before")
    @classmethod
    def _of_python(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Return values as a configuration has them, for callers in Python."""
        return {key: _plain(value) for key, value in given.items()}

    def references(self, of_method: bool) -> bool:
        """Tell whether windows are compared with references, from what the method's row says."""
        return of_method

    def stochastic(self, of_method: bool) -> bool:
        """Tell whether random numbers are drawn, from what the method's row says."""
        return of_method

    def span_in(self, length: int) -> tuple[int, int]:
        """Return the first base of a window of that length that gets scores, and the end.

        Raises
        ------
        ConfigError
            If the window does not have these bases.
        """
        return 0, length

    @property
    def limit(self) -> tuple[str, int] | None:
        """The option by which only some bases of long windows get scores, and their number.

        None if there is no such option, or if it may mean all bases of a window.
        """
        return None

    @property
    def followed(self) -> dict[str, str]:
        """The options that were not given -> the settings of a run whose values they take."""
        return {}

    @property
    def held_to(self) -> float | None:
        """The tolerance of completeness, if the method has its own."""
        return None

    @property
    def if_incomplete(self) -> str:
        """What to do where contributions do not add up."""
        return (
            "Raise the tolerance if these are acceptable; a large excess is a fault to be reported."
        )

    @property
    def picked_by(self) -> str | None:
        """The metric by which the method picks its map, and by which it cannot be ranked."""
        return None


def _plain(value: Any) -> Any:
    """Return numbers of NumPy as those of Python, and tuples as lists."""
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.item() if hasattr(value, "item") and not getattr(value, "ndim", 0) else value
