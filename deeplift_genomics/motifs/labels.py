"""Labels of motifs: unique in their table, one word each, and the same in every run."""

from __future__ import annotations

from collections.abc import Sequence

from deeplift_genomics.settings.motif_names import as_name

UNNAMED = "unnamed"


def unique_labels(names: Sequence[str]) -> list[str]:
    """Return a label for each motif: its name, numbered from the second motif of a name on.

    Motifs without a name (``""``) are numbered from the first on.

    >>> unique_labels(["CTCF", "", "CTCF", "CTCF_2", ""])
    ['CTCF', 'unnamed_1', 'CTCF_3', 'CTCF_2', 'unnamed_2']
    """
    words = [as_name(name) for name in names]
    taken = set(words)  # so that a number never makes the name of another motif
    used: set[str] = set()
    labels = []
    for word in words:
        label = word
        if not word or word in used:
            number = 2 if word else 1
            while f"{word or UNNAMED}_{number}" in taken:
                number += 1
            label = f"{word or UNNAMED}_{number}"
            taken.add(label)
        used.add(label)
        labels.append(label)
    return labels


def joint_name(parts: Sequence[str]) -> str:
    """Return the name of a composite or repeat, of the names of its parts.

    >>> joint_name(["ZNF143", "CTCF"]), joint_name(["ZNF143", ""])
    ('ZNF143+CTCF', 'ZNF143+unnamed')
    """
    return "+".join(part or UNNAMED for part in parts)
