"""The user's own names (`motif_names`), looked up for the patterns and motifs of one sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.files.words import first_few
from deeplift_genomics.settings.motif_names import PatternKey, pattern_key


class OwnNames:
    """The names that a user gave to patterns, and to motifs of the database.

    Parameters
    ----------
    names
        The setting `motif_names`.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        self._of_patterns: dict[PatternKey, tuple[str, str]] = {}  # pattern -> key and name
        self._of_database: dict[str, str] = {}
        for key, name in names.items():
            if pattern := pattern_key(key):
                self._of_patterns[pattern] = (key, name)
            else:
                self._of_database[key] = name

    def of_match(self, motif_id: str, name: str) -> str:
        """Return the name of a motif of the database: the user's own, or else the given one."""
        return self._of_database.get(motif_id, name) if motif_id else ""

    def given(self, patterns: Iterable[PatternKey]) -> list[str]:
        """Return the names that the user gave to some of these patterns, in their order."""
        return [self._of_patterns[key][1] for key in patterns if key in self._of_patterns]

    def of_patterns(self, patterns: Iterable[PatternKey]) -> str:
        """Return the name that the user gave to a motif by one of its patterns; ``""`` if none.

        Raises
        ------
        ConfigError
            If the patterns have two names.
        """
        given = [self._of_patterns[key] for key in sorted(patterns) if key in self._of_patterns]
        for key, name in given[1:]:
            first_key, first = given[0]
            if name != first:
                raise ConfigError(
                    f"motif_names gives one motif two names: {first!r} for {first_key} and "
                    f"{name!r} for {key}. These patterns are alike by sequence and were joined. "
                    "Give one of the names only, or keep them apart with a smaller "
                    "clusters.within_sample."
                )
        return given[0][1] if given else ""

    def require_patterns(self, sample: str, there: Iterable[PatternKey]) -> None:
        """Raise ConfigError if a pattern of the sample has a name, but was not found."""
        found = set(there)
        for pattern, (key, _) in sorted(self._of_patterns.items()):
            if pattern.sample == sample and pattern not in found:
                others = [one.pattern for one in sorted(found) if one.target == pattern.target]
                raise ConfigError(
                    f"motif_names has the key {key!r}, but TF-MoDISco found "
                    f"{first_few(others, 8) or 'no pattern'} in that target. Patterns are numbered "
                    "anew whenever they are found anew. Correct the key or remove it."
                )
