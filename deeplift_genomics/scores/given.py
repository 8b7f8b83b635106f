"""What a score file says of contributions that were read from a file of another program or run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# attributes: name, SHA-256 and program of that file, and what nobody told of its contributions
GIVEN, GIVEN_DIGEST, GIVEN_BY = "given_scores", "given_digest", "given_by"
NOT_KNOWN = "not_known"


def is_not_known(attributes: Mapping[str, Any]) -> bool:
    """Return whether nobody told how the contributions of a score file were made."""
    return NOT_KNOWN in attributes
