"""The hypothetical contributions of scores, which methods of positions do not give."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from deeplift_genomics.errors import InputError

ONLY_POSITIONS = (
    "one score for each position: their method gives no hypothetical contributions of the other "
    "bases. Use a method that does, such as deeplift or in_silico_mutagenesis."
)


class Hypothetical:
    """The field `hypothetical` of a dataclass, which raises InputError where it was not given."""

    def __set__(self, scores: Any, value: NDArray | Hypothetical | None) -> None:
        # a dataclass gives the default of a field, this descriptor, in place of a value
        scores.__dict__["_hypothetical"] = None if value is self else value

    def __get__(self, scores: Any, kind: type) -> NDArray:
        if scores is None:
            return None  # type: ignore[return-value]  # the default of the field
        found = scores.__dict__["_hypothetical"]
        if found is None:
            raise InputError(f"These scores are {ONLY_POSITIONS}")
        return found
