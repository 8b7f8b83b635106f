"""THE table of methods: name -> what the method needs and gives.

A method is one row here and one short file beside this one, which has its formula. CONTRIBUTING.md
says what else a new method needs.
"""

from __future__ import annotations

from deeplift_genomics.attribution import deeplift
from deeplift_genomics.attribution.method import Method

METHODS: dict[str, Method] = {
    "deeplift": Method(
        title="DeepLIFT",
        prepare=deeplift.prepare,
        references=True,
        gives="bases",
        complete=True,
        stochastic=False,
        stores=("reference_target", "residual", "standard_error"),
    ),
}
