"""YAML files, read without running code, without aliases and within bounds of size."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.places import CONFIG
from deeplift_genomics.settings.strict import read_text

_LARGEST = 100_000  # bytes of a file
_MOST_ENTRIES, _MOST_LEVELS, _MOST_BITS = 1000, 10, 63
_TEMPLATE = "__use_yte__"


class _Loader(yaml.SafeLoader):
    """A safe loader that refuses repeated keys and aliases.

    A few lines of aliases can stand for more values than fit into any memory.
    """

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            raise yaml.MarkedYAMLError(
                problem=f"the alias *{event.anchor} is not read here; write the value itself",
                problem_mark=event.start_mark,
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value!r} occurs twice", problem_mark=key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def check_yaml(path: str | Path) -> None:
    """Raise ConfigError for a file that Snakemake must not read.

    Snakemake runs the Python in templates (``__use_yte__``) and expands aliases without end.

    Raises
    ------
    ConfigError
        If the file is not valid YAML, has aliases, or is a template.
    """
    content = load_yaml(path)
    if isinstance(content, Mapping) and _TEMPLATE in content:
        raise ConfigError(
            f"{path} is a template ({_TEMPLATE}), which may hold code; expected plain values."
        )


def load_yaml(path: str | Path) -> Any:
    if not Path(path).exists() and Path(CONFIG).exists():
        raise ConfigError(f"Configuration not found: {path}. Did you mean {CONFIG}?")
    text = read_text(path, "Configuration", _LARGEST)
    try:
        return yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not valid YAML: {error}") from error
    # a number, date or tag that is none leads PyYAML to errors of any kind
    except Exception as error:
        raise ConfigError(
            f"{path} is not valid YAML: {type(error).__name__}: {str(error)[:200]}"
        ) from error


class TooMuchError(Exception):
    """A configuration larger than any that a user can mean."""


def plain_values(content: Any) -> Any:
    """Return plain dicts and lists, with texts as keys, of a configuration from Snakemake.

    Raises
    ------
    TooMuchError
        If there are more entries or levels than a configuration can have, as with aliases.
    """
    return _plain(content, [_MOST_ENTRIES])


def _plain(value: Any, left: list[int], level: int = 0) -> Any:
    """Return plain values; `left` counts down the entries that are still allowed."""
    left[0] -= 1
    if left[0] < 0 or level > _MOST_LEVELS:
        raise TooMuchError(
            f"it has more than {_MOST_ENTRIES} entries or {_MOST_LEVELS} levels; expected a key "
            "and a value for each thing to set"
        )
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        raise TooMuchError(f"it holds a number of more than {_MOST_BITS} bits")
    if isinstance(value, Mapping):
        return {str(key): _plain(item, left, level + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, left, level + 1) for item in value]
    return value
