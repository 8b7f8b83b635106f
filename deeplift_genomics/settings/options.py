"""Settings as options of the command line, and as attributes of the result files.

An option has the name of its key in the configuration, and its value is written as there:
``--references.number 20``, ``--attribution.float64 true``, ``--regions.tile.contigs chr1,chr2``.
Prefixes such as ``"references"`` or ``"regions.tile"`` select the settings that a step takes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from deeplift_genomics.settings.config import Config, parse_config
from deeplift_genomics.settings.setting import About, about


class Setting(NamedTuple):
    """A setting with its key, such as ``references.number``."""

    key: str
    kind: Any
    default: Any
    meaning: str
    bounds: str
    about: About

    @property
    def first_sentence(self) -> str:
        """The first sentence of the meaning, without its full stop."""
        return self.meaning.split(". ")[0].rstrip(".")


def settings_of(model: type[BaseModel] = Config, prefix: str = "") -> Iterator[Setting]:
    """Yield every setting of a model, those of its sections in their place."""
    for name, field in model.model_fields.items():
        key = prefix + name
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings_of(field.annotation, f"{key}.")
        else:
            meaning = field.description or ""
            yield Setting(
                key, field.annotation, field.default, meaning, _bounds(field), about(field)
            )


def _bounds(field: FieldInfo) -> str:
    """Return the bounds of a number in words; ``""`` for other settings."""
    found = {
        name: getattr(item, name)
        for item in field.metadata
        for name in ("ge", "gt", "le", "lt")
        if hasattr(item, name)
    }
    if {"ge", "le"} <= found.keys():
        return f"{found['ge']} to {found['le']}"
    if {"gt", "lt"} <= found.keys():
        return f"between {found['gt']} and {found['lt']}"
    words = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    return " and ".join(f"{words[name]} {value}" for name, value in found.items())


def select(*prefixes: str, without: str = "") -> list[Setting]:
    """Return the settings that are, or are below, one of the prefixes and not `without`."""

    def is_below(key: str, prefix: str) -> bool:
        return f"{key}.".startswith(f"{prefix}.")

    return [
        item
        for item in settings_of()
        if any(is_below(item.key, prefix) for prefix in prefixes)
        and not is_below(item.key, without)
    ]


# --- the command line ------------------------------------------------------------------------


def add_options(parser: argparse._ActionsContainer, *prefixes: str) -> None:
    """Add an option for each setting below the prefixes that steps take."""
    for item in select(*prefixes):
        if item.about.option:
            default = as_text(item.default) or "none"
            shown = f"{item.first_sentence} ({item.about.unit}; default: {default})"
            parser.add_argument(
                f"--{item.key}",
                type=_parser_of(item),
                default=argparse.SUPPRESS,
                metavar="VALUE",
                help=shown.replace("%", "%%").replace("`", ""),
            )


def given_options(options: argparse.Namespace) -> dict[str, Any]:
    """Return the settings given on the command line: key -> value."""
    return {key: value for key, value in vars(options).items() if key in _KEYS}


def config_of(options: argparse.Namespace) -> Config:
    """Return a configuration of the given options, with defaults for all other settings.

    Raises
    ------
    ConfigError
        If a value is out of range; one message names them all.
    """
    given = nested(given_options(options))
    return parse_config(given, "The command line", "option", of_a_step=True)


def replace_settings(config: Config, values: Mapping[str, Any]) -> Config:
    """Return a configuration with other values for some settings: key -> value.

    Raises
    ------
    ConfigError
        If a value is out of range.
    """
    plain = config.model_dump()
    for key, value in values.items():
        _put(plain, key, value)
    return parse_config(plain, "The command line", "option")


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return sections from keys with dots.

    >>> nested({"references.number": 5, "results": "out"})
    {'references': {'number': 5}, 'results': 'out'}
    """
    found: dict[str, Any] = {}
    for key, value in values.items():
        _put(found, key, value)
    return found


def _put(place: dict[str, Any], key: str, value: Any) -> None:
    """Set the value of a key with dots; make the sections that are missing."""
    *sections, name = key.split(".")
    for section in sections:
        place = place.setdefault(section, {})
    place[name] = value


def as_options(
    plain: Mapping[str, Any], *prefixes: str, without: str = "", watched: bool | None = None
) -> list[str]:
    """Return the arguments that give a step the settings of a configuration.

    Each is one text, ``--key=value``: Snakemake drops an empty text from a list of parameters.

    Parameters
    ----------
    plain
        The configuration, as by `strict.as_plain`.
    prefixes
        The settings to give, as in `select`; those below the prefix `without` are left out.
    watched
        Whether to give only settings whose change makes a step run again, or only the others.
    """
    return [
        f"--{item.key}={as_text(value_of(plain, item.key))}"
        for item in select(*prefixes, without=without)
        if item.about.option
        if watched is None or item.about.watched == watched
    ]


def as_text(value: Any) -> str:
    """Return a value as it is written on the command line.

    >>> as_text(False), as_text(0.05), as_text(["chr1", "chr2"]), as_text({"a": "b"})
    ('false', '0.05', 'chr1,chr2', '{"a": "b"}')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return ",".join(value) if isinstance(value, list) else str(value)


def value_of(plain: Mapping[str, Any], key: str) -> Any:
    """Return the value of a key with dots in a configuration of plain values."""
    place: Any = plain
    for part in key.split("."):
        place = place[part]
    return place


def _parser_of(item: Setting) -> Callable[[str], Any]:
    """Return the argparse type that reads a setting's value."""
    expected = {
        bool: "true or false", int: "a whole number", float: "a number", str: "a text",
    }.get(item.kind, "names separated by commas")  # fmt: skip

    def parse(text: str) -> Any:
        try:
            if item.kind is bool:
                return {"true": True, "false": False}[text.lower()]
            if item.kind in (int, float, str):
                return item.kind(text)
        except (KeyError, ValueError):
            raise argparse.ArgumentTypeError(f"{text!r} is not {expected}") from None
        return [part.strip() for part in text.split(",") if part.strip()]

    return _parse_json if get_origin(item.kind) is dict else parse


def _parse_json(text: str) -> dict[str, Any]:
    """Read keys and values, written as JSON."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise argparse.ArgumentTypeError(f"{text!r} is not keys and names in JSON")
    return found


# --- the result files ------------------------------------------------------------------------


def stored_settings(plain: Mapping[str, Any], *prefixes: str, without: str = "") -> dict[str, Any]:
    """Return the attributes in which result files hold the settings below the prefixes.

    Parameters
    ----------
    plain
        The configuration, as by `strict.as_plain`.
    without
        Prefix of settings to leave out.

    Raises
    ------
    KeyError
        If the configuration lacks one of the settings.
    """
    return {
        item.about.stored: item.about.as_stored(value_of(plain, item.key))
        for item in select(*prefixes, without=without)
        if item.about.stored
    }


_KEYS = frozenset(item.key for item in settings_of() if item.about.option)
