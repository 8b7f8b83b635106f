"""Results in memory that describe themselves by the shapes of their arrays."""

from __future__ import annotations

import numpy as np


class Arrays:
    """A base for dataclasses of arrays, whose `repr` tells shapes in place of numbers."""

    def __repr__(self) -> str:
        """Return the name of the class and its fields, arrays by their shapes."""
        fields = (
            f"{name} {value.shape}" if isinstance(value, np.ndarray) else f"{name}={value!r}"
            for name, value in vars(self).items()
            if not isinstance(value, dict)
        )
        return f"{type(self).__name__}({', '.join(fields)})"
