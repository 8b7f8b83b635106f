"""The order of a matrix's rows and columns in which like stand beside like."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST = 1_000  # rows that are put in order; finding the best order takes the square of their number


def clustered(values: NDArray[np.float64]) -> list[int]:
    """Return the order of the rows by average linkage of their Euclidean distances.

    Of the orders that the tree allows, it is the one in which neighbours are nearest (Bar-Joseph
    and others 2001). More than `MOST` rows keep their order.

    Parameters
    ----------
    values
        A row for each thing to put in order; NaN counts as 0.

    Examples
    --------
    >>> clustered(np.array([[0.0], [9.0], [1.0], [8.0]]))
    [0, 2, 3, 1]
    """
    from scipy.cluster.hierarchy import leaves_list, linkage

    n = len(values)
    if n < 3 or n > MOST:
        return list(range(n))
    tree = linkage(np.nan_to_num(values), method="average", optimal_ordering=True)
    order = [int(i) for i in leaves_list(tree)]
    # the tree has no left and right: the first row decides
    return order if order.index(0) <= order.index(n - 1) else order[::-1]
